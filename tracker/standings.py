"""The standings of many cases, with what lists ask of each known beforehand, in a fixed number of questions."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from sqlmodel import Session, col, select

from tracker.actions.models import Action, ActionSource
from tracker.cases.models import (
    Case,
    CaseEvent,
    Clock,
    Conflict,
    Decision,
    Hold,
    MethodWork,
    PanelRecommendation,
    Ratification,
)
from tracker.cases.recorded import returns_by_case
from tracker.reviews.models import Lead
from tracker.standing import WholeStanding


class _OfACase(Protocol):
    case_id: int


Row = TypeVar("Row", bound=_OfACase)


def standings_of(session: Session, cases: Sequence[Case]) -> list[WholeStanding]:
    """Give the standing of each case; its hold, clocks, decision, methods and leads need no further question."""
    ids = [case.id for case in cases]
    holds = _by_case(session.exec(select(Hold).where(col(Hold.case_id).in_(ids), col(Hold.until).is_(None))))
    clocks = _by_case(session.exec(select(Clock).where(col(Clock.case_id).in_(ids)).order_by(col(Clock.id))))
    decided = select(Decision).where(col(Decision.case_id).in_(ids)).order_by(col(Decision.id))
    decisions = _by_case(session.exec(decided))
    works = _by_case(
        session.exec(select(MethodWork).where(col(MethodWork.case_id).in_(ids)).order_by(col(MethodWork.id)))
    )
    leads = _leads(session, ids, [work for rows in works.values() for work in rows])
    standings = []
    for case in cases:
        decision = next(reversed(decisions.get(case.id, [])), None)
        chosen = [work for work in works.get(case.id, ()) if decision is None or work.decision_id == decision.id]
        standing = WholeStanding(session, case)
        # What is reckoned once and then kept is put where it is kept.
        standing.__dict__.update(
            hold=next(iter(holds.get(case.id, [])), None),
            _clocks=clocks.get(case.id, []),
            decision=decision,
            method_works=chosen,
            leads=[lead for work in chosen for lead in leads.get(work.id, ())],
        )
        standing.leads.sort(key=lambda lead: lead.id)
        standings.append(standing)
    return standings


def know_the_course(session: Session, standings: Sequence[WholeStanding]) -> None:
    """Let standings know what led to their decisions and what came of them, so that it needs no further question."""
    ids = [standing.case.id for standing in standings]
    events = _by_case(session.exec(select(CaseEvent).where(col(CaseEvent.case_id).in_(ids))))
    asked = select(PanelRecommendation).where(col(PanelRecommendation.case_id).in_(ids))
    recommended = _by_case(session.exec(asked.order_by(col(PanelRecommendation.id))))
    returns, answers = returns_by_case(session, ids), _answers(session, standings)
    actions = _actions(session, ids)
    for standing in standings:
        number = standing.case.id
        standing.__dict__.update(
            events={event.name: event.on for event in events.get(number, ())},
            recommendation=next(reversed(recommended.get(number, [])), None),
            _returns=returns.get(number, []),
            _ratifications=answers.get(standing.decision.id, []) if standing.decision else [],
            action_rows=actions.get(number, []),
        )


def _answers(session: Session, standings: Sequence[WholeStanding]) -> dict[int, list[Ratification]]:
    decisions = [standing.decision.id for standing in standings if standing.decision is not None]
    found: dict[int, list[Ratification]] = {}
    question = select(Ratification).where(col(Ratification.decision_id).in_(decisions))
    for answer in session.exec(question.order_by(col(Ratification.id))):
        found.setdefault(answer.decision_id, []).append(answer)
    return found


def _actions(session: Session, case_ids: Sequence[int]) -> dict[int, list[Action]]:
    question = (
        select(col(ActionSource.case_id), Action)
        .join(Action, col(Action.id) == ActionSource.action_id)
        .where(col(ActionSource.case_id).in_(case_ids))
        .distinct()
    )
    found: dict[int, list[Action]] = {}
    for case_id, action in session.exec(question.order_by(col(Action.id))):
        if case_id is not None:
            found.setdefault(case_id, []).append(action)
    return found


def _by_case(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _leads(session: Session, case_ids: Sequence[int], works: Sequence[MethodWork]) -> dict[int, list[Lead]]:
    """Give the leads of each method whose appointment stands; nobody leads while a conflict bars her."""
    case_of = {work.id: work.case_id for work in works}
    question = select(Conflict.case_id, Conflict.person_id)
    barred = set(session.exec(question.where(col(Conflict.case_id).in_(case_ids), col(Conflict.until).is_(None))))
    found: dict[int, list[Lead]] = {}
    for lead in session.exec(select(Lead).where(col(Lead.method_id).in_(case_of), col(Lead.ended_on).is_(None))):
        if (case_of[lead.method_id], lead.person_id) not in barred:
            found.setdefault(lead.method_id, []).append(lead)
    return found
