"""A case as `show case` prints it: where it stands, its clocks with their working, its steps with what blocks each."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.models import Action, ActionSource, Impact
from tracker.cases import clocks as case_clocks
from tracker.cases.holds import REVIEW_CLOCK
from tracker.cases.models import (
    AgencyReturn,
    Case,
    CaseTheme,
    ContributingPartnership,
    Decision,
    DecisionVoice,
    DelayNotice,
    Hold,
    NationalPanelResponse,
    Ratification,
)
from tracker.cases.queries import case_by_reference, partnership_of
from tracker.clock import london_day
from tracker.groups.models import Theme
from tracker.groups.queries import safeguarding_partners
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.reviews.models import Finding, Recommendation, Review
from tracker.standing import WholeStanding
from workflows.definition import Step
from workflows.requirements import Unmet
from workflows.vocabulary import Do, Method

Document = dict[str, Any]


def case_document(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give a case with everything recorded about it."""
    case = case_by_reference(session, reference, reader)
    standing = WholeStanding(session, case)
    today = london_day(now)
    partnership = partnership_of(session, case)
    return {
        "reference": case.reference,
        "version": case.version,
        "partnership": partnership.code,
        "definition": standing.definition.name,
        "kind": case.kind,
        "status": case.status,
        "stage": standing.definition.stage_of(case.status),
        "pseudonym": case.pseudonym,
        "public_label": case.public_label,
        "harm": case.harm,
        "area": case.area,
        "summary": case.summary,
        "contributing": list(
            session.exec(select(ContributingPartnership.name).where(ContributingPartnership.case_id == case.id))
        ),
        "themes": _themes(session, case),
        "opened_at": case.opened_at.isoformat(),
        "closed_at": None if case.closed_at is None else case.closed_at.isoformat(),
        "hold": _hold(standing.hold),
        "holds": _holds(session, case, today),
        "events": {
            name: {"date": str(on), "precision": on.precision}
            for name, on in sorted(standing.events.items(), key=lambda event: event[1])
        },
        "clocks": clock_documents(standing, today),
        "steps": step_documents(standing),
        "jobs": open_jobs(standing, today),
        "returns": _returns(session, case),
        "recommendation": _recommendation(standing),
        "panel_response": _panel_response(session, case),
        "decision": _decision(standing),
        "ratifications": _ratifications(standing),
        "resolution": _resolution(standing),
        "methods": _methods(standing),
        **_learning(standing),
        "actions": [_action(action) for action in standing.action_rows],
        "history": history.lines_about(session, case.reference),
    }


def clock_documents(standing: WholeStanding, today: date) -> list[Document]:
    """Give the clocks of a case as they stand today, in the order in which they began."""
    rules = {rule.code: rule for rule in standing.definition.clocks}
    documents = []
    for clock in standing.case_clocks():
        rule = rules.get(clock.code)
        reading = case_clocks.read(
            clock,
            on_hold=standing.hold is not None,
            today=today,
            calendar=standing.calendar,
            met_by_time=rule is not None and rule.met_by is None,
        )
        documents.append(case_clocks.as_document(clock, reading))
    return documents


def step_documents(standing: WholeStanding) -> list[Document]:
    """Give the steps that deeds may take now, each with what blocks it and whose it is."""
    standing.proposed.clear()
    return [_step(standing, step) for step in standing.lifecycle.steps_from(standing.state)]


def _step(standing: WholeStanding, step: Step) -> Document:
    assert step.do is not None, "only steps with a deed are offered"
    blockers = standing.lifecycle.unmet(standing, step, of_facts=False)
    return {
        "deed": step.do.deed,
        "label": step.label,
        "outcome": step.branch or None,
        "to": step.to,
        "roles": [standing.definition.body_named(code).name for code in step.by],
        "ready": not blockers,
        "choices": _choices(standing, step),
        "needs": [need.words for need in step.needs],
        "blockers": [blocker_document(blocker) for blocker in blockers],
    }


def _choices(standing: WholeStanding, step: Step) -> Document:
    """Give what a step offers to choose from: the methods of a decision, the methods in need of a lead."""
    if step.do is Do.RECORD_DECISION and step.branch in ("", "review"):
        methods = [{"code": method.value, "label": method.label} for method in Method]
        return {"methods": methods, "at_least": standing.definition.methods_at_least}
    if step.do in (Do.APPOINT_LEAD, Do.RECORD_METHOD_DONE):
        return {"methods": [{"code": code, "label": Method(code).label} for code in standing.methods]}
    if step.do is Do.RECORD_RATIFICATION:
        return {"partners": list(standing.partners_to_answer)}
    return {}


def blocker_document(blocker: Unmet) -> Document:
    """Give one thing that stands in the way of a step, with the deed that cures it."""
    return {
        "code": blocker.code,
        "sentence": blocker.sentence,
        "deed": blocker.cured_by,
        "from": None if blocker.from_day is None else blocker.from_day.isoformat(),
    }


_STAGE_OF_REVIEW = 4


def open_jobs(standing: WholeStanding, today: date) -> list[Document]:
    """Give the open tasks of a case: a notice of delay, a hold to look at again, leads to appoint or to ask."""
    jobs: list[Document] = []
    if _delay_to_explain(standing, today):
        sentence = "Tell the national Panel and the Secretary of State that the review will be late, and why."
        jobs.append({"code": "delay_notice", "deed": "record-delay-notice", "sentence": sentence})
    if standing.hold is not None and standing.hold.look_again_on <= today:
        sentence = "Look again at the hold: release the case, or hold it on."
        jobs.append({"code": "look_again", "deed": "release-case", "sentence": sentence})
    # Once the report is agreed nobody has to lead its methods any more.
    is_reviewed = standing.definition.stage_of(standing.state) > _STAGE_OF_REVIEW
    for method in () if is_reviewed else standing.methods_without_lead:
        jobs.append({"code": "appoint_lead", "deed": "appoint-lead", "sentence": f"Appoint a lead for {method}."})
    for name in () if is_reviewed else standing.leads_not_confirmed:
        jobs.append(
            {"code": "independence", "deed": "appoint-lead", "sentence": f"Ask {name} about direct involvement."}
        )
    return jobs


def _delay_to_explain(standing: WholeStanding, today: date) -> bool:
    """A held or overdue review owes a notice of delay, until one was given after the hold began."""
    clock = next((clock for clock in standing.case_clocks() if clock.code == REVIEW_CLOCK), None)
    if clock is None or clock.met_on is not None or clock.stopped_on is not None:
        return False
    if standing.hold is None and not clock.original_due.overdue_on(today) and clock.due == clock.original_due:
        return False
    question = select(DelayNotice).where(DelayNotice.case_id == standing.case.id)
    return standing.session.exec(question).first() is None


def _themes(session: Session, case: Case) -> list[str]:
    question = select(Theme.code).join(CaseTheme, col(CaseTheme.theme_id) == Theme.id)
    return sorted(session.exec(question.where(CaseTheme.case_id == case.id)))


def _hold(hold: Hold | None) -> Document | None:
    if hold is None:
        return None
    return {
        "reason": hold.reason,
        "since": hold.since.isoformat(),
        "look_again_on": hold.look_again_on.isoformat(),
    }


def _holds(session: Session, case: Case, today: date) -> list[Document]:
    holds = session.exec(select(Hold).where(Hold.case_id == case.id).order_by(col(Hold.id)))
    return [
        {
            "reason": hold.reason,
            "since": hold.since.isoformat(),
            "look_again_on": hold.look_again_on.isoformat(),
            "until": None if hold.until is None else hold.until.isoformat(),
            "days": ((hold.until or today) - hold.since).days,
            "revised_due_on": None if hold.revised_due_on is None else hold.revised_due_on.isoformat(),
        }
        for hold in holds
    ]


def _returns(session: Session, case: Case) -> list[Document]:
    question = (
        select(Agency.name, AgencyReturn)
        .join(AgencyReturn, col(AgencyReturn.agency_id) == Agency.id)
        .where(AgencyReturn.case_id == case.id)
        .order_by(col(AgencyReturn.id))
    )
    return [
        {
            "agency": name,
            "asked_on": asked.asked_on.isoformat(),
            "due_on": asked.due_on.isoformat(),
            "returned_on": None if asked.returned_on is None else str(asked.returned_on),
        }
        for name, asked in session.exec(question)
    ]


def _day(on: object) -> str | None:
    return None if on is None else str(on)


def _recommendation(standing: WholeStanding) -> Document | None:
    given = standing.recommendation
    if given is None:
        return None
    return {
        "on": _day(given.on),
        "outcome": given.outcome,
        "reason": given.reason,
        "immediate_learning": given.immediate_learning,
    }


def _panel_response(session: Session, case: Case) -> Document | None:
    question = select(NationalPanelResponse).where(NationalPanelResponse.case_id == case.id)
    given = session.exec(question.order_by(col(NationalPanelResponse.id).desc())).first()
    return None if given is None else {"on": _day(given.on), "kind": given.kind, "text": given.text}


def _decision(standing: WholeStanding) -> Document | None:
    decision = standing.decision
    if decision is None:
        return None
    voices = standing.session.exec(
        select(DecisionVoice).where(DecisionVoice.decision_id == decision.id).order_by(col(DecisionVoice.id))
    ).all()
    return {
        "on": _day(decision.on),
        "outcome": decision.outcome,
        "reason": decision.reason,
        "by": decision.body,
        "agreed_by": [voice.partner for voice in voices if voice.agreed],
        "dissent": [{"partner": voice.partner, "reason": voice.reason} for voice in voices if not voice.agreed],
        "against_recommendation": decision.against_recommendation,
        "against_panel_advice": decision.against_panel_advice,
        "methods": list(standing.methods),
        "earlier": _earlier_decisions(standing, decision),
    }


def _earlier_decisions(standing: WholeStanding, newest: Decision) -> list[Document]:
    question = select(Decision).where(Decision.case_id == standing.case.id, Decision.id != newest.id)
    rows = standing.session.exec(question.order_by(col(Decision.id)))
    return [{"on": _day(row.on), "outcome": row.outcome, "reason": row.reason} for row in rows]


def _ratifications(standing: WholeStanding) -> list[Document]:
    """Give each partner's answer; where the definition asks for ratification, also the open ones."""
    if not standing.definition.ratified_by_partners or standing.decision is None:
        return []
    rows = []
    for partner in safeguarding_partners(standing.session, standing.case.partnership_id):
        given: Ratification | None = standing.answers.get(partner)
        rows.append(
            {
                "partner": partner,
                "answer": "open" if given is None else given.answer,
                "on": None if given is None else _day(given.on),
                "reason": None if given is None else given.reason,
                "resolved": given is not None and given.resolved,
            }
        )
    return rows


def _resolution(standing: WholeStanding) -> Document | None:
    given = standing.resolution
    if given is None:
        return None
    return {
        "on": _day(given.on),
        "outcome": given.outcome,
        "participants": json.loads(given.participants),
        "reason": given.reason,
    }


def _methods(standing: WholeStanding) -> list[Document]:
    documents = []
    for work in standing.method_works:
        leads = [lead for lead in standing.leads if lead.method_id == work.id]
        shown = [
            {
                "name": lead.name,
                "agency": lead.agency,
                "level": lead.level,
                "involvement": lead.involvement,
                "declaration": lead.declaration,
                "appointed_on": _day(lead.appointed_on),
            }
            for lead in leads
        ]
        documents.append(
            {
                "code": work.code,
                "label": Method(work.code).label,
                "needs_named_lead": Method(work.code).needs_named_lead,
                "lead": shown[0] if shown else None,
                "leads": shown,
                "lead_missing": not shown,
                "done_on": _day(work.done_on),
                "note": work.note,
            }
        )
    return documents


def _learning(standing: WholeStanding) -> Document:
    """Give what the case's reviews found and recommend; numbers stated stand apart from what is recorded here."""
    session = standing.session
    reviews = [session.get_one(Review, review_id) for review_id in standing.review_ids]
    findings = session.exec(
        select(Finding)
        .where(col(Finding.review_id).in_(standing.review_ids))
        .order_by(col(Finding.review_id), col(Finding.number))
    ).all()
    recommendations = standing.recorded_recommendations
    answered = _actions_by_recommendation(session, recommendations)
    return {
        "findings": {
            "stated": _stated([review.findings_stated for review in reviews]),
            "recorded": len(findings),
            "rows": [{"number": row.number, "text": row.text, "themes": json.loads(row.themes)} for row in findings],
        },
        "recommendations": {
            "stated": _stated([review.recommendations_stated for review in reviews]),
            "recorded": len(recommendations),
            "rows": [
                {
                    "number": row.number,
                    "text": row.text,
                    "addressee": row.addressee,
                    "themes": json.loads(row.themes),
                    "actions": answered.get(row.id, []),
                    "gap": row.id not in answered,
                }
                for row in recommendations
            ],
        },
        "impact": [line for review in reviews for line in json.loads(review.impact)] + _impact_of_actions(standing),
        "measures": [line for review in reviews for line in json.loads(review.measures)],
        "scrutiny_areas": [line for review in reviews for line in json.loads(review.scrutiny_areas)],
    }


def _stated(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _actions_by_recommendation(session: Session, rows: Sequence[Recommendation]) -> dict[int, list[str]]:
    question = (
        select(ActionSource.recommendation_id, Action.reference)
        .join(Action, col(Action.id) == ActionSource.action_id)
        .where(col(ActionSource.recommendation_id).in_([row.id for row in rows]))
        .order_by(col(Action.id))
    )
    found: dict[int, list[str]] = {}
    for recommendation_id, reference in session.exec(question):
        if recommendation_id is not None:
            found.setdefault(recommendation_id, []).append(reference)
    return found


def _impact_of_actions(standing: WholeStanding) -> list[str]:
    ids = [action.id for action in standing.action_rows]
    return list(standing.session.exec(select(Impact.text).where(col(Impact.action_id).in_(ids))))


def _action(action: Action) -> Document:
    return {
        "reference": action.reference,
        "title": action.title,
        "text": action.text,
        "status": action.status,
        "report": action.report,
        "due": _day(action.due),
    }
