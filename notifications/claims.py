"""A message in somebody's hands: taken by one sender, written to under its fence, and settled once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, Update, bindparam, func, select, update
from sqlalchemy.orm import class_mapper
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session

from notifications import leases
from notifications.moments import UtcDateTime
from notifications.outbox import TABLE, Message, MessageState

_NAMES = [column.name for column in TABLE.c]
_IN_HAND = [state.value for state in (MessageState.SENDING, MessageState.COMMITTING, MessageState.UNCERTAIN)]


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that a sender holds; every later write names its fence, so that a sender overtaken cannot mark.

    `attempts` counts this one, and `tried_since` is when the first of them began: kept once it is tried in fact.
    """

    id: int
    kind: str
    fence: int
    attempts: int
    tried_since: datetime


def take(session: Session, holder: str, now: datetime, most: int) -> list[Message]:
    """Take the messages that have waited longest of those that are ripe, whoever else takes others at this moment.

    They are not attached to the session: what is to be kept of one is written with `write_down`.
    """
    connection = session.connection()
    asked = {"holder": holder, "now": now, "most": most}
    taken = connection.execute(_taking(connection.dialect.name), asked).all()
    return sorted(map(_message, taken), key=lambda message: (message.not_before, message.id))


def _message(row: Sequence[Any]) -> Message:
    # Its own way of being made checks every word again that the table has checked.
    message: Message = class_mapper(Message).class_manager.new_instance()
    message.__dict__.update(zip(_NAMES, row, strict=False))
    return message


def claim_of(message: Message, now: datetime) -> Claim:
    """Give the claim under which a message was just taken."""
    return Claim(message.id, message.kind, message.fence, message.attempts + 1, message.tried_since or now)


def give_back(session: Session, holder: str, claims: Sequence[Claim]) -> None:
    """Let messages wait again that were taken and not begun, where they are still the holder's."""
    if claims:
        held = [{"this": claim.id, "held": claim.fence, "holder": holder} for claim in claims]
        session.connection().execute(_GIVING_BACK, held)


def write_down(session: Session, claim: Claim, **known: object) -> None:
    """Write what is known of a message that was just taken, in the unit of work that took it."""
    session.connection().execute(_writing(tuple(known)), known | {"this": claim.id})


def commit(session: Session, claim: Claim, holder: str, **known: object) -> bool:
    """Write down that from now on a message may have gone, and what it says; tells whether it is still the holder's."""
    connection = session.connection()
    mine = known | {"this": claim.id, "held": claim.fence, "holder": holder}
    change = _committing(connection.dialect.name, tuple(known))
    return connection.execute(change, mine).scalar_one_or_none() is not None


def settle(session: Session, message_id: int, fence: int, state: MessageState, **known: object) -> bool:
    """Write what became of a message in hand or in doubt, if it is still the same claim; says whether it is."""
    return _settle(session, "", message_id, fence, state, known)


def settle_alone(session: Session, message_id: int, fence: int, state: MessageState, **known: object) -> bool:
    """Write the same in a unit of work that does nothing else: it ends before it is safe from a power cut."""
    return _settle(session, session.connection().dialect.name, message_id, fence, state, known)


def _settle(
    session: Session, dialect: str, message_id: int, fence: int, state: MessageState, known: dict[str, object]
) -> bool:
    values = known | {"state": state.value, "claimed_by": None}
    change = _settling(dialect, tuple(values), state is MessageState.FAILED)
    return session.connection().execute(change, values | {"this": message_id, "held": fence}).first() is not None


def _need_not_last(dialect: str) -> list[ColumnElement[str]]:
    """Let a unit of work end before it is safe from a power cut: what is lost with it is a claim, or becomes a doubt.

    Whatever follows it and is safe makes it safe as well. It stands behind what a change gives back.
    """
    is_server = dialect == "postgresql"
    return [func.set_config("synchronous_commit", "off", True).label("is_safe")] if is_server else []


_IS_RIPE = (TABLE.c.state == MessageState.QUEUED.value, TABLE.c.not_before <= bindparam("now", type_=UtcDateTime))
# Found in a question of its own, whose answer stands: PostgreSQL may ask one that is nested anew for every row.
_RIPE = (
    select(TABLE.c.id)
    .where(*_IS_RIPE)
    .order_by(TABLE.c.not_before, TABLE.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("ripe")
)
_GIVING_BACK = (
    update(TABLE)
    .where(TABLE.c.id == bindparam("this"), TABLE.c.fence == bindparam("held"))
    .where(TABLE.c.state == MessageState.SENDING.value, TABLE.c.claimed_by == bindparam("holder"))
    .values(state=MessageState.QUEUED.value, claimed_by=None)
)


@cache
def _taking(dialect: str) -> ReturningUpdate[Any]:  # whole rows
    return (
        update(TABLE)
        .where(TABLE.c.id.in_(select(_RIPE.c.id)), *_IS_RIPE)
        .values(state=MessageState.SENDING.value, claimed_by=bindparam("holder"), fence=TABLE.c.fence + 1)
        .returning(*TABLE.c, *_need_not_last(dialect))
    )


@cache
def _writing(names: tuple[str, ...]) -> Update:
    return update(TABLE).where(TABLE.c.id == bindparam("this")).values(_named(names))


@cache
def _committing(dialect: str, names: tuple[str, ...]) -> ReturningUpdate[tuple[int]]:
    lives = leases.holders_on(dialect).where(leases.TABLE.c.holder == bindparam("holder")).exists()
    return (
        update(TABLE)
        .where(TABLE.c.id == bindparam("this"), TABLE.c.fence == bindparam("held"))
        .where(TABLE.c.state == MessageState.SENDING.value, lives)
        .values(_named(names) | {"state": MessageState.COMMITTING.value})
        .returning(TABLE.c.id)
    )


@cache
def _settling(dialect: str, names: tuple[str, ...], has_failed: bool) -> ReturningUpdate[Any]:
    # A message that could not even be written was put back with its claim.
    known = [*_IN_HAND, MessageState.QUEUED.value] if has_failed else _IN_HAND
    return (
        update(TABLE)
        .where(TABLE.c.id == bindparam("this"), TABLE.c.fence == bindparam("held"), TABLE.c.state.in_(known))
        .values(_named(names))
        .returning(TABLE.c.id, *_need_not_last(dialect))
    )


def _named(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: bindparam(name, type_=TABLE.c[name].type) for name in names}
