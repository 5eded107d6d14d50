"""What a coordinator looks at again: whether what was done is still in place, and whether bodies outside answered."""

from collections.abc import Collection, Iterator

from sqlalchemy import Integer, String, bindparam, cast, or_
from sqlmodel import Session, col, select

from tracker.actions.models import Action
from tracker.actions.queries import is_barred
from tracker.people.models import Person
from tracker.people.queries import people_with_role
from tracker.people.reach import may_be_written_to
from tracker.people.roles import Role
from tracker.reminders.calls import Call, Caller, Kind, Morning, Subject, about
from tracker.rows import RowsOf
from workflows.action import ActionStatus


def recheck_calls(morning: Morning, cautious: Collection[int]) -> Iterator[Call]:
    """Ask the coordinators to look at actions that nobody else is asked about: those done, and those asked outside."""
    known = {"partnership": morning.partnership.id, "reach": morning.reach.isoformat()}
    actions = _TO_CHECK.all(morning.session, **known)
    if not actions:
        return
    caller = Caller(morning, [about(Kind.RECHECK, action.id) for action in actions])
    coordinators = people_with_role(morning.session, morning.partnership.id, Role.COORDINATOR, morning.today)
    for action in actions:
        assert action.review_on is not None, "only those with a review date are asked for"
        for person in coordinators:
            if _is_asked(morning.session, action, person, morning, cautious):
                subject = Subject(person, Kind.RECHECK, action.id, action.reference)
                day, version = action.review_on.last, str(action.review_on)
                yield from caller.reminder(subject, day, version, since=action.made_on, before=False)


def _is_asked(session: Session, action: Action, person: Person, morning: Morning, cautious: Collection[int]) -> bool:
    if not may_be_written_to(person, morning.today):
        return False
    return person.id not in cautious or not is_barred(session, action.id, person.id)


# A month or a year is less than each of its days, so it is looked at early rather than late.
_HAS_COME = cast(col(Action.review_on), String) <= bindparam("reach", type_=String)
_IS_DONE = col(Action.open_by).is_(None) & (col(Action.status) != ActionStatus.MERGED.value)
_TO_CHECK = RowsOf(
    Action,
    select(Action)
    .where(Action.partnership_id == bindparam("partnership", type_=Integer), _HAS_COME)
    .where(or_(_IS_DONE, col(Action.outside_body).is_not(None)))
    .order_by(col(Action.id)),
)
