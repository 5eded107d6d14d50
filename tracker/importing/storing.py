"""Rows become actions: all of a file in one unit of work, many rows with one statement."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, SQLModel, col, select

from tracker import history
from tracker.actions.imported import ImportedRow
from tracker.actions.models import Action, ActionHelper, ActionSource, ActionTheme, Evidence
from tracker.among import among, listed
from tracker.clock import london_day
from tracker.groups.queries import next_numbers
from tracker.groups.themes import vocabulary
from tracker.importing.cells import folded, squeezed
from tracker.importing.from_exports import agency_of, group_of, sources_of, theme_of_export
from tracker.importing.knowing import content, digest, sameness
from tracker.importing.ours_beside import rows_beside
from tracker.importing.owning import Owning
from tracker.importing.settling import Settled, Stored, written_where
from tracker.importing.verdicts import Understood
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.rows import Question, write_many
from tracker.statements import Values
from workflows.action import Level, SourceKind, TimescaleKind
from workflows.timescale import read_timescale

# One for all rows: in the order of the columns, with the letters as they are.
_AS_IT_STOOD = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Import:
    """By whom a file is imported and when, and what it is called."""

    file: str
    now: datetime
    by: Doer

    @property
    def today(self) -> date:
        """Give the day of the import."""
        return london_day(self.now)


def write_new(session: Session, settled: Settled, rows: Sequence[Stored], about: Import) -> None:
    """Write the actions of the rows that are new, in a unit of work that the caller ends; nothing is mailed (K11)."""
    new = [row for row in rows if row.is_new]
    if not new:
        return
    first = next_numbers(session, "action", len(new))
    assert new[0].action == f"A{first}", "nobody else numbers actions in the same unit of work"
    writer = _Writer(session, settled, about)
    people = [writer.owning.people_of(row, settled) for row in new]
    write_many(session, Action, [writer.action(row, owners[0]) for row, owners in zip(new, people, strict=True)])
    ids = dict(_IDS.rows(session, references=listed(row.action or "" for row in new)))
    around: dict[type[SQLModel], list[Values]] = {}
    for row, owners in zip(new, people, strict=True):
        for model, beside in writer.beside(row, ids[row.action], owners[1:]):
            around.setdefault(model, []).append(beside)
        writer.note(row)
    for model, written in around.items():
        write_many(session, model, written)


_IDS = Question(select(Action.reference, Action.id).where(among(col(Action.reference), "references")))


_Written = tuple[type[SQLModel], Values]
_AS_EXPORTED = (
    *("title", "level", "first_due", "every", "review_on", "success_measure", "baseline", "outside_body", "ended_why"),
)


class _Writer:
    def __init__(self, session: Session, settled: Settled, about: Import) -> None:
        self._session, self._settled, self._about = session, settled, about
        self.owning = Owning(session, about.today)
        self._themes = vocabulary(session)
        self._made: dict[str, int] = {}
        self._agencies: dict[tuple[int, str | None], tuple[int | None, str | None]] = {}

    def action(self, row: Stored, owner: int | None) -> Values:
        """Give the action of a row."""
        said = _said(row)
        by_when, names, own = said.by_when, said.owners.names, said.exported
        # Two partnerships may have the same outcome in their business plans.
        of = said.case_id if said.case_id is not None or own else f"plan {said.partnership_id}"
        every = read_timescale(by_when.words, self._about.today) if by_when.kind is TimescaleKind.RECURRING else None
        partnership_id = self._settled.partnership_of(said)
        # One name that is an agency's is that agency; its lead sees what it has to do.
        named = own.agency if own is not None else names[0] if len(names) == 1 else None
        agency_id, agency_name = self._agency(partnership_id, named)
        found: Values = {
            "reference": str(row.action),
            "partnership_id": partnership_id,
            "text": said.action,
            "status": said.standing.status,
            "report": said.standing.report,
            "level": Level.MULTI_AGENCY if len(names) > 1 else Level.SINGLE_AGENCY,
            "agency_id": agency_id,
            "agency_name": agency_name if own is not None or agency_id is not None else ", ".join(names)[:200] or None,
            "owner_id": owner,
            "timescale_kind": by_when.kind,
            "timescale_words": by_when.words[:200] or None,
            "every": str(every.every) if every and every.every else None,
            "due": by_when.due,
            "first_due": by_when.due,
            "completed_on": said.completed_on,
            "made_on": self._about.today,
            "loaded_id": f"sheet:{digest(f'{of} {sameness(said) if own else squeezed(said.action)}')}",
        }
        if own is not None:
            found |= {name: getattr(own, name) for name in _AS_EXPORTED}
            found |= {"timescale_kind": own.kind, "timescale_words": own.words}
            found |= {name: getattr(own.beside, name) for name in ("asked_on", "answered_on", "answer", "rhythm_from")}
            found["group_id"] = group_of(self._session, found["partnership_id"], own.beside.group)
        return found

    def _agency(self, partnership_id: int, name: str | None) -> tuple[int | None, str | None]:
        key = partnership_id, name
        if key not in self._agencies:
            self._agencies[key] = agency_of(self._session, *key)
        return self._agencies[key]

    def beside(self, row: Stored, action_id: int, helpers: Sequence[int | None]) -> Iterator[_Written]:
        """Give everything that stands beside the action of a row."""
        said = _said(row)
        own = said.exported
        of_it: Values = {"action_id": action_id}
        if own is None:
            yield ActionSource, of_it | _source(said)
        else:
            for source in sources_of(self._session, action_id, said, self._settled):
                yield ActionSource, source
            yield from rows_beside(own.beside, own.dates, action_id, self._about.now)
        for helper in helpers:
            if helper is not None:
                yield ActionHelper, of_it | {"person_id": helper}
        for theme in self._themes_of(said):
            yield ActionTheme, of_it | {"theme_id": theme}
        for piece in own.evidence if own else (said.evidence,) if said.evidence else ():
            yield Evidence, of_it | {"text": piece, "on": None if own else said.completed_on}
        yield ImportedRow, self._kept(row, action_id)

    def _themes_of(self, said: Understood) -> list[int]:
        """Give the themes of a row by their words; one that only an exported plan knows is made."""
        here = self._settled.partnership_of(said)
        own = said.exported
        found: dict[int, None] = {}
        for words in own.themes if own else (said.theme,) if said.theme else ():
            theme = self._themes.find(words, here)
            if theme is not None:
                found[theme.id] = None
            elif own is not None:
                made = self._made.get(folded(words)) or theme_of_export(self._session, words, here)
                self._made[folded(words)] = made
                found[made] = None
        return list(found)

    def _kept(self, row: Stored, action_id: int) -> Values:
        judged, said = row.judged, _said(row)
        return {
            "action_id": action_id,
            "case_id": said.case_id,
            "file": self._about.file[:200],
            "sheet": judged.sheet[:200] if judged.sheet else None,
            "row": judged.number,
            "ref": said.ref[:200] or None,
            "sameness": sameness(said),
            "content": content(said),
            "original": _AS_IT_STOOD.encode(judged.original),
            "flags": _AS_IT_STOOD.encode(judged.reasons),
            "imported_at": self._about.now,
            "imported_by_id": self._about.by.id,
        }

    def note(self, row: Stored) -> None:
        """Note the import in the history of the action."""
        said = _said(row)
        what = f"Imported from {self._about.file[:200]}, {written_where(row.judged)}"
        more = {"progress": said.progress} if said.progress else None
        history.note(
            self._session, str(row.action), "import", at=self._about.now, by=self._about.by, what=what,
            role=Role.COORDINATOR.words, new={"text": said.action}, more=more,
        )  # fmt: skip


def _said(row: Stored) -> Understood:
    assert row.judged.understood is not None, "only a row that was understood becomes an action"
    return row.judged.understood


def _source(said: Understood) -> Values:
    """Give the review of a row; the outcome of a business plan comes from its objective."""
    if said.case_id is not None:
        return {"kind": SourceKind.CASE, "case_id": said.case_id}
    return {"kind": SourceKind.PRIORITY, "words": said.objective[:200] or "Business plan"}
