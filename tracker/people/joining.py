"""Asking for a ticket by email, and choosing a password with one: an invitation, or a password that was forgotten."""

import logging
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from tracker.database import reading, unit_of_work
from tracker.errors import Refused
from tracker.facts import storable
from tracker.people import attempts, authenticator, identities, passwords, sessions, tickets, tokens
from tracker.people.attempts import TooManyTries, Try
from tracker.people.identities import Proof, identity_of
from tracker.people.models import Person
from tracker.people.queries import person_by_email
from tracker.people.reach import may_sign_in, tell
from tracker.people.sign_in import LONGEST_ADDRESS
from tracker.people.tickets import Purpose

log = logging.getLogger("tracker.sign_in")

# What the emails are about, where others name a record.
ABOUT = "sign-in"
KINDS = {Purpose.INVITATION: "invitation", Purpose.RESET: "password_reset"}


class PasswordRefused(Refused):
    """This password may not be chosen; the sentence says why."""


def invite(session: Session, email: str, secret: str, now: datetime, *, anew: bool = False) -> Person:
    """Put an invitation into the outbox, in the place of one that waits to be used; gives whom it goes to.

    `anew` takes her password, authenticator, sessions and tokens away first, for somebody who has lost them. Raises
    `NotFound` or `Refused`.
    """
    person = person_by_email(session, email)
    if not may_sign_in(person, now):
        raise Refused(f"{person.name} has left, or is a post. Nothing was sent.", code="cannot_sign_in")
    if anew:
        identities.take_away(session, person.id, now)
        authenticator.forget_recovery_codes(session, person.id)
        sessions.end_all(session, person.id, now)
        tokens.end_tokens(session, person.id, now)
    elif identity_of(session, person.id, Proof.PASSWORD) is not None:
        raise Refused(
            f"{person.name} has chosen a password already. A new one is asked for on the page where people sign in; "
            "with --anew she begins from the beginning, also with a new authenticator.",
            code="already_done",
        )
    tickets.end_all(session, person.id, now)
    _write_to(session, person, Purpose.INVITATION, secret, now)
    return person


def ask_for_reset(engine: Engine, email: str, secret: str, *, from_address: str, now: datetime) -> None:
    """Write to whoever has an address and a password, three times an hour; to everybody else, and oftener, nothing.

    Raises `TooManyTries` only by the address on the network, which says nothing about the account.
    """
    with unit_of_work(engine) as session:
        attempts.count(session, Try.RESET_FROM_ADDRESS, from_address, now)
    address = email.strip().lower()
    if not storable(address) or len(address) > LONGEST_ADDRESS:
        return
    try:
        with unit_of_work(engine) as session:
            attempts.count(session, Try.RESET_OF_ACCOUNT, address, now)
            person = session.exec(select(Person).where(Person.email == address)).first()
            if person is None or not may_sign_in(person, now):
                return
            if identity_of(session, person.id, Proof.PASSWORD) is not None:
                _write_to(session, person, Purpose.RESET, secret, now)
    except TooManyTries:
        log.info("a new password was asked for too often")


def _write_to(session: Session, person: Person, purpose: Purpose, secret: str, now: datetime) -> None:
    made = tickets.make(session, person.id, purpose, secret, now)
    kind = KINDS[purpose]
    facts = {"ticket": made.ticket_id, "nonce": made.nonce}
    tell(session, person, kind=kind, about=ABOUT, key=f"{kind}:{made.ticket_id}", facts=facts, now=now)


def who_may_choose(engine: Engine, token: str, purpose: Purpose, now: datetime) -> str | None:
    """Give the address of whoever may choose a password with a ticket at this moment, if it may be used at all."""
    with reading(engine) as session:
        ticket = tickets.ticket_of(session, token, purpose, now)
        return None if ticket is None else session.get_one(Person, ticket.person_id).email


def choose_password(engine: Engine, token: str, purpose: Purpose, password: str, now: datetime) -> str | None:
    """Keep the password that was chosen with a ticket, and begin a session that still lacks the second factor.

    Every other session of its person ends, and every token. Gives the token of the session, or nothing when the ticket
    may not be used. Raises `PasswordRefused`.
    """
    with reading(engine) as session:
        ticket = tickets.ticket_of(session, token, purpose, now)
        if ticket is None:
            return None
        must_be_allowed(password, session.get_one(Person, ticket.person_id))
    kept = passwords.hashed(password)
    with unit_of_work(engine) as session:
        ticket = tickets.ticket_of(session, token, purpose, now)
        if ticket is None or not tickets.use(session, ticket, now):
            return None
        identities.keep(session, ticket.person_id, Proof.PASSWORD, kept, now)
        sessions.end_all(session, ticket.person_id, now)
        tokens.end_tokens(session, ticket.person_id, now)
        log.info("person %s chose a password by %s", ticket.person_id, purpose.value)
        return sessions.begin(session, ticket.person_id, now, is_whole=False)


def change_password(engine: Engine, signed_in: sessions.SignedIn, password: str, now: datetime) -> str:
    """Keep another password of somebody who is signed in, and give the token of a new session.

    Every session that she had ends, and every personal token.
    """
    with reading(engine) as session:
        must_be_allowed(password, session.get_one(Person, signed_in.person_id))
    kept = passwords.hashed(password)
    with unit_of_work(engine) as session:
        identities.keep(session, signed_in.person_id, Proof.PASSWORD, kept, now)
        tickets.end_all(session, signed_in.person_id, now)
        sessions.end_all(session, signed_in.person_id, now)
        tokens.end_tokens(session, signed_in.person_id, now)
        log.info("person %s changed her password", signed_in.person_id)
        return sessions.begin(session, signed_in.person_id, now, is_whole=True)


def must_be_allowed(password: str, person: Person) -> None:
    """Let a password through that may be chosen; raises `PasswordRefused`."""
    wrong = passwords.wrong_with(password, (person.name, person.email or ""))
    if wrong is not None:
        raise PasswordRefused(wrong, code="bad_password")
