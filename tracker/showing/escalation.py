"""An escalation as `show escalation` prints it: what was asked, what was answered, and the path it took."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker import history
from tracker.cases.unnamed import without_references
from tracker.clock import london_day
from tracker.escalations.ageing import Ages
from tracker.escalations.answering import may_answer
from tracker.escalations.answers import answers_to
from tracker.escalations.models import Escalation, EscalationStep
from tracker.escalations.queries import (
    escalation_by_reference,
    hidden_references,
    newest_settling,
    references_about,
)
from tracker.escalations.reviewing import may_review
from tracker.escalations.speaking import may_pass_up, may_withdraw
from tracker.groups.bodies import groups_by_id
from tracker.groups.models import Group, Meeting, Partnership
from tracker.people.doer import Doer
from tracker.people.models import Person
from workflows.dates import iso_text
from workflows.escalation import EscalationStatus

Document = dict[str, Any]


def escalation_document(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give an escalation as a reader sees it: no reference of a case that she may not open stands in it."""
    escalation = escalation_by_reference(session, reference, reader)
    answers = answers_to(session, [escalation.id]).get(escalation.id, [])
    steps = session.exec(
        select(EscalationStep).where(EscalationStep.escalation_id == escalation.id).order_by(col(EscalationStep.id))
    ).all()
    ids = [escalation.group_id, escalation.level_id, *(id_ for step in steps for id_ in _ends(step))]
    groups = groups_by_id(session, ids)
    settled = newest_settling(session, [escalation.id]).get(escalation.id)
    document = {
        "reference": escalation.reference,
        "version": escalation.version,
        "partnership": session.get_one(Partnership, escalation.partnership_id).code,
        "group": groups[escalation.group_id].code,
        "group_name": groups[escalation.group_id].name,
        "level": groups[escalation.level_id].code,
        "level_name": groups[escalation.level_id].name,
        "title": escalation.title,
        "ask": escalation.ask,
        "why": escalation.why,
        "urgency": escalation.urgency,
        "about": references_about(session, [escalation.id], reader).get(escalation.id, []),
        **_meeting(session, escalation),
        "status": escalation.status,
        "status_words": EscalationStatus(escalation.status).words,
        "raised_on": escalation.raised_on.isoformat(),
        "raised_by": session.get_one(Person, escalation.raised_by_id).name,
        **Ages(session, [escalation], london_day(now)).of(escalation, settled),
        "response": answers[-1] if answers else None,
        "responses": answers,
        "deferred_until": iso_text(escalation.deferred_until),
        "review_on": iso_text(escalation.review_on),
        "told_on": iso_text(escalation.told_on),
        "withdrawn": _withdrawn(escalation),
        "path": [_step(step, groups) for step in steps],
        "steps": _steps(session, escalation, reader),
        "history": history.lines_about(session, escalation.reference),
    }
    hidden = hidden_references(session, reader)
    shown: Document = without_references(document, hidden)
    return shown


def _ends(step: EscalationStep) -> tuple[int, int]:
    return step.from_group_id, step.to_group_id


def _meeting(session: Session, escalation: Escalation) -> Document:
    """Give the meeting that it carries, and whether its own group raised it there."""
    if escalation.meeting_id is None:
        return {"meeting": None, "meeting_on": None, "raised_there": False}
    meeting = session.get_one(Meeting, escalation.meeting_id)
    raised_there = meeting.group_id == escalation.group_id
    return {"meeting": meeting.reference, "meeting_on": meeting.on.isoformat(), "raised_there": raised_there}


def _withdrawn(escalation: Escalation) -> Document | None:
    if escalation.withdrawn_on is None:
        return None
    return {"on": escalation.withdrawn_on.isoformat(), "reason": escalation.withdrawn_why}


def _step(step: EscalationStep, groups: dict[int, Group]) -> Document:
    return {
        "from": groups[step.from_group_id].code,
        "to": groups[step.to_group_id].code,
        "on": step.on.isoformat(),
        "reason": step.reason,
    }


def _steps(session: Session, escalation: Escalation, reader: Doer | None) -> list[str]:
    """Name the deeds that are open, for a reader those that she may do."""
    if escalation.status == EscalationStatus.WITHDRAWN:
        return []
    steps = {"respond-to-escalation": may_answer}
    if escalation.status == EscalationStatus.WAITING:
        steps |= {
            "withdraw-escalation": may_withdraw,
            "pass-up-escalation": may_pass_up,
            "review-escalation": may_review,
        }
    return [step for step, may in steps.items() if reader is None or may(session, escalation, reader)]
