"""What each line of a sheet is: a title, a header, a section, an action, a note, a total, or nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.importing.cells import Line, Sheet, as_text, folded
from tracker.importing.headings import Chosen, Columns, columns_of, with_names_below


class Kind(StrEnum):
    """What a line is; only the last one holds an action, or what somebody may have meant as one."""

    BLANK = "blank line"
    TITLE = "title"
    HEADER = "header"
    SECTION = "section"
    NOTE = "note"
    TOTAL = "total"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Meant:
    """A line and what it is; a row with the columns of its fields, and the section it stands in."""

    line: Line
    kind: Kind
    columns: Columns
    section: str | None = None


_TOTAL = re.compile(r"\b(sub-?)?totals?\b")
# What says nothing but that a total follows: then words may stand beside it as well ("Complete: 3").
_ONLY_TOTAL = re.compile(
    r"((grand|overall|sub)[ -]?)?totals?( (number|no))?( of)?( (open|closed|complete|completed|overdue))?"
    r"( (actions?|recommendations?|rows?|items?))?[ .:=]*"
)
_NUMBER = re.compile(r"[\d.,%\s/-]+")
# A row that was numbered and never filled in.
_OF_A_ROW = re.compile(r"\d{1,3}([.]\d{1,2})?[.]?")


def meant_by(sheet: Sheet, chosen: Chosen) -> list[Meant]:
    """Say of every line of a sheet what it is; one without a header holds no action."""
    columns: Columns = {}
    names_below = -1
    section: str | None = None
    found: list[Meant] = []
    lines, end = sheet.lines, _end_of_rows(sheet.lines)
    for place, line in enumerate(lines):
        if place == names_below:
            found.append(Meant(line, Kind.HEADER, columns))
            continue
        new = columns_of(line, chosen) if len(line.filled) >= 2 else None
        below = lines[place + 1] if place + 1 < len(lines) else None
        if new is not None:
            columns = new if below is None else with_names_below(new, line, below, chosen)
            names_below = place + 1 if len(columns) > len(new) else -1
            found.append(Meant(line, Kind.HEADER, columns))
            continue
        kind = _kind(lines, place, columns, end)
        if kind is Kind.SECTION:
            section = as_text(line.value(line.filled[0]))
        found.append(Meant(line, kind, columns, section))
    return _with_notes_at_the_end(found)


def _kind(lines: Sequence[Line], place: int, columns: Columns, end: int) -> Kind:
    line = lines[place]
    if not columns:
        return Kind.TITLE if line.filled else Kind.BLANK
    filled = line.filled_but(columns["action"])
    if not filled:
        return Kind.BLANK
    if _is_total(line):
        return Kind.TOTAL
    if len(filled) > 1:
        # What stands only in columns without a name is nobody's action.
        return Kind.ROW if any(column in columns.values() for column in filled) else Kind.NOTE
    if folded(as_text(line.value(filled[0]))).startswith("note"):
        return Kind.NOTE
    if filled[0] == columns["action"] and not line.spans:
        # Where the actions stand in the first column, so do sections and notes.
        is_none = filled[0] == 0 and (place > end or _is_above(lines, place, columns))
        return Kind.SECTION if is_none else Kind.ROW
    is_numbered = filled[0] == columns.get("ref") and _OF_A_ROW.fullmatch(as_text(line.value(filled[0])))
    return Kind.ROW if is_numbered else Kind.SECTION


def _is_above(lines: Sequence[Line], place: int, columns: Columns) -> bool:
    """Say whether a lone text in the column of actions stands above rows: after a blank line, and before a row.

    What goes on from the row before stands directly below it.
    """
    if place == 0 or place + 1 >= len(lines):
        return False
    before, after = lines[place - 1], lines[place + 1]
    stands_apart = not before.filled or columns_of(before) is not None
    return stands_apart and len(after.filled) > 1


def _end_of_rows(lines: Sequence[Line]) -> int:
    """Give the place of the first blank line after which no row comes any more."""
    last = max((place for place, line in enumerate(lines) if len(line.filled) > 1), default=-1)
    return next((place for place in range(last + 1, len(lines)) if not lines[place].filled), len(lines))


def _is_total(line: Line) -> bool:
    filled = line.filled
    if all(column in line.live for column in filled):
        return True
    first = folded(as_text(line.value(filled[0])))
    if _ONLY_TOTAL.fullmatch(first):
        return True
    others = (as_text(line.value(column)) for column in filled[1:] if column not in line.live)
    return bool(_TOTAL.search(first)) and all(_NUMBER.fullmatch(other) for other in others)


def _with_notes_at_the_end(found: list[Meant]) -> list[Meant]:
    """A lone text after the last row is a note and no section."""
    last = max((place for place, one in enumerate(found) if one.kind is Kind.ROW), default=-1)
    return [
        Meant(one.line, Kind.NOTE, one.columns, one.section) if one.kind is Kind.SECTION and place > last else one
        for place, one in enumerate(found)
    ]
