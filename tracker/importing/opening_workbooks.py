"""Opens an Excel workbook: its archive is looked at before anything in it is read, and nothing of it is evaluated."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tracker.importing.bounds import MOST_COLUMNS, MOST_ROWS, SAVE_AS, Bounds, Unreadable

MOST_ENTRIES = 200
MOST_UNPACKED = 50 * 2**20
MOST_RATIO = 100
_AT_ONCE = 2**20


def workbook_sheets(content: bytes) -> Iterator[dict[str, Any]]:
    """Give every sheet of a workbook; of a hidden one only its name."""
    bounds = Bounds()
    has_formulas, has_errors = _checked(content)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
    except (CalamineError, OSError, ValueError) as wrong:
        raise Unreadable(f"The workbook cannot be read: it is damaged. {SAVE_AS}") from wrong
    formulas = _cells(content, "f") if has_formulas else {}
    errors = _cells(content, "e") if has_errors else {}
    from_1904 = _counts_from_1904(content)
    for about in book.sheets_metadata:
        if about.typ is not SheetTypeEnum.WorkSheet:
            continue
        if about.visible is not SheetVisibleEnum.Visible:
            yield {"sheet": about.name, "hidden": True, "lines": []}
            continue
        try:
            sheet = book.get_sheet_by_name(about.name)
            _must_not_be_huge(sheet.total_height, sheet.total_width, about.name)
            rows = _with_errors(sheet.to_python(skip_empty_area=False), errors.get(about.name, ()))
            merged = sheet.merged_cell_ranges or []
        except (CalamineError, ValueError) as wrong:
            raise Unreadable(f"The sheet {about.name} cannot be read: it is damaged. {SAVE_AS}") from wrong
        spans = {first[0] for first, last in merged if last[1] > first[1]}
        yield {
            "sheet": about.name,
            "hidden": False,
            "lines": bounds.lines(rows, about.name),
            "spans": sorted(spans),
            "live": [place for place, _ in formulas.get(about.name, ())],
            "from_1904": from_1904,
        }


_FROM_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904=["'](?:1|true|on)["']""")


def _counts_from_1904(content: bytes) -> bool:
    """Say whether the days of a workbook are counted from 1904."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if re.fullmatch(r"xl/workbook\d*\.xml", name)]
        return any(_FROM_1904.search(archive.read(name)) for name in names)


def _must_not_be_huge(rows: int, columns: int, name: str) -> None:
    if columns > 16_384 or rows * columns > 4_000_000:
        raise Unreadable(
            f"The sheet {name} reaches down to row {rows} and over {columns} columns. Delete what stands far off, save "
            "it and import it again."
        )


def _checked(content: bytes) -> tuple[bool, bool]:
    """Refuse an archive that is none, that unpacks to too much, or that holds macros.

    Says whether a sheet has formulas, and whether one has cells with an error.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _must_be_a_workbook(archive.infolist())
            return _unpacked(archive)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ValueError) as wrong:
        raise Unreadable(f"The workbook cannot be read: it is damaged or locked. {SAVE_AS}") from wrong


def _must_be_a_workbook(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise Unreadable(f"The workbook unpacks to more than {MOST_UNPACKED >> 20} MB. Split it into several.")
    names = {entry.filename for entry in entries}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Unreadable(f"The workbook holds macros. {SAVE_AS}")
    if not any(name.startswith("xl/") and "workbook" in name for name in names):
        raise Unreadable(f"The file is no Excel workbook. {SAVE_AS}")


def _unpacked(archive: zipfile.ZipFile) -> tuple[bool, bool]:
    """Unpack everything once and count it, whatever it says of itself; says what sheets have, as `_checked` does."""
    has_formulas = has_errors = False
    unpacked = 0
    for entry in archive.infolist():
        before, tail = unpacked, b""
        with archive.open(entry) as opened:
            while part := opened.read(_AT_ONCE):
                unpacked += len(part)
                if unpacked > MOST_UNPACKED:
                    raise Unreadable("The workbook unpacks to more than it says. It is refused.")
                if entry.filename.startswith("xl/worksheets/"):
                    has_formulas = has_formulas or _has_formula(tail + part)
                    has_errors = has_errors or _ERROR.search(tail + part) is not None
                    tail = part[-8:]
        if unpacked - before > MOST_RATIO * max(entry.compress_size, 10_000):
            raise Unreadable("The workbook is packed far tighter than any that people fill in. It is refused.")
    return has_formulas, has_errors


_ERROR = re.compile(rb"""\st=["']e["']""")


def _has_formula(part: bytes) -> bool:
    return b"<f>" in part or b"<f " in part or b"<f/" in part


_Cells = Sequence[tuple[list[int], str]]


def _cells(content: bytes, kind: str) -> dict[str, _Cells]:
    """Give the cells of each sheet that are formulas (`f`) or errors (`e`): line and column, from 0, and text."""
    try:
        book = load_workbook(BytesIO(content), read_only=True, data_only=kind == "e", keep_links=False)
        return {sheet.title: list(_cells_of(sheet, kind)) for sheet in book.worksheets}
    except MemoryError:
        raise
    except Exception as wrong:  # whatever a damaged workbook makes of the library
        raise Unreadable(f"The workbook cannot be read: it is damaged. {SAVE_AS}") from wrong


def _cells_of(sheet: Any, kind: str) -> Iterator[tuple[list[int], str]]:  # a sheet of the library, which has no types
    for row in sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS):
        for cell in row:
            if cell.value is not None and cell.data_type == kind:
                yield [cell.row - 1, cell.column - 1], str(cell.value)


def _with_errors(rows: list[list[Any]], errors: _Cells) -> list[list[Any]]:
    """Give the rows of a sheet with the errors in them: the library that reads them leaves these out."""
    for (row, column), error in errors:
        rows += [[] for _ in range(row + 1 - len(rows))]
        rows[row] += [""] * (column + 1 - len(rows[row]))
        rows[row][column] = error
    return rows
