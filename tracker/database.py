"""Where the records lie: the engine, units of work, and the two ways to write a row."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import CheckConstraint, Connection, Engine, create_engine, event, insert
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import OperationalError
from sqlalchemy.types import String, TypeDecorator
from sqlmodel import Session, SQLModel

from notifications.moments import UtcDateTime
from tracker.errors import Refused
from workflows.dates import PartialDate

__all__ = ["PartialDateText", "UtcDateTime", "engine_for", "one_of", "reading", "unit_of_work", "write"]

# Set before the first table, so that every constraint has a name that a later migration can use on both databases.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

BUSY_SECONDS = 5

Row = TypeVar("Row", bound=SQLModel)


class PartialDateText(TypeDecorator[PartialDate]):
    """Stores a date of day, month or year precision (K5) as ISO text: `2020-12-17`, `2020-12`, `2020`."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: PartialDate | str | None, dialect: Dialect) -> str | None:
        """Write the date as ISO text; text is read first, so that nonsense never reaches a table."""
        return None if value is None else str(PartialDate.parse(str(value)))

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
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if not url.startswith("postgresql+psycopg://"):
        raise Refused(
            "TRACKER_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.", code="bad_setting"
        )
    options = "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=30s"
    return create_engine(url, hide_parameters=True, connect_args={"options": options})


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Set up a connection: our own BEGIN, write-ahead log, foreign keys, and a commit that survives a power cut."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_SECONDS * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Begin at once for writing where that was asked: a later upgrade of a read would fail, however long it waits."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def unit_of_work(engine: Engine) -> Iterator[Session]:
    """Open a session for writing; everything in it is committed at the end, or nothing is."""
    with engine.connect().execution_options(writing=True) as connection, _explained():
        with Session(connection, autoflush=False, expire_on_commit=False) as session:
            session.begin()
            yield session
            session.commit()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """Open a session that only reads, and sees one state of the records from its first question to its last."""
    with engine.connect() as connection, _explained(), Session(connection, autoflush=False) as session:
        yield session


@contextmanager
def _explained() -> Iterator[None]:
    """Turn what the database file itself refuses into a sentence; everything else stays a fault."""
    try:
        yield
    except OperationalError as fault:
        sentence = _SENTENCES.get(_kind_of(str(fault.orig)))
        if sentence is None:
            raise
        raise Refused(sentence, code="database_unavailable") from fault


_SENTENCES = {
    "locked": "The database is busy with another writer. Nothing was changed: try again in a moment.",
    "readonly": "The database file cannot be written. Nothing was changed: give this account the right to write it.",
    "open": "The database file cannot be opened. Check TRACKER_DATABASE_URL and the rights of its folder.",
    "full": "The disk is full. Nothing was changed: make room and try again.",
    "tables": "The database has no tables yet, or old ones. Run `tracker upgrade` first.",
    "server": "The database server cannot be reached. Nothing was changed: check TRACKER_DATABASE_URL and the server.",
}


def _kind_of(message: str) -> str:
    known = {
        "database is locked": "locked",
        "lock timeout": "locked",
        "readonly database": "readonly",
        "unable to open database": "open",
        "database or disk is full": "full",
        "no such table": "tables",
        "no such column": "tables",
        "connection failed": "server",
        "connection refused": "server",
    }
    return next((kind for words, kind in known.items() if words in message.lower()), "")


def write(session: Session, row: Row) -> Row:
    """Write one new row at once and give it its id; for what is recorded and not changed again in this unit of work.

    The statement is compiled once for each table and database: a flush of one object costs four times as much.
    The row is not attached to the session.
    """
    statement = _insert_into(type(row), session.connection().dialect)
    values = statement.values_of(row.__dict__)
    result = session.connection().exec_driver_sql(statement.text, values)
    if statement.gives_id:
        row.__dict__["id"] = result.scalar_one()
    return row


class _Insert:
    """One INSERT of one table, compiled for one database."""

    def __init__(self, model: type[SQLModel], dialect: Dialect) -> None:
        table = model.__table__  # type: ignore[attr-defined]
        self.gives_id = "id" in table.c
        columns = [column for column in table.c if column.name != "id"]
        statement = insert(table).values({column.name: None for column in columns})
        if self.gives_id:
            statement = statement.returning(table.c.id)
        compiled = statement.compile(dialect=dialect)
        self.text = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup if compiled.positional else None  # type: ignore[attr-defined]
        self._processors: list[tuple[str, Callable[[Any], Any] | None]] = [
            (column.name, column.type.dialect_impl(dialect).bind_processor(dialect)) for column in columns
        ]

    def values_of(self, row: dict[str, Any]) -> tuple[Any, ...] | dict[str, Any]:
        """Give the row's values as the driver wants them."""
        values = {
            name: processor(row.get(name)) if processor else row.get(name) for name, processor in self._processors
        }
        return values if self._order is None else tuple(values[name] for name in self._order)


_inserts: dict[tuple[type[SQLModel], str], _Insert] = {}


def _insert_into(model: type[SQLModel], dialect: Dialect) -> _Insert:
    known = _inserts.get((model, dialect.name))
    if known is None:
        known = _inserts[(model, dialect.name)] = _Insert(model, dialect)
    return known


def to_json(value: object) -> str:
    """Write a value as the JSON that is stored: sorted, without spaces, with its letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


MIGRATIONS = Path(__file__).parent / "migrations"
