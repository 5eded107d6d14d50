"""Processes of the service that are killed at random moments (kill -9), with nothing to warn them."""

import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from notifications.folder import FolderTransport
from notifications.transports import Commit, OutgoingMail, Receipt
from tests.forking import CONTEXT
from tests.make import NOON
from tests.passing_on import PassingOn
from tracker.backups.progress import Progress
from tracker.backups.restoring import restore_backup
from tracker.backups.writing import write_backup
from tracker.database import engine_for
from tracker.doing import do
from tracker.reminders.jobs import run_due
from tracker.tables import METADATA
from tracker.upgrading import upgrade

# Seconds: whoever is killed is known to be dead after so long.
LEASE = 1.0
TABLES = len(METADATA.tables)

COORDINATOR = "coordinator@thscp.example"

# What is done to each case in turn; every deed leaves rows in several tables.
DEEDS: tuple[tuple[str, str, Mapping[str, Any]], ...] = (
    ("open-case", COORDINATOR, {"partnership": "thscp", "known_on": "2021-06-01", "notified_on": "2021-06-01"}),
    ("convene-panel", COORDINATOR, {"on": "2021-06-01"}),
    ("add-action", COORDINATOR, {"text": "Train the team", "owner": "owner@thscp.example", "due_on": "2021-09-01"}),
    (
        "record-recommendation",
        "rrp@thscp.example",
        {"on": "2021-06-01", "outcome": "review", "immediate_learning": "none"},
    ),
    (
        "record-decision",
        "exec@thscp.example",
        {"on": "2021-06-01", "outcome": "review", "methods": ["multi_agency_audit", "partner_led_workshop"]},
    ),
    ("raise-escalation", COORDINATOR, {"group": "qap", "title": "Beds", "ask": "Fund two beds"}),
)


def do_number(engine: Engine, number: int) -> None:
    """Do one deed of an endless row, from number 0; asked for again it is the same deed, not a second one."""
    case, place = divmod(number, len(DEEDS))
    name, email, facts = DEEDS[place]
    reference = f"K-{case}"
    if name == "open-case":
        facts = {**facts, "reference": reference}
    if name == "add-action":
        facts = {**facts, "sources": [reference]}
    if name == "raise-escalation":
        facts = {**facts, "about": [reference]}
    about = reference if name not in ("open-case", "add-action", "raise-escalation") else None
    do(engine, name, about, email=email, facts=facts, now=NOON, intent=f"deed-{number}")


def deeds_until_killed(url: str, first: int, luck: random.Random) -> int:
    """Let a process do deeds from a number on and kill it at a random moment; gives the number of the deed in doubt.

    All before it are done; whether it is, the process had no time to say.
    """
    heard = _killed(luck, 8, _do_deeds, url, first)
    return heard[-1] + 1 if heard else first


def post_until_killed(url: str, folder: Path, now: datetime, luck: random.Random) -> None:
    """Let a process do what is due, send the post, and kill it at a random moment."""
    _killed(luck, 10, _send_post, url, folder, now)


def upgrade_until_killed(url: str, luck: random.Random) -> None:
    """Let a process make the tables, and kill it at a random moment."""
    _killed(luck, 200, _upgrade, url)


def backup_until_killed(url: str, path: Path, luck: random.Random) -> None:
    """Let a process write a backup, and kill it at a random moment."""
    _killed(luck, 2 * TABLES, _back_up, url, path)


def restore_until_killed(url: str, path: Path, luck: random.Random) -> None:
    """Let a process bring a backup back, and kill it at a random moment."""
    _killed(luck, 3 * TABLES, _restore, url, path)


def _killed(luck: random.Random, most: int, target: Callable[..., None], *arguments: Any) -> list[int]:
    """Kill a process in the middle of one of its first works, and give the numbers of those that it said were done.

    The moment is counted in its own works, so that a slow machine kills it as far on its way as a quick one.
    """
    hear, say = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=target, args=(*arguments, say))
    process.start()
    say.close()
    heard: list[int] = []
    began = hear.recv()
    try:
        for _ in range(luck.randrange(most)):
            heard.append(hear.recv())
        each = (time.monotonic() - began) / (len(heard) + 1)
        time.sleep(luck.uniform(0, 1.2 * each) if heard else luck.uniform(0, 0.1))
        process.kill()
        while True:
            heard.append(hear.recv())
    except EOFError:
        process.join()
        return heard


def _do_deeds(url: str, first: int, say: Connection) -> None:
    engine = engine_for(url)
    say.send(time.monotonic())
    for number in count(first):
        do_number(engine, number)
        say.send(number)


def _send_post(url: str, folder: Path, now: datetime, say: Connection) -> None:
    engine = engine_for(url)
    say.send(time.monotonic())
    run_due(engine, _Heard(FolderTransport(folder), say), now=now, lease_seconds=LEASE)


@dataclass(frozen=True, slots=True)
class _Heard(PassingOn):
    """A folder for the post that says each email it has written; the outbox has not marked it then."""

    say: Connection
    written: Iterator[int] = field(default_factory=partial(count, 1))

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        receipt = self.real.send(outgoing, commit)
        self.say.send(next(self.written))
        return receipt


def _upgrade(url: str, say: Connection) -> None:
    engine = engine_for(url)
    statements = count(1)
    event.listen(engine, "before_cursor_execute", lambda *_: say.send(next(statements)))
    say.send(time.monotonic())
    upgrade(engine)


def _back_up(url: str, path: Path, say: Connection) -> None:
    engine = engine_for(url)
    say.send(time.monotonic())
    write_backup(engine, path, now=NOON, progress=_said(say))
    say.send(0)


def _restore(url: str, path: Path, say: Connection) -> None:
    engine = engine_for(url)
    statements = count(1)
    event.listen(engine, "before_cursor_execute", lambda *_: next(statements) % 4 or say.send(0))
    say.send(time.monotonic())
    restore_backup(engine, path, now=NOON, progress=_said(say))
    say.send(0)


def _said(say: Connection) -> Progress:
    """Give a progress of which each part is said: those of a table, or of many rows."""

    @contextmanager
    def said(_rows: int) -> Iterator[Callable[[int], object]]:
        yield say.send

    return said
