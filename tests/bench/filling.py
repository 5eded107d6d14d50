"""A partnership with as many cases and actions as a service may ever hold: made in a minute, always the same."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from tests.bench.in_bulk import Shelf, newest
from tests.bench.many_actions import Cast, ManyActions
from tests.bench.many_cases import copy_case
from tests.make import act
from tests.tracker.walking import CARE, make_walk, person
from tracker.clock import moment_from
from tracker.database import engine_for, reading
from tracker.groups.models import Partnership, Theme
from tracker.people.models import Agency, Person, RoleHolding
from tracker.people.queries import person_by_email
from tracker.upgrading import upgrade

# A year after the cases that the deeds made: the open ones are late, the closed ones went their whole way.
NOW = moment_from("2022-09-01T10:00")
COORDINATOR, ONE_OWNER = person("coordinator"), "one.owner@bench.example"
AGENCY, OPEN_CASE = CARE, "AT-REVIEW"
OWNERS, AGENCIES, THEMES = 200, 12, 12
OWN_ACTIONS = 3
_PORTION = 10_000


@contextmanager
def filled(folder: Path, *, actions: int, cases: int) -> Iterator[Engine]:
    """Give a database with so many actions and cases; one that an earlier run left in the folder is used again."""
    path = folder / f"{actions}-actions-{cases}-cases.db"
    if not path.exists():
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        _fill(unfinished, actions, cases)
        unfinished.rename(path)
    engine = engine_for(f"sqlite:///{path}")
    upgrade(engine)
    print(f"\r    {actions:,} actions and {cases:,} cases: {path.stat().st_size / 2**20:,.0f} MB" + " " * 20)
    yield engine
    engine.dispose()


def _fill(path: Path, actions: int, cases: int) -> None:
    """Make a database file, and tell how far it is."""
    engine = engine_for(f"sqlite:///{path}")
    upgrade(engine)
    make_walk(engine)
    _go_on(engine)
    raw = engine.raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("PRAGMA cache_size=-400000")
    driver.execute("BEGIN IMMEDIATE")
    # Rows are written many at a time: what points at others may come before them.
    driver.execute("PRAGMA defer_foreign_keys=ON")
    _write_cases(driver, cases)
    writer = ManyActions(driver, _cast(driver, engine), NOW)
    writer.write(OWN_ACTIONS, owner=newest(driver, "person"))
    for written in range(OWN_ACTIONS, actions, _PORTION):
        writer.write(min(_PORTION, actions - written))
        print(f"\r    writing: {min(written + _PORTION, actions):,} of {actions:,} actions", end="", flush=True)
    writer.clear()
    _count_on(driver)
    driver.commit()
    raw.close()
    # The last connection that closes puts the write-ahead log into the file.
    engine.dispose()


def _go_on(engine: Engine) -> None:
    """Close two cases, each in its way, and let groups meet and ask, through the real deeds."""
    act(engine, "close_case", "AT-NO-REVIEW", now="2021-06-03T12:00", reason="Nothing is left to do")
    act(engine, "record_reflection", "AT-PUBLISHED", now="2021-12-03T12:00", on="2021-12-02")
    act(engine, "close_case", "AT-PUBLISHED", now="2022-06-03T12:00", reason="Nothing is left to do")
    act(engine, "schedule_meeting", now=NOW, group="exec", on="2022-09-15")
    for number in range(10):
        title, ask = f"Room for the panel {number + 1}", "May the panel have a room on Tuesdays?"
        act(engine, "raise_escalation", now="2022-08-20T12:00", group="qap", title=title, ask=ask)


def _write_cases(driver: sqlite3.Connection, cases: int) -> None:
    """Write closed cases beside the open ones, half of them with a review."""
    [known] = driver.execute("SELECT count(*) FROM case_record").fetchone()
    names = [f"TH-{1950 + number // 100}-{number % 100 + 1:03}" for number in range(max(cases - known, 0))]
    copy_case(driver, "AT-PUBLISHED", names[::2])
    copy_case(driver, "AT-NO-REVIEW", names[1::2])


def _cast(driver: sqlite3.Connection, engine: Engine) -> Cast:
    """Write agencies and owners, and give whatever the actions point at; the last person is the one owner."""
    with reading(engine) as session:
        partnership = session.exec(select(Partnership.id)).one()
        checker = person_by_email(session, COORDINATOR).id
        themes = session.exec(select(Theme.id).limit(THEMES)).all()
        known = dict(session.exec(select(Agency.name, Agency.id)).all())
    agencies, people, roles = (Shelf(driver, model) for model in (Agency, Person, RoleHolding))
    added = [
        agencies.add(partnership_id=partnership, name=f"Service {number} of the borough")
        for number in range(len(known) + 1, AGENCIES + 1)
    ]
    ids = [known.pop(AGENCY), *known.values(), *added]
    addresses = [*(f"owner{number}@bench.example" for number in range(1, OWNERS + 1)), ONE_OWNER]
    owners = [
        people.add(name=f"Owner {number}", email=address, agency_id=ids[number % len(ids)])
        for number, address in enumerate(addresses, 1)
    ]
    for owner in owners:
        roles.add(person_id=owner, partnership_id=partnership, role="owner", from_on=date(2000, 1, 1))
    for shelf in (agencies, people, roles):
        shelf.clear()
    cases = [number for (number,) in driver.execute("SELECT id FROM case_record")]
    return Cast(partnership, ids, owners[:-1], checker, cases, themes)


def _count_on(driver: sqlite3.Connection) -> None:
    """Let the next reference and the next line of the history follow what was written."""
    newest = "SELECT max(CAST(substr(reference, 2) AS INTEGER)) FROM action"
    driver.execute(f"UPDATE counter SET value = ({newest}) WHERE name = 'action'")
    driver.execute("UPDATE history_head SET seq = (SELECT max(seq) FROM history_line)")
