"""Who is signed in with which browser: begun, looked up, ended; kept in the database so that it ends everywhere."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from tracker.people.models import Person
from tracker.people.sign_in_models import SignIn
from tracker.rows import write

# "Last seen" is written this often at most, so that reading a page writes nothing as a rule.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody with a session: its row, her address, and the message that waits for her next page."""

    session_id: int
    person_id: int
    email: str
    name: str
    is_whole: bool
    message: str | None
    wants_note: bool


def digest(secret: str) -> str:
    """Give what is kept of a secret: its SHA-256; it cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def begin(session: Session, person_id: int, now: datetime, *, is_whole: bool) -> str:
    """Begin a session and give its token, which only the browser keeps (256 bits)."""
    token = secrets.token_urlsafe(32)
    row = SignIn(token_digest=digest(token), person_id=person_id, made_at=now, seen_at=now, is_whole=is_whole)
    write(session, row)
    return token


def find(session: Session, token: str, now: datetime, idle: timedelta, longest: timedelta) -> SignedIn | None:
    """Give who is signed in with a token; nobody when it has ended, rested too long, or lasted too long."""
    found = session.exec(
        select(SignIn, Person)
        .join(Person, col(Person.id) == SignIn.person_id)
        .where(SignIn.token_digest == digest(token), col(SignIn.ended_at).is_(None))
    ).first()
    if found is None:
        return None
    row, person = found
    if person.email is None or now - row.seen_at > idle or now - row.made_at > longest:
        return None
    return SignedIn(
        session_id=row.id,
        person_id=person.id,
        email=person.email,
        name=person.name,
        is_whole=row.is_whole,
        message=row.message,
        wants_note=now - row.seen_at >= SEEN_EVERY,
    )


def note_seen(session: Session, session_id: int, now: datetime) -> None:
    """Write that somebody is still there, and take away the message that she has seen."""
    session.exec(update(SignIn).where(col(SignIn.id) == session_id).values(seen_at=now, message=None))


def leave_message(session: Session, session_id: int, message: str) -> None:
    """Keep a message for the next page of a session."""
    session.exec(update(SignIn).where(col(SignIn.id) == session_id).values(message=message))


def end(session: Session, session_id: int, now: datetime) -> None:
    """End one session."""
    session.exec(update(SignIn).where(col(SignIn.id) == session_id).values(ended_at=now))


def end_all(session: Session, person_id: int, now: datetime) -> None:
    """End every session of a person, with whatever browser."""
    still = col(SignIn.ended_at).is_(None)
    session.exec(update(SignIn).where(col(SignIn.person_id) == person_id, still).values(ended_at=now))
