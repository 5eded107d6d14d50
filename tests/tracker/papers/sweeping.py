"""What tests of the digest share: the sweep that puts what is due, and a delivery that only marks."""

from sqlalchemy import Engine
from sqlmodel import Session

from notifications import outbox
from notifications.outbox import Message, MessageState
from tracker import history
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.papers.digest import digest_due
from tracker.papers.digest_post import put_digest


def sweep(engine: Engine, now: str) -> list[str]:
    """Put every digest that is due at a moment, and give the references of its meetings."""
    moment = moment_from(now)
    with unit_of_work(engine) as session:
        put = [meeting.reference for meeting in digest_due(session, moment) if put_digest(session, meeting, moment)]
        history.write_noted(session)
    return put


def mark_sent(engine: Engine, now: str) -> None:
    """Mark everything that waits as sent."""
    with unit_of_work(engine) as session:
        for message in outbox.messages(session, state=MessageState.QUEUED.value):
            message.state = MessageState.SENT.value
            message.sent_at = moment_from(now)
            session.add(message)


def letters(session: Session, address: str = "exec@thscp.example") -> list[Message]:
    """Give the digests put for somebody, oldest first."""
    return [row for row in outbox.messages(session, kind="escalation_digest") if row.to_address == address]


def addresses(engine: Engine) -> list[str]:
    """Give to whom digests were put."""
    with reading(engine) as session:
        return sorted(message.to_address for message in outbox.messages(session, kind="escalation_digest"))
