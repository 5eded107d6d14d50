"""The post that is held after a backup was brought back: what waits, what of it may have gone before, its release."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, func, select

from notifications.outbox import Message, MessageState
from tracker import history
from tracker.clock import uk_moment
from tracker.errors import NotAllowed, Refused
from tracker.facts import Facts
from tracker.groups.models import Partnership
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR, refusal
from tracker.reminders.models import PostHold
from tracker.rows import Question
from workflows.deadlines import counted

_WAITS = col(Message.state) == MessageState.QUEUED.value
_IN_DOUBT = col(Message.state) == MessageState.UNCERTAIN.value


@dataclass(frozen=True, slots=True)
class HeldPost:
    """Since when nothing goes and why; how many emails wait, and how many of them may have gone before that.

    Of those `in_doubt` nobody knew already whether they went when the backup was made.
    """

    since: datetime
    reason: str
    waiting: int
    doubtful: int
    in_doubt: int

    @property
    def sentence(self) -> str:
        """Say what is held and what a release may do."""
        waits = f"{counted(self.waiting, 'emails')} {'waits' if self.waiting == 1 else 'wait'}"
        return (
            f"The post is held since {uk_moment(self.since)}: {self.reason} {waits}. {self.doubtful} of them "
            f"{'was' if self.doubtful == 1 else 'were'} due before that, and may have gone already: what was sent "
            f"after the backup was made is not known.{self._others}"
        )

    @property
    def _others(self) -> str:
        if not self.in_doubt:
            return ""
        stand = f"{counted(self.in_doubt, 'emails')} {'stands' if self.in_doubt == 1 else 'stand'}"
        return f" {stand} in doubt from before, and may go once more."


class ReleasePost(Facts):
    """Whether emails that were due before the hold, and so may have gone already, are dropped instead of sent."""

    drop_waiting: bool = False


def is_held(session: Session) -> bool:
    """Say whether nothing may go."""
    return bool(_HOLDS.rows(session))


def held_post(session: Session) -> HeldPost | None:
    """Give what is held; nothing when the post goes."""
    holds = _HOLDS.rows(session)
    if not holds:
        return None
    since, reason = holds[0]
    waiting = session.exec(select(func.count()).where(_WAITS)).one()
    doubtful = session.exec(select(func.count()).where(_WAITS, Message.due_at <= since)).one()
    in_doubt = session.exec(select(func.count()).where(_IN_DOUBT)).one()
    return HeldPost(since, reason, waiting, doubtful, in_doubt)


_HOLDS = Question(
    select(PostHold.since, PostHold.reason).where(col(PostHold.released_at).is_(None)).order_by(col(PostHold.id).desc())
)


def release_post(
    session: Session, reference: str | None, facts: ReleasePost, *, now: datetime, by: Doer
) -> Partnership:
    """Let the post go again, for the whole installation; what may have gone already goes too, or is dropped.

    A coordinator or administrator of any partnership may: there is one outbox. The history of each partnership says
    who did it. Gives the first partnership in which she may, or the one that is named.
    """
    hers = by.partnerships_as(*ROLES_FOR["release_post"])
    partnerships = session.exec(select(Partnership).order_by(col(Partnership.id)).with_for_update()).all()
    named = [one for one in partnerships if one.id in hers and reference in (None, one.code)]
    if not named:
        raise NotAllowed(refusal(by, "release_post"))
    held = held_post(session)
    if held is None:
        raise Refused("The post is not held: emails go as they are due.", code="already_done")
    dropped, doubts = _drop(session, held) if facts.drop_waiting else (0, 0)
    still = col(PostHold.released_at).is_(None)
    session.exec(update(PostHold).where(still).values(released_at=now, released_by_id=by.id))
    waiting = held.waiting - dropped
    what = f"the post goes again. {held.reason} {waiting} emails waited, {dropped + doubts} were dropped"
    for partnership in partnerships:
        history.note(session, partnership.code, "release_post", at=now, by=by, what=what)
    return named[0]


def _drop(session: Session, held: HeldPost) -> tuple[int, int]:
    """Take as sent what was due before the hold began, and what was in doubt; says how many of each.

    Taken back it would be put again, as the digest of a meeting that is still to come.
    """
    gone = {"state": MessageState.ASSUMED_SENT.value}
    return (
        session.exec(update(Message).where(_WAITS, col(Message.due_at) <= held.since).values(gone)).rowcount,
        session.exec(update(Message).where(_IN_DOUBT).values(gone)).rowcount,
    )
