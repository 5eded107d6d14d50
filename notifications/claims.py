"""A message in somebody's hands: taken by one sender, written to under its fence, and settled once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BindParameter, Update, bindparam, select, text, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlmodel import Session

from notifications import leases
from notifications.moments import UtcDateTime
from notifications.outbox import TABLE, Message, MessageState

_IN_HAND = [state.value for state in (MessageState.SENDING, MessageState.COMMITTING, MessageState.UNCERTAIN)]


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that a sender holds; every later write names its fence, so that a sender overtaken cannot mark."""

    id: int
    kind: str
    fence: int
    attempts: int
    tried_since: datetime


def take_next(session: Session, holder: str, now: datetime) -> Message | None:
    """Take the message that has waited longest of those that are ripe, whoever else takes others at this moment.

    It is not attached to the session: what is to be kept of it is written with `write_down`.
    """
    _need_not_last(session)
    taken = session.connection().execute(_TAKE, {"holder": holder, "now": now}).mappings().one_or_none()
    return None if taken is None else Message(**taken)


def claim_of(message: Message, now: datetime) -> Claim:
    """Give the claim under which a message was just taken."""
    return Claim(message.id, message.kind, message.fence, message.attempts, message.tried_since or now)


def write_down(session: Session, claim: Claim, **known: object) -> None:
    """Write what is known of a message that was just taken, in the unit of work that took it."""
    session.connection().execute(_writing(tuple(known)), known | {"this": claim.id})


def commit(session: Session, claim: Claim, holder: str) -> bool:
    """Write down that from now on a message may have gone; says whether it is still the holder's."""
    connection = session.connection()
    mine = {"this": claim.id, "held": claim.fence, "holder": holder}
    return connection.execute(_committing(connection.dialect.name), mine).scalar_one_or_none() is not None


def settle(session: Session, message_id: int, fence: int, state: MessageState, **known: object) -> bool:
    """Write what became of a message in hand or in doubt, if it is still the same claim; says whether it is."""
    _need_not_last(session)
    values = known | {"state": state.value, "claimed_by": None}
    change = _settling(tuple(values), state is MessageState.FAILED)
    settled = session.connection().execute(change, values | {"this": message_id, "held": fence})
    return settled.scalar_one_or_none() is not None


def _need_not_last(session: Session) -> None:
    """Let a unit of work end before it is safe from a power cut: what is lost with it is a claim, or becomes a doubt.

    Whatever follows it and is safe makes it safe as well.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_LATER)


_LATER = text("SET LOCAL synchronous_commit TO OFF")
_IS_RIPE = (TABLE.c.state == MessageState.QUEUED.value, TABLE.c.not_before <= bindparam("now", type_=UtcDateTime))
_FIRST = select(TABLE.c.id).where(*_IS_RIPE).order_by(TABLE.c.not_before, TABLE.c.id).limit(1)
_TAKE = (
    update(TABLE)
    .where(TABLE.c.id == _FIRST.with_for_update(skip_locked=True).scalar_subquery(), *_IS_RIPE)
    .values(
        state=MessageState.SENDING.value,
        claimed_by=bindparam("holder"),
        fence=TABLE.c.fence + 1,
        attempts=TABLE.c.attempts + 1,
    )
    .returning(*TABLE.c)
)


@cache
def _writing(names: tuple[str, ...]) -> Update:
    return update(TABLE).where(TABLE.c.id == bindparam("this")).values(_named(names))


@cache
def _committing(dialect: str) -> ReturningUpdate[tuple[int]]:
    lives = leases.holders_on(dialect).where(leases.TABLE.c.holder == bindparam("holder")).exists()
    return (
        update(TABLE)
        .where(TABLE.c.id == bindparam("this"), TABLE.c.fence == bindparam("held"))
        .where(TABLE.c.state == MessageState.SENDING.value, lives)
        .values(state=MessageState.COMMITTING.value)
        .returning(TABLE.c.id)
    )


@cache
def _settling(names: tuple[str, ...], has_failed: bool) -> ReturningUpdate[tuple[int]]:
    # A message that could not even be written was put back with its claim.
    known = [*_IN_HAND, MessageState.QUEUED.value] if has_failed else _IN_HAND
    return (
        update(TABLE)
        .where(TABLE.c.id == bindparam("this"), TABLE.c.fence == bindparam("held"), TABLE.c.state.in_(known))
        .values(_named(names))
        .returning(TABLE.c.id)
    )


def _named(names: tuple[str, ...]) -> dict[str, BindParameter[object]]:
    return {name: bindparam(name, type_=TABLE.c[name].type) for name in names}
