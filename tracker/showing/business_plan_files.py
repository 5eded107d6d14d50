"""The business plan as a file for a spreadsheet: its four columns, which an import knows again, each text as text."""

import csv
import io
from collections.abc import Iterable

from tracker.files.books import new_book
from tracker.showing.business_plan import HEADER, Row, cells_of
from tracker.showing.plan_files import BEGINS_A_FORMULA

_WIDTHS = (40, 60, 20, 50)


def as_csv(rows: Iterable[Row]) -> bytes:
    """Give the plan as comma-separated values, each text guarded."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER)
    writer.writerows([_guarded(cell) for cell in cells_of(row)] for row in rows)
    # Excel takes a file without this mark for another alphabet.
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def as_xlsx(rows: Iterable[Row]) -> bytes:
    """Give the plan as a workbook that prints on A4 on its side, its header on every page."""
    written = io.BytesIO()
    with new_book(written) as book:
        sheet = book.add_worksheet("Business plan")
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, HEADER, bold)
        for column, width in enumerate(_WIDTHS):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(cells_of(row)):
                sheet.write_string(number, column, cell, wrapped)
    return written.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell
