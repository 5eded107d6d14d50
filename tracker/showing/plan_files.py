"""The action plan as a file for a spreadsheet: headings that an import knows, and no text that becomes a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from tracker.actions.exported import HEADER, OWN_COLUMNS, PLAIN_COLUMNS
from tracker.showing.plan_sheet import Cell, SheetRow
from tracker.showing.workbooks import write_workbook

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")
# Excel takes a file without this mark for another alphabet.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_FIELDS = (*PLAIN_COLUMNS, *OWN_COLUMNS, "why")
_WIDE, _NARROW = 45, 16
_WIDTHS = {"action": _WIDE, "progress": _WIDE, "evidence": _WIDE, "title": 30, "owner": 25, "email": 28}


def guarded(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula: an apostrophe stands before what would begin one."""
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell


def csv_parts(portions: Iterable[Iterable[SheetRow]]) -> Iterator[bytes]:
    """Give the plan as comma-separated values, each text guarded, in parts."""
    yield BYTE_ORDER_MARK + _written([HEADER])
    for rows in portions:
        yield _written([[_as_text(row.get(name, "")) for name in _FIELDS] for row in rows])


def write_csv(path: Path, rows: Iterable[SheetRow]) -> None:
    """Write the plan as comma-separated values."""
    with path.open("wb") as file:
        file.writelines(csv_parts([rows]))


def write_xlsx(target: Path | BinaryIO, rows: Iterable[SheetRow]) -> None:
    """Write the plan as a workbook: every text is a text, and every day a date."""
    widths = [_WIDTHS.get(name, _NARROW) for name in _FIELDS]
    cells = ([row.get(name) for name in _FIELDS] for row in rows)
    write_workbook(target, "Action plan", HEADER, widths, cells)


def _as_text(cell: Cell) -> str:
    return guarded(cell) if isinstance(cell, str) else f"{cell:%d/%m/%Y}"


def _written(rows: Iterable[Iterable[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    return written.getvalue().encode()
