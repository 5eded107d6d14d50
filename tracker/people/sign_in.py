"""Signing in: the password first, then a code or a recovery code; each step gives the browser a new token.

Tries are counted before anything is compared, and nothing is compared inside a unit of work: that takes its time, and
nobody else could write meanwhile.
"""

import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from tracker.database import reading, unit_of_work
from tracker.errors import Refused
from tracker.facts import storable
from tracker.people import attempts, authenticator, passwords, sessions
from tracker.people.attempts import Try
from tracker.people.identities import Proof, identity_of, keep
from tracker.people.models import Person
from tracker.people.reach import may_sign_in
from tracker.people.sessions import SignedIn

log = logging.getLogger("tracker.sign_in")

WRONG = "The email address or the password is not right"
WRONG_CODE = "The code is not right, or was used before. Wait for the next one and type that"
WRONG_RECOVERY_CODE = "This is not one of your recovery codes, or it was used before"
LONGEST_ADDRESS = 254


class NotSignedIn(Refused):
    """What was given is not right; the sentence is the same whatever it was."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the holder of an address before her password is compared."""

    person_id: int | None = None
    kept: str | None = None


def give_password(engine: Engine, email: str, password: str, *, from_address: str, now: datetime) -> str:
    """Take the first step of signing in and give the token of a session that still lacks the second.

    Raises `NotSignedIn` or `TooManyTries`. An unknown address costs the same time as a known one.
    """
    person_id = _compare(engine, email, password, from_address, now)
    if person_id is None:
        raise NotSignedIn(WRONG, code="not_signed_in")
    with unit_of_work(engine) as session:
        return sessions.begin(session, person_id, now, is_whole=False)


def give_password_again(
    engine: Engine, signed_in: SignedIn, password: str, *, from_address: str, now: datetime
) -> bool:
    """Say whether somebody who is signed in knows her password; raises `TooManyTries`."""
    return _compare(engine, signed_in.email, password, from_address, now) == signed_in.person_id


def give_code(engine: Engine, signed_in: SignedIn, code: str, *, now: datetime, at: datetime) -> str:
    """Take the second step and give the token of the whole session; the one with the password alone ends.

    `at`: the moment of which it is a code. Raises `NotSignedIn` or `TooManyTries`.
    """
    trying = _count_code(engine, signed_in, now)
    with unit_of_work(engine) as session:
        token = None
        if authenticator.take_code(session, signed_in.person_id, code, at):
            token = make_whole(session, signed_in, now)
    return _or_refused(token, trying, signed_in, WRONG_CODE)


def give_recovery_code(engine: Engine, signed_in: SignedIn, code: str, *, now: datetime) -> str:
    """Take the second step with a recovery code, which is used up. Raises `NotSignedIn` or `TooManyTries`."""
    trying = _count_code(engine, signed_in, now)
    with unit_of_work(engine) as session:
        token = None
        if authenticator.take_recovery_code(session, signed_in.person_id, code, now):
            token = make_whole(session, signed_in, now)
    return _or_refused(token, trying, signed_in, WRONG_RECOVERY_CODE)


def set_up_authenticator(
    engine: Engine, signed_in: SignedIn, secret: str, code: str, *, now: datetime, at: datetime
) -> tuple[str, list[str]]:
    """Keep somebody's authenticator, and give the token of a new whole session and ten new recovery codes.

    Raises `NotSignedIn` or `TooManyTries`; `Refused` where a session with the password alone would replace one.
    """
    trying = _count_code(engine, signed_in, now)
    with unit_of_work(engine) as session:
        if not signed_in.is_whole and authenticator.has_authenticator(session, signed_in.person_id):
            raise Refused("You have an authenticator already. Sign in with it first.", code="has_authenticator")
        token = None
        codes: list[str] = []
        if authenticator.set_up(session, signed_in.person_id, secret, code, now, at):
            codes = authenticator.new_recovery_codes(session, signed_in.person_id, now)
            if signed_in.is_whole:
                sessions.end_others(session, signed_in.person_id, signed_in.session_id, now)
            token = make_whole(session, signed_in, now)
    return _or_refused(token, trying, signed_in, WRONG_CODE), codes


def make_whole(session: Session, signed_in: SignedIn, now: datetime) -> str:
    """End a session and begin a whole one in its place, under a new token."""
    sessions.end(session, signed_in.session_id, now)
    sessions.make_room(session, signed_in.person_id, now)
    log.info("person %s signed in", signed_in.person_id)
    return sessions.begin(session, signed_in.person_id, now, is_whole=True)


def _compare(engine: Engine, email: str, password: str, from_address: str, now: datetime) -> int | None:
    """Give whose password it is, if it is right."""
    trying = attempts.begin(engine, (Try.PASSWORD_OF_ACCOUNT, email), (Try.PASSWORD_FROM_ADDRESS, from_address))
    trying.count(now)
    known = _known(engine, email, now)
    if not passwords.fits(password, known.kept):
        log.info("a password was not right")
        return None
    trying.take_back()
    if known.person_id is not None and known.kept is not None and passwords.is_outdated(known.kept):
        anew = passwords.hashed(password)
        with unit_of_work(engine) as session:
            identity = identity_of(session, known.person_id, Proof.PASSWORD)
            # The day on which it was chosen stays; and it may have been changed since.
            if identity is not None and identity.secret == known.kept:
                keep(session, known.person_id, Proof.PASSWORD, anew, identity.made_at)
    return known.person_id


def _known(engine: Engine, email: str, now: datetime) -> _Known:
    address = email.strip().lower()
    if not storable(address) or len(address) > LONGEST_ADDRESS:
        return _Known()
    with reading(engine) as session:
        person = session.exec(select(Person).where(Person.email == address)).first()
        if person is None or not may_sign_in(person, now):
            return _Known()
        identity = identity_of(session, person.id, Proof.PASSWORD)
        return _Known(person.id, identity.secret if identity is not None else None)


def _count_code(engine: Engine, signed_in: SignedIn, now: datetime) -> attempts.Trying:
    subject = str(signed_in.person_id)
    trying = attempts.begin(engine, (Try.CODE, subject), (Try.CODE_IN_A_DAY, subject))
    trying.count(now)
    return trying


def _or_refused(token: str | None, trying: attempts.Trying, signed_in: SignedIn, sentence: str) -> str:
    if token is None:
        log.info("a code of person %s was not right", signed_in.person_id)
        raise NotSignedIn(sentence, code="not_signed_in")
    trying.take_back()
    return token
