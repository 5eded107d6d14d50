"""Who reads a meeting's digest, and which of them it still has to go to."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from notifications.outbox import Message, MessageState
from tracker.groups.bodies import sitting_on
from tracker.groups.models import DigestSent, Group, Meeting
from tracker.people.models import Person
from tracker.people.queries import people_with_role
from tracker.people.roles import Role

DIGEST = "escalation_digest"


def digest_readers(session: Session, meeting: Meeting, on: date) -> list[Person]:
    """Give who reads a meeting's digest: the body that decides, and the coordinator for a copy; all with an address."""
    group = session.get_one(Group, meeting.group_id)
    readers = {person.id: person for person in sitting_on(session, group, on)}
    for person in people_with_role(session, group.partnership_id, Role.COORDINATOR, on):
        readers.setdefault(person.id, person)
    return [person for person in readers.values() if person.email is not None]


def without_digest(session: Session, meeting: Meeting, sent: Sequence[DigestSent], on: date) -> list[Person]:
    """Give the readers whose last digest of a meeting was not for the day on which it is held now.

    One that was taken back before it went, because the meeting was moved, counts for nobody. Whoever became a reader
    after the digest of this day was put has none.
    """
    days = {digest.id: digest.meeting_on for digest in sent}
    newest = sent[-1].meeting_on if sent else None
    last: dict[int, date | None] = {}
    for message in _messages(session, meeting):
        went = message.state != MessageState.SUPERSEDED
        if went or message.person_id not in last:
            last[message.person_id] = days[message.known()["digest"]] if went else None
    return [person for person in digest_readers(session, meeting, on) if last.get(person.id, newest) != meeting.on]


def _messages(session: Session, meeting: Meeting) -> list[Message]:
    question = select(Message).where(Message.kind == DIGEST, Message.about == meeting.reference)
    return list(session.exec(question.order_by(col(Message.id))))
