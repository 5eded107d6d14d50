"""What a person does with emails in the outbox: keeps one back, lets it go, settles doubts, sees to what failed."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from notifications import by_hand, doubts
from notifications.outbox import Message, MessageState
from tracker import history
from tracker.errors import Refused
from tracker.groups.models import Partnership
from tracker.people.administering import must_look_after
from tracker.people.doer import Doer
from tracker.people.joining import ABOUT

LATE = "This email has moved on since you looked at it. Look again, then decide."


class Settling(StrEnum):
    """How an email that is in doubt, or that could not go, is settled."""

    LEAVE = "leave"
    SEND_AGAIN = "send_again"


def hold_email(session: Session, partnership: Partnership, message: Message, *, now: datetime, by: Doer) -> None:
    """Keep an email back until somebody lets it go; raises `NotAllowed`, or `Refused` when it waits no longer."""
    role = must_look_after(by, partnership.id)
    if not by_hand.hold(session, message.id):
        raise Refused(LATE, code="already_done")
    _note(session, partnership, [message], "email_hold", "Kept back the email", role, now, by)


def release_email(session: Session, partnership: Partnership, message: Message, *, now: datetime, by: Doer) -> None:
    """Let an email go that was kept back; raises `NotAllowed`, or `Refused` when it is not kept back any more."""
    role = must_look_after(by, partnership.id)
    if not by_hand.release(session, message.id, now):
        raise Refused(LATE, code="already_done")
    _note(session, partnership, [message], "email_release", "Let go the email", role, now, by)


def settle_emails(
    session: Session, partnership: Partnership, messages: Sequence[Message], how: Settling, *, now: datetime, by: Doer
) -> int:
    """Settle emails that are in doubt or could not go, all at once; says how many still were.

    Those that went, and of which the mail service never said what became of them, are only left as they are.
    """
    role = must_look_after(by, partnership.id)
    again = how is Settling.SEND_AGAIN
    doubtful = [one for one in messages if one.state == MessageState.UNCERTAIN]
    failed = [one for one in messages if one.state == MessageState.FAILED]
    silent = [one for one in messages if one.state == MessageState.SENT]
    settled = doubts.settle_all(session, doubtful, send_again=again, now=now)
    settled += by_hand.see_to(session, failed, send_again=again, now=now)
    settled += 0 if again else by_hand.note_seen(session, silent, now=now)
    what = "Sent again the email" if again else "Settled the email"
    _note(session, partnership, messages, "email_settle", what, role, now, by)
    return settled


def _note(
    session: Session,
    partnership: Partnership,
    messages: Sequence[Message],
    deed: str,
    what: str,
    role: str | None,
    now: datetime,
    by: Doer,
) -> None:
    """Write it into the history of what each email is about; one about no record into the partnership's own."""
    for message in messages:
        words = f"{what} “{message.kind.replace('_', ' ')}” to {message.to_name}."
        about = message.about if message.about != ABOUT else ""
        for place in dict.fromkeys(about.split(", ")) if about else (partnership.code,):
            history.note(session, place, deed, at=now, by=by, role=role, what=words)
    session.flush()
    history.write_noted(session)
