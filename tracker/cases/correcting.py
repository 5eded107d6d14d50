"""What else says the day of an event: the row that a deed wrote beside it, which a correction takes with it."""

from collections.abc import Mapping

from sqlmodel import col, select

from tracker.cases.models import (
    Decision,
    NationalPanelResponse,
    PanelRecommendation,
    Ratification,
    Resolution,
)
from tracker.cases.standing import Standing
from workflows.dates import PartialDate
from workflows.vocabulary import Event, Method

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
