"""What is otherwise after a backup was brought back: nobody is signed in, no link of before works, the post is held."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from notifications import doubts
from tracker.clock import uk_moment
from tracker.people.sign_in_models import Link, PersonalToken, SignIn, Ticket
from tracker.reminders.models import PostHold
from tracker.rows import write


def settle(session: Session, made_at: datetime, now: datetime) -> None:
    """End every way in that may have been ended since the backup, and hold the post until a person releases it."""
    for model in (SignIn, Link, PersonalToken):
        session.exec(update(model).where(col(model.ended_at).is_(None)).values(ended_at=now))
    session.exec(update(Ticket).where(col(Ticket.used_at).is_(None)).values(used_at=now))
    doubts.find_left_behind(session, now)
    write(session, PostHold(since=now, reason=f"The backup of {uk_moment(made_at)} was restored."))
