"""Every row of every table, to compare before and after; and faults of a database on demand."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, func, literal, select, union_all

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
    with engine.connect() as connection:
        return dict(iter(connection.execute(_COUNTS)))


_COUNTS = union_all(*(select(literal(table.name), func.count()).select_from(table) for table in METADATA.sorted_tables))


class Breakable:
    """A database that can be gone in the middle of a deed; it sees the statements that `each_statement` shows it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked: list[str] = []
        self._gone_at: int | None = None

    def see(self, sql: object, _values: Any) -> None:
        """Note a writing statement, or be gone at it: what is read leaves nothing that could be half done."""
        if str(sql).startswith(("INSERT", "UPDATE", "DELETE")):
            self._asked.append(str(sql))
            if len(self._asked) == self._gone_at:
                raise DatabaseGone

    @contextmanager
    def gone_at(self, number: int | None) -> Iterator[list[str]]:
        """Let the database be gone at the writing statement with a number, counted from one, or at COMMIT without one.

        Gives the list to which every writing statement is added.
        """

        def at_commit(_connection: object) -> None:
            raise DatabaseGone

        self._asked, self._gone_at = [], number
        if number is None:
            event.listen(self._engine, "commit", at_commit)
        try:
            yield self._asked
        finally:
            self._gone_at = None
            if number is None:
                event.remove(self._engine, "commit", at_commit)
