"""The outbox: messages put beside the deed that causes them, each once, until they are delivered."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from typing import Any, NotRequired, TypedDict, Unpack

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Index,
    PrimaryKeyConstraint,
    UniqueConstraint,
    false,
    func,
    text,
    update,
)
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.sql.elements import conv
from sqlmodel import Field, Session, SQLModel, col, select

from notifications.moments import UtcDateTime
from notifications.upserts import insert_into


class MessageState(StrEnum):
    """Where a message is on its way out of the house.

    From `committing` on it may have left; whoever dies there leaves it `uncertain`. `assumed_sent`: nobody will ever
    know, and nothing more is done about it.
    """

    QUEUED = "queued"
    SENDING = "sending"
    COMMITTING = "committing"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    ASSUMED_SENT = "assumed_sent"
    SUPERSEDED = "superseded"
    HELD = "held"
    FAILED = "failed"


STATES = ", ".join(f"'{state}'" for state in MessageState)


class Message(SQLModel, table=True):
    """One email to one person: whom, what kind, about what, and how far it got.

    It holds no words of the email: those are written from the facts of the moment it goes. `critical`: of a statutory
    date or an escalation, so where it is uncertain it goes once more. `delivery` is what the mail service says became
    of it afterwards.
    """

    __tablename__ = "message"
    __table_args__ = (
        PrimaryKeyConstraint("id", name=conv("pk_message")),
        UniqueConstraint("key", name=conv("uq_message_key")),
        CheckConstraint(f"state IN ({STATES})", name=conv("ck_message_state")),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=conv("ck_message_sent_at")),
        Index(conv("ix_message_in_line"), "state", "not_before", "id"),
        Index(conv("ix_message_kind_about"), "kind", "about"),
        Index(conv("ix_message_person_id"), "person_id"),
        Index(conv("ix_message_provider_id"), "provider_id"),
        Index(
            conv("ix_message_address_refused"),
            "id",
            sqlite_where=text("address_refused"),
            postgresql_where=text("address_refused"),
        ),
        Index(conv("ix_message_sent_at"), "sent_at"),
    )

    id: int = Field(default=None, primary_key=True)
    kind: str
    # No foreign key: the post room does not know the table of people, who are never deleted.
    person_id: int
    to_name: str
    to_address: str
    about: str
    key: str
    facts: str
    routine: bool
    critical: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    state: str = MessageState.QUEUED.value
    planned_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    # When it may be tried: as it is due at first, later after every refusal.
    not_before: datetime = Field(sa_type=UtcDateTime)
    tried_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    claimed_by: str | None = None
    fence: int = 0
    doubtful_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    repeats: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_error: str | None = None
    address_refused: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    subject: str | None = None
    body_sha256: str | None = None
    provider_id: str | None = None
    delivery: str | None = None
    delivery_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # When a person had seen to one that could not go.
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    delivery_asked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    # JSON: what stands in it is known to the one who put it in.
    def known(self) -> dict[str, Any]:
        """Give the references from which the roof finds the facts of the moment."""
        found: dict[str, Any] = json.loads(self.facts)
        return found


TABLE = SQLModel.metadata.tables["message"]


def message_id_of(message: Message) -> str:
    """Give the name under which a message travels: the same however often it is written."""
    return f"<{message.id}.{sha256(message.key.encode()).hexdigest()[:16]}@learning-tracker>"


class NewMessage(TypedDict):
    """What is said of a message that is put; from `facts`, references and numbers only, it is written when it goes."""

    kind: str
    person_id: int
    to_name: str
    to_address: str
    about: str
    key: str
    facts: Mapping[str, object]
    due_at: datetime
    planned_at: datetime
    routine: bool
    critical: NotRequired[bool]


def put(session: Session, **said: Unpack[NewMessage]) -> bool:
    """Put a message into the outbox, in the transaction of the deed; say whether it is new: a key is one email."""
    return bool(put_all(session, [said]))


def put_all(session: Session, messages: Sequence[NewMessage]) -> set[str]:
    """Put several messages in their order; gives the keys of those that are new."""
    connection = session.connection()
    rows = [_START | said | {"facts": json.dumps(said["facts"], sort_keys=True)} for said in messages]
    for row in rows:
        row["not_before"] = row["due_at"]
    return set(connection.execute(_insert_once(connection.dialect.name), rows).scalars()) if rows else set()


_START: dict[str, object] = {
    "critical": False,
    "state": MessageState.QUEUED.value,
    "attempts": 0,
    "fence": 0,
    "repeats": 0,
    "address_refused": False,
}


@cache
def _insert_once(dialect: str) -> ReturningInsert[Any]:
    once: ReturningInsert[Any] = (
        insert_into(TABLE, dialect).on_conflict_do_nothing(index_elements=["key"]).returning(TABLE.c.key)
    )
    return once


def supersede(
    session: Session,
    *,
    kind: str | None = None,
    about: str | None = None,
    person_id: int | None = None,
    key: str | None = None,
) -> int:
    """Take back what waits and fits all that is given, and say how many; what is being sent is not reached."""
    given = {"kind": kind, "about": about, "person_id": person_id, "key": key}
    wanted = [TABLE.c[name] == value for name, value in given.items() if value is not None]
    if not wanted:
        raise ValueError("Say which messages: by kind, by what they are about, by person or by key.")
    waits = col(Message.state).in_([MessageState.QUEUED.value, MessageState.HELD.value])
    change = (
        update(Message).where(waits, *wanted).values(state=MessageState.SUPERSEDED.value).returning(col(Message.id))
    )
    return len(session.exec(change).all())


def turned_away(session: Session, now: datetime) -> list[Message]:
    """Give the messages that could not go and rest until they are tried again, the one that was put first first."""
    rests = (col(Message.state) == MessageState.QUEUED.value, col(Message.not_before) > now, col(Message.attempts) > 0)
    return list(session.exec(select(Message).where(*rests).order_by(col(Message.due_at), col(Message.id))))


def messages(
    session: Session,
    *,
    kind: str | None = None,
    about: str | None = None,
    state: str | None = None,
    person_id: int | None = None,
) -> list[Message]:
    """Give the messages that fit all that is given, in the order in which they are due; `about` may be one of several.

    Capitals make no difference to what a message is about.
    """
    given = {"kind": kind, "state": state, "person_id": person_id}
    wanted: list[ColumnElement[bool]] = [TABLE.c[name] == value for name, value in given.items() if value is not None]
    if about is not None:
        wanted.append(is_about(about))
    return list(session.exec(select(Message).where(*wanted).order_by(col(Message.due_at), col(Message.id))))


def is_about(reference: str) -> ColumnElement[bool]:
    """Give the condition that a message is about a record, and perhaps about others too."""
    sought, about = reference.lower(), func.lower(col(Message.about))
    # The first half is quick and leaves little to the second. Asked like this, only an index is read to the end.
    named = func.lower(", " + col(Message.about) + ", ").contains(f", {sought}, ", autoescape=True)
    return col(Message.id).in_(select(Message.id).where(about.contains(sought, autoescape=True), named))
