"""What stands above the plan: how many actions of each colour a reader sees, from how many reviews, and of whom.

Counted anew after every deed where that is quick, and once a minute where there are too many actions for it.
"""

import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Engine, exists, func
from sqlmodel import Session, col, select

from tracker.actions.colouring import IS_OPEN, colour
from tracker.actions.models import Action, ActionSource
from tracker.actions.paging import Plan
from tracker.cases.models import Case
from tracker.cases.queries import may_see_case
from tracker.groups.models import Group
from tracker.groups.themes import theme_labels
from tracker.kept import newest_line
from tracker.people.models import Agency, Person
from tracker.rows import Question
from tracker.statements import engine_of
from workflows.action import ActionStatus, SourceKind
from workflows.colour import Colour

Counted = TypeVar("Counted")

LONGEST_SECONDS = 60.0
# To count more takes a quarter of a second. Not measured: a machine that stalls once would count for a large plan.
MOST_COUNTED_ANEW = 20_000
_MOST_READERS = 500
# Longer lists of reviews help nobody: beyond that the reference is typed.
MOST_REVIEWS = 60
MOST_OWNERS = 100


@dataclass(frozen=True, slots=True, eq=False)
class Headline:
    """The counts by colour and by end, the reviews that the open actions come from, and what may be filtered by.

    Each is like itself alone: of a reader, and of the moment at which it was counted.
    """

    counts: Mapping[str, int]
    reviews: int
    agencies: Sequence[str]
    themes: Sequence[tuple[str, str]]
    cases: Sequence[tuple[str, str]]
    owners: Sequence[tuple[str, str]] = ()
    groups: Sequence[tuple[str, str]] = ()
    sources: Sequence[str] = ()

    @property
    def open(self) -> int:
        """Give how many actions are neither done nor ended."""
        return sum(self.counts[one] for one in ("red", "amber", "green", "not_started"))

    @property
    def total(self) -> int:
        """Give how many actions there are at all."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class _Kept:
    counted: Any  # whatever was counted, each kind under its own key
    newest_deed: int
    at: float


_NEWEST_ACTION = Question(select(func.max(Action.id)))
_kept: WeakKeyDictionary[Engine, dict[Hashable, _Kept]] = WeakKeyDictionary()


def headline_of(plan: Plan) -> Headline:
    """Give the headline of a plan as its reader sees it; a minute old at most where there are very many."""
    return counted_lately(plan, "headline", lambda: _count(plan))


def counted_lately(plan: Plan, what: Hashable, count: Callable[[], Counted]) -> Counted:
    """Give what was counted of a plan, as its reader sees it; a minute old at most where there are very many."""
    of_engine = _kept.setdefault(engine_of(plan.session), {})
    scope = plan.scope, what
    newest = newest_line(plan.session)
    kept = of_engine.get(scope)
    now = time.monotonic()
    if kept is not None and now - kept.at < LONGEST_SECONDS and (kept.newest_deed == newest or _are_many(plan.session)):
        found: Counted = kept.counted
        return found
    counted = count()
    if len(of_engine) >= _MOST_READERS:
        of_engine.clear()
    of_engine[scope] = _Kept(counted, newest, now)
    return counted


def _are_many(session: Session) -> bool:
    """Say whether counting all actions takes too long to be done after every deed."""
    [(newest,)] = _NEWEST_ACTION.rows(session)
    return (newest or 0) > MOST_COUNTED_ANEW


def _count(plan: Plan) -> Headline:
    shade = colour(plan.today, plan.patience)
    counts = dict.fromkeys(("red", "amber", "green", "not_started", "complete", "embedded", "closed"), 0)
    # Asked apart: the updates, which a colour may depend on, are looked for in the open ones only.
    are_open = select(shade, func.count()).where(IS_OPEN, *plan.sight).group_by(shade)
    for of_colour, number in plan.session.exec(are_open):
        counts[_OPEN_NAMES.get(Colour(of_colour), of_colour)] += number
    have_ended = select(Action.status, func.count()).where(col(Action.open_by).is_(None), *plan.sight)
    for status, number in plan.session.exec(have_ended.group_by(col(Action.status))):
        counts[status if status in _DONE else "closed"] += number
    themes = list(theme_labels(plan.session, *sorted({*plan.reader.roles, *plan.reader.groups})).items())
    beside = _owners(plan), _groups(plan), _sources(plan)
    return Headline(counts, _reviews(plan), _agencies(plan), themes, _cases(plan), *beside)


_OPEN_NAMES = {Colour.GREY: "not_started"}
_DONE = (ActionStatus.COMPLETE, ActionStatus.EMBEDDED)


def _reviews(plan: Plan) -> int:
    """Count the cases that the open actions come from, as far as the reader may open them."""
    seen = may_see_case(plan.reader)
    return plan.session.exec(select(func.count()).select_from(Case).where(seen, _is_source(plan, IS_OPEN))).one()


def _is_source(plan: Plan, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Give the condition that an action comes from a case, for actions that the reader sees."""
    of_it = col(ActionSource.case_id) == Case.id, col(Action.id) == ActionSource.action_id
    return exists().where(*of_it, *conditions, *plan.sight).correlate(Case)


def _cases(plan: Plan) -> Sequence[tuple[str, str]]:
    """Give reference and pseudonym of the cases that actions come from; none where they are too many to choose from."""
    question = select(Case.reference, Case.pseudonym).where(_is_source(plan), may_see_case(plan.reader))
    found = plan.session.exec(question.order_by(Case.reference).limit(MOST_REVIEWS + 1)).all()
    return [(reference, pseudonym) for reference, pseudonym in found] if len(found) <= MOST_REVIEWS else []


def _owners(plan: Plan) -> Sequence[tuple[str, str]]:
    """Give the owners of open actions by what tells them apart and by name; none where there are too many."""
    owns = exists().where(col(Action.owner_id) == Person.id, IS_OPEN, *plan.sight).correlate(Person)
    question = select(Person.email, Person.name).where(owns).order_by(Person.name)
    found = plan.session.exec(question.limit(MOST_OWNERS + 1)).all()
    return [(email or name, name) for email, name in found] if len(found) <= MOST_OWNERS else []


def _groups(plan: Plan) -> Sequence[tuple[str, str]]:
    """Give the groups to whose plans actions belong."""
    has_plan = exists().where(col(Action.group_id) == Group.id, *plan.sight).correlate(Group)
    question = select(Group.code, Group.name).where(has_plan)
    return list(plan.session.exec(question.order_by(Group.name).distinct()).all())


def _sources(plan: Plan) -> Sequence[str]:
    """Give the kinds of sources that actions come from, in the order in which they are listed."""
    question = select(ActionSource.kind).join(Action, col(Action.id) == ActionSource.action_id).where(*plan.sight)
    found = set(plan.session.exec(question.distinct()))
    return [kind.value for kind in SourceKind if kind.value in found]


def _agencies(plan: Plan) -> Sequence[str]:
    """Name the agencies that the actions are with, also those that are known by their name only."""
    known = select(Agency.name).where(exists().where(col(Action.agency_id) == Agency.id, *plan.sight).correlate(Agency))
    named = select(Action.agency_name).where(col(Action.agency_id).is_(None), *plan.sight).distinct()
    found = {*plan.session.exec(known), *(name for name in plan.session.exec(named) if name)}
    return sorted(found, key=str.casefold)
