"""Processes that deliver the post and are stopped (SIGSTOP) past their lease, at any moment, and woken again."""

import os
import random
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from multiprocessing.synchronize import Event
from threading import Lock, Thread

from sqlalchemy import insert
from sqlmodel import Session

from notifications import outbox
from notifications.delivery import deliver_waiting
from notifications.outbox import Message
from notifications.rendering import Mail, compose
from notifications.smtp import SmtpTransport
from notifications.smtp_place import MailPlace, Security
from notifications.transports import Commit, OutgoingMail, Receipt
from tests.notifications.letters import a_morning, an_action
from tracker.database import engine_for, unit_of_work
from tracker.errors import Refused

LEASE = 1.0
# At most so many are stopped at a moment: somebody goes on with the work.
STOPPED_AT_ONCE = 4
DUE = datetime(2021, 6, 16, 7, 0, tzinfo=UTC)


def put_many(session: Session, number: int) -> None:
    """Put so many messages in, each to somebody else."""
    dull = {"kind": "action_reminder", "to_name": "Joy Okafor", "about": "A1", "facts": "{}", "routine": True}
    moments = {"planned_at": DUE, "due_at": DUE, "not_before": DUE}
    counts = {"state": "queued", "attempts": 0, "fence": 0, "repeats": 0, "critical": False, "address_refused": False}
    rows = [
        {
            **dull,
            **moments,
            **counts,
            "person_id": one,
            "to_address": f"p{one}@agency.example",
            "key": f"reminder:{one}",
        }
        for one in range(1, number + 1)
    ]
    session.connection().execute(insert(outbox.TABLE), rows)


@dataclass(frozen=True, slots=True)
class _Slow:
    """A mail server that takes its time around the last step, where a pause does most harm."""

    real: SmtpTransport
    tells_after = None

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        def slowly() -> None:
            time.sleep(random.uniform(0, 0.01))
            commit()
            time.sleep(random.uniform(0, 0.02))

        return self.real.send(outgoing, slowly)

    def find(self, message_id: str) -> Receipt | None:
        return self.real.find(message_id)

    def close(self) -> None:
        self.real.close()


def _written(_session: Session, message: Message) -> Mail:
    return compose(message.kind, a_morning(answer_by=date(2021, 6, 30), actions=(an_action(f"A{message.person_id}"),)))


def deliver_until_told(url: str, port: int, is_over: Event) -> None:
    """Deliver in rounds, as a post process does, until it is said that all is over."""
    open_session = partial(unit_of_work, engine_for(url))
    transport = _Slow(SmtpTransport(MailPlace("localhost", port, Security.OFF), "reviews@thscp.example"))
    while not is_over.is_set():
        # What the database refuses now, such as a lock that a stopped one holds, is tried in the next round.
        with suppress(Refused):
            deliver_waiting(open_session, transport, _written, _now, lease_seconds=LEASE)
        time.sleep(0.1)


def _now() -> datetime:
    return datetime.now(UTC)


class Pauses:
    """Stops one process after the other past its lease and wakes it, until it was done so often or is told to end."""

    def __init__(self, pids: Sequence[int], times: int, chance: random.Random) -> None:
        self._left, self._lock, self._chance = times, Lock(), chance
        self.done = 0
        groups = [pids[place::STOPPED_AT_ONCE] for place in range(min(STOPPED_AT_ONCE, len(pids) - 1))]
        self._threads = [Thread(target=self._pause_some, args=(group,)) for group in groups]

    def begin(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop nobody any more; whoever is stopped is woken first."""
        with self._lock:
            self._left = 0
        for thread in self._threads:
            thread.join()

    def _pause_some(self, pids: Sequence[int]) -> None:
        while self._is_another():
            pid = self._chance.choice(pids)
            os.kill(pid, signal.SIGSTOP)
            time.sleep(LEASE + self._chance.uniform(0.1, 0.6))
            os.kill(pid, signal.SIGCONT)
            time.sleep(self._chance.uniform(0, 0.2))

    def _is_another(self) -> bool:
        with self._lock:
            if self._left == 0:
                return False
            self._left -= 1
            self.done += 1
            return True
