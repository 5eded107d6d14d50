"""Finding escalations: the tracker that everybody with an account reads, without what a conflict of interest bars."""

from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.models import Action
from tracker.actions.queries import actions_barred, may_see_action
from tracker.cases.models import Case
from tracker.cases.named import barred_case_ids, cases_barred
from tracker.cases.queries import may_see_case
from tracker.errors import NotFound
from tracker.escalations.models import Escalation, EscalationAbout, EscalationResponse
from tracker.kept import kept
from tracker.people.doer import Doer
from tracker.rows import Question
from workflows.escalation import Answer, EscalationStatus

SETTLING = tuple(answer.value for answer in Answer if answer.settles)


def may_see_escalation(reader: Doer | None) -> ColumnElement[bool]:
    """Give the condition under which a reader sees an escalation; the operator of the machine (None) sees all.

    Everybody in the partnership does, but nobody sees one about a case from which a declared conflict bars her.
    """
    if reader is None:
        return true()
    here = col(Escalation.partnership_id).in_({*reader.roles, *reader.groups})
    return and_(here, col(Escalation.id).not_in(escalations_barred(reader.id)))


def escalations_barred(person_id: int) -> SelectOfScalar[int]:
    """Ask for the escalations about a case, or one of its actions, from which a declared conflict bars a person."""
    about = or_(
        col(EscalationAbout.case_id).in_(cases_barred(person_id)),
        col(EscalationAbout.action_id).in_(actions_barred(person_id)),
    )
    return select(EscalationAbout.escalation_id).where(about)


def escalation_by_reference(session: Session, reference: str, reader: Doer | None, *, lock: bool = False) -> Escalation:
    """Find an escalation by its reference, like `E41`; raises `NotFound`, also where the reader may not see it."""
    question = select(Escalation).where(Escalation.reference == reference.strip().upper(), may_see_escalation(reader))
    found = session.exec(question.with_for_update() if lock else question).first()
    if found is None:
        raise NotFound(f"There is no escalation {reference} that you can open. Ask the business unit.")
    return found


def responses_to(session: Session, escalation_id: int) -> list[EscalationResponse]:
    """Give what was answered to an escalation, oldest first."""
    question = select(EscalationResponse).where(EscalationResponse.escalation_id == escalation_id)
    return list(session.exec(question.order_by(col(EscalationResponse.id))))


def newest_settling(session: Session, escalation_ids: list[int]) -> dict[int, EscalationResponse]:
    """Give the newest answer that settles, of each escalation that has one."""
    return _newest(session, escalation_ids, col(EscalationResponse.answer).in_(SETTLING))


def newest_holding(session: Session, escalation_ids: list[int]) -> dict[int, EscalationResponse]:
    """Give what was said last of each escalation that was put off, or about which the group was asked back."""
    return _newest(session, escalation_ids, col(EscalationResponse.answer).not_in(SETTLING))


def _newest(session: Session, escalation_ids: list[int], is_such: ColumnElement[bool]) -> dict[int, EscalationResponse]:
    theirs = col(EscalationResponse.escalation_id).in_(escalation_ids)
    question = select(EscalationResponse).where(theirs, is_such).order_by(col(EscalationResponse.id))
    return {row.escalation_id: row for row in session.exec(question)}


def age_days(escalation: Escalation, settled_on: date | None, today: date) -> int:
    """Say how many days an escalation waited, or has waited until today."""
    ended = settled_on or escalation.withdrawn_on or today
    return max(0, (ended - escalation.raised_on).days)


def references_about(session: Session, escalation_ids: list[int], reader: Doer | None) -> dict[int, list[str]]:
    """Give the references of the cases and actions that escalations are about, without those a reader may not open."""
    found = subjects_about(session, escalation_ids, reader)
    return {id_: [reference for _, reference in subjects] for id_, subjects in found.items()}


def subjects_about(
    session: Session, escalation_ids: list[int], reader: Doer | None
) -> dict[int, list[tuple[str, str]]]:
    """Give what escalations are about, each with its kind and reference, without what a reader may not open."""
    cases = (
        select(EscalationAbout.escalation_id, Case.reference)
        .join(Case, col(Case.id) == EscalationAbout.case_id)
        .where(col(EscalationAbout.escalation_id).in_(escalation_ids), may_see_case(reader))
    )
    actions = (
        select(EscalationAbout.escalation_id, Action.reference)
        .join(Action, col(Action.id) == EscalationAbout.action_id)
        .where(col(EscalationAbout.escalation_id).in_(escalation_ids), may_see_action(reader))
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for kind, question in (("case", cases), ("action", actions)):
        for escalation_id, reference in session.exec(question.order_by(col(EscalationAbout.id))):
            found.setdefault(escalation_id, []).append((kind, reference))
    return found


def waiting_for(session: Session, reader: Doer) -> int:
    """Count the escalations that wait, of those that a reader sees."""
    key = "waiting escalations", reader, *barred_case_ids(session, reader.id)
    return kept(session, key, lambda: _count_waiting(session, reader))


def _count_waiting(session: Session, reader: Doer) -> int:
    question = select(func.count()).select_from(Escalation)
    return session.exec(question.where(Escalation.status == EscalationStatus.WAITING, may_see_escalation(reader))).one()


def waiting_at(session: Session, group_id: int, reader: Doer) -> int:
    """Count the escalations that wait for an answer of a body, of those that a reader sees."""
    [(number,)] = _waiting_at(reader).rows(session, group=group_id)
    return int(number)


# Putting it together takes longer than asking it: the same reader asks with it again and again.
@lru_cache(maxsize=200)
def _waiting_at(reader: Doer) -> Question:
    is_waiting = Escalation.status == EscalationStatus.WAITING.value
    question = select(func.count(col(Escalation.id))).where(Escalation.level_id == bindparam("group"), is_waiting)
    return Question(question.where(may_see_escalation(reader)))


def hidden_references(session: Session, reader: Doer | None) -> list[str]:
    """Give the references of the cases that a reader may not open: no text of an escalation may show them to her."""
    if reader is None:
        return []
    here = col(Case.partnership_id).in_({*reader.roles, *reader.groups})
    return list(session.exec(select(Case.reference).where(here, ~may_see_case(reader))))
