"""Processes of the service as they run on several machines: at the same moment, or killed on their way."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from notifications.folder import FolderTransport
from notifications.transports import Commit, OutgoingMail, Receipt
from tests.aging import age_leases
from tests.forking import CONTEXT
from tests.passing_on import PassingOn
from tracker.clock import moment_from
from tracker.database import engine_for
from tracker.reminders import bundle, planning
from tracker.reminders.jobs import run_due
from tracker.reminders.planning import plan_reminders

_LONGEST_SECONDS = 120
KILLED = -signal.SIGKILL


def run_together(url: str, folder: Path, now: str, processes: int) -> list[dict[str, int]]:
    """Run what is due in several processes from the same moment, and give the counts of each."""
    with CONTEXT.Manager() as manager:
        together = manager.Barrier(processes)
        with CONTEXT.Pool(processes, initializer=_meet, initargs=(together,)) as pool:
            running = pool.starmap_async(_run, [(url, folder, now)] * processes, chunksize=1)
            return running.get(_LONGEST_SECONDS)


def _meet(together: Any) -> None:
    together.wait(_LONGEST_SECONDS)


def _run(url: str, folder: Path, now: str) -> dict[str, int]:
    engine = engine_for(url)
    try:
        return run_due(engine, FolderTransport(folder), now=moment_from(now))
    finally:
        engine.dispose()


def killed_after_planning(url: str, now: str, emails: int) -> int:
    """Let a process plan so many emails of a morning and be killed before anything is sent; give how it ended."""
    return _ended(_plan_and_die, (url, now, emails))


def killed_after_sending(url: str, folder: Path, now: str) -> int:
    """Let a process send one email and be killed before it is marked as sent; give how it ended."""
    status = _ended(_send_and_die, (url, folder, now))
    engine = engine_for(url)
    age_leases(engine)
    engine.dispose()
    return status


def _ended(target: Any, arguments: Sequence[Any]) -> int:
    process = CONTEXT.Process(target=target, args=tuple(arguments))
    process.start()
    process.join(_LONGEST_SECONDS)
    assert process.exitcode is not None
    return process.exitcode


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _plan_and_die(url: str, now: str, emails: int) -> None:
    calls: list[object] = []

    def put(*arguments: Any) -> int:
        if calls:
            _die()
        calls.append(arguments)
        return bundle.put_bundles(*arguments)

    planning.AT_ONCE = emails
    planning.put_bundles = put  # the real one, and a death before the next
    plan_reminders(engine_for(url), moment_from(now))
    _die()


class _LastLetter(PassingOn):
    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        self.real.send(outgoing, commit)
        _die()
        raise AssertionError


def _send_and_die(url: str, folder: Path, now: str) -> None:
    run_due(engine_for(url), _LastLetter(FolderTransport(folder)), now=moment_from(now))
