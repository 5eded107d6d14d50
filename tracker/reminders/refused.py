"""Addresses that refused an email for good: each email that came back is written down once, after the delivery."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from notifications.outbox import Message
from tracker import history
from tracker.clock import london_day
from tracker.database import write_once
from tracker.groups.models import Partnership
from tracker.people.models import AddressFailure, Agency, Person, RoleHolding


def refused_messages(session: Session) -> Sequence[int]:
    """Give the emails, by id, that were refused by their address and are not written down yet."""
    known = select(AddressFailure.message_id).where(AddressFailure.message_id == Message.id)
    question = select(Message.id).where(col(Message.address_refused), ~known.exists())
    return session.exec(question.order_by(col(Message.id))).all()


def note_refused(session: Session, message_id: int, now: datetime) -> None:
    """Write down that an address refused an email, and leave it alone while it is the one its person has.

    For the delivery, in a unit of work of its own; it writes the history with `write_noted`.
    """
    message = session.get_one(Message, message_id)
    reason = (message.last_error or message.delivery or "The address refused it.")[:500]
    row = {"person_id": message.person_id, "address": message.to_address, "message_id": message.id, "at": now}
    if write_once(session, AddressFailure, row | {"reason": reason}) is None:
        return
    person = session.exec(select(Person).where(Person.id == message.person_id).with_for_update()).one()
    if person.email != message.to_address or not person.has_working_address:
        return
    person.refused_email, person.refused_on = person.email, london_day(now)
    session.add(person)
    for partnership in _partnerships_of(session, person):
        what = f"An email to {person.name} came back: their address refuses it."
        history.note(session, partnership.code, "address_refused", at=now, by=None, what=what)


def _partnerships_of(session: Session, person: Person) -> Sequence[Partnership]:
    held = select(RoleHolding.partnership_id).where(RoleHolding.person_id == person.id)
    of_agency = select(Agency.partnership_id).where(Agency.id == person.agency_id)
    question = select(Partnership).where(col(Partnership.id).in_(held) | col(Partnership.id).in_(of_agency))
    return session.exec(question.order_by(col(Partnership.id))).all()
