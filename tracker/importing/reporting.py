"""What became of a file, row by row: as a document, and as a file to send back to whoever keeps the sheet."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.cases.unnamed import without_references
from tracker.files.books import new_book
from tracker.importing.choosing import field_words
from tracker.importing.settling import Stored
from tracker.importing.verdicts import Outcome, Verdict
from tracker.importing.wording import OUTCOMES, REASONS
from tracker.showing.plan_files import BYTE_ORDER_MARK, guarded

Document = Mapping[str, Any]
_BY_OUTCOME = {
    "imported": Outcome.IMPORT,
    "flagged": Outcome.FLAG,
    "refused": Outcome.REFUSE,
    "recognised": Outcome.RECOGNISED,
    "changed": Outcome.CHANGED,
    "left_out": Outcome.LEFT_OUT,
}
_HEADER = ("Sheet", "Row", "What became of it", "Why, and what to do", "Review", "Our reference", "Action as it stands")


@dataclass(frozen=True)
class Report:
    """What became of a file, row by row: the same after a trial as after the import itself."""

    file: str
    verdict: Verdict
    rows: Sequence[Stored]
    notes: Sequence[str]
    look_alikes: Sequence[tuple[str, str]] = ()

    @property
    def passed_over(self) -> int:
        """Count the lines that hold no action."""
        return sum(self.verdict.passed_over.values())

    @property
    def without_header(self) -> Sequence[str]:
        """Name the sheets on which no line of headings was found."""
        return [sheet.name for sheet in self.verdict.sheets if sheet.header is None and sheet.name]

    def count(self, outcome: Outcome) -> int:
        """Count the rows of which this became."""
        return sum(row.judged.outcome is outcome for row in self.rows)

    def document(self, *, with_originals: bool = False) -> dict[str, Any]:
        """Give the report as `tracker import --json` prints it; with the original words of each row where asked."""
        return {
            "file": self.file,
            "seen": len(self.rows),
            **{name: self.count(outcome) for name, outcome in _BY_OUTCOME.items()},
            "accepted": sum(row.accepted for row in self.rows),
            "passed_over": self.passed_over,
            "lines_passed_over": {kind.value: count for kind, count in self.verdict.passed_over.items()},
            "hidden_sheets": list(self.verdict.hidden_sheets),
            "sheets": [sheet.document() for sheet in self.verdict.sheets],
            "notes": list(self.notes),
            "rows": [_row(stored, with_originals=with_originals) for stored in self.rows],
            "look_alikes": [list(pair) for pair in self.look_alikes],
        }


def without_hidden(document: Document, hidden: Collection[str], cases: Collection[str]) -> Document:
    """Give a kept report without the rows about hidden cases and actions, and without their references elsewhere.

    `hidden` are the references of all of them, `cases` those of the cases, which may stand in any text.
    """
    if not hidden:
        return document
    as_told = zip(document["rows"], without_references(document["rows"], cases), strict=True)
    rows = [row for row, told in as_told if row == told and _about(row).isdisjoint(hidden)]
    outcomes = [row["outcome"] for row in rows]
    shown: Document = without_references(
        {
            **document,
            "seen": len(rows),
            **{name: outcomes.count(outcome) for name, outcome in _BY_OUTCOME.items()},
            "accepted": sum(row.get("accepted", False) for row in rows),
            "rows": rows,
            "look_alikes": [pair for pair in document["look_alikes"] if set(hidden).isdisjoint(pair)],
        },
        cases,
    )
    return shown


def _about(row: Document) -> set[str | None]:
    return {row["case"], row["action"], row.get("under")}


def _row(stored: Stored, *, with_originals: bool) -> dict[str, Any]:
    judged = stored.judged
    found: dict[str, Any] = {
        "sheet": judged.sheet,
        "row": judged.number,
        "outcome": judged.outcome.value,
        "reasons": list(judged.reasons),
        "case": stored.case,
        "action": stored.action,
    }
    if stored.differences:
        found["differences"] = [str(one) for one in stored.differences]
        found["changes"] = [
            {"field": one.field, "was": one.was, "now": one.now, "here": _here(stored, one.field)}
            for one in stored.differences
        ]
        found |= {"changed_here_since": stored.is_stale, "accepted": stored.accepted, "why_not": stored.refused_why}
    return found | ({"original": dict(judged.original), "under": stored.under} if with_originals else {})


def _here(stored: Stored, name: str) -> str:
    return str((stored.here or {}).get(name, ""))


def why(row: Document) -> str:
    """Say of a row in words why it was refused or flagged, what differs, and what to do."""
    said = [REASONS[reason] for reason in row["reasons"]]
    said += [
        f"{field_words(one['field'])}: {one['was'] or 'nothing'} → {one['now'] or 'nothing'}." for one in changes(row)
    ]
    if row.get("accepted"):
        said.append("Taken over.")
    elif row.get("why_not"):
        said.append(f"Not taken over: {row['why_not']}")
    return " ".join(said)


def changes(row: Document) -> Sequence[Mapping[str, str]]:
    """Give what differs in a row."""
    found: Sequence[Mapping[str, str]] = row.get("changes", ())
    return found


def write_report(path: Path, document: Document) -> None:
    """Write a report as a file: as a workbook, or as comma-separated values by the name of the file."""
    path.write_bytes(report_csv(document) if path.suffix.lower() == ".csv" else report_xlsx(document))


def report_csv(document: Document) -> bytes:
    """Give a report as comma-separated values, every row that was seen with what became of it."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(_HEADER)
    writer.writerows([guarded(str(cell)) for cell in cells] for cells in _lines(document["rows"]))
    return BYTE_ORDER_MARK + written.getvalue().encode()


def report_xlsx(document: Document) -> bytes:
    """Give a report as a workbook: what to mend, every row, and what was passed over."""
    written = io.BytesIO()
    to_mend = [row for row in document["rows"] if row["reasons"] or row.get("changes")]
    with new_book(written) as book:
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in (("To mend", to_mend), ("Every row", document["rows"])):
            sheet = book.add_worksheet(name)
            for column, width in enumerate((22, 7, 22, 70, 16, 14, 60)):
                sheet.set_column(column, column, width, wrapped)
            sheet.write_row(0, 0, _HEADER, bold)
            sheet.freeze_panes(1, 0)
            for number, cells in enumerate(_lines(rows), 1):
                for column, cell in enumerate(cells):
                    if isinstance(cell, int):
                        sheet.write_number(number, column, cell, wrapped)
                    else:
                        sheet.write_string(number, column, cell, wrapped)
        about = book.add_worksheet("About this file")
        about.set_column(0, 0, 110, wrapped)
        for number, line in enumerate(_lines_about(document)):
            about.write_string(number, 0, line, wrapped)
    return written.getvalue()


def _lines(rows: Sequence[Document]) -> Iterator[Sequence[str | int]]:
    for row in rows:
        text = row.get("original", {}).get("action", "")
        outcome = OUTCOMES[Outcome(row["outcome"])]
        yield (row["sheet"] or "", row["row"], outcome, why(row), row["case"] or "", row["action"] or "", text)


def _lines_about(document: Document) -> Iterator[str]:
    yield f"{document['file']}: {document['seen']} rows were seen."
    for name in _BY_OUTCOME:
        yield f"{document[name]} {_COUNTED[name]}"
    yield f"{document['passed_over']} other lines were passed over: titles, headers, sections, totals, notes, blanks."
    yield from (f"The hidden sheet {name} was not imported." for name in document["hidden_sheets"])
    for sheet in document["sheets"]:
        if not sheet["header_row"]:
            yield f"On the sheet {sheet['sheet']} no line of headings was found: nothing of it was imported."
    yield from document["notes"]
    yield from (f"{one} and {other} may be the same action in other words." for one, other in document["look_alikes"])


_COUNTED: Mapping[str, str] = {
    "imported": "imported without a word.",
    "flagged": "imported, to be looked at.",
    "refused": "refused.",
    "recognised": "known from before, and the same.",
    "changed": "known from before, and changed since.",
    "left_out": "left out.",
}
