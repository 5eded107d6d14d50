"""What stands in a sheet: cells as they were read, lines with their numbers, and text as a reader sees it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

# A text, a number or a day; nothing for an empty cell.
Value = str | int | float | date | None

_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
ERRORS = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"}


@dataclass(frozen=True)
class Line:
    """One line of a sheet or of a file: its number from 1, its cells, and what of them is special.

    `live`: the columns, from 0, whose cell is a formula. `spans`: the line is one cell merged over several columns.
    """

    number: int
    values: Sequence[Value]
    live: frozenset[int] = frozenset()
    spans: bool = False

    def value(self, column: int | None) -> Value:
        """Give what stands in a column; nothing where the line is shorter or there is no such column."""
        return None if column is None or column >= len(self.values) else self.values[column]

    @cached_property
    def filled(self) -> Sequence[int]:
        """Give the columns in which something stands."""
        return [column for column, value in enumerate(self.values) if as_text(value)]

    def filled_but(self, action: int) -> Sequence[int]:
        """Give the same; the error of a formula counts as nothing, but in the column of the actions."""
        return [column for column in self.filled if column == action or not is_error(self.values[column])]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook with its lines, or a whole file of comma-separated values (then it has no name).

    `counts_from_1904`: a number that stands for a day counts from there, as workbooks of old Apple computers have it.
    """

    name: str | None
    lines: Sequence[Line]
    is_hidden: bool = False
    counts_from_1904: bool = False


def as_text(value: Value) -> str:
    """Give a cell as one line of text: no-break spaces and line breaks are blanks, and a whole number has no point."""
    if value is None:
        return ""
    # Nearly every cell is a plain text, and is looked at ten times.
    if type(value) is str and value.isascii() and value.isprintable() and _is_plain(value):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _seen(" ".join(str(value).split()))


def _is_plain(text: str) -> bool:
    return "  " not in text and not text.startswith(" ") and not text.endswith(" ")


def _seen(text: str) -> str:
    """Leave out what nobody sees in a text: zero-width characters, turns of direction, controls."""
    if text.isprintable():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) not in _UNSEEN).strip()


def as_lines(value: Value) -> str:
    """Give a cell with its line breaks, for what is split at them."""
    if not isinstance(value, str):
        return as_text(value)
    return "\n".join(as_text(line) for line in value.splitlines()).strip()


def folded(text: str) -> str:
    """Fold a text so that spellings that differ in case, blanks and kinds of dashes are one."""
    if text.isascii():
        return " ".join(text.split()).lower()
    return _DASHES.sub("-", " ".join(text.split())).casefold()


def squeezed(text: str) -> str:
    """Give a text without any blank and without regard to case: what makes two actions the same."""
    return "".join(text.split()).casefold()


def is_error(value: Value) -> bool:
    """Say whether a cell holds nothing but the error of a formula."""
    return isinstance(value, str) and "#" in value and as_text(value).upper() in ERRORS
