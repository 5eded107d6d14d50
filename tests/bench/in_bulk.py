"""Rows in great number: written many at a time, as the driver takes them, and with the values their models give."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import sqlite
from sqlmodel import SQLModel

AT_ONCE = 20_000
Row = dict[str, Any]


class Shelf:
    """Rows of one table that are yet to be written, numbered on from those that are there."""

    def __init__(self, driver: sqlite3.Connection, model: type[SQLModel]) -> None:
        table: Table = model.__table__  # type: ignore[attr-defined]
        columns = [column for column in table.c if column.computed is None]
        names = [column.name for column in columns]
        [key] = table.primary_key.columns
        self._driver, self._key = driver, key.name
        self._insert = insert_into(table.name, names)
        fields = model.model_fields
        self._dull = {name: None if fields[name].is_required() else fields[name].default for name in names}
        self._processors = _processors(table)
        self.newest = newest(driver, table.name, key.name)
        self._rows: list[Row] = []

    def add(self, **values: Any) -> int:
        """Put a row on the shelf, and give its number; texts are taken as they are, other values as the model does."""
        for name, processor in self._processors.items():
            value = values.get(name)
            if value is not None and not isinstance(value, str):
                values[name] = processor(value)
        self.newest += 1
        self._rows.append(self._dull | values | {self._key: self.newest})
        if len(self._rows) == AT_ONCE:
            self.clear()
        return self.newest

    def clear(self) -> None:
        """Write what stands on the shelf."""
        self._driver.executemany(self._insert, self._rows)
        self._rows.clear()


def insert_into(table: str, names: Sequence[str]) -> str:
    """Write the statement that puts a row into a table, its values by name."""
    quoted, marked = ", ".join(f'"{name}"' for name in names), ", ".join(f":{name}" for name in names)
    return f'INSERT INTO "{table}" ({quoted}) VALUES ({marked})'


def _processors(table: Table) -> Mapping[str, Callable[[Any], Any]]:
    dialect = sqlite.dialect()
    found = {column.name: column.type.dialect_impl(dialect).bind_processor(dialect) for column in table.c}
    return {name: processor for name, processor in found.items() if processor is not None}


def newest(driver: sqlite3.Connection, table: str, key: str = "id") -> int:
    """Give the highest number in a table."""
    [found] = driver.execute(f'SELECT coalesce(max("{key}"), 0) FROM "{table}"').fetchone()
    return int(found)
