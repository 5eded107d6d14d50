"""By what a row is known again that was imported before, and in what it differs from what it said then."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from tracker.actions.imported import ImportedRow
from tracker.importing.by_when import read_by_when
from tracker.importing.cells import folded, squeezed
from tracker.importing.ours_beside import NOTHING_BESIDE
from tracker.importing.verdicts import Judged, Understood

# Of a hundred: so much of an action's words is left after they were worked on.
LEAST_KEPT = 60.0
_DATES = ("due", "first_due", "review_on", "completed", "asked_on", "answered_on", "rhythm_from")
# What a copy says of itself, and what is reckoned, is no change that somebody proposes.
_NO_CHANGES = {"ref", "version", "partnership", "kind", "moves", "rhythm_from"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a row that says something else than before: what it said, what it says now."""

    field: str
    was: str
    now: str

    def __str__(self) -> str:
        """Write it on one line."""
        return f"{self.field}: {self.was or 'nothing'} → {self.now or 'nothing'}"


class Known:
    """The rows that were imported before: found by the words of their actions, else by their references.

    What a row of the file has the words of is no other row's, whatever reference that has.
    """

    def __init__(self, rows: Sequence[ImportedRow], file: Iterable[Understood]) -> None:
        self._by_words = {(row.case_id, row.sameness): row for row in rows}
        in_file = {(said.case_id, sameness(said)) for said in file} if rows else set()
        self._by_ref = _by_ref([row for row in rows if (row.case_id, row.sameness) not in in_file])

    def find(self, judged: Judged, said: Understood) -> ImportedRow | None:
        """Give the row as it was imported, if it was."""
        known = self._by_words.get((said.case_id, sameness(said)))
        if known is not None or not said.ref:
            return known
        return self._by_ref.get((said.case_id, judged.sheet, folded(said.ref)))


def sameness(said: Understood) -> str:
    """Give what is the same for two rows of a review with the same words, whatever their blanks and case.

    Our own plan may hold the same words twice: there the reference belongs to them.
    """
    return digest(squeezed(said.action) if said.exported is None else f"{said.ref} {squeezed(said.action)}")


def _by_ref(before: Sequence[ImportedRow]) -> dict[tuple[int | None, str | None, str], ImportedRow]:
    """Give the rows by their references, where each stands once in its sheet."""
    found: dict[tuple[int | None, str | None, str], ImportedRow] = {}
    twice = set()
    for row in before:
        if row.ref:
            key = (row.case_id, row.sheet, folded(row.ref))
            twice |= {key} if key in found else set()
            found[key] = row
    return {key: row for key, row in found.items() if key not in twice}


def differences(known: ImportedRow, judged: Judged, said: Understood) -> tuple[Difference, ...]:
    """Name the fields of a row that say something else than when it was imported."""
    is_same = known.content == content(said) and known.sameness == sameness(said)
    if is_same or known.refused_content == content(said):
        return ()
    was = json.loads(known.original)
    # A column that is gone says nothing of what stood in it; and a row is known again only in its own review.
    told = {name: words for name, words in was.items() if name in judged.columns and name != "review"}
    now = {name: words for name, words in judged.original.items() if name != "review"}
    found = tuple(_changed(told, now))
    return found if found or not was.keys() <= judged.columns else (Difference("the row", "as it was", "as it is"),)


def is_edited(text: str, other: str) -> bool:
    """Say whether a text is another one as it was, or after somebody worked on it."""
    # As with likeness: only an import asks for it.
    from rapidfuzz import fuzz

    return fuzz.ratio(squeezed(text), squeezed(other)) >= LEAST_KEPT


def differences_from_plan(cells: Mapping[str, str | date], judged: Judged, said: Understood) -> tuple[Difference, ...]:
    """Name what a row says differently of an action that is here, whose cells are as an export would write them now.

    Only what its sheet has a column for; and a status that nobody understands says nothing.
    """
    was = {name: _written(cell) for name, cell in cells.items() if name in judged.columns}
    now = dict(judged.original)
    if said.standing.flag is not None:
        now.pop("status", None)
        was.pop("status", None)
    if "due" in was and said.by_when.due is not None and _date(was["due"]) == str(said.by_when.due):
        now["due"] = was["due"]
    if _lines_of(now.get("sources")) <= _lines_of(was.get("sources")):
        # Whoever may not open a review has a copy without it.
        now.pop("sources", None)
        was.pop("sources", None)
    return tuple(_changed(was, now))


def _lines_of(cell: str | None) -> set[str]:
    return {" ".join(line.split()).rstrip(":") for line in (cell or "").splitlines()}


def _written(cell: str | date) -> str:
    return cell if isinstance(cell, str) else cell.isoformat()


def _changed(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys((*was, *now)):
        before, after = (" ".join(one.get(name, "").split()).removeprefix("'") for one in (was, now))
        is_same = _date(before) == _date(after) if name in _DATES else before == after
        is_same = is_same or (name == "email" and before.lower() == after.lower())
        if name not in _NO_CHANGES and not is_same:
            yield Difference(name, before, after)


def _date(text: str) -> str:
    # So a workbook gives a whole number.
    read = read_by_when(text.removesuffix(".0"))
    return str(read.due or folded(read.words))


def content(said: Understood) -> str:
    """Tell whether two rows say the same, in whatever kind of file they stand."""
    parts = (
        said.theme, squeezed(said.action), said.owners.names, said.owners.emails, said.by_when.kind, said.by_when.due,
        "" if said.by_when.due else folded(said.by_when.words), said.standing.status, said.standing.report,
        said.progress, said.completed_on or said.completed_words, said.evidence,
        *(() if said.exported is None else (replace(said.exported, version=None),)),
        *(() if said.exported is None or said.exported.beside == NOTHING_BESIDE else (said.exported.beside,)),
    )  # fmt: skip
    return digest("\0".join(str(part) for part in parts))


def digest(text: str) -> str:
    """Give a text of any length as 64 letters, the same for the same text."""
    return sha256(text.encode()).hexdigest()
