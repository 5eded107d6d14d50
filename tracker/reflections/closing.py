"""Closing a case, once everything that its process asks for is done."""

from datetime import datetime

from tracker.cases.days import not_before
from tracker.cases.steps import ask, move_on, take_step
from tracker.clock import london_day
from tracker.facts import Facts, Words
from tracker.people.doer import Doer
from tracker.rows import change
from tracker.standing import WholeStanding
from workflows.dates import PartialDate, uk_date
from workflows.vocabulary import Do, Event

_BEFORE = (
    Event.REFLECTION_12M,
    Event.UPDATE_REPORT,
    Event.REFLECTION_6M,
    Event.EVALUATION,
    Event.PUBLICATION,
    Event.REPORT_AGREED,
    Event.DECISION,
    Event.RECOMMENDATION,
    Event.NOTIFICATION,
    Event.INCIDENT_KNOWN,
)


class CloseCase(Facts):
    """Why the case is closed; `on` is today unless it is said."""

    reason: Words
    on: PartialDate | None = None


def close_case(standing: WholeStanding, facts: CloseCase, *, now: datetime, by: Doer) -> None:
    """Close a case: its clocks stop, a hold ends, and nothing more can be done on it."""
    role = ask(standing, Do.CLOSE_CASE, by)
    today = london_day(now)
    on = facts.on or PartialDate.of(today)
    late = not_before(standing, on, "the closure", *_BEFORE)
    standing.propose(reason=facts.reason)
    hold = standing.hold
    take_step(
        standing,
        Do.CLOSE_CASE,
        role=role,
        by=by,
        now=now,
        on=on,
        event=Event.CLOSURE,
        also=late,
        what=f"Closed on {uk_date(on)}: {facts.reason}",
        more={"reason": facts.reason},
    )
    if hold is not None:
        hold.until = today
        change(standing.session, hold, "until")
    move_on(standing, by=by, now=now, turned_by=Event.CLOSURE)
