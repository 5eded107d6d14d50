"""What stands beside actions in the cells of a sheet: what was said, what shows it, its dates, moves and impact."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy
from sqlmodel import Session, col, func, select

from tracker.actions.imported import ImportedRow
from tracker.actions.models import ActionDate, ActionHelper, ActionUpdate, Evidence, Impact
from tracker.among import among
from tracker.people.models import Person
from tracker.rows import Question

# Between the parts of a line that an import reads back.
BETWEEN_PARTS = " | "
MET = " met "
EMBEDDED = "embedded"


class Beside:
    """What the cells of actions hold besides the actions themselves, found for all of them."""

    def __init__(self, session: Session, ids: str) -> None:
        self.evidence = _of_each(_EVIDENCE.rows(session, ids=ids))
        self.helpers = _of_each(_HELPERS.rows(session, ids=ids))
        self._dates = _of_each(_DATES.rows(session, ids=ids))
        self._impacts = _of_each(_IMPACTS.rows(session, ids=ids))
        self._said: dict[int, str] = dict(_SAID.rows(session, ids=ids))
        self._imported: dict[int, str] = dict(_IMPORTED.rows(session, ids=ids))

    def progress(self, action_id: int) -> str | None:
        """Give what was reported last; of what was imported and never reported on, what its row said."""
        if action_id in self._said or action_id not in self._imported:
            return self._said.get(action_id)
        said: str | None = json.loads(self._imported[action_id]).get("progress")
        return said

    def dates(self, action_id: int) -> Iterator[str]:
        """Give the several dates of an action, those that were met with the day."""
        for kind, due, met_on, *_ in self._dates.get(action_id, ()):
            if kind == "several":
                yield f"{due}{MET}{met_on}" if met_on is not None else str(due)

    def moves(self, action_id: int) -> Iterator[str]:
        """Give a line for each time the date was moved."""
        for kind, due, _, reason, agreed_with in self._dates.get(action_id, ()):
            if kind == "moved":
                yield _line(str(due or ""), agreed_with, reason)

    def impacts(self, action_id: int) -> Iterator[str]:
        """Give a line for each thing that changed for children."""
        for text, on, embedded, measure in self._impacts.get(action_id, ()):
            yield _line(" ".join(text.split()).replace("|", "/"), str(on or ""), EMBEDDED if embedded else "", measure)


def _line(*parts: str | None) -> str:
    *first, last = (" ".join((part or "").split()) for part in parts)
    return BETWEEN_PARTS.join((*(part.replace("|", "/") for part in first), last)).rstrip(" |")


def _of_each(rows: Sequence[Any]) -> Mapping[int, list[Any]]:
    """Give what stands in the rows of each action: one value, or several."""
    of_each = groupby(rows, key=lambda row: row[0])
    return {number: [row[1] if len(row) == 2 else tuple(row[1:]) for row in of_it] for number, of_it in of_each}


_IDS = "ids"
_EVIDENCE = Question(
    select(Evidence.action_id, Evidence.text)
    .where(among(col(Evidence.action_id), _IDS))
    .order_by(col(Evidence.action_id), col(Evidence.id))
)
_HELPERS = Question(
    select(ActionHelper.action_id, Person.name)
    .join(Person, col(Person.id) == ActionHelper.person_id)
    .where(among(col(ActionHelper.action_id), _IDS))
    .order_by(col(ActionHelper.action_id), col(ActionHelper.id))
)
_of_date = (ActionDate.action_id, ActionDate.kind, ActionDate.due, ActionDate.met_on)
_DATES = Question(
    sqlalchemy.select(*(col(one) for one in _of_date), col(ActionDate.reason), col(ActionDate.agreed_with))
    .where(col(ActionDate.kind).in_(("several", "moved")), among(col(ActionDate.action_id), _IDS))
    .order_by(col(ActionDate.action_id), col(ActionDate.id))
)
_of_impact = (col(Impact.action_id), col(Impact.text), col(Impact.on), col(Impact.embedded), col(Impact.measure))
_IMPACTS = Question(
    sqlalchemy.select(*_of_impact)
    .where(among(col(Impact.action_id), _IDS))
    .order_by(col(Impact.action_id), col(Impact.id))
)
_newest = select(func.max(ActionUpdate.id)).where(among(col(ActionUpdate.action_id), _IDS))
_SAID = Question(
    sqlalchemy.select(col(ActionUpdate.action_id), col(ActionUpdate.text)).where(
        col(ActionUpdate.id).in_(_newest.group_by(col(ActionUpdate.action_id)))
    )
)
_IMPORTED = Question(
    select(ImportedRow.action_id, ImportedRow.original)
    .where(among(col(ImportedRow.action_id), _IDS))
    .order_by(col(ImportedRow.id))
)
