"""The actions of a case with what a reflection asks about: whose each is, how it stands, and what shows that it worked.

A fixed number of questions, however many actions there are.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from tracker.actions.listing import find_actions
from tracker.actions.models import ActionUpdate, Evidence, Impact
from tracker.actions.reading import row
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.people.doer import Doer
from tracker.people.models import Person
from workflows.dates import iso_text

Document = dict[str, Any]


def actions_at_hand(session: Session, case: str, reader: Doer, now: datetime) -> list[Document]:
    """Give the actions of a case that a reader sees, in the order of their making."""
    reads = sorted(find_actions(session, {"case": case}, reader, now), key=lambda read: read.action.id)
    ids = [read.action.id for read in reads]
    updates, evidence, impact = _updates(session, ids), _evidence(session, ids), _impact(session, ids)
    rows = [
        row(read)
        | {
            "last_update": updates.get(read.action.id),
            "evidence": evidence.get(read.action.id, []),
            "impact": impact.get(read.action.id, []),
        }
        for read in reads
    ]
    shown: list[Document] = without_references(rows, barred_cases_named(session, reader.id))
    return shown


def _updates(session: Session, ids: Sequence[int]) -> dict[int, Document]:
    """Give the newest update of each action."""
    newest = select(func.max(ActionUpdate.id)).where(col(ActionUpdate.action_id).in_(ids))
    question = select(ActionUpdate, Person.name).join(Person, col(Person.id) == ActionUpdate.person_id)
    question = question.where(col(ActionUpdate.id).in_(newest.group_by(col(ActionUpdate.action_id))))
    return {
        update.action_id: {"report": update.report, "text": update.text, "by": name, "at": update.at.isoformat()}
        for update, name in session.exec(question)
    }


def _evidence(session: Session, ids: Sequence[int]) -> dict[int, list[Document]]:
    question = select(Evidence).where(col(Evidence.action_id).in_(ids)).order_by(col(Evidence.id))
    found: dict[int, list[Document]] = {}
    for shown in session.exec(question):
        found.setdefault(shown.action_id, []).append(
            {"text": shown.text, "on": iso_text(shown.on), "is_file": shown.file_id is not None}
        )
    return found


def _impact(session: Session, ids: Sequence[int]) -> dict[int, list[Document]]:
    question = select(Impact).where(col(Impact.action_id).in_(ids)).order_by(col(Impact.id))
    found: dict[int, list[Document]] = {}
    for shown in session.exec(question):
        found.setdefault(shown.action_id, []).append({"text": shown.text, "measure": shown.measure})
    return found
