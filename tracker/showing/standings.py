"""The standings of many cases, with what lists ask of each known beforehand, in a fixed number of questions."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from sqlmodel import Session, col, select

from tracker.cases.models import Case, Clock, Conflict, Decision, Hold, MethodWork
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
