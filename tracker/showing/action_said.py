"""What was said of an action: evidence, impact, and the updates of its owner with their answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.evidence import files_of
from tracker.actions.models import Acceptance, ActionUpdate, Evidence, Impact
from tracker.among import among, listed
from tracker.people.queries import names_of
from tracker.rows import RowsOf
from tracker.showing.beside import Beside
from workflows.dates import iso_text

Document = dict[str, Any]


def said_of(session: Session, action_id: int, beside: Beside) -> Document:
    """Give evidence, impact and updates of an action and of what was joined with it, each in the order recorded."""
    of_these = listed([action_id, *beside.references])
    evidence = _EVIDENCE.all(session, actions=of_these)
    updates = _UPDATES.all(session, actions=of_these)
    answers = _ANSWERS.all(session, updates=listed(update.id for update in updates)) if updates else []
    people = names_of(session, _people_in(evidence, updates, answers))
    files = {file.evidence_id: file.shown.document() for file in files_of(session, action_id, *beside.references)}
    return {
        "evidence": [
            _evidence(shown, people, files.get(shown.id)) | _whose(shown.action_id, beside) for shown in evidence
        ],
        "impact": _impact(session, of_these, beside),
        "updates": [
            shown | _whose(update.action_id, beside)
            for update, shown in zip(updates, _updates(updates, answers, evidence, files, people), strict=True)
        ],
    }


def _people_in(
    evidence: Sequence[Evidence], updates: Sequence[ActionUpdate], answers: Sequence[Acceptance]
) -> set[int]:
    """Give whoever gave evidence, looked at it, sent an update or answered one."""
    wanted = {person for one in evidence for person in (one.given_by_id, one.looked_at_by_id) if person is not None}
    return wanted | {one.person_id for one in updates} | {one.person_id for one in answers}


def _evidence(shown: Evidence, people: dict[int, str], file: Document | None) -> Document:
    return {
        "text": shown.text,
        "file": file,
        "on": iso_text(shown.on),
        "given_by": None if shown.given_by_id is None else people[shown.given_by_id],
        "looked_at_by": None if shown.looked_at_by_id is None else people[shown.looked_at_by_id],
        "stale_on": iso_text(shown.stale_on),
        "of_update": shown.update_id is not None,
    }


def _whose(action_id: int, beside: Beside) -> Document:
    """Name the action of which something was said that was joined with this one."""
    return {"of": beside.references[action_id]} if action_id in beside.references else {}


def _impact(session: Session, actions: str, beside: Beside) -> list[Document]:
    rows = _IMPACT.all(session, actions=actions)
    return [
        {"on": iso_text(impact.on), "text": impact.text, "measure": impact.measure, "embedded": impact.embedded}
        | _whose(impact.action_id, beside)
        for impact in rows
    ]


def _updates(
    updates: Sequence[ActionUpdate],
    given: Sequence[Acceptance],
    evidence: Sequence[Evidence],
    files: Mapping[int, Document],
    people: dict[int, str],
) -> list[Document]:
    answers: dict[int, list[Document]] = {}
    for answer in given:
        shown = {"at": answer.at.isoformat(), "by": people[answer.person_id]}
        shown |= {"answer": answer.answer, "reason": answer.reason or ""}
        answers.setdefault(answer.update_id, []).append(shown)
    return [
        {
            "at": update.at.isoformat(),
            "by": people[update.person_id],
            "report": update.report,
            "text": update.text,
            "expected_on": iso_text(update.expected_on),
            "state": update.state,
            "evidence": [shown.text for shown in evidence if shown.update_id == update.id and shown.file_id is None],
            "files": [files[shown.id] for shown in evidence if shown.update_id == update.id and shown.file_id],
            "answers": answers.get(update.id, []),
        }
        for update in updates
    ]


_EVIDENCE = RowsOf(
    Evidence, select(Evidence).where(among(col(Evidence.action_id), "actions")).order_by(col(Evidence.id))
)
_UPDATES = RowsOf(
    ActionUpdate,
    select(ActionUpdate).where(among(col(ActionUpdate.action_id), "actions")).order_by(col(ActionUpdate.id)),
)
_ANSWERS = RowsOf(
    Acceptance, select(Acceptance).where(among(col(Acceptance.update_id), "updates")).order_by(col(Acceptance.id))
)
_IMPACT = RowsOf(Impact, select(Impact).where(among(col(Impact.action_id), "actions")).order_by(col(Impact.id)))
