"""What happens without anybody asking, and when: every minute what is due by then, in this process."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

MINUTE = timedelta(minutes=1)
log = logging.getLogger("tracker.scheduler")


@contextmanager
def ticking(do_what_is_due: Callable[[], object], every: timedelta = MINUTE) -> Iterator[None]:
    """Do what is due again and again until the block ends; a round that fails is logged, and the next one comes.

    A tick only asks the database what is due, so one that was missed or comes twice loses and doubles nothing.
    """
    # In UTC: a zone that changes its clocks would skip or repeat ticks.
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        _once, "interval", (do_what_is_due,), seconds=every.total_seconds(), coalesce=True, misfire_grace_time=None
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown()


def _once(do_what_is_due: Callable[[], object]) -> None:
    try:
        do_what_is_due()
    except Exception:
        log.exception("What is due could not be done; it is tried again at the next tick.")
