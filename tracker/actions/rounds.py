"""What is done at a date goes on to its next one: the next round of a rhythm, the next of several dates (K15)."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.models import Action, ActionDate
from tracker.actions.progress import release, start
from tracker.clock import london_day
from tracker.people.doer import Doer
from tracker.rows import write
from workflows.action import ActionStatus, TimescaleKind
from workflows.dates import PartialDate
from workflows.timescale import length_from, round_after, round_of


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
        following = _next_round(session, action, on, now)
        met = action.due or on
        write(session, ActionDate(action_id=action.id, kind="round", due=met, met_on=on, person_id=by.id, at=now))
        return following
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


def _next_round(session: Session, action: Action, on: PartialDate, now: datetime) -> PartialDate:
    """Give the round after the one that is met now; a date that was brought forward is still that of its own round."""
    every = length_from(action.every or "")
    due = action.due or on
    start_of_it = action.rhythm_from or action.first_due or due
    planned, is_moved = action.first_due or start_of_it, False
    for row in session.exec(_rounds_and_moves(action)):
        if row.kind == "round" and row.due is not None:
            met = round_of(row.due, planned, every) if is_moved else row.due
            planned = round_after(start_of_it, every, met, london_day(row.at))
        is_moved = row.kind == "moved"
    met = round_of(due, planned, every) if is_moved else due
    return round_after(start_of_it, every, met, london_day(now))


def _rounds_and_moves(action: Action) -> SelectOfScalar[ActionDate]:
    kinds = col(ActionDate.kind).in_(("round", "moved"))
    return select(ActionDate).where(ActionDate.action_id == action.id, kinds).order_by(col(ActionDate.id))


def _not_met(session: Session, action: Action) -> Sequence[ActionDate]:
    several = (ActionDate.action_id == action.id, ActionDate.kind == "several")
    return session.exec(select(ActionDate).where(*several, col(ActionDate.met_on).is_(None))).all()
