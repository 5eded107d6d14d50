"""Whether emails go out, asked in one question: for the page that a coordinator opens first."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlmodel import Session, col

from notifications.in_line import ON_THE_WAY
from notifications.outbox import Message
from tracker.database import UtcDateTime
from tracker.reminders.models import JobRun, PostHold
from tracker.rows import Question
from tracker.showing.health import LONGEST_IN_LINE, LONGEST_WITHOUT_TICK


@dataclass(frozen=True, slots=True)
class PostTrouble:
    """Emails do not go out: since when, and whether somebody holds them on purpose."""

    since: datetime
    is_held: bool


_WAITS_TOO_LONG = (
    select(func.min(col(Message.due_at)))
    .where(col(Message.state).in_(ON_THE_WAY), col(Message.due_at) < bindparam("old", type_=UtcDateTime))
    .scalar_subquery()
)
_TICKED = select(func.max(col(JobRun.began_at))).scalar_subquery()
_FAILS = select(func.min(col(JobRun.failing_since))).scalar_subquery()
_HELD = select(func.min(col(PostHold.since))).where(col(PostHold.released_at).is_(None)).scalar_subquery()
_STANDING = Question(select(_WAITS_TOO_LONG, _TICKED, _FAILS, _HELD))


def post_trouble(session: Session, now: datetime) -> PostTrouble | None:
    """Say since when emails do not go out; nothing where they do, as far as anybody knows."""
    [(waits, ticked, fails, held)] = _STANDING.rows(session, old=now - LONGEST_IN_LINE)
    if held is not None:
        return PostTrouble(held, is_held=True)
    stopped = ticked if ticked is not None and now - ticked > LONGEST_WITHOUT_TICK else None
    failing = fails if fails is not None and now - fails > LONGEST_WITHOUT_TICK else None
    troubles = [since for since in (waits, stopped, failing) if since is not None]
    return PostTrouble(min(troubles), is_held=False) if troubles else None
