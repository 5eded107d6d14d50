"""What is done at a date goes on to its next one: the next round of a rhythm, the next of several dates (K15)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.actions.models import Action, ActionDate
from tracker.actions.progress import release, start
from tracker.clock import london_day
from tracker.people.doer import Doer
from tracker.rows import write
from workflows.action import ActionStatus, TimescaleKind
from workflows.dates import PartialDate
from workflows.timescale import length_from, round_after


def finish(
    session: Session, action: Action, on: PartialDate, *, now: datetime, by: Doer, is_last: bool = False
) -> None:
    """Complete an action; what recurs or has a later date goes on to its next one instead, and keeps the one met."""
    following = _following(session, action, on, now, by)
    if following is None or is_last:
        release(session, action, london_day(now))
        action.status = ActionStatus.COMPLETE
        action.completed_on = on
        return
    action.due = following
    action.due_version += 1
    start(action)


def _following(session: Session, action: Action, on: PartialDate, now: datetime, by: Doer) -> PartialDate | None:
    """Tick the date off that was met, and give the next one, if there is one."""
    if action.timescale_kind == TimescaleKind.RECURRING and action.every is not None:
        met = action.due or on
        write(session, ActionDate(action_id=action.id, kind="round", due=met, met_on=on, person_id=by.id, at=now))
        start_of_it = action.rhythm_from or action.first_due or met
        return round_after(start_of_it, length_from(action.every), met, london_day(now))
    if action.timescale_kind == TimescaleKind.SEVERAL and action.due is not None:
        later = []
        for row in _not_met(session, action):
            if row.due is not None and action.due < row.due:
                later.append(row.due)
                continue
            row.met_on, row.person_id = on, by.id
            session.add(row)
        return min(later, default=None)
    return None


def _not_met(session: Session, action: Action) -> Sequence[ActionDate]:
    several = (ActionDate.action_id == action.id, ActionDate.kind == "several")
    return session.exec(select(ActionDate).where(*several, col(ActionDate.met_on).is_(None))).all()
