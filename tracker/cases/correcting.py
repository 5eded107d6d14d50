"""Correcting a day that was recorded wrongly, with the row beside the event and the clocks that run from it."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import field_validator
from sqlmodel import col, select

from tracker import history
from tracker.cases.clocks import turn_clocks
from tracker.cases.days import must_keep_order, not_far_ahead
from tracker.cases.decision_models import Decision, NationalPanelResponse, PanelRecommendation, Ratification, Resolution
from tracker.cases.standing import Standing
from tracker.cases.steps import record_event
from tracker.errors import NotAllowed, Refused
from tracker.facts import Facts, Words
from tracker.people.doer import Doer
from tracker.people.permissions import refusal
from tracker.people.roles import Role
from tracker.rows import change
from workflows.dates import PartialDate, uk_date
from workflows.vocabulary import Event, Method


class CorrectEvent(Facts):
    """A day that was recorded wrongly: the event, the right day, and why."""

    event: str
    on: PartialDate
    reason: Words

    @field_validator("event")
    @classmethod
    def _known_event(cls, event: str) -> str:
        return Event.named(event).value


def correct_event(standing: Standing, facts: CorrectEvent, *, now: datetime, by: Doer) -> None:
    """Correct the day of an event; the clocks that run from it are reckoned anew, each with a line in the history."""
    case = standing.case
    if not by.has(Role.COORDINATOR, case.partnership_id):
        raise NotAllowed(refusal(by, "correct_event"))
    event = Event(facts.event)
    old = standing.day_of(event)
    if old is None:
        raise Refused(f"Nothing is recorded for {event.words}: there is no day to correct.", code="nothing_recorded")
    not_far_ahead(facts.on, now, event.words.capitalize())
    must_keep_order(standing, event, facts.on)
    record_event(standing, event, facts.on)
    _correct_rows(standing, event, facts.on)
    history.note(
        standing.session,
        case.reference,
        "correct_event",
        at=now,
        by=by,
        role="coordinator",
        what=f"Corrected {event.words}: {uk_date(facts.on)} instead of {uk_date(old)}. {facts.reason}",
        old=str(old),
        new=str(facts.on),
        more={"event": event.value, "reason": facts.reason},
    )
    turn_clocks(standing, event, now=now, by=by, stop=False)


_Dated = type[PanelRecommendation] | type[NationalPanelResponse] | type[Decision]
_OF_THE_CASE: Mapping[Event, _Dated] = {
    Event.RECOMMENDATION: PanelRecommendation,
    Event.PANEL_RESPONSE: NationalPanelResponse,
    Event.DECISION: Decision,
}
_OF_THE_DECISION: Mapping[Event, type[Ratification] | type[Resolution]] = {
    Event.RATIFICATION: Ratification,
    Event.RESOLUTION: Resolution,
}


def _correct_rows(standing: Standing, event: Event, on: PartialDate) -> None:
    """Give the newest row that was written with an event the event's day: a decision has one day, wherever it is read.

    An earlier one, before a case was sent back, keeps its own.
    """
    session = standing.session
    if model := _OF_THE_CASE.get(event):
        of_case = select(model).where(col(model.case_id) == standing.case.id)
        row = session.exec(of_case.order_by(col(model.id).desc())).first()
    elif (given := _OF_THE_DECISION.get(event)) and standing.decision is not None:
        of_decision = select(given).where(col(given.decision_id) == standing.decision.id)
        row = session.exec(of_decision.order_by(col(given.id).desc())).first()
    else:
        row = None
    if row is not None:
        row.on = on
        session.add(row)
    if event is Event.AUDIT_HELD:
        _correct_audit(standing, on)
    session.flush()
    standing.forget()


def _correct_audit(standing: Standing, on: PartialDate) -> None:
    works = (work for work in standing.method_works if work.code == Method.MULTI_AGENCY_AUDIT)
    for work in works:
        work.done_on = on
        change(standing.session, work, "done_on")
