"""The action plan as a file for a spreadsheet: headings that an import knows, and no text that becomes a formula."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from workflows.action import ActionStatus, Report
from workflows.dates import MONTHS, PartialDate

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "|")
_STATUSES: Mapping[str, str] = {
    ActionStatus.PLANNED: "Not started",
    ActionStatus.ONGOING: "Ongoing",
    ActionStatus.COMPLETE: "Complete",
    ActionStatus.EMBEDDED: "Complete and embedded",
    ActionStatus.DONE_DIFFERENTLY: "Done differently",
    ActionStatus.NOT_TAKEN_FORWARD: "Closed - not taken forward",
    ActionStatus.MERGED: "Joined with another action",
}
_REPORTS: Mapping[str | None, str] = {Report.ON_TRACK: "Green", Report.AT_RISK: "Amber", Report.STUCK: "Red"}
HEADER = (
    *("Ref", "Review", "Theme", "Action", "Owner", "Owner e-mail", "Target date", "Status"),
    *("Title", "Agency", "Level", "Why it stands so", "Looked at again on"),
)

Row = Mapping[str, Any]
Cell = str | date


def guarded(cell: str) -> str:
    """Give a cell that no spreadsheet takes for a formula: an apostrophe stands before what would begin one."""
    return f"'{cell}" if cell.startswith(BEGINS_A_FORMULA) else cell


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """Write the plan as comma-separated values, each text guarded."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(HEADER)
        for row in rows:
            writer.writerow([guarded(one) if isinstance(one, str) else f"{one:%d/%m/%Y}" for one in _cells(row)])


def write_xlsx(path: Path, rows: Iterable[Row]) -> None:
    """Write the plan as a workbook: every text is a text, and every day a date."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("Action plan")
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, HEADER, bold)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(_cells(row)):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                else:
                    sheet.write_string(number, column, cell)


def _cells(row: Row) -> Sequence[Cell]:
    owner = row["owner"] or {}
    cases = dict.fromkeys(source["case"] for source in row["sources"] if source["case"])
    return (
        row["reference"],
        "; ".join(cases),
        "; ".join(row["themes"]),
        row["text"],
        owner.get("name") or "",
        owner.get("email") or "",
        _day(row["due"]),
        _status(row),
        row["title"] or "",
        row["agency"] or "",
        row["level"].replace("_", " "),
        f"{row['rag']['word']}: {row['rag']['reason']}" if row["rag"]["reason"] else row["rag"]["word"],
        _day(row["review_on"]),
    )


def _status(row: Row) -> str:
    if row["status"] == ActionStatus.IN_PROGRESS:
        return _REPORTS.get(row["report"], "In progress")
    return _STATUSES[row["status"]]


def _day(text: str | None) -> Cell:
    if text is None:
        return ""
    found = PartialDate.parse(text)
    if found.month is None:
        return str(found.year)
    return found.day_or_none or f"{MONTHS[found.month - 1]} {found.year}"
