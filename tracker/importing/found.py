"""What was found on a sheet before its rows are judged: its header, what each heading means, and what is in doubt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.importing.cells import Line, Sheet, as_text
from tracker.importing.headings import Chosen, Doubt, doubts_of, names_of
from tracker.importing.kinds import Kind, Meant

_MAY_BE_A_HEADER = 3


@dataclass(frozen=True, slots=True)
class SheetFound:
    """A sheet, the row of its header, and its headings with the field that each means, if any.

    Without a header: the row that looks most like one, whose headings somebody may choose.
    """

    name: str | None
    header: int | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    doubts: Sequence[Doubt] = ()
    guessed: int | None = None
    rows: int = 0

    def document(self) -> dict[str, Any]:
        """Give what was found as the report has it."""
        return {
            "sheet": self.name,
            "header_row": self.header,
            "columns": {name: meaning or None for name, meaning in self.headings.items()},
            "in_doubt": [{"field": one.field, "headings": list(one.headings)} for one in self.doubts],
        }


def found_in(sheet: Sheet, lines: Sequence[Meant], chosen: Chosen) -> SheetFound:
    """Give what was found on a sheet; of several headers the first is shown, and what is in doubt of each."""
    headers = [one for one in lines if one.kind is Kind.HEADER]
    if not headers:
        line = _like_a_header(sheet.lines)
        unknown = {} if line is None else dict.fromkeys(names_of(line).values(), "")
        return SheetFound(sheet.name, headings=unknown, guessed=None if line is None else line.number)
    doubts = {(one.field, tuple(one.headings)): one for header in headers for one in doubts_of(header.line, chosen)}
    first = headers[0]
    meant = {column: name for name, column in first.columns.items()}
    below = headers[1].line if len(headers) > 1 and headers[1].line.number == first.line.number + 1 else None
    names = names_of(first.line)
    if below is not None:
        names = {**names_of(below), **names}
    headings = {name: meant.get(column, "") for column, name in sorted(names.items())}
    rows = sum(one.kind is Kind.ROW for one in lines)
    return SheetFound(sheet.name, first.line.number, headings, tuple(doubts.values()), rows=rows)


def _like_a_header(lines: Sequence[Line]) -> Line | None:
    """Give the first line with several short texts and nothing else."""
    for line in lines:
        texts = [line.value(column) for column in line.filled]
        if len(texts) >= _MAY_BE_A_HEADER and all(isinstance(one, str) and len(as_text(one)) <= 60 for one in texts):
            return line
    return None
