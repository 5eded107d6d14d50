"""The actions that come from one case, counted by their colours."""

from collections import Counter
from datetime import datetime

import sqlalchemy
from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from tracker.actions.models import Action, ActionSource, ActionUpdate
from tracker.actions.queries import seen_with, sees_action
from tracker.actions.reading import course_of
from tracker.clock import london_day
from tracker.groups.queries import every_partnership, partnership_settings
from tracker.people.doer import Doer
from tracker.rows import Question
from workflows.colour import rag


def colours_of_case(session: Session, case_id: int, reader: Doer, now: datetime) -> Counter[str]:
    """Count the actions of a case that a reader sees by the words of their colours; nothing else of them is read."""
    settings = {one.id: partnership_settings(session, one, now) for one in every_partnership(session)}
    found: Counter[str] = Counter()
    for partnership_id, status, timescale, due, says, before, state, at in _COURSES.rows(
        session, case=case_id, **seen_with(reader)
    ):
        course = course_of(status, timescale, due, (says, before), (state, at) if state else None)
        known = settings[partnership_id]
        days = {"amber_days": known["colour.amber_days"], "no_update_days": known["colour.no_update_days"]}
        found[rag(course, london_day(now), **days).word] += 1
    return found


_OF_CASE = select(ActionSource.action_id).where(ActionSource.case_id == bindparam("case"))
_NEWEST = select(func.max(ActionUpdate.id)).where(ActionUpdate.action_id == Action.id).correlate(Action)
_COURSES = Question(
    sqlalchemy.select(
        col(Action.partnership_id),
        col(Action.status),
        col(Action.timescale_kind),
        col(Action.due),
        col(Action.report),
        col(Action.report_before),
        col(ActionUpdate.state),
        col(ActionUpdate.at),
    )
    .select_from(Action)
    .join(ActionUpdate, col(ActionUpdate.id) == _NEWEST.scalar_subquery(), isouter=True)
    .where(col(Action.id).in_(_OF_CASE), sees_action())
)
