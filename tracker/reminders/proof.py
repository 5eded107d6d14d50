"""An answer by the link of an email in doubt proves that it arrived."""

from datetime import datetime

from sqlmodel import Session, col, select

from notifications.claims import settle
from notifications.outbox import Message, MessageState
from tracker.people.links import note_visit
from tracker.people.sign_in_models import Link

_WENT = [MessageState.SENT.value, MessageState.ASSUMED_SENT.value]


def note_answered(session: Session, link: Link, now: datetime) -> None:
    """Write down that an answer was given by a link, and settle as sent the email in doubt that alone can have held it.

    All emails to a person hold one link while it lives: once another email with it has gone, it proves nothing.
    """
    note_visit(session, link.id, "answered", now)
    since = select(Message).where(Message.person_id == link.person_id, col(Message.tried_since) >= link.made_at)
    went = session.exec(since.where(col(Message.state).in_(_WENT)).limit(1)).first()
    in_doubt = session.exec(since.where(Message.state == MessageState.UNCERTAIN.value)).all()
    if went is None and len(in_doubt) == 1:
        known = {"sent_at": in_doubt[0].doubtful_since, "last_error": None}
        settle(session, in_doubt[0].id, in_doubt[0].fence, MessageState.SENT, **known)
