"""What of a paper somebody may see: a declared conflict takes its case out of every row and every count."""

from collections.abc import Collection
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.models import Action
from tracker.actions.queries import actions_barred, may_see_action
from tracker.cases.models import Case
from tracker.cases.named import cases_barred
from tracker.cases.queries import may_see_case
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.escalations.models import Escalation
from tracker.escalations.queries import escalations_barred
from tracker.people.doer import Doer

Document = dict[str, Any]


def counted(rows: list[Document]) -> Document:
    """Give rows with their number, as every figure of a digest is written."""
    return {"count": len(rows), "rows": rows}


def seen_by(session: Session, figures: Document, person_id: int | None) -> Document:
    """Give the figures of a digest as a person may read them, counted anew; nobody (None) is barred from nothing."""
    if person_id is None:
        return figures
    barred = barred_references(session, person_id)
    if not barred:
        return figures
    seen = {key: _without(figure, barred) if key in _PARTS else figure for key, figure in figures.items()}
    waiting = seen["escalations"]["open"]["rows"]
    seen["escalations"]["oldest_days"] = max((row["age_days"] for row in waiting), default=None)
    shown: Document = without_references(seen, barred_cases_named(session, person_id))
    return shown


_PARTS = ("escalations", "actions", "cases")


def _without(part: Document, barred: frozenset[str]) -> Document:
    return {
        key: counted([row for row in figure["rows"] if row["reference"] not in barred])
        if isinstance(figure, dict)
        else figure
        for key, figure in part.items()
    }


def barred_references(session: Session, person_id: int) -> frozenset[str]:
    """Give the references of the cases, actions and escalations that declared conflicts bar from a person."""
    questions = (
        select(Case.reference).where(col(Case.id).in_(cases_barred(person_id))),
        select(Action.reference).where(col(Action.id).in_(actions_barred(person_id))),
        select(Escalation.reference).where(col(Escalation.id).in_(escalations_barred(person_id))),
    )
    return frozenset(reference for question in questions for reference in session.exec(question))


def references_to_open(session: Session, references: Collection[str], reader: Doer) -> frozenset[str]:
    """Give those of the references of cases and actions whose records a reader may open."""
    questions = (
        select(Case.reference).where(col(Case.reference).in_(references), may_see_case(reader)),
        select(Action.reference).where(col(Action.reference).in_(references), may_see_action(reader)),
    )
    return frozenset(reference for question in questions for reference in session.exec(question))
