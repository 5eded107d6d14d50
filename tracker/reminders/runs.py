"""When each job ran last, on whatever machine, and since when it fails: written by whoever runs it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Engine, func, update
from sqlmodel import Session, col, select

from notifications.upserts import insert_into
from tracker.database import unit_of_work
from tracker.reminders.models import JobRun

Outcome = TypeVar("Outcome")
_WORK = {"plan": "Planning reminders and digests", "deliver": "Sending what waits", "tidy": "Tidying up"}


def recorded(engine: Engine, job: str, now: Callable[[], datetime], do_it: Callable[[], Outcome]) -> Outcome:
    """Run a job, and write down when it began, when it ended, and the class of its fault; the fault goes on."""
    with unit_of_work(engine) as session:
        _begin(session, job, now())
    try:
        outcome = do_it()
    except Exception as fault:
        # Its words may quote what somebody typed: they are nobody's business here.
        _end(engine, job, now(), type(fault).__name__)
        raise
    _end(engine, job, now(), None)
    return outcome


def job_runs(session: Session) -> Mapping[str, JobRun]:
    """Give when each job ran last, by its name; those alone that ever did."""
    return {run.job: run for run in session.exec(select(JobRun).order_by(col(JobRun.job)))}


def work_of(job: str) -> str:
    """Say what a job does, as a sentence about it begins."""
    return _WORK.get(job, f"The job {job!r}")


def _begin(session: Session, job: str, now: datetime) -> None:
    connection = session.connection()
    fresh = insert_into(JobRun, connection.dialect.name).values(job=job, began_at=now)
    connection.execute(fresh.on_conflict_do_update(index_elements=["job"], set_={"began_at": now}))


def _end(engine: Engine, job: str, now: datetime, fault: str | None) -> None:
    failing_since = None if fault is None else func.coalesce(col(JobRun.failing_since), now)
    values = {"ended_at": now, "failing_since": failing_since, "fault": fault}
    with unit_of_work(engine) as session:
        session.exec(update(JobRun).where(col(JobRun.job) == job).values(**values))
