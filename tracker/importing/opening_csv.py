"""Opens a file of comma-separated values, in whatever code and with whatever between its cells."""

import csv
import re
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Any

from tracker.importing.bounds import LARGEST, SAVE_AS, Bounds, Unreadable
from tracker.importing.cells import Line
from tracker.importing.headings import columns_of

_BEGINNING = 200_000


def csv_sheets(content: bytes) -> Iterator[dict[str, Any]]:
    """Give what the file holds as one sheet without a name, and a note where its code was guessed."""
    text, note = _decoded(content)
    if "\0" in text:
        raise Unreadable(f"The file holds characters that no text has. {SAVE_AS}")
    delimiter = _delimiter(text)
    lines = Bounds().lines(_records(text, delimiter), None)
    _must_be_closed(lines, delimiter)
    yield {"sheet": None, "hidden": False, "lines": lines, "spans": [], "live": [], "note": note}


def _decoded(content: bytes) -> tuple[str, str | None]:
    """Read the bytes as text: by their mark, as UTF-8, or else as Windows writes it, which is said."""
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), None
        if content.startswith(b"\xef\xbb\xbf"):
            return content.decode("utf-8-sig"), None
    except UnicodeError:
        raise Unreadable(f"The file is damaged: its characters cannot be read. {SAVE_AS}") from None
    try:
        return content.decode("utf-8"), None
    except UnicodeError:
        note = "The file was read as Windows-1252. Look whether letters with accents are right."
        return content.decode("cp1252", errors="replace"), note


def _delimiter(text: str) -> str:
    """Find by the header what stands between the cells; without one that is known, by what parts most records."""
    parted = {delimiter: _parted(text[:_BEGINNING], delimiter) for delimiter in (",", ";", "\t")}
    for delimiter, records in parted.items():
        if any(columns_of(Line(number, record)) is not None for number, record in records):
            return delimiter
    return max(parted, key=lambda delimiter: len(parted[delimiter]))


def _parted(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Give the records that have several cells, as far as they can be read."""
    found = []
    try:
        for number, record in enumerate(csv.reader(StringIO(text, newline=""), delimiter=delimiter), 1):
            if len(record) > 3:
                found.append((number, record))
    except csv.Error:
        pass
    return found


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(LARGEST)
    number = 0
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(
                f"A quotation mark in record {number} is not closed, or stands where none may be. Mend that record and "
                "import the file again."
            ) from None


def _must_be_closed(lines: Sequence[Sequence[object]], delimiter: str) -> None:
    """Refuse a file in which one cell has swallowed whole records, because a quotation mark was not closed."""
    width = max((len(line) for line in lines), default=0)
    between = re.compile(rf"{re.escape(delimiter)}(?! )")
    for number, line in enumerate(lines, 1):
        for cell in line:
            parts = cell.split("\n")[1:] if isinstance(cell, str) else ()
            # In a sentence a blank follows; between the cells of a record none does.
            if any(len(between.findall(part)) >= max(width - 2, 3) for part in parts):
                raise Unreadable(
                    f"A quotation mark in record {number} is not closed: other records stand inside one of its cells. "
                    "Mend that record and import the file again."
                )
