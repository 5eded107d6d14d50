"""What a person does with a message in the outbox: hold it, let it go, and see to one that could not go."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from notifications.outbox import Message, MessageState


def hold(session: Session, message_id: int) -> bool:
    """Keep back a message that waits; says whether it still waited."""
    return _change(session, message_id, MessageState.QUEUED, state=MessageState.HELD.value)


def release(session: Session, message_id: int, now: datetime) -> bool:
    """Let a message go that was kept back; says whether it still was."""
    return _change(session, message_id, MessageState.HELD, state=MessageState.QUEUED.value, not_before=now)


def see_to(session: Session, messages: Sequence[Message], *, send_again: bool, now: datetime) -> int:
    """Let a person see to messages that could not go: nothing more is done, or they are tried anew; says how many."""
    anew = {"state": MessageState.QUEUED.value, "not_before": now, "tried_since": None, "attempts": 0}
    values = {**anew, "address_refused": False} if send_again else {"settled_at": now}
    return sum(_change(session, one.id, MessageState.FAILED, **values) for one in messages)


def note_seen(session: Session, messages: Sequence[Message], *, now: datetime) -> int:
    """Let a person say that she has seen to messages of which the mail service said nothing more; says how many."""
    return sum(_change(session, one.id, MessageState.SENT, settled_at=now) for one in messages)


def _change(session: Session, message_id: int, before: MessageState, **values: object) -> bool:
    change = update(Message).where(col(Message.id) == message_id, col(Message.state) == before.value).values(**values)
    done = session.exec(change.returning(col(Message.id)).execution_options(synchronize_session=False))
    return done.scalar_one_or_none() is not None
