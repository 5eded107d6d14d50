"""The plan page by page, answered by the database: filters, colour, sorting and total are conditions in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal_column
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.colouring import Condition, Patience, colour, is_red, patience_of
from tracker.actions.filtering import WITHOUT_DUE, Wanted, conditions_of
from tracker.actions.models import DUE_IN_ORDER, Action
from tracker.actions.queries import actions_barred, reaches_action
from tracker.cases.queries import barred_case_ids
from tracker.clock import london_day
from tracker.groups.queries import every_partnership, partnership_settings
from tracker.people.doer import Doer
from tracker.people.models import Person
from workflows.colour import Colour

PER_PAGE = 50
MOST_IN_A_FILE = 200_000


@dataclass(frozen=True, slots=True)
class PlanPage:
    """One page of the plan: the ids of its actions in their order, and how many there are on all pages."""

    ids: Sequence[int]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """Give how many pages there are, an empty one included."""
        return max(1, -(-self.total // PER_PAGE))

    @property
    def first(self) -> int:
        """Give the place of the first action of the page, from 1."""
        return (self.number - 1) * PER_PAGE + 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan as one reader sees it at a moment: what she sees, and by which settings it is coloured."""

    session: Session
    reader: Doer
    today: date
    sight: Sequence[Condition]
    patience: Mapping[int, Patience]
    barred: Sequence[int]

    def page(self, wanted: Wanted, number: int) -> PlanPage:
        """Give a page of what is wanted; the last one where there are not so many."""
        conditions = self.conditions(wanted)
        total = self.session.exec(select(func.count()).select_from(Action).where(*conditions)).one()
        number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
        return PlanPage(self._ids(wanted, conditions, PER_PAGE, (number - 1) * PER_PAGE), number, total)

    def every_id(self, wanted: Wanted) -> Sequence[int]:
        """Give everything that is wanted, in its order."""
        return self._ids(wanted, self.conditions(wanted), MOST_IN_A_FILE, 0)

    def conditions(self, wanted: Wanted) -> list[Condition]:
        """Give the conditions of what is wanted, and of what the reader sees."""
        asked = conditions_of(self.session, wanted, self.reader, self.today, self.patience)
        return [*asked, *self.sight]

    def _ids(self, wanted: Wanted, conditions: Sequence[Condition], limit: int, offset: int) -> Sequence[int]:
        question = select(Action.id).where(*conditions)
        if wanted.due == "overdue" and not wanted.sort:
            # All of them are red, and stand in this order in the index already.
            return self._of(question.order_by(*_BY_OPEN_DATE), limit, offset)
        if wanted.sort or not wanted.asks_for_open_ones:
            return self._of(_sorted(question, wanted.sort, self.today, self.patience), limit, offset)
        return self._red_first(question, limit, offset)

    def _red_first(self, question: SelectOfScalar[int], limit: int, offset: int) -> Sequence[int]:
        """Walk along the index twice, to the red ones and then to the others, instead of sorting them all."""
        red = is_red(self.today)
        reds = self._of(question.where(red).order_by(*_BY_OPEN_DATE), limit, offset)
        if len(reds) == limit:
            return reds
        before = offset + len(reds)
        if offset and not reds:
            before = self.session.exec(select(func.count()).select_from(question.where(red).subquery())).one()
        others = question.where(~red).order_by(*_BY_OPEN_DATE)
        return [*reds, *self._of(others, limit - len(reds), max(offset - before, 0))]

    def _of(self, question: SelectOfScalar[int], limit: int, offset: int) -> Sequence[int]:
        return self.session.exec(question.limit(limit).offset(offset)).all()


def plan_for(session: Session, reader: Doer, now: datetime) -> Plan:
    """Give the plan as a reader sees it; whoever has declared no conflict is not asked about conflicts row by row."""
    barred = barred_case_ids(session, reader.id)
    sight = [reaches_action(reader), *([col(Action.id).not_in(actions_barred(reader.id))] if barred else [])]
    settings = {one.id: patience_of(partnership_settings(session, one, now)) for one in every_partnership(session)}
    return Plan(session, reader, london_day(now), sight, settings, barred)


_BY_OPEN_DATE = (col(Action.open_by), col(Action.id))
_DUE: ColumnElement[str] = literal_column(f"coalesce({DUE_IN_ORDER}, '{WITHOUT_DUE}')")
_WORST_FIRST = (Colour.RED, Colour.AMBER, Colour.GREEN, Colour.GREY, Colour.TEAL, Colour.NONE)


def _sorted(
    question: SelectOfScalar[int], sort: str, today: date, patience: Mapping[int, Patience]
) -> SelectOfScalar[int]:
    """Sort as a column of the list is sorted, or else red first, then by due date, the ended ones last."""
    first: ColumnElement[Any]
    column = sort.removeprefix("-")
    if column == "due":
        first = _DUE
    elif column == "owner":
        question = question.join(Person, col(Person.id) == Action.owner_id, isouter=True)
        first = func.lower(func.coalesce(Person.name, ""))
    elif column == "status":
        place = {one.value: place for place, one in enumerate(_WORST_FIRST)}
        first = case(place, value=colour(today, patience))
    else:
        first = case((is_red(today), 0), (col(Action.open_by).is_not(None), 1), else_=2)
    return question.order_by(first.desc() if sort.startswith("-") else first, _DUE, col(Action.id))
