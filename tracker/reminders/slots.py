"""Slots: the morning of a partnership, whose reminders are put once, whatever runs how often on how many machines."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlmodel import Session, select

from tracker.clock import london_day, london_moment
from tracker.database import write_all_once
from tracker.groups.queries import every_partnership, partnership_settings, working_days_of
from tracker.groups.settings import as_time
from tracker.reminders.models import JobSlot
from workflows.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Slot:
    """A day's work of one kind, named as the ledger keeps it: the job, and the day by London's calendar."""

    job: str
    day: date

    @property
    def name(self) -> str:
        """Name the slot within its job."""
        return self.day.isoformat()


def morning_come(now: datetime, at: time, is_working_day: Callable[[date], bool]) -> date | None:
    """Give the day whose morning has come at a moment, if it has one: from its hour on, on working days only.

    The day is London's, so its hour comes once, also on a day that shows an hour twice or leaves one out.
    """
    today = london_day(now)
    return today if is_working_day(today) and london_moment(today, at) <= now else None


def mornings_come(session: Session, now: datetime) -> dict[int, date]:
    """Give the partnerships, by id, whose morning has come at a moment, each with its day."""
    days = {number: morning_come(now, at, days.is_working_day) for number, at, days in hours(session, now)}
    return {number: day for number, day in days.items() if day is not None}


def hours(session: Session, now: datetime) -> Iterator[tuple[int, time, WorkingDays]]:
    """Give the partnerships, by id, with the hour from which their morning's emails go, and their calendar."""
    for partnership in every_partnership(session):
        at = as_time(partnership_settings(session, partnership, now)["reminders.at"])
        yield partnership.id, at, working_days_of(session, partnership.id)


def mornings_due(session: Session, now: datetime) -> list[Slot]:
    """Give the mornings of partnerships that have come and whose reminders are not put yet: asked at every tick."""
    come = [Slot(_job_of(number), day) for number, day in mornings_come(session, now).items()]
    done = _done_today(session, now) if come else set()
    return [slot for slot in come if slot.job not in done]


def mornings_are_put(session: Session, now: datetime) -> bool:
    """Say whether today is a working day somewhere and every morning of it is put: what was left may go then."""
    mornings = {_job_of(number) for number, _ in _mornings_of(session, now)}
    return bool(mornings) and mornings <= _done_today(session, now)


def mornings_in(session: Session, now: datetime) -> timedelta:
    """Give how long it is at least until every morning of today is put; on a day off until the day is over."""
    hours = [at for _, at in _mornings_of(session, now)]
    return max(hours, default=london_moment(london_day(now) + timedelta(days=1), time())) - now


def _mornings_of(session: Session, now: datetime) -> Iterator[tuple[int, datetime]]:
    """Give the partnerships, by id, for which today is a working day, and from when their emails go."""
    today = london_day(now)
    return (
        (number, london_moment(today, at)) for number, at, days in hours(session, now) if days.is_working_day(today)
    )


def _job_of(partnership_id: int) -> str:
    return f"reminders:{partnership_id}"


def _done_today(session: Session, now: datetime) -> set[str]:
    return set(session.exec(select(JobSlot.job).where(JobSlot.slot == london_day(now).isoformat())))


def mark_done(session: Session, slots: Iterable[Slot], now: datetime) -> None:
    """Write down that slots are done; one that somebody else marked meanwhile stays as it is."""
    write_all_once(session, JobSlot, [{"job": slot.job, "slot": slot.name, "done_at": now} for slot in slots])
