"""The actions that come from one case, counted by their colours."""

from collections import Counter
from datetime import datetime

import sqlalchemy
from sqlalchemy import and_, bindparam
from sqlmodel import Session, col, select

from tracker.actions.colouring import patience_of_each
from tracker.actions.models import Action, ActionSource, ActionUpdate
from tracker.actions.queries import IS_ITS_OWN, IS_NEWEST, seen_with, sees_action
from tracker.actions.reading import course_of
from tracker.clock import london_day
from tracker.people.doer import Doer
from tracker.rows import Question
from workflows.colour import rag


def colours_of_case(session: Session, case_id: int, reader: Doer, now: datetime) -> Counter[str]:
    """Count the actions of a case that a reader sees by the words of their colours; nothing else of them is read."""
    patience = patience_of_each(session, now)
    found: Counter[str] = Counter()
    for partnership_id, status, timescale, due, says, before, state, at, asked, answered in _COURSES.rows(
        session, case=case_id, **seen_with(reader)
    ):
        said = (state, at) if state else None
        course = course_of(status, timescale, due, (says, before), said, (asked, answered))
        known = patience[partnership_id]
        shade = rag(course, london_day(now), amber_days=known.amber_days, no_update_days=known.no_update_days)
        found[shade.word] += 1
    return found


_OF_CASE = select(ActionSource.action_id).where(ActionSource.case_id == bindparam("case"))
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
        col(Action.asked_on),
        col(Action.answered_on),
    )
    .select_from(Action)
    .join(ActionUpdate, and_(col(ActionUpdate.action_id) == Action.id, IS_NEWEST), isouter=True)
    .where(col(Action.id).in_(_OF_CASE), IS_ITS_OWN, sees_action())
)
