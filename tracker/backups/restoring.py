"""Brings a backup back into an empty store: all of it, or nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

import psycopg
from sqlalchemy import Connection, Engine, Select, column, delete, exists, func, inspect, select, table, text
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError
from sqlmodel import Session

from tracker.backups.afterwards import settle
from tracker.backups.manifest import Manifest, Part
from tracker.backups.progress import Progress
from tracker.backups.reading import BackupFile, Damaged, opened
from tracker.backups.stored import revision_of, stored_tables
from tracker.database import explained
from tracker.errors import Refused
from tracker.fitting import must_not_be_newer, newest_revision
from tracker.upgrading import PointsNowhere, bring_to, changing

# The migrations themselves write into these; the history that begins at nothing says that nothing was done yet.
_BY_MIGRATIONS = ("history_head", "theme")
_ROWS_AT_ONCE = 500
_FOREIGN_KEYS = text(
    "SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS rule "
    "FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
)


def restore_backup(engine: Engine, path: Path, *, now: datetime, progress: Progress) -> Manifest:
    """Bring a backup back into a store in which nothing was done yet, and give what was brought back.

    Nobody is signed in afterwards, no link of before works, and the post is held until a person releases it. Raises
    `Refused`; then, or when it is cut short, the store is as empty as before.
    """
    with explained(), opened(path) as backup:
        backup.check(progress)
        must_not_be_newer(engine)
        try:
            with changing(engine) as connection:
                _fill(connection, backup, progress)
                settle(Session(connection, autoflush=False), backup.manifest.made_at, now)
        except (IntegrityError, DataError, PointsNowhere):
            raise Damaged(path, "its rows do not fit the tables") from None
        return backup.manifest


def _fill(connection: Connection, backup: BackupFile, progress: Progress) -> None:
    manifest = backup.manifest
    bring_to(connection, _revision_of_empty(connection), manifest.revision)
    there = [(stored.name, stored.columns) for stored in stored_tables(connection)]
    if [(part.table, part.columns) for part in manifest.parts] != there:
        raise Damaged(backup.path, "its tables are not those of this program")
    for name in _BY_MIGRATIONS:
        connection.execute(delete(table(name)))
    backup.begin_again()
    put_back = _take_foreign_keys_off(connection)
    with progress(manifest.rows) as done:
        for part in manifest.parts:
            _write_rows(connection, backup, part, done)
    put_back()
    bring_to(connection, manifest.revision, newest_revision())
    _count_on(connection)


def _revision_of_empty(connection: Connection) -> str | None:
    """Give the migration at which an empty store stands, if it has tables; raises `Refused` where it is not empty."""
    names = set(inspect(connection).get_table_names())
    if not names:
        return None
    if "alembic_version" not in names:
        raise _not_empty("tables of another program")
    for name in sorted(names - {"alembic_version", *_BY_MIGRATIONS}):
        if connection.execute(select(exists(select(text("1")).select_from(table(name))))).scalar_one():
            raise _not_empty(f"rows in {name}")
    if "history_head" in names and connection.execute(text("SELECT max(seq) FROM history_head")).scalar():
        raise _not_empty("a history")
    return revision_of(connection)


def _not_empty(what: str) -> Refused:
    return Refused(
        f"The database is not empty: it has {what}. A backup is restored into a database of its own: name a new one in "
        "TRACKER_DATABASE_URL.",
        code="not_empty",
    )


def _take_foreign_keys_off(connection: Connection) -> Callable[[], None]:
    """Let rows come in any order; gives what puts the rules back, and with them refuses what points nowhere."""
    if connection.dialect.name == "sqlite":
        # They are off on this connection, and looked at before it commits.
        return lambda: None
    rules = connection.execute(_FOREIGN_KEYS).all()
    for of, name, _ in rules:
        connection.exec_driver_sql(f"ALTER TABLE {of} DROP CONSTRAINT {name}")

    def put_back() -> None:
        for of, name, rule in rules:
            connection.exec_driver_sql(f"ALTER TABLE {of} ADD CONSTRAINT {name} {rule}")

    return put_back


def _write_rows(connection: Connection, backup: BackupFile, part: Part, done: Callable[[int], object]) -> None:
    rows = map(backup.reader(part, connection.dialect.name), backup.lines(part, done))
    quote = connection.dialect.identifier_preparer.quote
    place = f"{quote(part.table)} ({', '.join(quote(name) for name in part.columns)})"
    if connection.dialect.name == "postgresql":
        _copy(connection, place, rows)
        return
    statement = f"INSERT INTO {place} VALUES ({', '.join('?' * len(part.columns))})"
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        connection.exec_driver_sql(statement, some)


def _copy(connection: Connection, place: str, rows: Iterator[tuple[object, ...]]) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection), "PostgreSQL is reached through psycopg"
    try:
        with driver.cursor() as cursor, cursor.copy(f"COPY {place} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    except (psycopg.IntegrityError, psycopg.DataError) as fault:
        raise IntegrityError("COPY", None, fault) from fault
    except psycopg.Error as fault:
        raise DatabaseError("COPY", None, fault) from fault


def _count_on(connection: Connection) -> None:
    """Let the numbers of new rows go on after the highest that there is; SQLite does by itself."""
    if connection.dialect.name == "sqlite":
        return
    for stored in stored_tables(connection):
        if list(stored.key) != ["id"]:
            continue
        sequence = connection.execute(select(func.pg_get_serial_sequence(stored.name, "id"))).scalar_one()
        question: Select[int | None] = select(func.max(column("id"))).select_from(table(stored.name))
        highest: int | None = connection.execute(question).scalar_one()
        if sequence is not None and highest is not None:
            connection.execute(select(func.setval(sequence, highest)))
