"""The answers to an escalation as a reader sees them: all of them, in their order, each with who gave it and when."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from tracker.escalations.models import EscalationResponse
from tracker.people.models import Person
from workflows.dates import iso_text, uk_date
from workflows.escalation import Answer

Document = dict[str, Any]


def answers_to(session: Session, escalation_ids: Sequence[int]) -> dict[int, list[Document]]:
    """Give the answers to escalations, oldest first, in one question however many they are."""
    question = (
        select(EscalationResponse, Person.name)
        .join(Person, col(Person.id) == EscalationResponse.person_id)
        .where(col(EscalationResponse.escalation_id).in_(escalation_ids))
        .order_by(col(EscalationResponse.id))
    )
    found: dict[int, list[Document]] = {}
    for response, name in session.exec(question):
        before = found.setdefault(response.escalation_id, [])
        before.append(_answer(response, name, adds=any(Answer(one["answer"]).settles for one in before)))
    return found


def _answer(response: EscalationResponse, name: str, *, adds: bool) -> Document:
    return {
        "on": str(response.on),
        "at": response.at.isoformat(),
        "by": name,
        "answer": response.answer,
        "text": response.text,
        "by_whom": response.by_whom,
        "by_when": iso_text(response.by_when),
        "until": iso_text(response.until),
        "said": _said(response, name, adds=adds),
    }


def _said(response: EscalationResponse, name: str, *, adds: bool) -> str:
    """Say in a sentence who answered what: Hana Ostrow adds on 2 February 2024: agreed."""
    on = uk_date(response.on)
    if response.answer == Answer.ASKED_BACK:
        return f"{name} asked the group something on {on}"
    if response.until is not None:
        return f"{name} answered on {on}: to be decided on {uk_date(response.until)}"
    return f"{name} {'adds' if adds else 'answered'} on {on}: {Answer(response.answer).words.lower()}"
