"""A plan of which a tenth is due for a reminder, and five thousand owners: what a sweep has to find and to write."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from tests.bench.databases import fill
from tests.bench.in_bulk import Shelf
from tracker.actions.models import Action
from tracker.clock import moment_from
from tracker.database import engine_for, reading
from tracker.groups.models import Partnership
from tracker.people.models import Person, RoleHolding
from tracker.reminders.models import RungTold
from tracker.upgrading import upgrade

# A Wednesday on which nothing is shut, and whose rungs fall on no weekend.
DAY = date(2022, 6, 15)
NOW = moment_from("2022-06-15T08:00")
MADE_ON = date(2022, 1, 4)
# Days from the morning to a due date of which a reminder goes on it.
_IN_WINDOW = (14, 7, 0, -7, -14)
_TITLES = ("Share what schools know", "Supervision of new workers", "Names of men in the household", "Missed visits")


@contextmanager
def plan_of(folder: Path, *, actions: int, owners: int) -> Iterator[Engine]:
    """Give a database with so many actions, half of them open, a tenth of all due for a reminder this morning."""
    engine = engine_for(f"sqlite:///{folder / f'{actions}-to-remind.db'}")
    upgrade(engine)
    fill(engine)
    raw = engine.raw_connection()
    driver = raw.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("BEGIN IMMEDIATE")
    driver.execute("PRAGMA defer_foreign_keys=ON")
    _write(driver, engine, actions, owners)
    driver.commit()
    raw.close()
    # The last connection that closes puts the write-ahead log into the file.
    engine.dispose()
    yield engine
    engine.dispose()


def _write(driver: sqlite3.Connection, engine: Engine, actions: int, owners: int) -> None:
    with reading(engine) as session:
        partnership = session.exec(select(Partnership.id)).one()
    people, roles = Shelf(driver, Person), Shelf(driver, RoleHolding)
    plan, told = Shelf(driver, Action), Shelf(driver, RungTold)
    hers = [people.add(name=f"Owner {number}", email=f"owner{number}@bench.example") for number in range(owners)]
    for owner in hers:
        roles.add(person_id=owner, partnership_id=partnership, role="owner", from_on=date(2020, 1, 1))
    luck = random.Random(1)
    for number in range(actions):
        is_open, in_window = number % 2 == 0, number % 10 == 0
        days = luck.choice(_IN_WINDOW) if in_window else luck.randint(30, 300)
        # Those due one after another belong to different people, so that a morning is spread over all of them.
        owner = hers[number // 10 % owners]
        action = plan.add(
            reference=f"A{number + 1}",
            partnership_id=partnership,
            title=luck.choice(_TITLES),
            text="Write down who tells whom, and by when, as soon as a child is not brought to an appointment.",
            status="in_progress" if is_open else "complete",
            owner_id=owner,
            due=(DAY + timedelta(days=days)).isoformat(),
            made_on=MADE_ON,
        )
        if is_open:
            told.add(
                about=f"new:{action}",
                person_id=owner,
                version=MADE_ON.isoformat(),
                name="new",
                day=MADE_ON,
                told_at=NOW - timedelta(days=150),
            )
    for shelf in (people, roles, plan, told):
        shelf.clear()
