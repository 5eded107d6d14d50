"""What signing in leaves in the records: sessions, tries, codes, tickets, tokens, links, forms that came too late.

No secret is kept as it was given.
"""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field

from tracker.database import UtcDateTime, one_of
from tracker.rows import Record

# A secret is kept as the SHA-256 of what its holder has, in hexadecimal digits.
DIGEST = 64


class SignIn(Record, table=True):
    """A person signed in with one browser, from when until when; `is_whole` once the second factor was given too."""

    __tablename__ = "sign_in"

    id: int = Field(default=None, primary_key=True)
    token_digest: str = Field(max_length=DIGEST, unique=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    is_whole: bool = False
    message: str | None = Field(default=None, max_length=500)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Attempt(Record, table=True):
    """A try that is counted, so that nobody can try for ever: of what, by or for whom, when."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_of", "kind", "subject", "at"),)

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(max_length=30)
    subject: str = Field(max_length=DIGEST)
    at: datetime = Field(sa_type=UtcDateTime)


class RecoveryCode(Record, table=True):
    """A code that stands in for the second factor once."""

    __tablename__ = "recovery_code"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    code_digest: str = Field(max_length=DIGEST)
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Ticket(Record, table=True):
    """What an email lets its reader do once: choose a first password, or another one."""

    __table_args__ = (one_of("kind", ("invitation", "reset")),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=20)
    token_digest: str = Field(max_length=DIGEST, unique=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PersonalToken(Record, table=True):
    """A token with which a person's own programs use the JSON interface; on which day it was used last."""

    __tablename__ = "personal_token"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str = Field(max_length=100)
    token_digest: str = Field(max_length=DIGEST, unique=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_on: date | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Link(Record, table=True):
    """A signed link: for one person, from when until when. `about` names what it opens, where it is not her actions."""

    __table_args__ = (one_of("purpose", ("actions", "independence")),)

    id: int = Field(default=None, primary_key=True)
    public_id: str = Field(max_length=32, unique=True)
    purpose: str = Field(max_length=20)
    person_id: int = Field(foreign_key="person.id", index=True)
    about: str | None = Field(default=None, max_length=60)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LinkVisit(Record, table=True):
    """What was seen of a link: its page fetched (a mail scanner may have done it), or an answer given."""

    __tablename__ = "link_visit"
    __table_args__ = (one_of("what", ("fetched", "answered")),)

    id: int = Field(default=None, primary_key=True)
    link_id: int = Field(foreign_key="link.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    what: str = Field(max_length=10)


class UnsentForm(Record, table=True):
    """A form that came after the sign-in or the link of its sender had ended: kept for her for an hour, not recorded.

    `place` is the address it was sent to, or the reference of the action behind a link, whose address is a secret.
    """

    __tablename__ = "unsent_form"

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    by_link: bool = False
    place: str = Field(max_length=500)
    body: str
    intent: str | None = Field(default=None, max_length=100)
    made_at: datetime = Field(sa_type=UtcDateTime)
