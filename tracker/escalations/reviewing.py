"""Looking again at an escalation that stays open: what was seen, and when it is looked at next."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Date, and_, bindparam
from sqlmodel import Session, col, or_, select

from tracker import history
from tracker.among import among, listed
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.escalations.models import Escalation
from tracker.escalations.queries import may_see_escalation
from tracker.escalations.speaking import may_move, speaks_as
from tracker.facts import Day, Facts, Words
from tracker.groups.models import Group
from tracker.people.doer import Doer
from tracker.rows import RowsOf
from workflows.dates import PartialDate, uk_date
from workflows.escalation import EscalationStatus

# What has waited so long stays open for years: it needs a day on which somebody looks at it again.
LONG = timedelta(days=365)


class ReviewEscalation(Facts):
    """When an escalation was looked at, what was seen, and when it is looked at next."""

    on: PartialDate
    next_review_on: Day | None = None
    text: Words | None = None


def review_escalation(
    session: Session, escalation: Escalation, facts: ReviewEscalation, *, now: datetime, by: Doer
) -> None:
    """Record that an escalation which waits was looked at, and when it is looked at next; it goes on waiting."""
    role = _speaks_for(session, escalation, by)
    if role is None:
        raise NotAllowed(
            f"{by.name} may not look again at {escalation.reference}: that is for the group that asked, the body that "
            "is asked, and the coordinator."
        )
    if escalation.status != EscalationStatus.WAITING:
        words = EscalationStatus(escalation.status).words.lower()
        raise Refused(f"Cannot look again at {escalation.reference}: it is {words}.", code="wrong_status")
    if facts.on.first > london_day(now):
        raise Refused("The date of the review must be today or earlier.", code="bad_date")
    if facts.on.last < escalation.raised_on:
        raise Refused(
            f"The date of the review must be on or after the day it was raised, {uk_date(escalation.raised_on)}.",
            code="out_of_order",
        )
    if facts.next_review_on is not None and facts.next_review_on <= london_day(now):
        raise Refused("The date of the next review must be after today.", code="out_of_order")
    old, escalation.review_on = escalation.review_on, facts.next_review_on
    session.add(escalation)
    seen = f": {facts.text}" if facts.text else ""
    later = f"; next on {uk_date(facts.next_review_on)}" if facts.next_review_on else ""
    history.note(
        session,
        escalation.reference,
        "review_escalation",
        at=now,
        by=by,
        role=role,
        what=f"Looked at on {uk_date(facts.on)}{seen}{later}",
        old=old and str(old),
        new=facts.next_review_on and str(facts.next_review_on),
    )


def may_review(session: Session, escalation: Escalation, by: Doer) -> bool:
    """Say whether somebody may look again at an escalation that waits."""
    return _speaks_for(session, escalation, by) is not None


def _speaks_for(session: Session, escalation: Escalation, by: Doer) -> str | None:
    level = session.get_one(Group, escalation.level_id)
    speaks = speaks_as(session.get_one(Group, escalation.group_id), by)
    return speaks or (level.name if may_move(session, level, by) else None)


def to_look_at(session: Session, partnership_ids: Sequence[int], reader: Doer | None, today: date) -> list[Escalation]:
    """Give the escalations to look at again by a day, and those that wait for a year without a day to, oldest first.

    They are for reading only.
    """
    return _to_look_at(reader).all(session, partnerships=listed(partnership_ids), today=today, long_ago=today - LONG)


# Putting it together takes longer than asking it: the same reader asks with it again and again.
@lru_cache(maxsize=200)
def _to_look_at(reader: Doer | None) -> RowsOf[Escalation]:
    today: ColumnElement[date] = bindparam("today", type_=Date)
    long_ago: ColumnElement[date] = bindparam("long_ago", type_=Date)
    has_come = or_(
        col(Escalation.review_on) <= today,
        and_(col(Escalation.review_on).is_(None), col(Escalation.raised_on) <= long_ago),
    )
    question = select(Escalation).where(
        Escalation.status == EscalationStatus.WAITING.value,
        among(col(Escalation.partnership_id), "partnerships"),
        has_come,
        may_see_escalation(reader),
    )
    return RowsOf(Escalation, question.order_by(col(Escalation.raised_on), col(Escalation.id)))
