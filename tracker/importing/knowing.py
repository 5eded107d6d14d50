"""By what a row is known again that was imported before, and in what it differs from what it said then."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256

from rapidfuzz import fuzz

from tracker.actions.imported import ImportedRow
from tracker.actions.models import Action
from tracker.importing.cells import folded, squeezed
from tracker.importing.judging import Judged, Understood

# Of a hundred: so much of an action's words is left after they were worked on.
LEAST_KEPT = 60.0


class Known:
    """The rows that were imported before: found by the words of their actions, else by their references."""

    def __init__(self, rows: Sequence[ImportedRow]) -> None:
        self._by_words = {(row.case_id, row.sameness): row for row in rows}
        self._by_ref = _by_ref(rows)

    def find(self, judged: Judged, said: Understood) -> ImportedRow | None:
        """Give the row as it was imported, if it was."""
        known = self._by_words.get((said.case_id, sameness(said)))
        if known is not None or not said.ref:
            return known
        return self._by_ref.get((said.case_id, judged.sheet, folded(said.ref)))


def sameness(said: Understood) -> str:
    """Give what is the same for two rows of a review with the same words, whatever their blanks and case."""
    return digest(squeezed(said.action))


def _by_ref(before: Sequence[ImportedRow]) -> dict[tuple[int, str | None, str], ImportedRow]:
    """Give the rows by their references, where each stands once in its sheet."""
    found: dict[tuple[int, str | None, str], ImportedRow] = {}
    twice = set()
    for row in before:
        if row.ref:
            key = (row.case_id, row.sheet, folded(row.ref))
            twice |= {key} if key in found else set()
            found[key] = row
    return {key: row for key, row in found.items() if key not in twice}


def differences(known: ImportedRow, judged: Judged, said: Understood) -> tuple[str, ...]:
    """Name the fields of a row that say something else than when it was imported."""
    if known.content == content(said) and known.sameness == sameness(said):
        return ()
    was = json.loads(known.original)
    return tuple(_changed(was, judged.original)) or ("the row",)


def is_edited(text: str, other: str) -> bool:
    """Say whether a text is another one as it was, or after somebody worked on it."""
    return fuzz.ratio(squeezed(text), squeezed(other)) >= LEAST_KEPT


def differences_from_action(action: Action, said: Understood) -> tuple[str, ...]:
    """Name what a row says differently of an action that is here, and that it names by its reference."""
    pairs = [("action", action.text, said.action), ("due", action.due or "nothing", said.by_when.due or "nothing")]
    if said.standing.flag is None:
        pairs.append(("status", action.status, said.standing.status.value))
        pairs.append(("report", action.report or "nothing", said.standing.report or "nothing"))
    texts = [(name, " ".join(str(was).split()), " ".join(str(now).split())) for name, was, now in pairs]
    return tuple(f"{name}: {was} → {now}" for name, was, now in texts if was != now)


def _changed(was: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in dict.fromkeys((*was, *now)):
        before, after = (" ".join(one.get(name, "").split()) for one in (was, now))
        if before != after:
            yield f"{name}: {before or 'nothing'} → {after or 'nothing'}"


def content(said: Understood) -> str:
    """Tell whether two rows say the same, in whatever kind of file they stand."""
    parts = (
        said.theme, squeezed(said.action), said.owners.names, said.owners.emails, said.by_when.kind, said.by_when.due,
        "" if said.by_when.due else folded(said.by_when.words), said.standing.status, said.standing.report,
        said.progress, said.completed_on or said.completed_words, said.evidence,
    )  # fmt: skip
    return digest("\0".join(str(part) for part in parts))


def digest(text: str) -> str:
    """Give a text of any length as 64 letters, the same for the same text."""
    return sha256(text.encode()).hexdigest()
