"""What may have gone between a backup and its restore, planned anew so that it can be counted, and dropped."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from tracker.clock import london_day, london_moment
from tracker.database import reading
from tracker.reminders.planning import ask_for_new_owners, plan_digests, plan_reminders
from tracker.reminders.slots import hours

_ONE_DAY = timedelta(days=1)


def plan_what_may_have_gone(engine: Engine, now: datetime) -> None:
    """Put into the outbox what was due by now as far as the records that came back know.

    Before the hour and at the weekend that is what was due on the last morning: it went then, or nobody knows.
    """
    with reading(engine) as session:
        mornings = sorted(set(_last_mornings(session, now)))
    for morning in mornings:
        plan_reminders(engine, morning, while_held=True)
        ask_for_new_owners(engine, morning)
    plan_digests(engine, now)


def _last_mornings(session: Session, now: datetime) -> Iterator[datetime]:
    """Give for each partnership the last moment at which its morning's emails were due."""
    today = london_day(now)
    for _, at, working_days in hours(session, now):
        days = [working_days.on_or_before(day) for day in (today, today - _ONE_DAY)]
        yield max(moment for day in days if (moment := london_moment(day, at)) <= now)
