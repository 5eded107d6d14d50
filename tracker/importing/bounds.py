"""How much a plan of actions may hold: whatever holds more is refused before it costs time or memory."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

# Bytes of a file.
LARGEST = 50 * 2**20
MOST_ROWS = 20_000
MOST_COLUMNS = 60
MOST_CHARACTERS = 4_000
MOST_TEXT = 30 * 2**20
SAVE_AS = "Save it as an Excel workbook (.xlsx) or as CSV, and import that."


class Unreadable(Exception):
    """The file is refused; the sentence says why and what to do."""


class Bounds:
    """Takes the lines of one file as JSON can write them, and refuses what no plan of actions has."""

    def __init__(self) -> None:
        self._read = 0

    # A line as its reader gives it: whatever its cells are.
    def lines(self, rows: Iterable[list[Any]], name: str | None) -> list[list[object]]:
        """Give the lines of a sheet, without empty cells and lines at their ends."""
        where = "The file" if name is None else f"The sheet {name}"
        lines: list[list[object]] = []
        last = 0
        for number, row in enumerate(rows, 1):
            cells = [_cell(value) for value in row]
            while cells and cells[-1] is None:
                cells.pop()
            lines.append(cells)
            last = number if cells else last
            if last > MOST_ROWS:
                raise Unreadable(f"{where} has more than {MOST_ROWS:,} rows. Split it into several files.")
            self._must_be_bounded(cells, number, where)
        return lines[:last]

    def _must_be_bounded(self, cells: list[object], number: int, where: str) -> None:
        if len(cells) > MOST_COLUMNS:
            raise Unreadable(
                f"{where} has more than {MOST_COLUMNS} columns in row {number}. Delete what stands far to the right, "
                "save it and import it again."
            )
        for column, cell in enumerate(cells, 1):
            length = len(cell) if isinstance(cell, str) else 0
            self._read += length
            if length > MOST_CHARACTERS:
                raise Unreadable(
                    f"{where} holds {length:,} characters in row {number}, column {column}. A cell may hold "
                    f"{MOST_CHARACTERS:,}: shorten it and import it again."
                )
        if self._read > MOST_TEXT:
            raise Unreadable(f"{where} holds more text than can be imported at once. Split it into several files.")


def _cell(value: object) -> object:
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return {"day": value.date().isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    if isinstance(value, bool):
        return str(value).upper()
    return value if isinstance(value, int | float | str) else str(value)
