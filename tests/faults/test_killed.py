"""Processes killed at random moments (kill -9): what was done stays done, nothing is half done, no email goes twice."""

import json
import random
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text

from notifications.folder import FolderTransport
from tests.faults.dying import deeds_until_killed, do_number, post_until_killed, upgrade_until_killed
from tests.faults.emptying import empty
from tests.faults.size import scaled
from tests.make import make_action, make_person, make_world
from tests.repository.test_migrations import cut_short
from tests.tracker.everything import contents, counts
from tracker.clock import moment_from
from tracker.database import engine_for, unit_of_work
from tracker.fitting import newest_revision, revision_of
from tracker.groups.queries import partnership_by_code
from tracker.reminders.jobs import run_due
from tracker.tables import METADATA
from workflows.dates import PartialDate

KILLS = scaled(200)
OWNERS = 12
SECONDS = 1800


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    return engine


@pytest.fixture
def in_peace(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """Give a second database with the same people, in which nobody is killed."""
    shutil.copyfile(sqlite_template, tmp_path / "peace.db")
    engine = engine_for(f"sqlite:///{tmp_path / 'peace.db'}")
    make_world(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def luck() -> random.Random:
    """Give the moments of death; the seed is printed with a failure, but no machine is as quick twice."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    return random.Random(seed)


def _wrong_with(engine: Engine) -> list[Any]:
    """Give what the database finds wrong with its own file, and numbers that the history skips or doubles."""
    with engine.connect() as connection:
        wrong: list[Any] = []
        if engine.dialect.name == "sqlite":
            wrong += connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            wrong += [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check") if row[0] != "ok"]
        first, last, lines, head = connection.execute(_SEQUENCE).one()
        return wrong if (first, last, head) == (1, lines, lines) else [*wrong, (first, last, lines, head)]


_SEQUENCE = text(
    "SELECT coalesce(min(seq), 1), coalesce(max(seq), 0), count(*), (SELECT seq FROM history_head) FROM history_line"
)


def _told(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT seq, deed, about, body FROM history_line ORDER BY seq")).all()
    return [(seq, deed, about, json.loads(bytes(body))) for seq, deed, about, body in rows]


@pytest.mark.timeout(SECONDS)
def test_process_killed_while_it_does_deeds_leaves_each_deed_whole_or_not_at_all(
    world: Engine, database_url: str, in_peace: Engine, luck: random.Random
) -> None:
    number = 0
    for kill in range(KILLS):
        number = deeds_until_killed(database_url, number, luck)

        with world.connect() as connection:
            done = connection.exec_driver_sql("SELECT count(*) FROM intent").scalar_one()
        # What the process had said was done is done; of the one in doubt nobody can know.
        assert done in (number, number + 1), f"kill {kill}"
        assert _wrong_with(world) == [], f"kill {kill}"

    do_number(world, number)
    for peaceful in range(number + 1):
        do_number(in_peace, peaceful)
    print(f"{world.dialect.name}: {KILLS} kills in {number + 1} deeds")
    assert counts(world) == counts(in_peace)
    assert _told(world) == _told(in_peace)
    if world.dialect.name == "sqlite":
        assert contents(world) == contents(in_peace)


@pytest.mark.timeout(SECONDS)
def test_process_killed_while_it_sends_leaves_each_email_once_in_the_folder(
    world: Engine, database_url: str, tmp_path: Path, luck: random.Random
) -> None:
    folder = tmp_path / "mail"
    owners = _owners(world)
    # No Wednesday of the two years to come is a bank holiday, on which nothing would be sent.
    kills, sent_before, day = 0, 0, date(2021, 1, 6)
    while kills < KILLS:
        _actions_due(world, owners, day)
        now = moment_from(f"{day}T08:00")
        for _ in range(3):
            post_until_killed(database_url, folder, now, luck)
            kills += 1
            now += timedelta(minutes=1)
        run_due(world, FolderTransport(folder), now=now, waits_for_the_dead=True)

        messages = [message_from_bytes(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]
        with world.connect() as connection:
            states = dict(connection.exec_driver_sql("SELECT state, count(*) FROM message GROUP BY state").all())
        assert states == {"sent": len(messages)}, f"kill {kills}"
        # One email for each owner and morning, whatever happened on the way.
        morning = Counter(message["To"] for message in messages[sent_before:])
        assert {address: morning[address] for address in owners} == dict.fromkeys(owners, 1), f"kill {kills}"
        assert set(Counter(message["Message-ID"] for message in messages).values()) == {1}
        sent_before, day = len(messages), day + timedelta(days=7)
    print(f"{world.dialect.name}: {kills} kills in {sent_before} emails")


def _owners(engine: Engine) -> dict[str, int]:
    with unit_of_work(engine) as session:
        partnership = partnership_by_code(session, "thscp")
        people = [make_person(session, partnership, f"o{number}@thscp.example", "owner") for number in range(OWNERS)]
    return {str(person.email): person.id for person in people}


def _actions_due(engine: Engine, owners: dict[str, int], day: date) -> None:
    """Let every owner have something that is due on a day, and nothing that was due before."""
    with unit_of_work(engine) as session:
        session.connection().exec_driver_sql("UPDATE action SET status = 'complete'")
        partnership = partnership_by_code(session, "thscp")
        for owner in owners.values():
            made_on = day - timedelta(days=60)
            make_action(session, partnership, owner_id=owner, due=PartialDate.of(day), made_on=made_on)


@pytest.mark.timeout(SECONDS)
def test_upgrade_killed_leaves_no_table_or_all(empty_engine: Engine, luck: random.Random) -> None:
    address = empty_engine.url.render_as_string(hide_password=False)
    left, kills = set(), 0
    while kills < KILLS // 4 or not left:
        kills += 1
        upgrade_until_killed(address, luck)
        tables = set(inspect(empty_engine).get_table_names())
        left.add(len(tables))
        if tables:
            assert revision_of(empty_engine) == newest_revision()
            empty(empty_engine)

    assert left <= {0, len(METADATA.tables) + 1}


@pytest.mark.timeout(SECONDS)
def test_upgrade_cut_short_at_every_statement_leaves_no_table(empty_engine: Engine) -> None:
    statements, left = 1, Counter[int]()
    while cut_short(empty_engine, statements):
        left[len(inspect(empty_engine).get_table_names())] += 1
        statements += max(1, 200 // KILLS)

    assert dict(left) == {0: left.total()}
    assert revision_of(empty_engine) == newest_revision()
