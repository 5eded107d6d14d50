"""The learning session that follows a report or an audit, and who came to it."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from tracker.cases.days import not_before
from tracker.cases.steps import ask, move_on, take_step
from tracker.database import to_json
from tracker.errors import Refused
from tracker.facts import Facts, Name
from tracker.people.doer import Doer
from tracker.reflections.models import LearningSession
from tracker.rows import write
from tracker.standing import WholeStanding
from workflows.dates import PartialDate, uk_date
from workflows.vocabulary import Do, Event


class RecordLearningSession(Facts):
    """When the session was held, and for each agency how many came, or whether anybody did.

    `follows` tells the session of the review from the follow-up of a multi-agency audit.
    """

    on: PartialDate
    attendance: dict[Name, StrictBool | Annotated[StrictInt, Field(ge=0, le=100_000)]] = {}
    follows: Literal["review", "audit"] = "review"


def record_learning_session(standing: WholeStanding, facts: RecordLearningSession, *, now: datetime, by: Doer) -> None:
    """Record a learning session; of several, the first one ends the clock."""
    role = ask(standing, Do.RECORD_LEARNING_SESSION, by)
    event = Event.LEARNING_SESSION if facts.follows == "review" else Event.AUDIT_FOLLOW_UP
    earlier = (Event.REPORT_AGREED, Event.DECISION) if facts.follows == "review" else (Event.AUDIT_HELD,)
    late = not_before(standing, facts.on, "the learning session", *earlier)
    if facts.follows == "audit" and standing.day_of(Event.AUDIT_HELD) is None:
        raise Refused("No multi-agency audit is recorded: record-method-done comes first.", code="nothing_recorded")
    is_first = standing.day_of(event) is None
    take_step(
        standing,
        Do.RECORD_LEARNING_SESSION,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=event if is_first else None,
        also=late,
        what=f"{'Learning session' if facts.follows == 'review' else 'Audit follow-up'} on {uk_date(facts.on)}",
        more={"attendance": facts.attendance, "follows": facts.follows},
    )
    attendance = to_json(facts.attendance)
    write(standing.session, LearningSession(case_id=standing.case.id, on=facts.on, attendance=attendance))
    move_on(standing, by=by, now=now, turned_by=event if is_first else None)
