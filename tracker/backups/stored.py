"""What a database stores: its tables with their columns as they are there, whatever the program's own are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, column, func, inspect, select, table, text

from tracker.backups.kinds import KIND_OF, Kind

# At which migration the database stands is said apart; who is at work at this moment is nobody in another database.
LEFT_OUT = ("alembic_version", "lease")
_ROWS_AT_ONCE = 1000
_BYTES_AT_ONCE = 4_000_000


@dataclass(frozen=True, slots=True)
class StoredTable:
    """A table: its name, the kinds of its columns by their names, and the columns of its key."""

    name: str
    columns: Mapping[str, Kind]
    key: Sequence[str]


def stored_tables(connection: Connection) -> list[StoredTable]:
    """Give the tables of the database as they are at this moment, without the columns that it reckons itself."""
    inspector = inspect(connection)
    keys = {name: found["constrained_columns"] for (_, name), found in inspector.get_multi_pk_constraint().items()}
    return [
        StoredTable(
            name,
            {one["name"]: KIND_OF[one["type"].python_type] for one in columns if "computed" not in one},
            keys[name],
        )
        for (_, name), columns in sorted(inspector.get_multi_columns().items())
        if name not in LEFT_OUT
    ]


def revision_of(connection: Connection) -> str:
    """Give the migration at which the database stands."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def count_rows(connection: Connection, stored: StoredTable) -> int:
    """Count the rows of a table."""
    return int(connection.execute(select(func.count()).select_from(table(stored.name))).scalar_one())


def rows_of(connection: Connection, stored: StoredTable) -> Iterator[Sequence[object]]:
    """Give the rows of a table as its driver has them, in the order of its key, a few at a time."""
    at_once = _rows_at_once(connection, stored)
    streaming = connection.execution_options(stream_results=True, yield_per=at_once)
    yield from streaming.execute(_select(stored).order_by(*[column(name) for name in stored.key]))


def _select(stored: StoredTable) -> Select[*tuple[Any, ...]]:
    # Without types, so that nothing is read into what it was not stored as.
    return select(*[column(name) for name in stored.columns]).select_from(table(stored.name))


def _rows_at_once(connection: Connection, stored: StoredTable) -> int:
    """Say how many rows may lie in memory: of a table with large files only a few."""
    longest = 0
    for name, kind in stored.columns.items():
        if kind is Kind.BYTES:
            question = select(func.max(func.length(column(name)))).select_from(table(stored.name))
            longest += connection.execute(question).scalar_one() or 0
    return max(1, min(_ROWS_AT_ONCE, _BYTES_AT_ONCE // (longest + 1)))
