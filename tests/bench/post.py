"""Measures a morning's sweep and the way of its emails out of the house, each beside a program that does the bare work.

The sweep finds, bundles, enqueues durably and renders each email once. Beside it one question of the driver, the same
templates with the same facts, and one `executemany`.
"""

import sqlite3
import statistics
import subprocess
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from notifications.facts import MOST_SHOWN, Letterhead, Morning
from notifications.lines import ActionLine, Due
from notifications.outbox import Message
from notifications.rendering import html_environment, text_environment
from notifications.sender import AT_ONCE
from tests.bench.drain import measure_drain
from tests.bench.mornings import DAY, NOW, plan_of
from tests.bench.program import resident, seconds
from tests.bench.table import Table
from tracker.commands.garbage import leave_alone
from tracker.database import engine_for, reading, unit_of_work
from tracker.people.links import LinkMaker
from tracker.reminders.letters import compose_for
from tracker.reminders.planning import plan_reminders
from tracker.reminders.reading_ahead import read_ahead

LINKS = LinkMaker("https://tracker.example", "a secret that is long enough for links")
OWNERS = 5000


def measure_post(asked: Namespace, folder: Path) -> None:
    """Measure a sweep over a plan and over one ten times as large, then the drain, and print the tables."""
    print("\nA morning's sweep: find, bundle, enqueue, render; seconds")
    table = Table()
    rounds = [_sweeps(folder, asked.actions, number) for number in range(asked.rounds)]
    ours, bare = (statistics.median(one[place] for one in rounds) for place in (0, 1))
    emails = rounds[0][2]
    print(f"{f'{asked.actions:,} actions, {emails:,} emails':44}{ours:>10.2f}")
    print(f"{'  the bare program':44}{bare:>10.2f}")
    larger = _apart(folder, asked.actions * 10)
    print(f"{f'{asked.actions * 10:,} actions, {larger[3]:,.0f} emails':44}{larger[0]:>10.2f}")
    print(f"{'  the second time that day':44}{larger[1]:>10.3f}")
    table.at_least("sweep beside the bare program", statistics.median(b / o for o, b, _ in rounds), 0.4)
    table.below("ten times as many actions, times as long", larger[0] / ours, 10)
    table.below("their memory", larger[2], 200, " MB")
    table.below("their second run", larger[1], 0.3, " s")
    measure_drain(asked, folder, table)
    table.foot()


def _sweeps(folder: Path, actions: int, number: int) -> tuple[float, float, int]:
    """Measure one sweep and the bare work on a fresh database each; also says how many emails there are."""
    place = folder / f"sweep-{number}"
    place.mkdir()
    with plan_of(place, actions=actions, owners=OWNERS) as engine:
        bare = seconds(lambda: bare_sweep(engine))
        ours = seconds(lambda: sweep(engine))
        with reading(engine) as session:
            return ours, bare, len(session.exec(select(Message.id)).all()) // 2


def sweep(engine: Engine) -> int:
    """Do what a morning does before the sending, and write each email as its sender will."""
    plan_reminders(engine, NOW)
    written = 0
    with unit_of_work(engine, uses_kept=True) as session:
        waiting = session.exec(select(Message).where(col(Message.key).startswith("reminder:")))
        # So many at once as a sender takes.
        for messages in waiting.yield_per(AT_ONCE).partitions():
            read_ahead(session, messages, NOW, LINKS)
            written += sum(compose_for(session, message, NOW, LINKS) is not None for message in messages)
    return written


_FIND = """
SELECT a.owner_id, p.name, p.email, a.reference, a.title, a.due FROM action a JOIN person p ON p.id = a.owner_id
WHERE a.open_by IN (?, ?, ?, ?, ?) ORDER BY a.owner_id, a.due
"""
_PUT = """
INSERT INTO message (kind, person_id, to_name, to_address, about, key, facts, routine, critical, state, planned_at,
due_at, not_before, attempts, fence, repeats, address_refused)
VALUES ('action_reminder', ?, ?, ?, ?, ?, '{}', 1, 0, 'queued', ?, ?, ?, 0, 0, 0, 0)
"""
_LETTERHEAD = Letterhead(partnership="Tower Hamlets")


def bare_sweep(engine: Engine) -> None:
    """Ask the driver one question, write each email from its rows, and put all into the table at once."""
    driver = sqlite3.connect(str(engine.url.database), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        driver.execute(f"PRAGMA {pragma}")
    days = [(DAY + timedelta(days=number)).isoformat() for number in (14, 7, 0, -7, -14)]
    found = driver.execute(_FIND, days).fetchall()
    rows = []
    for (owner, name, email), hers in groupby(found, key=lambda row: row[:3]):
        references = _write(name, list(hers))
        moment = NOW.isoformat()
        rows.append((owner, name, email, references, f"bare:{owner}", moment, moment, moment))
    driver.execute("BEGIN IMMEDIATE")
    driver.executemany(_PUT, rows)
    driver.execute("COMMIT")
    driver.close()


def _write(name: str, hers: Sequence[Any]) -> str:
    link = "https://tracker.example/u/xaH3olv91eb3klBmSW1JfA.QaDwSyI9FrpuXrMvz_Bwe53Rgq6QeU_cAtLD4l-pPO0"
    lines = tuple(
        ActionLine(reference=reference, due=Due.SOON, due_on=due, title=title, link=f"{link}/{reference}")
        for *_, reference, title, due in hers
    )
    facts = Morning(letterhead=_LETTERHEAD, to_name=name, answer_by=DAY, actions=lines, link=link)
    shown = {"facts": facts, "most_shown": MOST_SHOWN, "is_repeat": False}
    for environment, part in (
        (text_environment(), "subject.txt"),
        (text_environment(), "body.txt"),
        (html_environment(), "body.html"),
    ):
        environment.get_template(f"action_reminder/{part}").render(shown)
    return ", ".join(line.reference for line in lines)


def _apart(folder: Path, actions: int) -> tuple[float, float, float, float]:
    """Measure the larger plan in a process of its own: seconds, seconds of the second time, megabytes, emails."""
    place = folder / "larger"
    place.mkdir()
    with plan_of(place, actions=actions, owners=OWNERS) as engine:
        program = [sys.executable, "-m", "tests.bench.post", str(engine.url.database)]
        said = subprocess.run(program, check=True, capture_output=True, text=True).stdout.split()
    first, second, memory, emails = map(float, said)
    return first, second, memory, emails


def main(database: str) -> None:
    """Sweep a database twice, and print what it took."""
    leave_alone()
    engine = engine_for(f"sqlite:///{database}")
    emails: list[int] = []
    first = seconds(lambda: emails.append(sweep(engine)))
    memory = resident()
    second = seconds(lambda: plan_reminders(engine, NOW))
    print(first, second, memory, emails[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
