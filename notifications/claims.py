"""A message in somebody's hands: taken by one sender, written to under its fence, and settled once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from notifications import leases
from notifications.outbox import Message, MessageState

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
    """Take the message that has waited longest of those that are ripe, whoever else takes others at this moment."""
    is_ripe = (col(Message.state) == MessageState.QUEUED.value, col(Message.not_before) <= now)
    first = select(Message.id).where(*is_ripe).order_by(col(Message.not_before), col(Message.id)).limit(1)
    claimed = (
        update(Message)
        .where(col(Message.id) == first.with_for_update(skip_locked=True).scalar_subquery(), *is_ripe)
        .values(
            state=MessageState.SENDING.value,
            claimed_by=holder,
            fence=Message.fence + 1,
            attempts=Message.attempts + 1,
        )
        .returning(Message)
        .execution_options(synchronize_session=False)
    )
    return session.exec(claimed).scalar_one_or_none()


def claim_of(message: Message, now: datetime) -> Claim:
    """Give the claim under which a message was just taken."""
    return Claim(message.id, message.kind, message.fence, message.attempts, message.tried_since or now)


def commit(session: Session, claim: Claim, holder: str) -> bool:
    """Write down that from now on a message may have gone; says whether it is still the holder's."""
    change = (
        update(Message)
        .where(col(Message.id) == claim.id, col(Message.fence) == claim.fence)
        .where(col(Message.state) == MessageState.SENDING.value)
        .where(leases.holders(session).where(leases.TABLE.c.holder == holder).exists())
        .values(state=MessageState.COMMITTING.value)
        .returning(col(Message.id))
    )
    return session.exec(change.execution_options(synchronize_session=False)).scalar_one_or_none() is not None


def settle(session: Session, message_id: int, fence: int, state: MessageState, **values: object) -> bool:
    """Write what became of a message in hand or in doubt, if it is still the same claim; says whether it is."""
    # A message that could not even be written was put back with its claim.
    known = [*_IN_HAND, MessageState.QUEUED.value] if state is MessageState.FAILED else _IN_HAND
    change = (
        update(Message)
        .where(col(Message.id) == message_id, col(Message.fence) == fence, col(Message.state).in_(known))
        .values(state=state.value, claimed_by=None, **values)
        .returning(col(Message.id))
    )
    return session.exec(change.execution_options(synchronize_session=False)).scalar_one_or_none() is not None
