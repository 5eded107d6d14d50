"""What happens without anybody asking, and when: every minute what is due by then, in this process."""

import logging
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event, Thread

from apscheduler.schedulers.background import BackgroundScheduler

from tracker.errors import Refused
from tracker.reminders.jobs import PostRoom
from tracker.reminders.planning import IsEnded
from tracker.reminders.runs import recorded, work_of

MINUTE = timedelta(minutes=1)
# A round of delivery ends after so long and the next begins at once: then it is written down that it is at work.
ROUND_SECONDS = 30.0
log = logging.getLogger("tracker.scheduler")

# What is done at a tick; it is told how to ask whether it has to end.
Job = Callable[[IsEnded], object]


@contextmanager
def ticking(jobs: Mapping[str, Job], every: timedelta = MINUTE) -> Iterator[None]:
    """Do each job now and again and again until the block ends; a round that fails is logged, and the next one comes.

    A tick only asks the database what is due, so one that was missed or comes twice loses and doubles nothing. At the
    end of the block jobs are told to end, and what is in hand is waited for.
    """
    ended = Event()
    # In UTC: an interval is as long in every hour, and London's changes of the clock could skip or repeat a tick.
    # The hour at which something goes is a question to the database, in London's time.
    scheduler = BackgroundScheduler(timezone=UTC)
    for name, job in jobs.items():
        scheduler.add_job(
            _once,
            "interval",
            (name, job, ended.is_set),
            id=name,
            seconds=every.total_seconds(),
            next_run_time=datetime.now(UTC),
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
        )
    scheduler.start()
    watch = Thread(target=_minding_the_clock, args=(scheduler, every, ended), name="clock", daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()
        scheduler.shutdown()


def _minding_the_clock(scheduler: BackgroundScheduler, every: timedelta, ended: Event) -> None:
    """Where the machine's clock was set back, do now what would wait for as long as it was set back.

    The scheduler goes by that clock; the watch over it does not.
    """
    while not ended.wait(every.total_seconds()):
        for job in scheduler.get_jobs():
            # The clock is read last: a round that begins meanwhile is no clock that was set back.
            if job.next_run_time > datetime.now(UTC) + every:
                log.warning("The clock was set back: %s is done now.", job.id)
                scheduler.modify_job(job.id, next_run_time=datetime.now(UTC))


def jobs_of(room: PostRoom, round_seconds: float = ROUND_SECONDS) -> Mapping[str, Job]:
    """Give the jobs of a post room, each of which writes down when it ran: to plan, to deliver, to tidy up.

    Each runs beside the others: a long delivery holds up no morning.
    """

    def written_down(name: str, do_it: Callable[[], object]) -> None:
        recorded(room.engine, name, room.now, do_it)

    def one_round(is_ended: IsEnded) -> bool:
        over = time.monotonic() + round_seconds

        def is_over() -> bool:
            return is_ended() or time.monotonic() >= over

        written_down("deliver", partial(room.deliver, is_over))
        return time.monotonic() >= over

    def deliver(is_ended: IsEnded) -> None:
        while not is_ended() and one_round(is_ended):
            pass

    return {
        "plan": lambda is_ended: written_down("plan", partial(room.plan_alone, is_ended)),
        "deliver": deliver,
        "tidy": lambda _: written_down("tidy", room.tidy),
    }


def _once(name: str, job: Job, is_ended: IsEnded) -> None:
    try:
        job(is_ended)
    except Exception as fault:
        log.error("%s could not be done: %s It is tried again at the next tick.", work_of(name), _without_words(fault))


def _without_words(fault: Exception) -> str:
    """Say what went wrong and where, without its own words: they may quote what somebody typed."""
    if isinstance(fault, Refused) and fault.code == "database_unavailable":
        return str(fault)
    where = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {where.name}, line {where.lineno}."
