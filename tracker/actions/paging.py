"""The plan page by page, answered by the database: filters, colour, sorting and total are conditions in SQL."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, case, func, literal_column
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.colouring import Condition, Patience, colour, is_red, patience_of_each
from tracker.actions.filtering import WITHOUT_DUE, conditions_of
from tracker.actions.models import DUE_IN_ORDER, Action
from tracker.actions.pairs import looks_like
from tracker.actions.queries import sight_of
from tracker.actions.wanted import Known, Wanted, known_as
from tracker.cases.named import barred_case_ids, named_case_ids
from tracker.clock import london_day
from tracker.kept import kept
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.rows import Question
from workflows.colour import Colour

PER_PAGE = 50
MOST_IN_A_FILE = 200_000
# To count so many takes longer than to read a page of them: they are counted again after the next deed.
MANY = 2_000


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

    @property
    def scope(self) -> Hashable:
        """Give all that decides what the reader sees: with another role, day, conflict or case named it is another."""
        patience = tuple(sorted((number, one.amber_days, one.no_update_days) for number, one in self.patience.items()))
        return self.reader, self.today, tuple(self.barred), named_case_ids(self.session, self.reader.id), patience

    def page(self, wanted: Wanted, number: int) -> PlanPage:
        """Give a page of what is wanted; the last one where there are not so many."""
        questions = self._asked(wanted)
        key = "total", self.scope, wanted
        total = kept(self.session, key, lambda: questions.count(self.session), worth=lambda found: found >= MANY)
        number = min(max(number, 1), max(1, -(-total // PER_PAGE)))
        return PlanPage(questions.ids(self.session, PER_PAGE, (number - 1) * PER_PAGE), number, total)

    def every_id(self, wanted: Wanted) -> Sequence[int]:
        """Give everything that is wanted, in its order."""
        return self._asked(wanted).ids(self.session, MOST_IN_A_FILE, 0)

    def _asked(self, wanted: Wanted) -> "_Asked":
        known = known_as(self.session, wanted, self.reader)
        return _asked(known, self.reader, self.today, tuple(self.patience.items()), is_barred=bool(self.barred))


def plan_for(session: Session, reader: Doer, now: datetime) -> Plan:
    """Give the plan as a reader sees it."""
    barred = barred_case_ids(session, reader.id)
    sight = sight_of(reader, is_barred=bool(barred))
    return Plan(session, reader, london_day(now), sight, patience_of_each(session, now), barred)


class _Asked:
    """The questions that give one list of the plan, compiled once: its pages, and every reload, ask with the same."""

    def __init__(
        self, wanted: Wanted, conditions: Sequence[Condition], today: date, patience: Mapping[int, Patience]
    ) -> None:
        question = select(Action.id).where(*conditions)
        self._total = Question(select(func.count()).select_from(Action).where(*conditions))
        # All that are overdue are red, and stand in this order in the index already.
        is_in_order = wanted.due == "overdue" and not wanted.sort
        self._is_red_first = wanted.asks_for_open_ones and not wanted.sort and not is_in_order
        if self._is_red_first:
            # Walking along the index twice, to the red ones and then to the others, spares sorting them all.
            red = is_red(today)
            self._ids = _portion(question.where(red).order_by(*_BY_OPEN_DATE))
            self._reds = Question(select(func.count()).select_from(Action).where(*conditions, red))
            self._others = _portion(question.where(~red).order_by(*_BY_OPEN_DATE))
        elif is_in_order:
            self._ids = _portion(question.order_by(*_BY_OPEN_DATE))
        else:
            self._ids = _portion(_sorted(question, wanted.sort, today, patience))

    def count(self, session: Session) -> int:
        """Count all of the list."""
        [(total,)] = self._total.rows(session)
        return int(total)

    def ids(self, session: Session, most: int, offset: int) -> Sequence[int]:
        """Give a portion of the list."""
        found = _first(self._ids.rows(session, most=most, offset=offset))
        if not self._is_red_first or len(found) == most:
            return found
        before = offset + len(found)
        if offset and not found:
            [(before,)] = self._reds.rows(session)
        return found + _first(self._others.rows(session, most=most - len(found), offset=max(offset - before, 0)))


@lru_cache(maxsize=200)
def _asked(
    known: Known, reader: Doer, today: date, patience: tuple[tuple[int, Patience], ...], *, is_barred: bool
) -> _Asked:
    conditions = conditions_of(known, today, dict(patience))
    if known.wanted.looks_like:
        conditions.append(looks_like(reader))
    return _Asked(known.wanted, [*conditions, *sight_of(reader, is_barred=is_barred)], today, dict(patience))


def _portion(question: SelectOfScalar[int]) -> Question:
    return Question(question.limit(bindparam("most", type_=Integer)).offset(bindparam("offset", type_=Integer)))


def _first(rows: Sequence[tuple[int]]) -> list[int]:
    return [number for (number,) in rows]


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
