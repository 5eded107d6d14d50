"""Who is signed in with which browser: begun, looked up, ended; kept in the database so that it ends everywhere."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, col, select, update

from tracker.clock import london_day
from tracker.database import UtcDateTime
from tracker.errors import NotFound
from tracker.people.doer import Doer, doer_by_email
from tracker.people.queries import person_with_id
from tracker.people.reach import may_sign_in
from tracker.people.sign_in_models import SignIn, UnsentForm
from tracker.people.unsent import KEPT_FOR
from tracker.rows import Question, RowsOf, write

# "Last seen" is written this often at most, so that reading a page writes nothing as a rule.
SEEN_EVERY = timedelta(minutes=1)
# So many browsers at once; the one that signed in first gives way.
MOST_AT_ONCE = 3
# A form that was opened on a Friday may be sent on the Monday.
FORMS_ARE_KNOWN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody with a session: its row, her address, and the message that waits for her next page.

    As far as is written down it ends at `rests_until` unless she does something before, and at `lasts_until` whatever
    she does.
    """

    session_id: int
    person_id: int
    email: str
    name: str
    is_whole: bool
    message: str | None
    wants_note: bool
    rests_until: datetime
    lasts_until: datetime
    has_unsent: bool


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
    row = _OPEN.first(session, digest=digest(token))
    person = None if row is None else person_with_id(session, row.person_id)
    if row is None or person is None:
        return None
    # Whoever has given only her password has no longer for the second factor than others may rest.
    lasts = longest if row.is_whole else idle
    if person.email is None or not may_sign_in(person, now):
        return None
    if now - row.seen_at > idle or now - row.made_at > lasts:
        return None
    return SignedIn(
        session_id=row.id,
        person_id=person.id,
        email=person.email,
        name=person.name,
        is_whole=row.is_whole,
        message=row.message,
        wants_note=now - row.seen_at >= SEEN_EVERY,
        rests_until=row.seen_at + idle,
        lasts_until=row.made_at + lasts,
        has_unsent=bool(_UNSENT.rows(session, person=person.id, since=now - KEPT_FOR)),
    )


_OPEN = RowsOf(SignIn, select(SignIn).where(SignIn.token_digest == bindparam("digest"), col(SignIn.ended_at).is_(None)))
_UNSENT = Question(
    select(UnsentForm.id)
    .where(UnsentForm.person_id == bindparam("person"), col(UnsentForm.by_link).is_(False))
    .where(UnsentForm.made_at > bindparam("since", type_=UtcDateTime))
    .limit(1)
)


def begun_lately(session: Session, now: datetime) -> Sequence[tuple[int, int]]:
    """Give the sessions, ended or not, from which a form may still come, each with its person."""
    question = select(SignIn.id, SignIn.person_id).where(
        SignIn.made_at > now - FORMS_ARE_KNOWN_FOR, col(SignIn.is_whole).is_(True)
    )
    return session.exec(question.order_by(col(SignIn.id).desc())).all()


def find_reader(
    session: Session, token: str, now: datetime, idle: timedelta, longest: timedelta
) -> tuple[SignedIn | None, Doer | None]:
    """Give who is signed in with a token, and once both factors were given her roles of the day.

    Whoever has left meanwhile is nobody: her sessions end with her time.
    """
    found = find(session, token, now, idle, longest)
    if found is None or not found.is_whole:
        return found, None
    try:
        return found, doer_by_email(session, found.email, london_day(now))
    except NotFound:
        return None, None


def note_seen(session: Session, session_id: int, now: datetime, *, shows_message: bool = True) -> None:
    """Write that somebody is still there, and take away the message that she has seen."""
    seen = {"seen_at": now} | ({"message": None} if shows_message else {})
    session.exec(update(SignIn).where(col(SignIn.id) == session_id).values(seen))


def leave_message(session: Session, session_id: int, message: str) -> None:
    """Keep a message for the next page of a session."""
    session.exec(update(SignIn).where(col(SignIn.id) == session_id).values(message=message))


def end(session: Session, session_id: int, now: datetime) -> None:
    """End one session."""
    session.exec(update(SignIn).where(col(SignIn.id) == session_id).values(ended_at=now))


def make_room(session: Session, person_id: int, now: datetime) -> None:
    """End the sessions that somebody began first, so that one more may begin."""
    question = select(SignIn.id).where(
        SignIn.person_id == person_id, col(SignIn.ended_at).is_(None), col(SignIn.is_whole).is_(True)
    )
    newest_first = question.order_by(col(SignIn.made_at).desc(), col(SignIn.id).desc())
    for session_id in session.exec(newest_first.offset(MOST_AT_ONCE - 1)).all():
        end(session, session_id, now)


def open_sessions(session: Session, person_id: int, now: datetime, idle: timedelta, longest: timedelta) -> list[SignIn]:
    """Give the sessions in which somebody is signed in at this moment, the newest first."""
    question = select(SignIn).where(
        SignIn.person_id == person_id, col(SignIn.ended_at).is_(None), col(SignIn.is_whole).is_(True)
    )
    alive = question.where(SignIn.seen_at >= now - idle, SignIn.made_at >= now - longest)
    return list(session.exec(alive.order_by(col(SignIn.made_at).desc(), col(SignIn.id).desc())))


def end_others(session: Session, person_id: int, session_id: int, now: datetime) -> None:
    """End every session of a person but one."""
    others = (col(SignIn.person_id) == person_id, col(SignIn.id) != session_id, col(SignIn.ended_at).is_(None))
    session.exec(update(SignIn).where(*others).values(ended_at=now))


def end_all(session: Session, person_id: int, now: datetime) -> None:
    """End every session of a person, with whatever browser."""
    still = col(SignIn.ended_at).is_(None)
    session.exec(update(SignIn).where(col(SignIn.person_id) == person_id, still).values(ended_at=now))
