"""The colour of an action as SQL: what `reading.py` says of one, as a condition on all, on both databases.

A test compares the two on random actions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, exists, func, literal, or_
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, col, select

from tracker.actions.models import Action, ActionUpdate
from tracker.actions.queries import WAITING
from tracker.clock import london_moment
from tracker.database import UtcDateTime
from tracker.groups.queries import every_partnership, partnership_settings
from workflows.action import WITHOUT_DATE, ActionStatus, Report
from workflows.colour import Colour

Condition = ColumnElement[bool]
Text = ColumnElement[str]

_newest = aliased(ActionUpdate)
_of_action = aliased(ActionUpdate)
_THE_NEWEST: Condition = col(_newest.id) == (
    select(func.max(_of_action.id)).where(_of_action.action_id == Action.id).correlate(Action).scalar_subquery()
)

# Greater than nothing rather than not null: for this SQLite goes to the index without having counted the rows.
IS_OPEN: Condition = col(Action.open_by) > ""


HAS_DATE: Condition = col(Action.timescale_kind).not_in([kind.value for kind in WITHOUT_DATE])


@dataclass(frozen=True, slots=True)
class Patience:
    """How near a date may come, and how long an owner may be silent, before an action turns amber."""

    amber_days: int
    no_update_days: int


def patience_of_each(session: Session, now: datetime) -> dict[int, Patience]:
    """Read both from the settings of every partnership, by its id."""
    found = {}
    for one in every_partnership(session):
        settings = partnership_settings(session, one, now)
        found[one.id] = Patience(settings["colour.amber_days"], settings["colour.no_update_days"])
    return found


def is_overdue(today: date) -> Condition:
    """Give the condition under which an action is overdue: open, and its day, month or year is over (K5, K8)."""
    return and_(col(Action.open_by) < today.isoformat(), HAS_DATE)


def is_red(today: date) -> Condition:
    """Give the condition under which an open action is red; an update is only looked for where it may count."""
    stuck = Report.STUCK.value
    was_stuck = and_(func.coalesce(Action.report_before, "") == stuck, _waits())
    return and_(IS_OPEN, or_(is_overdue(today), func.coalesce(Action.report, "") == stuck, was_stuck))


def colour(today: date, patience: Mapping[int, Patience]) -> Text:
    """Give the colour of an action, by the settings of its partnership."""
    says = _what_counts()
    planned = col(Action.status) == ActionStatus.PLANNED.value
    return case(
        (col(Action.status).in_((ActionStatus.COMPLETE.value, ActionStatus.EMBEDDED.value)), Colour.TEAL.value),
        (col(Action.open_by).is_(None), Colour.NONE.value),
        (is_red(today), Colour.RED.value),
        (or_(_is_near(today, patience), says.in_(_AMBER), _is_silent(today, patience)), Colour.AMBER.value),
        (_has_long_been_asked(today, patience), Colour.AMBER.value),
        (or_(says.in_(_GREEN), IS_ASKED), Colour.GREEN.value),
        (or_(planned, _waits()), Colour.GREY.value),
        else_=Colour.GREEN.value,
    )


_AMBER = (Report.AT_RISK.value, Report.NOT_MINE.value)
_GREEN = (Report.ON_TRACK.value, Report.DONE.value)


def _waits() -> Condition:
    """Say whether the newest update waits to be checked."""
    return exists().where(_THE_NEWEST, col(_newest.state).in_(WAITING)).correlate(Action)


def _what_counts() -> Text:
    """Give the report that counts: a worse one at once, a better one when it was accepted; empty for none."""
    says, before = func.coalesce(Action.report, ""), func.coalesce(Action.report_before, "")
    worse = or_(
        and_(says == Report.STUCK.value, before != Report.STUCK.value),
        and_(says == Report.AT_RISK.value, before.not_in((Report.AT_RISK.value, Report.STUCK.value))),
    )
    return case((or_(says == before, worse), says), (_waits(), before), else_=says)


def _is_near(today: date, patience: Mapping[int, Patience]) -> Condition:
    """Due from today on, and over before the days are: so a month counts by its last day."""
    after = {number: (today + timedelta(one.amber_days + 1)).isoformat() for number, one in patience.items()}
    is_near = col(Action.open_by) < _of_its_partnership(after, String())
    return and_(HAS_DATE, col(Action.open_by) >= today.isoformat(), is_near)


IS_ASKED: Condition = and_(col(Action.asked_on).is_not(None), col(Action.answered_on).is_(None))
_ASKED_BY: Text = func.substr(cast(col(Action.asked_on), String).concat("-99-99"), 1, 10)


def _has_long_been_asked(today: date, patience: Mapping[int, Patience]) -> Condition:
    """A body outside has not answered for so long that an owner's silence would be a sign."""
    by = {number: over_by(today - timedelta(one.no_update_days)) for number, one in patience.items()}
    return and_(IS_ASKED, _of_its_partnership(by, String()) >= _ASKED_BY)


def over_by(day: date) -> str:
    """Give what sorts after every date that is over on a day: also after its month, or its year, if that ends on it."""
    following = day + timedelta(days=1)
    if following.year > day.year:
        return f"{day:%Y}-99-99"
    return f"{day:%Y-%m}-99" if following.month != day.month else day.isoformat()


def _is_silent(today: date, patience: Mapping[int, Patience]) -> Condition:
    """The newest update is older than the day until which silence is no sign."""
    since = {
        number: london_moment(today - timedelta(one.no_update_days - 1), time(0)) for number, one in patience.items()
    }
    return exists().where(_THE_NEWEST, col(_newest.at) < _of_its_partnership(since, UtcDateTime())).correlate(Action)


def _of_its_partnership(
    values: Mapping[int, str] | Mapping[int, datetime], kind: TypeEngine[Any]
) -> ColumnElement[Any]:  # a day as text or a moment
    """Give the one value, or that of each action's partnership where they differ."""
    if len(set(values.values())) < 2:
        return literal(next(iter(values.values()), None), kind)
    of_each = ((col(Action.partnership_id) == number, literal(value, kind)) for number, value in values.items())
    return case(*of_each)
