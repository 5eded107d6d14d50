"""How the outbox stands: how many messages wait and since when, and of how many nobody sees to by itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlmodel import Session, col

from notifications.outbox import Message, MessageState

ON_THE_WAY = (MessageState.QUEUED, MessageState.SENDING, MessageState.COMMITTING)
_TOLD = (*ON_THE_WAY, MessageState.UNCERTAIN, MessageState.FAILED, MessageState.HELD)


@dataclass(frozen=True, slots=True)
class Line:
    """How many messages that are due wait, the oldest of them, and how many are in doubt, failed and held.

    One that rests after a refusal waits too.
    """

    waiting: int
    oldest_since: datetime | None
    uncertain: int
    failed: int
    held: int


def line(session: Session, now: datetime) -> Line:
    """Count the messages that have not gone, in one question."""
    is_due = col(Message.state).in_(ON_THE_WAY) & (col(Message.due_at) <= now)
    states = (MessageState.UNCERTAIN, MessageState.FAILED, MessageState.HELD)
    counted = [func.count(case((col(Message.state) == state.value, 1))) for state in states]
    question = select(func.count(case((is_due, 1))), func.min(case((is_due, col(Message.due_at)))), *counted)
    return Line(*session.connection().execute(question.where(col(Message.state).in_(_TOLD))).one())
