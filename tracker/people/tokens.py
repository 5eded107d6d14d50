"""Tokens with which a person's own programs use the JSON interface: made, looked up, ended; kept as digests only."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.errors import NotFound, Refused
from tracker.people.models import Person
from tracker.people.sessions import digest
from tracker.people.sign_in_models import PersonalToken
from tracker.rows import write

# By its beginning a token that was left lying in a file is known for what it is.
BEGINNING = "ltp_"


def make_token(session: Session, person_id: int, name: str, now: datetime) -> str:
    """Make a token and give it, this once (256 bits); raises `Refused` while she has another of that name."""
    if any(token.name == name for token in tokens_of(session, person_id)):
        raise Refused(f"There is a token {name!r} already: end it first, or choose another name.", code="already_done")
    token = BEGINNING + secrets.token_urlsafe(32)
    write(session, PersonalToken(person_id=person_id, name=name, token_digest=digest(token), made_at=now))
    return token


def tokens_of(session: Session, person_id: int) -> Sequence[PersonalToken]:
    """Give the tokens of a person that have not ended, oldest first."""
    question = select(PersonalToken).where(PersonalToken.person_id == person_id, col(PersonalToken.ended_at).is_(None))
    return session.exec(question.order_by(col(PersonalToken.id))).all()


def end_token(session: Session, person_id: int, name: str, now: datetime) -> None:
    """End a token of a person by its name; raises `NotFound`."""
    named = [token for token in tokens_of(session, person_id) if token.name == name]
    if not named:
        raise NotFound(f"There is no token {name!r} that has not ended.")
    for token in named:
        token.ended_at = now
        session.add(token)


def address_by_token(session: Session, token: str) -> str | None:
    """Give the address of whoever a token belongs to; nothing where there is none such, or it has ended."""
    return session.exec(
        select(Person.email)
        .join(PersonalToken, col(PersonalToken.person_id) == Person.id)
        .where(PersonalToken.token_digest == digest(token), col(PersonalToken.ended_at).is_(None))
    ).first()
