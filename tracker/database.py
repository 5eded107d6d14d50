"""Where the records lie: the engine, units of work, and how a row is written once for its key."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import CheckConstraint, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DatabaseError
from sqlalchemy.types import String, TypeDecorator
from sqlmodel import Session, SQLModel

from notifications.moments import UtcDateTime
from notifications.upserts import insert_into
from tracker.errors import Refused
from tracker.statements import on_driver
from workflows.dates import PartialDate

__all__ = [
    "PartialDateText",
    "UtcDateTime",
    "engine_for",
    "explained",
    "if_it_can_be",
    "one_of",
    "reading",
    "unit_of_work",
    "write_all_once",
    "write_once",
]

LOG = logging.getLogger(__name__)
BUSY_SECONDS = 5
# So many threads answer at once, each with a connection for reading and one for writing at most.
THREADS = 12
_POOL: Mapping[str, Any] = {
    "hide_parameters": True,
    "pool_use_lifo": True,
    "pool_size": THREADS,
    "max_overflow": 2 * THREADS,
}

# A line to a server that went away without a word is given up: seconds to open it, of silence until the server is
# asked whether it is there and between the three times that it is, and milliseconds until it took what was sent.
_LINE: Mapping[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


class PartialDateText(TypeDecorator[PartialDate]):
    """Stores a date of day, month or year precision (K5) as ISO text: `2020-12-17`, `2020-12`, `2020`."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: PartialDate | str | None, dialect: Dialect) -> str | None:
        """Write the date as ISO text; text is read first, so that nonsense never reaches a table."""
        if isinstance(value, str):
            return str(PartialDate.parse(value))
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> PartialDate | None:
        """Read the date back."""
        return None if value is None else PartialDate.parse(value)


def one_of(column: str, codes: Sequence[str]) -> CheckConstraint:
    """Give the constraint that a column holds one of the codes (or nothing, where it may be empty)."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def engine_for(url: str) -> Engine:
    """Open the database: SQLite with the settings that lose nothing, or PostgreSQL with bounds on waiting."""
    if url.startswith("sqlite"):
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, **_POOL)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if not url.startswith("postgresql+psycopg://"):
        raise Refused("TRACKER_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.", code="bad_setting")
    options = "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s"
    # What the address says of it itself is what its owner wants.
    line = {name: value for name, value in _LINE.items() if name not in make_url(url).query}
    return create_engine(url, connect_args={"options": options, **line}, **_POOL)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set up a connection: our own BEGIN, write-ahead log, foreign keys, and a commit that survives a power cut."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
        # Kilobytes, for each connection: the index of a whole plan fits into them, and into half of them it does not.
        "cache_size=-4000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Begin at once for writing where that was asked: a later upgrade of a read would fail, however long it waits."""
    writing = connection.get_execution_options().get("writing", False)
    on_driver(connection, "BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def unit_of_work(engine: Engine, *, uses_kept: bool = False, of_one_statement: bool = False) -> Iterator[Session]:
    """Open a session for writing; everything in it is committed at the end, or nothing is.

    `uses_kept`: it writes nothing on which anything depends that is kept in memory, so that it may use that.
    `of_one_statement`: it makes a single statement, which a server commits by itself, without being asked twice more.
    """
    asked = _of_one_statement(engine) if of_one_statement else engine
    with explained(), asked.connect().execution_options(writing=True) as connection:
        # The connection's own transaction, which the session joins: what leaves here early is rolled back with it.
        connection.begin()
        session = Session(connection, autoflush=False, expire_on_commit=False, info={"uses_kept": uses_kept})
        try:
            yield session
            session.flush()
            _commit(connection)
        finally:
            if session.in_transaction():
                session.close()


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except BaseException:
        # Given back as it is, the connection might carry the failed transaction into the next unit of work.
        connection.invalidate()
        raise


@contextmanager
def if_it_can_be(what: str) -> Iterator[None]:
    """Write a note of something beside it; where the database takes nothing now, it stands without the note.

    It is a page that is read, or a deed that is done: whoever reads or did it must not hear that it was not.
    """
    try:
        yield
    except Refused as refused:
        if refused.code != "database_unavailable":
            raise
        LOG.warning("%s could not be noted: %s", what, str(refused).partition(".")[0])


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads, and sees one state of the records from its first question to its last.

    Until its first question it keeps no connection from others.
    """
    with explained(), Session(_snapshots_of(engine), autoflush=False, info={"uses_kept": True}) as session:
        yield session


@lru_cache(maxsize=8)
def _of_one_statement(engine: Engine) -> Engine:
    return engine if engine.dialect.name == "sqlite" else engine.execution_options(isolation_level="AUTOCOMMIT")


@lru_cache(maxsize=8)
def _snapshots_of(engine: Engine) -> Engine:
    """Give the engine for reading; PostgreSQL would show to each question what others have committed meanwhile."""
    is_one_state = engine.dialect.name == "sqlite"
    return engine if is_one_state else engine.execution_options(isolation_level="REPEATABLE READ")


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the database file itself refuses into a sentence; everything else stays a fault."""
    try:
        yield
    except DatabaseError as fault:
        sentence = _SENTENCES.get(_kind_of(str(fault.orig)))
        if sentence is None:
            raise
        raise Refused(sentence, code="database_unavailable") from fault


_SENTENCES = {
    "locked": "The database is busy with another writer. Nothing was changed: try again in a moment.",
    "readonly": "The database file cannot be written. Nothing was changed: give this account the right to write it.",
    "standby": "The database can only be read now. Nothing was changed: try again when it can be written.",
    "open": "The database file cannot be opened. Check TRACKER_DATABASE_URL and the rights of its folder.",
    "full": "The disk is full. Nothing was changed: make room and try again.",
    "other": "The file that TRACKER_DATABASE_URL names is no database, or a damaged one. Restore a backup.",
    "tables": "The database has no tables yet, or old ones. Run `tracker upgrade` first.",
    "server": "The database server cannot be reached. Nothing was changed: check TRACKER_DATABASE_URL and the server.",
    "lost": "The database server went away meanwhile. Look whether it was done, then try again.",
}


def _kind_of(message: str) -> str:
    known = {
        "database is locked": "locked",
        "lock timeout": "locked",
        "deadlock detected": "locked",
        "idle-in-transaction timeout": "locked",
        "statement timeout": "locked",
        "readonly database": "readonly",
        "unable to open database": "open",
        "read-only transaction": "standby",
        "database or disk is full": "full",
        "no space left on device": "full",
        "file is not a database": "other",
        "disk image is malformed": "other",
        "no such table": "tables",
        "no such column": "tables",
        "connection failed": "server",
        "connection is bad": "server",
        "connection refused": "server",
        "connection timeout": "server",
        "failed to resolve host": "server",
        "connection is lost": "lost",
        "server closed the connection": "lost",
        "connection timed out": "lost",
        "terminating connection": "lost",
    }
    return next((kind for words, kind in known.items() if words in message.lower()), "")


def write_once(session: Session, model: type[SQLModel], values: Mapping[str, object]) -> int | None:
    """Write a row unless there is one with its key, and give its id; nothing where there was one already.

    Whoever writes the same key at the same moment is waited for.
    """
    connection = session.connection()
    statement = insert_into(model, connection.dialect.name).values(values).on_conflict_do_nothing()
    written: int | None = connection.execute(statement.returning(statement.table.c.id)).scalar()
    return written


def write_all_once(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, object]]) -> None:
    """Write each row unless there is one with its key."""
    if rows:
        connection = session.connection()
        connection.execute(insert_into(model, connection.dialect.name).on_conflict_do_nothing(), list(rows))


def to_json(value: object) -> str:
    """Write a value as the JSON that is stored: sorted, without spaces, with its letters as they are."""
    return _JSON.encode(value)


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
