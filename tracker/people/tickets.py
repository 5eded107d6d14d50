"""Tickets: what an email lets its reader do once, to choose a first password or another one.

A ticket's token is never at rest. What is kept is its digest, and in the outbox a random number from which it is made
anew, with the secret of the installation, when the email is written; neither opens anything without that secret.
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select, update

from tracker.people.identities import Proof, identity_of
from tracker.people.models import Person
from tracker.people.reach import may_sign_in
from tracker.people.sessions import digest
from tracker.people.sign_in_models import SignIn, Ticket
from tracker.rows import write


class Purpose(StrEnum):
    """What a ticket is for; it opens nothing else."""

    INVITATION = "invitation"
    RESET = "reset"


LASTS = {Purpose.INVITATION: timedelta(days=7), Purpose.RESET: timedelta(minutes=30)}


@dataclass(frozen=True, slots=True)
class Made:
    """A ticket that was made: its number, and the random number from which its token is made."""

    ticket_id: int
    nonce: str


def make(session: Session, person_id: int, purpose: Purpose, secret: str, now: datetime) -> Made:
    """Make a ticket for somebody."""
    nonce = secrets.token_hex(16)
    row = Ticket(
        person_id=person_id,
        kind=purpose.value,
        token_digest=digest(token_of(secret, purpose, nonce)),
        made_at=now,
        expires_at=now + LASTS[purpose],
    )
    return Made(write(session, row).id, nonce)


def token_of(secret: str, purpose: Purpose, nonce: str) -> str:
    """Give the token of a ticket, as its email holds it."""
    made = hmac.new(secret.encode(), f"ticket|{purpose}|{nonce}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def ticket_of(session: Session, token: str, purpose: Purpose, now: datetime) -> Ticket | None:
    """Find the ticket of a token while it may be used for a purpose; nothing for whatever reason it may not."""
    question = select(Ticket).where(Ticket.token_digest == digest(token), Ticket.kind == purpose.value)
    ticket = session.exec(question).first()
    return ticket if ticket is not None and may_be_used(session, ticket, now) else None


def may_be_used(session: Session, ticket: Ticket, now: datetime) -> bool:
    """Say whether a ticket may still be used: once, in its time, and while what it was made for is still so."""
    if ticket.used_at is not None or now >= ticket.expires_at:
        return False
    person = session.get_one(Person, ticket.person_id)
    if not may_sign_in(person, now):
        return False
    password = identity_of(session, ticket.person_id, Proof.PASSWORD)
    if ticket.kind == Purpose.INVITATION:
        return password is None
    # Whoever has signed in since, or chosen another password, has no use for it, and a thief would have.
    since = select(SignIn.id).where(
        SignIn.person_id == ticket.person_id, col(SignIn.is_whole).is_(True), SignIn.made_at > ticket.made_at
    )
    return password is not None and password.made_at <= ticket.made_at and session.exec(since).first() is None


def use(session: Session, ticket: Ticket, now: datetime) -> bool:
    """Use a ticket up, and with it every other one of its person; says no when another request was faster."""
    unused = col(Ticket.used_at).is_(None)
    used = session.exec(update(Ticket).where(col(Ticket.id) == ticket.id, unused).values(used_at=now))
    end_all(session, ticket.person_id, now)
    return used.rowcount == 1


def end_all(session: Session, person_id: int, now: datetime) -> None:
    """End every ticket of a person that is not used yet."""
    unused = col(Ticket.used_at).is_(None)
    session.exec(update(Ticket).where(col(Ticket.person_id) == person_id, unused).values(used_at=now))
