"""Tokens with which a person's own programs use the JSON interface: made, looked up, ended; kept as digests only."""

import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select, update

from tracker.clock import london_day, london_moment
from tracker.errors import FactsWrong, NotFound, Refused
from tracker.facts import is_one_line, storable, visible
from tracker.people.models import Person
from tracker.people.sessions import digest
from tracker.people.sign_in_models import PersonalToken
from tracker.rows import write

log = logging.getLogger("tracker.sign_in")

# By its beginning a token that was left lying in a file is known for what it is.
BEGINNING = "ltp_"
LASTS = timedelta(days=365)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose token it is; `wants_note` where it was not yet written down that it is used on this day."""

    token_id: int
    email: str | None
    wants_note: bool


def make_token(session: Session, person_id: int, name: str, now: datetime) -> str:
    """Make a token and give it, this once (256 bits).

    Raises `FactsWrong` for a name that is none, and `Refused` while she has another of that name.
    """
    if not name.strip() or len(name) > LONGEST_NAME or not (storable(name) and visible(name) and is_one_line(name)):
        raise FactsWrong(f"Write the name of the token on one line, with {LONGEST_NAME} characters or fewer.")
    if any(token.name == name for token in tokens_of(session, person_id, now)):
        raise Refused(f"There is a token {name!r} already: end it first, or choose another name.", code="already_done")
    token = BEGINNING + secrets.token_urlsafe(32)
    write(session, PersonalToken(person_id=person_id, name=name, token_digest=digest(token), made_at=now))
    log.info("person %s made a personal token", person_id)
    return token


def tokens_of(session: Session, person_id: int, now: datetime) -> Sequence[PersonalToken]:
    """Give the tokens of a person that work, oldest first."""
    question = select(PersonalToken).where(PersonalToken.person_id == person_id, *_living(now))
    return session.exec(question.order_by(col(PersonalToken.id))).all()


def last_day(token: PersonalToken) -> date:
    """Give the last day on which a token works: a year after it was made."""
    return london_day(token.made_at) + LASTS


def end_token(session: Session, person_id: int, name: str, now: datetime) -> None:
    """End a token of a person by its name; raises `NotFound`."""
    named = [token for token in tokens_of(session, person_id, now) if token.name == name]
    if not named:
        raise NotFound(f"There is no token {name!r} that has not ended.")
    for token in named:
        token.ended_at = now
        session.add(token)


def end_tokens(session: Session, person_id: int, now: datetime) -> None:
    """End every token of a person: somebody else may know what she knew."""
    still = col(PersonalToken.ended_at).is_(None)
    session.exec(update(PersonalToken).where(col(PersonalToken.person_id) == person_id, still).values(ended_at=now))


def holder_of(session: Session, token: str, now: datetime) -> Holder | None:
    """Give whose token it is; nobody's where there is none such, or it has ended or run out."""
    found = session.exec(
        select(PersonalToken, Person)
        .join(Person, col(Person.id) == PersonalToken.person_id)
        .where(PersonalToken.token_digest == digest(token), *_living(now))
    ).first()
    if found is None:
        return None
    known, person = found
    return Holder(known.id, person.email, known.used_on != london_day(now))


def note_used(session: Session, holder: Holder, now: datetime) -> None:
    """Write down that a token was used on this day."""
    session.exec(update(PersonalToken).where(col(PersonalToken.id) == holder.token_id).values(used_on=london_day(now)))


def _living(now: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    # The whole last day counts, as it is named on the page.
    oldest = london_moment(london_day(now) - LASTS, time())
    return col(PersonalToken.ended_at).is_(None), col(PersonalToken.made_at) >= oldest
