"""Telling the group that asked: the email about an answer, and the day on which it went."""

from datetime import datetime

from sqlmodel import Session, col, select

from notifications.facts import EscalationAnswered, Letterhead
from notifications.lines import AnsweredLine
from notifications.outbox import Message
from tracker import history
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.queries import escalations_barred, newest_settling
from tracker.groups.bodies import members_and_chair
from tracker.groups.letterheads import letterhead_of
from tracker.groups.models import Group, Partnership
from tracker.groups.queries import partnership_settings
from tracker.people.reach import tell
from workflows.escalation import EscalationStatus

KIND = "escalation_answered"


def put_answers(session: Session, escalation: Escalation, response: EscalationResponse, now: datetime) -> int:
    """Put an email to every member of the asking group beside an answer; says to how many.

    Nobody is written to whom a declared conflict bars from what the escalation is about.
    """
    group = session.get_one(Group, escalation.group_id)
    put = 0
    for person, _ in members_and_chair(session, group, london_day(now)):
        if not _is_barred(session, escalation, person.id):
            key = f"{KIND}:{escalation.reference}:{response.id}:{person.id}"
            facts = {"escalation": escalation.reference, "response": response.id}
            put += tell(session, person, kind=KIND, about=escalation.reference, key=key, facts=facts, now=now)
    return put


def answered_facts(
    session: Session, message: Message, now: datetime, letterhead: Letterhead | None = None
) -> EscalationAnswered | None:
    """Give what the email about an answer says at this moment; nothing when a newer answer has its own email."""
    escalation = session.exec(select(Escalation).where(Escalation.reference == message.about)).first()
    if escalation is None or _is_barred(session, escalation, message.person_id):
        return None
    response = newest_settling(session, [escalation.id]).get(escalation.id)
    if response is None or response.id != message.known()["response"]:
        return None
    partnership = session.get_one(Partnership, escalation.partnership_id)
    titles = partnership_settings(session, partnership, now)["email.titles"]
    hidden = barred_cases_named(session, message.person_id)
    line = AnsweredLine(
        reference=escalation.reference,
        answer=response.answer.replace("_", " "),
        answered_on=response.on.last,
        group=session.get_one(Group, escalation.group_id).name,
        title=without_references(escalation.title, hidden) if titles else None,
    )
    head = letterhead or letterhead_of(session, partnership.id, london_day(now))
    return EscalationAnswered(letterhead=head, to_name=message.to_name, escalation=line)


def mark_told(session: Session, escalation_id: int, now: datetime) -> bool:
    """Record that the asking group was told, when its email was accepted; says whether that is new.

    For the delivery, in the unit of work in which it marks the message; it writes the history with `write_noted`.
    """
    question = select(Escalation).where(Escalation.id == escalation_id).with_for_update()
    escalation = session.exec(question).one()
    if escalation.status != EscalationStatus.ANSWERED:
        return False
    escalation.status = EscalationStatus.TOLD
    escalation.told_on = london_day(now)
    session.add(escalation)
    session.flush()
    group = session.get_one(Group, escalation.group_id)
    old, new = EscalationStatus.ANSWERED, EscalationStatus.TOLD
    what = f"{group.name} was told"
    history.note(session, escalation.reference, "told", at=now, by=None, what=what, old=old, new=new)
    return True


def _is_barred(session: Session, escalation: Escalation, person_id: int) -> bool:
    barred = col(Escalation.id).in_(escalations_barred(person_id))
    return session.exec(select(Escalation.id).where(Escalation.id == escalation.id, barred)).first() is not None
