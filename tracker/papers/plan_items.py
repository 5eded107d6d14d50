"""What a group that holds the plan is shown at its meetings: what is late, silent, or due before it meets again."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import exists, func
from sqlmodel import Session, col, select

from tracker.actions.colouring import HAS_DATE, IS_OPEN, Condition, is_overdue
from tracker.actions.models import Action, ActionUpdate
from tracker.clock import london_moment
from tracker.groups.models import Group
from tracker.papers.sections import section
from tracker.people.models import Agency, Person
from workflows.dates import iso_text

Document = dict[str, Any]

# A heading lists so many; how many there are is said beside it, and all of them stand in the plan.
MOST_LISTED = 100
PLAN = "plan"
# Where the next meeting is not planned yet, what is due in six weeks: the rhythm of a Working Group.
_UNTIL_THE_NEXT = timedelta(weeks=6)

_TITLES = {
    "due_before_next": "Due before the next meeting",
    "overdue_actions": "Overdue",
    "no_update": "Without an update since the last meeting",
}


def plan_headings() -> dict[str, str]:
    """Give the headings of a group that holds the plan, by their codes."""
    return dict(_TITLES)


def has_plan(session: Session, group: Group) -> bool:
    """Say whether a group's agendas show a plan: that of the reviews, or one of its own or of a group below it."""
    if PLAN in group.shows:
        return True
    return session.exec(select(Action.id).where(*_of_its_plan(group), IS_OPEN).limit(1)).first() is not None


def plan_items(
    session: Session, group: Group, barred: Sequence[int], *, last_on: date | None, next_on: date | None, today: date
) -> list[Document]:
    """Give the open actions under each heading, the oldest date first: all, or those of its own plan and those below.

    `barred`: the actions that a conflict bars from the reader, by id. `last_on`, `next_on`: the meetings of the group
    before and after this one, where there are any.
    """
    until = next_on or today + _UNTIL_THE_NEXT
    conditions = {
        "due_before_next": _is_due(today, until),
        "overdue_actions": is_overdue(today),
        "no_update": _is_silent(last_on, today),
    }
    here = (*_of_its_plan(group), IS_OPEN, col(Action.id).not_in(barred))
    return [_listed(session, code, (*here, condition), today) for code, condition in conditions.items()]


def _of_its_plan(group: Group) -> Sequence[Condition]:
    here = col(Action.partnership_id) == group.partnership_id
    if PLAN in group.shows:
        return (here,)
    below = select(Group.id).where(Group.escalates_to_id == group.id)
    return (here, (col(Action.group_id) == group.id) | col(Action.group_id).in_(below))


def _is_due(today: date, until: date) -> Condition:
    return (col(Action.open_by) >= today.isoformat()) & (col(Action.open_by) <= until.isoformat()) & HAS_DATE


def _is_silent(last_on: date | None, today: date) -> Condition:
    since = london_moment(last_on or today - _UNTIL_THE_NEXT, time())
    said = exists().where(col(ActionUpdate.action_id) == Action.id, col(ActionUpdate.at) >= since)
    return ~said & (col(Action.made_on) < (last_on or today))


def _listed(session: Session, code: str, conditions: Sequence[Condition], today: date) -> Document:
    number = session.exec(select(func.count()).select_from(Action).where(*conditions)).one()
    question = (
        select(Action, Agency.name, Person.name)
        .join(Agency, col(Agency.id) == Action.agency_id, isouter=True)
        .join(Person, col(Person.id) == Action.owner_id, isouter=True)
        .where(*conditions)
        .order_by(col(Action.open_by), col(Action.id))
        .limit(MOST_LISTED)
    )
    rows = [_row(action, agency, owner, today) for action, agency, owner in session.exec(question)]
    return section(code, _TITLES[code], rows, count=number)


def _row(action: Action, agency: str | None, owner: str | None, today: date) -> Document:
    is_late = action.due is not None and action.due.overdue_on(today)
    return {
        "reference": action.reference,
        "title": action.title,
        "agency": agency or action.agency_name,
        "owner": owner,
        "status": action.status,
        "due": iso_text(action.due),
        "age_days": (today - action.due.last).days if action.due is not None and is_late else 0,
    }
