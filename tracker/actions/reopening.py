"""Opening an action again that was closed: a re-check found that it is not in place any more."""

from datetime import date, datetime

from sqlmodel import Session

from tracker import history
from tracker.actions.models import Action, ActionDate
from tracker.actions.plan import not_too_far
from tracker.actions.rights import ask, must_allow
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Facts, Words
from tracker.people.doer import Doer
from tracker.rows import write
from workflows.action import WITHOUT_DATE, ActionStatus, TimescaleKind
from workflows.dates import PartialDate, uk_date


class ReopenAction(Facts):
    """Why the action is open again, and when it is due now; its old dates stay beside the new one."""

    reason: Words
    due_on: PartialDate | None = None


def reopen_action(session: Session, action: Action, facts: ReopenAction, *, now: datetime, by: Doer) -> None:
    """Open an action again; what it was and when it was complete stay in its dates and its history."""
    role = ask(by, action, "reopen_action")
    must_allow(action, "reopen_action")
    today = london_day(now)
    due = _due(action, facts.due_on, today)
    kept = ActionDate(action_id=action.id, kind="reopened", due=due, met_on=action.completed_on, at=now)
    kept.reason, kept.person_id = facts.reason, by.id
    write(session, kept)
    goes_on = action.timescale_kind == TimescaleKind.CONTINUING
    old, action.status = action.status, ActionStatus.ONGOING if goes_on else ActionStatus.IN_PROGRESS
    action.report = action.report_before = action.completed_on = action.ended_why = None
    # It was looked at: what goes on is looked at again on a day that is named anew.
    action.review_on = None
    action.due = due
    action.first_due = action.first_due or due
    action.due_version += 1
    session.add(action)
    until = f", due {uk_date(due)}" if due is not None else ""
    what = f"Open again{until}: {facts.reason}"
    about = (session, action.reference, "reopen_action")
    history.note(*about, at=now, by=by, role=role, what=what, old=old, new=action.status)


def _due(action: Action, given: PartialDate | None, today: date) -> PartialDate | None:
    """Give when it is due now: what has a date needs one that is not over."""
    has_date = action.timescale_kind not in WITHOUT_DATE and action.outside_body is None
    if given is not None:
        if not has_date:
            raise Refused(
                f"{action.reference} has no due date: leave it out, and name a day on which it is looked at again.",
                code="no_due_date",
            )
        if given.overdue_on(today):
            raise Refused("The date must be today or later.", code="bad_date")
        not_too_far(given, today)
        return given
    if has_date and (action.due is None or action.due.overdue_on(today)):
        raise Refused(f"Say when {action.reference} is due now: it has no date ahead of it.", code="no_date_ahead")
    return action.due
