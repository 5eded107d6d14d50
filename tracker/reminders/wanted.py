"""Which open actions a morning has to look at: found by the database, so that the others cost nothing."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Integer, String, and_, bindparam, cast, exists, func, literal, or_
from sqlmodel import col, select

from tracker.actions.colouring import IS_OPEN, over_by
from tracker.actions.models import Action, ActionHold
from tracker.people.models import Person
from tracker.reminders.calls import Kind, Morning, about
from tracker.reminders.models import RungTold
from tracker.rows import Question


def wanted_ids(morning: Morning) -> Sequence[int]:
    """Give the actions of a partnership about which somebody may be told something this morning, and few others."""
    before = max(morning.settings["reminders.before"], default=0)
    asked = {
        "partnership": morning.partnership.id,
        "due": over_by(morning.reach + timedelta(days=before)),
        "review": morning.reach.isoformat(),
    }
    question = _WANTED_AND_NEW if morning.settings["reminders.tell_new_owner"] else _WANTED
    return [number for (number,) in question.rows(morning.session, **asked)]


_IS_NEAR = col(Action.open_by) <= bindparam("due", type_=String)
# A month or a year is less than each of its days, so it is looked at early rather than late.
_IS_REVIEWED = cast(col(Action.review_on), String) <= bindparam("review", type_=String)
_IS_HELD = exists().where(col(ActionHold.action_id) == Action.id, col(ActionHold.until).is_(None))
_SUBJECT = literal(about(Kind.NEW_ACTION, 0).removesuffix("0")).concat(cast(col(Action.id), String))
_GIVEN_ON = cast(func.coalesce(Action.owner_since, Action.made_on), String)
_WAS_TOLD = exists().where(col(RungTold.about) == _SUBJECT, col(RungTold.version) == _GIVEN_ON)
# Whose action it is may change with the holder of a post, or with whoever takes over from a leaver.
_CHANGES_HANDS = col(Action.owner_id).in_(
    select(Person.id).where(or_(col(Person.kind) == "post", col(Person.ended_on).is_not(None)))
)
_IS_NEW = and_(col(Action.owner_id).is_not(None), or_(~_WAS_TOLD, _CHANGES_HANDS))
_IS_HISTORY = and_(col(Action.loaded_id).is_not(None), col(Action.owner_since).is_(None), ~_CHANGES_HANDS)


def _ask(*reasons: ColumnElement[bool]) -> Question:
    of_it = col(Action.partnership_id) == bindparam("partnership", type_=Integer)
    for_owner = or_(_IS_NEAR, _IS_REVIEWED, col(Action.due_version) > 1, *reasons)
    wanted = or_(_IS_HELD, and_(~_IS_HISTORY, for_owner))
    return Question(select(Action.id).where(IS_OPEN, of_it, wanted).order_by(col(Action.id)))


_WANTED, _WANTED_AND_NEW = _ask(), _ask(_IS_NEW)
