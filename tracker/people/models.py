"""People, the posts they hold, the agencies they come from, and the roles they have over time."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from tracker.database import UtcDateTime, one_of
from tracker.people.roles import Role
from tracker.rows import Record


class Agency(Record, table=True):
    """A body named in a partnership's arrangements: a council service, a police force, an NHS body, a school."""

    __table_args__ = (UniqueConstraint("partnership_id", "name"),)

    id: int = Field(default=None, primary_key=True)
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    name: str = Field(max_length=200)
    is_safeguarding_partner: bool = False


class Person(Record, table=True):
    """Somebody who acts or is written to; or a post, which stands in the records also while nobody holds it.

    Without an address nobody is written to. `refused_email` is the address that refused an email for good, and on
    which day, until somebody says that it works; another address is not touched by it.
    """

    __table_args__ = (one_of("kind", ("person", "post")),)

    id: int = Field(default=None, primary_key=True)
    kind: str = Field(default="person", max_length=6)
    name: str = Field(max_length=200)
    email: str | None = Field(default=None, max_length=254, unique=True)
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    absent_from: date | None = None
    absent_until: date | None = None
    opted_out: bool = False
    ended_on: date | None = None
    passes_to_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    refused_email: str | None = Field(default=None, max_length=254)
    refused_on: date | None = None

    @property
    def has_working_address(self) -> bool:
        """Say whether she has an address and it has not refused an email."""
        return self.email is not None and self.email != self.refused_email

    def has_left(self, today: date) -> bool:
        """Say whether her time has ended by a day."""
        return self.ended_on is not None and self.ended_on <= today


class PostHolding(Record, table=True):
    """Who holds a post, from when until when: the post outlives its holder."""

    __tablename__ = "post_holding"

    id: int = Field(default=None, primary_key=True)
    post_id: int = Field(foreign_key="person.id", index=True)
    holder_id: int = Field(foreign_key="person.id", index=True)
    from_on: date
    until_on: date | None = None


class RoleHolding(Record, table=True):
    """A role that a person has in a partnership, from when until when; an agency's lead may have a deputy."""

    __tablename__ = "role_holding"
    __table_args__ = (one_of("role", [role.value for role in Role]), Index("ix_role_holding_of", "person_id"))

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    partnership_id: int = Field(foreign_key="partnership.id", index=True)
    role: str = Field(max_length=30)
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    is_deputy: bool = False
    from_on: date
    until_on: date | None = None


class Identity(Record, table=True):
    """A way in which a person proves who she is; none is needed on the command line.

    `last_step`: of an authenticator, the time step of the newest code that was taken, so that none is taken twice.
    """

    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str = Field(max_length=20)
    subject: str = Field(max_length=254)
    secret: str | None = Field(default=None, max_length=500)
    last_step: int | None = None
    made_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class AddressFailure(Record, table=True):
    """An address that refused an email for good; nothing goes there until it is changed or somebody says it works."""

    __tablename__ = "address_failure"
    __table_args__ = (UniqueConstraint("message_id"),)

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    address: str = Field(max_length=254)
    # No foreign key: the table of messages is the post room's own.
    message_id: int | None = None
    at: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(max_length=500)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
