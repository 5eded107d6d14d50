"""What is recorded of one case: its days, what was recommended and decided, its clocks, holds, returns and methods.

What every deed asks is compiled once; such rows are not attached to the session.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from tracker.among import among, listed
from tracker.cases.decision_models import (
    Decision,
    MethodWork,
    NationalPanelResponse,
    PanelRecommendation,
    Ratification,
    Resolution,
)
from tracker.cases.models import AgencyReturn, CaseEvent, Clock, Hold
from tracker.people.models import Agency
from tracker.rows import Question, RowsOf
from workflows.dates import PartialDate


def days_of(session: Session, case_id: int) -> dict[str, PartialDate]:
    """Give the days recorded for a case, by the name of the event."""
    return dict(_DAYS.rows(session, case=case_id))


_DAYS = Question(select(col(CaseEvent.name), col(CaseEvent.on)).where(CaseEvent.case_id == bindparam("case")))


def newest_recommendation(session: Session, case_id: int) -> PanelRecommendation | None:
    """Give the newest recommendation of the body that looked first."""
    return _RECOMMENDATION.first(session, case=case_id)


_RECOMMENDATION = RowsOf(
    PanelRecommendation,
    select(PanelRecommendation)
    .where(PanelRecommendation.case_id == bindparam("case"))
    .order_by(col(PanelRecommendation.id).desc())
    .limit(1),
)


def newest_panel_response(session: Session, case_id: int) -> NationalPanelResponse | None:
    """Give the newest response of the national Panel."""
    return _RESPONSE.first(session, case=case_id)


_RESPONSE = RowsOf(
    NationalPanelResponse,
    select(NationalPanelResponse)
    .where(NationalPanelResponse.case_id == bindparam("case"))
    .order_by(col(NationalPanelResponse.id).desc())
    .limit(1),
)


def newest_decision(session: Session, case_id: int) -> Decision | None:
    """Give the newest decision."""
    return _DECISION.first(session, case=case_id)


_DECISION = RowsOf(
    Decision,
    select(Decision).where(Decision.case_id == bindparam("case")).order_by(col(Decision.id).desc()).limit(1),
)


def newest_resolution(session: Session, decision_id: int) -> Resolution | None:
    """Give the newest resolution of a difference about a decision."""
    return _RESOLUTION.first(session, decision=decision_id)


_RESOLUTION = RowsOf(
    Resolution,
    select(Resolution)
    .where(Resolution.decision_id == bindparam("decision"))
    .order_by(col(Resolution.id).desc())
    .limit(1),
)


def clocks_of_case(session: Session, case_id: int) -> list[Clock]:
    """Give the clocks of a case, oldest first."""
    return _CLOCKS.all(session, case=case_id)


_CLOCKS = RowsOf(Clock, select(Clock).where(Clock.case_id == bindparam("case")).order_by(col(Clock.id)))


def ratifications_of(session: Session, decision_id: int) -> list[Ratification]:
    """Give the answers of partners to a decision, oldest first."""
    return _RATIFICATIONS.all(session, decision=decision_id)


_RATIFICATIONS = RowsOf(
    Ratification,
    select(Ratification).where(Ratification.decision_id == bindparam("decision")).order_by(col(Ratification.id)),
)


def methods_of(session: Session, case_id: int, decision_id: int | None) -> list[MethodWork]:
    """Give the methods that a decision chose, as work items; without a decision all of the case."""
    works = _METHODS.all(session, case=case_id)
    return [work for work in works if decision_id is None or work.decision_id == decision_id]


_METHODS = RowsOf(
    MethodWork, select(MethodWork).where(MethodWork.case_id == bindparam("case")).order_by(col(MethodWork.id))
)


def returns_of(session: Session, case_id: int) -> list[tuple[str, PartialDate | None]]:
    """Give the agencies that were asked for a return, each with the day on which it answered, in their order."""
    return returns_by_case(session, [case_id]).get(case_id, [])


def returns_by_case(session: Session, case_ids: Sequence[int]) -> dict[int, list[tuple[str, PartialDate | None]]]:
    """Give the same of many cases."""
    found: dict[int, list[tuple[str, PartialDate | None]]] = {}
    for case_id, name, returned_on in _RETURNS.rows(session, ids=listed(case_ids)):
        found.setdefault(case_id, []).append((name, returned_on))
    return found


_RETURNS = Question(
    select(col(AgencyReturn.case_id), col(Agency.name), col(AgencyReturn.returned_on))
    .join(Agency, col(Agency.id) == AgencyReturn.agency_id)
    .where(among(col(AgencyReturn.case_id), "ids"))
    .order_by(col(AgencyReturn.id))
)


@dataclass(frozen=True, slots=True)
class OwedReturn:
    """A return that an agency was asked for and has not sent; with its own id."""

    id: int
    case_id: int
    agency: str
    asked_on: date
    due_on: date


def owed_returns(session: Session, case_ids: Sequence[int]) -> list[OwedReturn]:
    """Give the returns that are owed for cases, in the order in which they were asked for."""
    return [OwedReturn(*row) for row in _OWED.rows(session, ids=listed(case_ids))]


_OWED = Question(
    sqlalchemy.select(
        col(AgencyReturn.id),
        col(AgencyReturn.case_id),
        col(Agency.name),
        col(AgencyReturn.asked_on),
        col(AgencyReturn.due_on),
    )
    .join(Agency, col(Agency.id) == AgencyReturn.agency_id)
    .where(col(AgencyReturn.returned_on).is_(None), among(col(AgencyReturn.case_id), "ids"))
    .order_by(col(AgencyReturn.id))
)


def standing_hold(session: Session, case_id: int) -> Hold | None:
    """Give the hold of a case that stands, if one does."""
    return _HOLD.first(session, case=case_id)


_HOLD = RowsOf(Hold, select(Hold).where(Hold.case_id == bindparam("case"), col(Hold.until).is_(None)))
