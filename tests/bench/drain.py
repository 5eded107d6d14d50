"""Measures how quickly waiting emails leave the house by SMTP, on PostgreSQL, beside one kept `smtplib` connection."""

import smtplib
import statistics
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, insert, update
from sqlmodel import col, select

from notifications.delivery import deliver_waiting
from notifications.outbox import Message
from notifications.ways_out import PostSettings, transport_for
from tests.bench.databases import databases
from tests.bench.mornings import DAY, MADE_ON, NOW
from tests.bench.table import Table
from tracker.actions.models import Action
from tracker.database import engine_for, reading, unit_of_work
from tracker.groups.models import Partnership
from tracker.people.links import LinkMaker
from tracker.people.models import Person, RoleHolding
from tracker.reminders.letters import compose_for
from tracker.reminders.planning import plan_reminders
from tracker.reminders.reading_ahead import read_ahead
from workflows.dates import PartialDate

SENDER = "tracker@bench.example"
LINKS = LinkMaker("https://tracker.example", "a secret that is long enough for links")
SLOW = 0.005


@dataclass
class Sinking:
    """A sink that runs: its port, and after the block how many emails it took and how many different ones."""

    port: int
    taken: int = 0
    different: int = 0

    @property
    def way(self) -> str:
        """Give the setting by which emails go there."""
        return f"smtp://127.0.0.1:{self.port}?starttls=off"


def measure_drain(asked: Namespace, folder: Path, table: Table) -> None:
    """Send every email of a morning with no worker but `smtplib`, with one and with two, and add the goals."""
    print(f"\nDraining {asked.emails:,} emails on PostgreSQL; a second")
    with databases("postgresql", folder) as fresh:
        engine = fresh()
        _fill(engine, asked.emails)
        url = engine.url.render_as_string(hide_password=False)
        rounds = [(_bare(asked.emails), _drained(engine, url, 1, 0.0)) for _ in range(asked.rounds)]
        slow = [(_drained(engine, url, 1, SLOW), _drained(engine, url, 2, SLOW)) for _ in range(asked.rounds)]
        engine.dispose()
    _line("smtplib in a straight loop", [bare for bare, _ in rounds])
    _line("one worker", [one.per_second for _, one in rounds])
    _line("one worker, the sink answers after 5 ms", [one.per_second for one, _ in slow])
    _line("two workers, the sink answers after 5 ms", [two.per_second for _, two in slow])
    every = [*(one for _, one in rounds), *(run for pair in slow for run in pair)]
    table.at_least("one worker beside smtplib", statistics.median(one.per_second / bare for bare, one in rounds), 0.2)
    table.at_least(
        "two workers beside one", statistics.median(two.per_second / one.per_second for one, two in slow), 1.5
    )
    table.below("emails that came twice or not at all", sum(run.wrong for run in every), 1)


@dataclass(frozen=True, slots=True)
class _Drained:
    per_second: float
    wrong: int


def _line(name: str, figures: Sequence[float]) -> None:
    print(f"{name:44}{statistics.median(figures):>10.0f}")


def _fill(engine: Engine, emails: int) -> None:
    """Give every one of so many owners an action that is due this morning, and plan the morning."""
    due = PartialDate.of(DAY)
    with unit_of_work(engine) as session:
        partnership = session.exec(select(Partnership.id)).one()
        connection = session.connection()
        people = [{"name": f"Owner {number}", "email": f"owner{number}@bench.example"} for number in range(emails)]
        connection.execute(insert(Person), people)
        owners = session.exec(select(Person.id).where(col(Person.email).startswith("owner"))).all()
        role = {"partnership_id": partnership, "role": "owner", "from_on": date(2020, 1, 1)}
        connection.execute(insert(RoleHolding), [role | {"person_id": owner} for owner in owners])
        dull = {"partnership_id": partnership, "text": "Tell the school", "title": "Tell the school", "due": due}
        dull |= {"status": "in_progress", "made_on": MADE_ON}
        actions = [dull | {"owner_id": owner, "reference": f"A{number}"} for number, owner in enumerate(owners, 1)]
        connection.execute(insert(Action), actions)
    plan_reminders(engine, NOW)


@contextmanager
def _sink(delay: float) -> Iterator[Sinking]:
    program = [sys.executable, "-m", "tests.bench.sink", str(delay)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdin is not None, "it was asked for"
        assert running.stdout is not None, "it was asked for"
        sinking = Sinking(int(running.stdout.readline()))
        yield sinking
        running.stdin.close()
        sinking.taken, sinking.different = map(int, running.stdout.readline().split())


def _bare(emails: int) -> float:
    """Send as many emails as long as ours without a database; gives how many a second."""
    content = ("Subject: A reminder\r\n\r\n" + "x" * 76 + "\r\n") + ("x" * 76 + "\r\n") * 150
    with _sink(0.0) as sinking, smtplib.SMTP("127.0.0.1", sinking.port) as client:
        began = time.perf_counter()
        for number in range(emails):
            client.sendmail(SENDER, "owner@bench.example", f"Message-ID: <{number}@bare>\r\n{content}")
        return emails / (time.perf_counter() - began)


def _drained(engine: Engine, url: str, workers: int, delay: float) -> _Drained:
    """Let workers send everything; gives how many a second, and how many came twice or not at all."""
    again = {"state": "queued", "sent_at": None, "claimed_by": None, "provider_id": None}
    with unit_of_work(engine) as session:
        session.exec(update(Message).values(again))
    with reading(engine) as session:
        emails = len(session.exec(select(Message.id)).all())
    with _sink(delay) as sinking:
        program = [sys.executable, "-m", "tests.bench.drain", url, sinking.way]
        running = [subprocess.Popen(program, stdout=subprocess.PIPE, text=True) for _ in range(workers)]
        said = [list(map(float, one.communicate()[0].split())) for one in running]
    took = max(ended for _, ended in said) - min(began for began, _ in said)
    return _Drained(emails / took, abs(emails - sinking.different) + sinking.taken - sinking.different)


def main(url: str, way: str) -> None:
    """Send what waits, and print when it began and when it ended."""
    engine = engine_for(url)
    transport = transport_for(way, PostSettings(sender=SENDER))
    began = time.time()
    deliver_waiting(
        partial(unit_of_work, engine, uses_kept=True),
        transport,
        lambda session, message: compose_for(session, message, NOW, LINKS),
        lambda: NOW,
        read_ahead=lambda session, messages: read_ahead(session, messages, NOW, LINKS),
    )
    print(began, time.time())


if __name__ == "__main__":
    main(*sys.argv[1:])
