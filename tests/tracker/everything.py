"""Every row of every table, to compare before and after; and faults of a database on demand."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Engine, event, select

from tracker.tables import METADATA

Contents = dict[str, list[tuple[Any, ...]]]


class DatabaseGone(Exception):
    """Stands for whatever may befall a database in the middle of a deed."""


def contents(engine: Engine) -> Contents:
    """Give every row of every table, in an order that is always the same."""
    with engine.connect() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in METADATA.sorted_tables
        }


def counts(engine: Engine) -> dict[str, int]:
    """Give the number of rows of every table."""
    return {name: len(rows) for name, rows in contents(engine).items()}


class _Watch:
    """What was asked of the breakable databases, and at which writing they are gone."""

    asked: list[str] = []
    gone_at: int | None = None

    @classmethod
    def see(cls, statement: object) -> None:
        if str(statement).startswith(("INSERT", "UPDATE", "DELETE")):
            cls.asked.append(str(statement))
            if len(cls.asked) == cls.gone_at:
                raise DatabaseGone


class _SqliteCursor(sqlite3.Cursor):
    def execute(self, statement: str, *values: Any) -> "_SqliteCursor":
        _Watch.see(statement)
        super().execute(statement, *values)
        return self


class _SqliteConnection(sqlite3.Connection):
    def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]
        return super().cursor(_SqliteCursor)


class _PostgresqlCursor(psycopg.Cursor[Any]):
    def execute(self, statement: Any, *values: Any, **options: Any) -> "_PostgresqlCursor":
        _Watch.see(statement)
        super().execute(statement, *values, **options)
        return self


def make_breakable(engine: Engine) -> None:
    """Let the engine's new connections watch what is asked of the driver itself, below everything of ours."""
    on_sqlite = engine.dialect.name == "sqlite"
    chosen = {"factory": _SqliteConnection} if on_sqlite else {"cursor_factory": _PostgresqlCursor}
    engine.dispose()
    event.listen(engine, "do_connect", lambda _dialect, _record, _arguments, named: named.update(chosen))


@contextmanager
def gone_at(engine: Engine, number: int | None) -> Iterator[list[str]]:
    """Let the database be gone at the writing statement with a number, counted from one, or at COMMIT without one.

    Gives the list to which every writing statement is added: what is read leaves nothing that could be half done.
    """

    def at_commit(_connection: object) -> None:
        raise DatabaseGone

    _Watch.asked, _Watch.gone_at = [], number
    if number is None:
        event.listen(engine, "commit", at_commit)
    try:
        yield _Watch.asked
    finally:
        _Watch.gone_at = None
        if number is None:
            event.remove(engine, "commit", at_commit)
