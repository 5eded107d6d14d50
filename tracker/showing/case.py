"""A case as `show case` prints it: where it stands, its clocks with their working, its steps with what blocks each."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, select

from tracker.actions.models import Action
from tracker.cases.clock_readings import as_document, readings_of
from tracker.cases.models import AgencyReturn, Case, CaseTheme, ContributingPartnership, Hold
from tracker.cases.queries import case_by_reference
from tracker.clock import london_day
from tracker.errors import Blocker
from tracker.groups.queries import partnership_with_id
from tracker.groups.themes import vocabulary
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.rows import Question, RowsOf
from tracker.showing.case_access import history_of
from tracker.showing.case_decision import (
    decision_document,
    method_documents,
    panel_response_document,
    ratification_documents,
    recommendation_document,
    resolution_document,
)
from tracker.showing.case_jobs import open_jobs
from tracker.showing.case_learning import learning_documents
from tracker.showing.case_sharing import sharing_documents
from tracker.standing import WholeStanding
from workflows.dates import iso_text
from workflows.definition import Step
from workflows.requirements import Unmet
from workflows.vocabulary import Do, Method

Document = dict[str, Any]


def case_document(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give a case with everything recorded about it."""
    return document_of(WholeStanding(session, case_by_reference(session, reference, reader)), reader, now)


def document_of(standing: WholeStanding, reader: Doer | None, now: datetime) -> Document:
    """Give the same of a case whose standing is known."""
    session, case = standing.session, standing.case
    today = london_day(now)
    return {
        "reference": case.reference,
        "version": case.version,
        "partnership": partnership_with_id(session, case.partnership_id).code,
        "definition": standing.definition.name,
        "kind": case.kind,
        "status": case.status,
        "stage": standing.definition.stage_of(case.status),
        "pseudonym": case.pseudonym,
        "public_label": case.public_label,
        "harm": case.harm,
        "area": case.area,
        "summary": case.summary,
        "contributing": [name for (name,) in _CONTRIBUTING.rows(session, case=case.id)],
        "themes": _themes(session, case),
        "opened_at": case.opened_at.isoformat(),
        "closed_at": None if case.closed_at is None else case.closed_at.isoformat(),
        "hold": _hold(standing.hold),
        "holds": _holds(session, case, today),
        "events": {
            name: {"date": str(on), "precision": on.precision}
            for name, on in sorted(standing.events.items(), key=lambda event: event[1])
        },
        "clocks": [as_document(clock, reading, today) for clock, reading in readings_of(standing, today)],
        "steps": step_documents(standing),
        "jobs": open_jobs(standing, today),
        "returns": _returns(session, case),
        "recommendation": recommendation_document(standing),
        "panel_response": panel_response_document(standing),
        "decision": decision_document(standing),
        "ratifications": ratification_documents(standing),
        "resolution": resolution_document(standing),
        "methods": method_documents(standing),
        **learning_documents(standing),
        **sharing_documents(standing),
        "actions": [_action(action) for action in standing.action_rows],
        "history": history_of(session, case, reader),
    }


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


def blocker_document(blocker: Blocker | Unmet) -> Document:
    """Give one thing that stands in the way of a step, with the deed that cures it."""
    return {
        "code": blocker.code,
        "sentence": blocker.sentence,
        "deed": blocker.cured_by,
        "from": iso_text(blocker.from_day),
    }


_CASE: ColumnElement[int] = bindparam("case")
_CONTRIBUTING = Question(select(ContributingPartnership.name).where(ContributingPartnership.case_id == _CASE))
_THEMES = Question(select(CaseTheme.theme_id).where(CaseTheme.case_id == _CASE))


def _themes(session: Session, case: Case) -> list[str]:
    known = vocabulary(session)
    return sorted({known.code(number, case.partnership_id) for (number,) in _THEMES.rows(session, case=case.id)})


def _hold(hold: Hold | None) -> Document | None:
    if hold is None:
        return None
    return {
        "reason": hold.reason,
        "since": hold.since.isoformat(),
        "look_again_on": hold.look_again_on.isoformat(),
    }


def _holds(session: Session, case: Case, today: date) -> list[Document]:
    return [
        {
            "reason": hold.reason,
            "since": hold.since.isoformat(),
            "look_again_on": hold.look_again_on.isoformat(),
            "until": iso_text(hold.until),
            "days": ((hold.until or today) - hold.since).days,
            "revised_due_on": iso_text(hold.revised_due_on),
        }
        for hold in _HOLDS.all(session, case=case.id)
    ]


_HOLDS = RowsOf(Hold, select(Hold).where(Hold.case_id == _CASE).order_by(col(Hold.id)))


def _returns(session: Session, case: Case) -> list[Document]:
    return [
        {
            "agency": name,
            "asked_on": asked_on.isoformat(),
            "due_on": due_on.isoformat(),
            "returned_on": iso_text(returned_on),
        }
        for name, asked_on, due_on, returned_on in _RETURNS.rows(session, case=case.id)
    ]


_RETURNS = Question(
    select(col(Agency.name), col(AgencyReturn.asked_on), col(AgencyReturn.due_on), col(AgencyReturn.returned_on))
    .join(AgencyReturn, col(AgencyReturn.agency_id) == Agency.id)
    .where(AgencyReturn.case_id == _CASE)
    .order_by(col(AgencyReturn.id))
)


def _action(action: Action) -> Document:
    return {
        "reference": action.reference,
        "title": action.title,
        "text": action.text,
        "status": action.status,
        "report": action.report,
        "due": iso_text(action.due),
    }
