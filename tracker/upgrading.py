"""Creates the tables or brings them up to date."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from tracker.fitting import MIGRATIONS, must_not_be_newer, revisions

# An upgrade waits so long for a table that others read, and as long as nobody else can read it either: shorter than
# PostgreSQL takes to find that two wait for each other, and then ends one of them, who may be somebody with a page.
PATIENCE = "500ms"
# Then it gives way and begins again; so many times, until somebody has to look who holds a table.
TRIES, PAUSE_SECONDS = 60, 0.5
_GAVE_WAY = ("55P03", "40P01")


class PointsNowhere(RuntimeError):
    """A row points at one that there is not."""


def alembic_config(engine: Engine | None = None, connection: Connection | None = None) -> Config:
    """Give Alembic's settings: where the migrations lie, and on which engine or connection to run them."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Create the tables or bring them up to date; safe to repeat. Raises `Refused` when the database is newer.

    While others work on PostgreSQL it gives way to them, and begins again, until it has every table that it changes.
    """
    must_not_be_newer(engine)
    for left in reversed(range(TRIES)):
        try:
            command.upgrade(alembic_config(engine), "head")
            return
        except OperationalError as fault:
            if not left or getattr(fault.orig, "sqlstate", None) not in _GAVE_WAY:
                raise
        time.sleep(PAUSE_SECONDS)


def bring_to(connection: Connection, before: str | None, revision: str) -> None:
    """Change the tables to what they are after a migration, forwards or back, in a transaction that has begun."""
    known = ("", *revisions())
    move = command.downgrade if known.index(before or "") > known.index(revision) else command.upgrade
    move(alembic_config(connection=connection), revision)


@contextmanager
def changing(engine: Engine, patience: str = "60s") -> Iterator[Connection]:
    """Open a connection on which tables may be changed, all in one transaction, one program after the other.

    `patience`: for so long PostgreSQL waits for a table that others use.

    On SQLite foreign keys are off meanwhile: recreating a table would otherwise delete the rows that point at it.
    Raises `PointsNowhere` where one is missing in the end, and the driver's fault where others hold a table.
    """
    on_sqlite = engine.dialect.name == "sqlite"
    with engine.connect().execution_options(writing=True) as connection:
        if on_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                if not on_sqlite:
                    _take_turns(connection, patience)
                yield connection
                if on_sqlite and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                    raise PointsNowhere("a row points at one that there is not")
        finally:
            # Whoever comes next shall have a connection that minds its foreign keys.
            connection.invalidate()


def _take_turns(connection: Connection, patience: str) -> None:
    """Let two upgrades at once go one after the other, as SQLite's BEGIN IMMEDIATE does by itself.

    A change of a large table may take longer than any statement of a deed.
    """
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = '60s'"))
    # Any number will do that nobody else locks.
    connection.execute(text("SELECT pg_advisory_xact_lock(20260701)"))
    connection.execute(text(f"SET LOCAL lock_timeout = '{patience}'"))
