"""An upgrade changes the tables while others read them: it waits for them, and they never wait long for it."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, inspect, text

from tests.waiting import until
from tracker import upgrading
from tracker.database import explained
from tracker.errors import Refused
from tracker.fitting import newest_revision, revision_of
from tracker.upgrading import alembic_config, changing, upgrade

WAITS_FOR_MEETING = text(
    "SELECT count(*) FROM pg_locks WHERE relation = 'meeting'::regclass AND mode = 'AccessExclusiveLock' "
    "AND NOT granted"
)


@contextmanager
def _page_that_has_read_meetings(engine: Engine) -> Iterator[Connection]:
    """Read meetings in a transaction; after 0021 actions are changed first, and then meetings."""
    command.downgrade(alembic_config(engine), "0021")
    with engine.connect() as page:
        # A machine that stalls must not let PostgreSQL find the two before the upgrade gives way.
        page.execute(text("SET deadlock_timeout = '60s'"))
        page.execute(text("SELECT count(*) FROM meeting"))
        yield page


def _waits(engine: Engine) -> bool:
    with engine.connect() as connection:
        return connection.execute(WAITS_FOR_MEETING).scalar_one() == 1


def test_upgrade_and_a_page_that_would_wait_for_each_other_both_come_to_their_end(postgresql_engine: Engine) -> None:
    with ThreadPoolExecutor(1) as elsewhere, _page_that_has_read_meetings(postgresql_engine) as page:
        upgraded = elsewhere.submit(upgrade, postgresql_engine)
        until(lambda: _waits(postgresql_engine))

        actions = page.execute(text("SELECT count(*) FROM action")).scalar_one()
        page.close()
        upgraded.result(timeout=60)

    assert (actions, revision_of(postgresql_engine)) == (0, newest_revision())


def test_whoever_brings_a_backup_back_waits_for_those_who_read(postgresql_engine: Engine) -> None:
    with ThreadPoolExecutor(1) as elsewhere, postgresql_engine.connect() as page:
        page.execute(text("SELECT count(*) FROM meeting"))
        changed = elsewhere.submit(_adds_to_meetings, postgresql_engine)
        until(lambda: _waits(postgresql_engine))
        # Twice as long as an upgrade waits.
        time.sleep(1)
        page.close()
        changed.result(timeout=60)

    assert "more" in {column["name"] for column in inspect(postgresql_engine).get_columns("meeting")}


def _adds_to_meetings(engine: Engine) -> None:
    with changing(engine) as connection:
        connection.execute(text("ALTER TABLE meeting ADD COLUMN more INTEGER"))


def test_upgrade_that_never_gets_a_table_says_so_and_leaves_nothing_half_done(
    postgresql_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upgrading, "TRIES", 2)

    with (
        _page_that_has_read_meetings(postgresql_engine),
        pytest.raises(Refused, match=r"busy with another writer\. Nothing was changed: try again"),
        explained(),
    ):
        upgrade(postgresql_engine)

    assert revision_of(postgresql_engine) == "0021"
