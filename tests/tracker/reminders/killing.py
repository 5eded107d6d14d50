"""Processes that are killed (kill -9) at a line of their own choosing while they sweep, claim, send and mark."""

import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import Engine
from sqlmodel import select

import notifications
import tracker
from notifications import leases, sender, writing
from notifications.outbox import Message, MessageState, message_id_of
from tests.aging import age_leases
from tests.forking import CONTEXT
from tests.make import make_action, make_person
from tests.tracker.reminders.ways import Way
from tracker.database import engine_for, reading, unit_of_work
from tracker.groups.queries import partnership_by_code
from tracker.people.links import LinkMaker
from tracker.reminders.jobs import run_due
from workflows.dates import PartialDate

# So often that some die while their lease is being renewed, though none lives for long.
RENEWALS_IN_A_LEASE = 90
OWNERS = tuple(f"o{number}@thscp.example" for number in range(5))
DAY = date(2021, 6, 16)
NOW = datetime(2021, 6, 16, 7, 5, tzinfo=UTC)
LINKS = LinkMaker("https://tracker.example", "a secret of thirty-two characters")
_OURS = tuple(str(Path(str(package.__file__)).parent) for package in (tracker, notifications))


@dataclass
class Tally:
    """What became of so many kills; `wrong` says of each that went wrong where it was."""

    points: int = 0
    killed: int = 0
    doubts: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: list[str] = field(default_factory=list)


def five_actions(engine: Engine) -> None:
    """Let each of five owners have an action that is due on the day."""
    with unit_of_work(engine) as session:
        partnership = partnership_by_code(session, "thscp")
        for email in OWNERS:
            owner = make_person(session, partnership, email, "owner")
            made_on = DAY - timedelta(days=60)
            make_action(session, partnership, owner_id=owner.id, due=PartialDate.of(DAY), made_on=made_on)


def lines_of(url: str, way: Way) -> list[str]:
    """Let a process do what is due, and give every line of ours that it ran, in order."""
    hear, say = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_do_and_say, args=(url, way, say))
    process.start()
    say.close()
    lines: list[str] = hear.recv()
    process.join()
    return lines


def tally_of(engine: Engine, url: str, way: Way, most: int, luck: random.Random | None = None) -> Tally:
    """Kill at so many of the lines, chosen evenly or by luck, and say what became of it."""
    lines, tally = lines_of(url, way), Tally()
    points = points_in(lines, most) if luck is None else [luck.randint(1, len(lines)) for _ in range(most)]
    for number in points:
        kill_at(engine, url, way, number, tally, lines[number - 1])
    return tally


def points_in(lines: Sequence[str], most: int) -> list[int]:
    """Choose so many of the lines that a process runs: each line once where there is room, the rest evenly."""
    first: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        first.setdefault(line, number)
    chosen = sorted(first.values())
    if len(chosen) >= most:
        return [chosen[place * len(chosen) // most] for place in range(most)]
    left = sorted(set(range(1, len(lines) + 1)) - set(chosen))
    room = min(most - len(chosen), len(left))
    return sorted([*chosen, *(left[place * len(left) // room] for place in range(room))])


def kill_at(engine: Engine, url: str, way: Way, number: int, tally: Tally, where: str) -> None:
    """Let a process do what is due and die at a line; let another one come a minute later, and judge."""
    _begin_anew(engine, way)
    process = CONTEXT.Process(target=_do_and_die, args=(url, way, number))
    process.start()
    process.join()
    age_leases(engine)
    for later in (timedelta(minutes=1), *way.comes_again_after):
        run_due(engine, way.transport(), now=NOW + later, links=LINKS, waits_for_the_dead=True)
    tally.points += 1
    tally.killed += process.exitcode == -signal.SIGKILL
    _judge(engine, way.arrived(), tally, where)


def _judge(engine: Engine, arrived: Counter[str], tally: Tally, where: str) -> None:
    with reading(engine) as session:
        found = {message.to_address: message for message in session.exec(select(Message))}
    for owner in OWNERS:
        message = found.get(owner)
        copies = arrived[message_id_of(message)] if message else 0
        in_doubt = message is not None and message.state == MessageState.UNCERTAIN
        tally.doubts += in_doubt
        is_lost = not in_doubt and (copies == 0 or message is None or message.state != MessageState.SENT)
        tally.lost += is_lost
        tally.doubled += copies > 1
        if is_lost or copies > 1:
            tally.wrong.append(f"{where}: {message and message.state}, {copies} arrived")


def _begin_anew(engine: Engine, way: Way) -> None:
    """Let the morning begin anew: nothing planned, nothing told, nothing arrived."""
    with unit_of_work(engine) as session:
        for table in ("message", "rung_told", "job_slot", "job_run", "lease", "link"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    way.empty()


def _do(url: str, way: Way, on_line: Callable[[str], None]) -> None:
    engine = engine_for(url)
    transport = way.transport()
    leases._RENEWALS_IN_A_LEASE = RENEWALS_IN_A_LEASE
    # The same lines each time, however busy the machine is.
    writing.LONGEST_WRITING = sender.LONGEST_IN_HAND = 60.0
    sys.settrace(_tracer(on_line))
    run_due(engine, transport, now=NOW, links=LINKS)
    sys.settrace(None)
    engine.dispose()


def _tracer(on_line: Callable[[str], None]) -> Callable[[FrameType, str, Any], Any]:
    def in_ours(frame: FrameType, event: str, _given: object) -> Any:
        if event == "line":
            on_line(f"{frame.f_code.co_filename}:{frame.f_lineno}")
        return in_ours

    return lambda frame, _event, _given: in_ours if frame.f_code.co_filename.startswith(_OURS) else None


def _do_and_say(url: str, way: Way, say: Connection) -> None:
    lines: list[str] = []
    _do(url, way, lines.append)
    say.send(lines)


def _do_and_die(url: str, way: Way, number: int) -> None:
    left = number

    def count(_line: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    _do(url, way, count)
