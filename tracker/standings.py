"""The standings of many cases, with what lists ask of each known beforehand, in a fixed number of questions."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from sqlmodel import Session, col, select

from tracker.actions.models import Action, ActionSource
from tracker.actions.queries import IS_ITS_OWN
from tracker.among import among, listed
from tracker.cases.decision_models import Decision, MethodWork, PanelRecommendation, Ratification
from tracker.cases.models import Case, CaseEvent, Clock, Conflict, Hold
from tracker.cases.recorded import returns_by_case
from tracker.reviews.models import Lead
from tracker.rows import Question, RowsOf
from tracker.standing import WholeStanding


class _OfACase(Protocol):
    case_id: int


Row = TypeVar("Row", bound=_OfACase)


def standings_of(session: Session, cases: Sequence[Case]) -> list[WholeStanding]:
    """Give the standing of each case; its hold, clocks, decision, methods and leads need no further question."""
    ids = listed(case.id for case in cases)
    holds = _by_case(_HOLDS.all(session, ids=ids))
    clocks = _by_case(_CLOCKS.all(session, ids=ids))
    decisions = _by_case(_DECISIONS.all(session, ids=ids))
    works = _by_case(_WORKS.all(session, ids=ids))
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


_HOLDS = RowsOf(Hold, select(Hold).where(among(col(Hold.case_id), "ids"), col(Hold.until).is_(None)))
_CLOCKS = RowsOf(Clock, select(Clock).where(among(col(Clock.case_id), "ids")).order_by(col(Clock.id)))
_DECISIONS = RowsOf(Decision, select(Decision).where(among(col(Decision.case_id), "ids")).order_by(col(Decision.id)))
_WORKS = RowsOf(
    MethodWork, select(MethodWork).where(among(col(MethodWork.case_id), "ids")).order_by(col(MethodWork.id))
)


def know_the_course(session: Session, standings: Sequence[WholeStanding]) -> None:
    """Let standings know what led to their decisions and what came of them, so that it needs no further question."""
    ids = [standing.case.id for standing in standings]
    if not ids:
        return
    wanted = listed(ids)
    events = _by_case(_EVENTS.all(session, ids=wanted))
    recommended = _by_case(_RECOMMENDED.all(session, ids=wanted))
    returns, answers = returns_by_case(session, ids), _answers(session, standings)
    actions = _actions(session, wanted)
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
    for answer in _ANSWERS.all(session, ids=listed(decisions)):
        found.setdefault(answer.decision_id, []).append(answer)
    return found


def _actions(session: Session, case_ids: str) -> dict[int, list[Action]]:
    pairs = _FROM_CASES.rows(session, ids=case_ids)
    actions = {action.id: action for action in _ACTIONS.all(session, ids=listed({number for _, number in pairs}))}
    found: dict[int, list[Action]] = {}
    for case_id, action_id in pairs:
        found.setdefault(case_id, []).append(actions[action_id])
    return found


_EVENTS = RowsOf(CaseEvent, select(CaseEvent).where(among(col(CaseEvent.case_id), "ids")))
_RECOMMENDED = RowsOf(
    PanelRecommendation,
    select(PanelRecommendation)
    .where(among(col(PanelRecommendation.case_id), "ids"))
    .order_by(col(PanelRecommendation.id)),
)
_ANSWERS = RowsOf(
    Ratification,
    select(Ratification).where(among(col(Ratification.decision_id), "ids")).order_by(col(Ratification.id)),
)
_FROM_CASES = Question(
    select(ActionSource.case_id, ActionSource.action_id)
    .join(Action, col(Action.id) == ActionSource.action_id)
    .where(among(col(ActionSource.case_id), "ids"), IS_ITS_OWN)
    .distinct()
    .order_by(col(ActionSource.action_id))
)
_ACTIONS = RowsOf(Action, select(Action).where(among(col(Action.id), "ids")))


def _by_case(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def _leads(session: Session, case_ids: str, works: Sequence[MethodWork]) -> dict[int, list[Lead]]:
    """Give the leads of each method whose appointment stands; nobody leads while a conflict bars her."""
    case_of = {work.id: work.case_id for work in works}
    barred = {(case_id, person_id) for case_id, person_id in _CONFLICTS.rows(session, ids=case_ids)}
    found: dict[int, list[Lead]] = {}
    for lead in _LEADS.all(session, ids=listed(case_of)):
        if (case_of[lead.method_id], lead.person_id) not in barred:
            found.setdefault(lead.method_id, []).append(lead)
    return found


_CONFLICTS = Question(
    select(Conflict.case_id, Conflict.person_id).where(
        among(col(Conflict.case_id), "ids"), col(Conflict.until).is_(None)
    )
)
_LEADS = RowsOf(Lead, select(Lead).where(among(col(Lead.method_id), "ids"), col(Lead.ended_on).is_(None)))
