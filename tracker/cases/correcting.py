"""What a corrected day has to fit, and the row beside the event that the correction takes with it."""

from collections.abc import Mapping

from sqlmodel import col, select

from tracker.cases.models import (
    Decision,
    NationalPanelResponse,
    PanelRecommendation,
    Ratification,
    Resolution,
)
from tracker.cases.standing import Standing, must_follow
from tracker.errors import Refused
from workflows.dates import PartialDate, uk_date
from workflows.vocabulary import Event, Method

_IN_ORDER = (
    Event.INCIDENT,
    Event.INCIDENT_KNOWN,
    Event.NOTIFICATION,
    Event.PANEL_CONVENED,
    Event.RECOMMENDATION,
    Event.DECISION,
    Event.REPORT_AGREED,
    Event.PUBLICATION,
    Event.REFLECTION_6M,
    Event.REFLECTION_12M,
    Event.CLOSURE,
)
# What happens beside that order, each after the events that its deed asks for.
_AFTER: Mapping[Event, tuple[Event, ...]] = {
    Event.SENT_TO_PANEL: (Event.PANEL_CONVENED, Event.NOTIFICATION, Event.INCIDENT_KNOWN),
    Event.PANEL_RESPONSE: (Event.SENT_TO_PANEL, Event.NOTIFICATION),
    Event.RATIFICATION: (Event.DECISION,),
    Event.RESOLUTION: (Event.DECISION,),
    Event.AUDIT_HELD: (Event.DECISION,),
    Event.AUDIT_FOLLOW_UP: (Event.AUDIT_HELD,),
    Event.EVALUATION: (Event.REPORT_AGREED, Event.DECISION),
    Event.PUBLICATION_PLANNED: (Event.REPORT_AGREED, Event.DECISION),
    Event.SENT_BEFORE_PUBLICATION: (Event.REPORT_AGREED, Event.DECISION),
    Event.LEARNING_SESSION: (Event.REPORT_AGREED, Event.DECISION),
    Event.UPDATE_REPORT: (Event.PUBLICATION, Event.REPORT_AGREED, Event.DECISION),
}


def must_keep_order(standing: Standing, event: Event, on: PartialDate) -> None:
    """Refuse a corrected day that certainly lies before what went before the event, or after what came after it."""
    place = _IN_ORDER.index(event) if event in _IN_ORDER else 0
    must_follow(standing, on, event.words, *reversed(_IN_ORDER[:place]), *_AFTER.get(event, ()))
    beside = [later for later, earlier in _AFTER.items() if event in earlier]
    for later in (*(_IN_ORDER[place + 1 :] if event in _IN_ORDER else ()), *beside):
        after = standing.day_of(later)
        if after is not None and after.certainly_before(on):
            raise Refused(
                f"The date of {event.words} must be on or before {later.words}, {uk_date(after)}.", code="out_of_order"
            )


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


def correct_rows(standing: Standing, event: Event, on: PartialDate) -> None:
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
        standing.session.add(work)
