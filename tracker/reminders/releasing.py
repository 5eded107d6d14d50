"""What letting an email go that was kept back does at this moment: when it goes, and whether it is a second one."""

from datetime import datetime, time

from sqlmodel import Session, col, or_, select

from notifications.outbox import Message, MessageState
from tracker.clock import london_day, london_moment
from tracker.reminders.bundle import EMAILS, is_bundle, waits_for_a_morning
from tracker.reminders.holding import is_held

_DOES_NOT_GO = (MessageState.SUPERSEDED.value, MessageState.FAILED.value, MessageState.HELD.value)


def goes_when(session: Session, message: Message, now: datetime) -> str:
    """Say in a sentence when an email goes that is let go at this moment."""
    if is_held(session):
        return "The email goes when somebody releases the post."
    if waits_for_a_morning(session, message, now):
        return "The email goes with the reminders of the next working day’s morning."
    return "The email goes within a minute or two."


def is_second_today(session: Session, message: Message, now: datetime) -> bool:
    """Say whether the reader of a routine email has or gets another one today, so that this would be her second."""
    if not is_bundle(message):
        return False
    midnight = london_moment(london_day(now), time())
    others = (Message.person_id == message.person_id, Message.id != message.id, col(Message.kind).in_(EMAILS))
    goes = (col(Message.routine).is_(True), col(Message.state).not_in(_DOES_NOT_GO))
    today = or_(col(Message.due_at) >= midnight, col(Message.sent_at) >= midnight)
    return session.exec(select(Message.id).where(*others, *goes, today).limit(1)).first() is not None
