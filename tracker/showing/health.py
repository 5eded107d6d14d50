"""Whether all is well: the database, the clocks, when each job last ran, and what waits to be sent since when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from notifications.in_line import Line, line
from tracker.clock import machine_now, uk_moment
from tracker.database import explained, reading
from tracker.errors import Refused
from tracker.fitting import must_fit, revision_of
from tracker.reminders.models import JobRun, PostHold
from tracker.reminders.runs import job_runs, work_of

Document = dict[str, Any]

# A tick comes every minute: five without one are no slow machine.
LONGEST_WITHOUT_TICK = timedelta(minutes=5)
# A round of any job is over after less; while others go on, one that does not begin again is stuck.
LONGEST_ROUND = timedelta(minutes=15)
# Whoever is turned away is tried again after 1, 2, 4, 8 and 16 minutes: what is older has been refused again and again.
LONGEST_IN_LINE = timedelta(minutes=30)
# Further apart, machines disagree about what is due, and GOV.UK Notify refuses what they sign.
MOST_APART_SECONDS = 30.0
_LOOK = "Nothing is lost: see that the scheduler runs, and on the page Administration, Emails what the last try met."


@dataclass(frozen=True, slots=True)
class Health:
    """How the service stands, and a sentence for each thing that is not well."""

    database: Document
    apart_seconds: float | None = None
    runs: Mapping[str, JobRun] = field(default_factory=dict)
    line: Line | None = None
    post_held_since: datetime | None = None
    problems: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Say whether nobody has to look after anything."""
        return not self.problems

    def document(self) -> Document:
        """Give it as `tracker status --json` and `/health/ready` print it: no name, no address, no word of a record."""
        post = self.line
        return {
            "well": self.is_well,
            "problems": list(self.problems),
            "database": self.database,
            "clock": {"apart_from_database_seconds": self.apart_seconds},
            "jobs": {name: _run(run) for name, run in self.runs.items()},
            "post": {
                "waiting": post.waiting if post else None,
                "oldest_waiting_since": _iso(post.oldest_since if post else None),
                "uncertain": post.uncertain if post else None,
                "failed": post.failed if post else None,
                "held": post.held if post else None,
                "stopped_since": _iso(self.post_held_since),
            },
        }


def health_of(engine: Engine, now: datetime) -> Health:
    """Ask how the service stands; a database that cannot be asked is an answer too."""
    kind = engine.dialect.name
    try:
        with explained():
            revision = revision_of(engine)
            must_fit(engine)
        with reading(engine) as session:
            return _asked(session, now, {"kind": kind, "reachable": True, "fits": True, "revision": revision})
    except Refused as problem:
        is_reachable = problem.code in ("database_old", "database_newer")
        sentence = str(problem)
    except SQLAlchemyError as fault:
        is_reachable = False
        sentence = f"The database cannot be asked ({type(fault).__name__}). Check TRACKER_DATABASE_URL and the server."
    known = {"kind": kind, "reachable": is_reachable, "fits": False, "revision": revision if is_reachable else None}
    return Health(known, problems=(sentence,))


def _asked(session: Session, now: datetime, database: Document) -> Health:
    runs, post = job_runs(session), line(session, now)
    held_since = session.exec(
        select(PostHold.since).where(col(PostHold.released_at).is_(None)).order_by(col(PostHold.since)).limit(1)
    ).first()
    apart = _apart(session)
    problems = (*_of_clock(apart), *_of_jobs(runs, now), *_of_post(post, held_since, now))
    return Health(database, apart, runs, post, held_since, problems)


def _apart(session: Session) -> float | None:
    """Say by how many seconds this machine's clock is ahead of the database's; nothing where that is the same clock."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    before = machine_now().timestamp()
    theirs = float(session.connection().execute(text("SELECT extract(epoch FROM clock_timestamp())")).scalar_one())
    # However long the answer took: it was given between the two.
    within = min(max(theirs, before), machine_now().timestamp())
    return round(within - theirs, 1)


def _of_clock(apart: float | None) -> Iterator[str]:
    if apart is not None and abs(apart) > MOST_APART_SECONDS:
        yield (
            f"The clocks of this machine and of the database are {abs(apart):,.0f} seconds apart. "
            "Let both follow a time server."
        )


def _of_jobs(runs: Mapping[str, JobRun], now: datetime) -> Iterator[str]:
    """Where no scheduler ever ran, a timer may do the work; where one did, each of its jobs has to go on."""
    newest = max((run.began_at for run in runs.values()), default=now)
    if now - newest > LONGEST_WITHOUT_TICK:
        yield (
            f"Nothing has been planned or sent since {uk_moment(newest)}. "
            "Start `tracker schedule`, or `tracker serve` on the embedded database."
        )
    else:
        for run in runs.values():
            if now - max(run.began_at, run.ended_at or run.began_at) > LONGEST_ROUND:
                yield f"{work_of(run.job)} was last begun on {uk_moment(run.began_at)}. Start its process anew."
    for run in runs.values():
        if run.failing_since is not None:
            yield (
                f"{work_of(run.job)} has failed since {uk_moment(run.failing_since)} ({run.fault}). "
                "It is tried again every minute; the log of its process says where."
            )


def _of_post(post: Line, held_since: datetime | None, now: datetime) -> Iterator[str]:
    if post.oldest_since is None or now - post.oldest_since <= LONGEST_IN_LINE:
        return
    count = "1 email waits" if post.waiting == 1 else f"{post.waiting} emails wait"
    why = f"The post is held since {uk_moment(held_since)}, until somebody releases it." if held_since else _LOOK
    yield f"{count}, the oldest since {uk_moment(post.oldest_since)}. {why}"


def _run(run: JobRun) -> Document:
    return {
        "began_at": _iso(run.began_at),
        "ended_at": _iso(run.ended_at),
        "failing_since": _iso(run.failing_since),
        "fault": run.fault,
    }


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
