"""Many times more of everything in a database: written in bulk, so that a test can ask what a page costs then."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, UniqueConstraint, insert, select

from tracker.tables import METADATA

# The installation, what belongs to one visitor or one post alone, and what is written anew from the actions: there is
# as much of it as before.
KEPT = (
    "action_word",
    "attempt",
    "counter",
    "definition_version",
    "history_head",
    "intent",
    "job_run",
    "job_slot",
    "partnership",
    "setting",
    "sign_in",
)
# A process has these once for each case: a second one under the same case would be a record that cannot be.
ONE_OF_ITS_KIND = ("case_event", "clock", "reflection", "year_figure")
APART = 100_000

Row = dict[str, Any]


def multiply(engine: Engine, times: int) -> None:
    """Write so many copies of every row: of whole records with all that belongs to them, and under the same records.

    A copy of an action of a case belongs to the copy of the case, to the case itself, and so on, each in its turn.
    """
    numbers = count(1)
    tables = [table for table in METADATA.sorted_tables if table.name not in KEPT]
    with engine.begin() as connection:
        rows = {table.name: [dict(row._mapping) for row in connection.execute(select(table))] for table in tables}
        wholes = [next(numbers) for _ in range(times)]
        for table in tables:
            _write(
                connection, table, (_copy(table, row, whole, whole, ()) for whole in wholes for row in rows[table.name])
            )
        for table in tables:
            for stays in _ways(table):
                copies = ((next(numbers), whole) for whole in wholes)
                made = (_copy(table, row, own, whole, stays) for own, whole in copies for row in rows[table.name])
                _write(connection, table, made)


def _write(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    written = list(rows)
    if written:
        connection.execute(insert(table), written)


def _ways(table: Table) -> Iterator[Sequence[str]]:
    """Give the ways in which copies may hang on the records that were there before: by all their ends, or by one."""
    ends = [column.name for column in table.c if _end(column) is not None]
    ways = [tuple(ends), *((end,) for end in ends if len(ends) > 1)]
    for way in ways if ends and table.name not in ONE_OF_ITS_KIND else ():
        if all(_can_differ(table, names, way) for names in _unique(table)):
            yield way


def _can_differ(table: Table, names: Sequence[str], way: Sequence[str]) -> bool:
    return _differs(table, names, way) or any(_varies(table.c[name]) for name in names)


def _differs(table: Table, names: Sequence[str], stays: Sequence[str]) -> bool:
    """Say whether a copy that hangs on these records hangs there alone, in what has to be unique."""
    ends = [name for name in names if _end(table.c[name]) is not None]
    stay = [name for name in ends if name in stays]
    return bool(ends) and (not stays or 0 < len(stay) < len(ends))


def _copy(table: Table, row: Row, own: int, whole: int, stays: Sequence[str]) -> Row:
    """Give a row anew: with a number of its own, with other ends but for those that stay, and with names of its own."""
    [key] = table.primary_key.columns
    made = {column.name: row[column.name] for column in table.c if column.computed is None}
    made |= {key.name: row[key.name] + own * APART}
    for column in table.c:
        if _end(column) is not None and column.name not in stays and row[column.name] is not None:
            made[column.name] = row[column.name] + whole * APART
    for names in _unique(table):
        if not _differs(table, names, stays):
            made |= {name: _varied(row[name], own) for name in names if _varies(table.c[name])}
    return made


def _end(column: Column[Any]) -> str | None:
    """Give the table at which a column points, if there are copies of its rows."""
    targets = [key.column.table.name for key in column.foreign_keys]
    return next((target for target in targets if target not in KEPT), None)


def _unique(table: Table) -> list[list[str]]:
    return [
        [column.name for column in rule.columns] for rule in table.constraints if isinstance(rule, UniqueConstraint)
    ]


def _varies(column: Column[Any]) -> bool:
    is_value = not column.foreign_keys and not column.primary_key
    return is_value and column.name not in ("kind", "year", "version")


def _varied(value: object, own: int) -> object:
    match value:
        case None:
            return None
        case int():
            return value + own * 100
        case date():
            return value + timedelta(days=own * 7)
        case str() if "@" in value:
            return f"{own}.{value}"
        case _:
            return f"{value}{own:03d}"
