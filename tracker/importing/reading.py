"""Reads a workbook or a file of comma-separated values; what is hostile in it meets a process that has little."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tracker.errors import Refused
from tracker.importing.bounds import LARGEST
from tracker.importing.cells import Line, Sheet, Value

# For what hangs: how long it may work, its own bounds say.
_SECONDS = 60
_SHORT = 2_000


@dataclass(frozen=True, slots=True)
class File:
    """What a file holds: its sheets, and what a reader of the report has to know of the reading."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]


def read_file(path: Path) -> File:
    """Read a file whole. Raises `Refused` with a sentence that says what is wrong with it and what to do."""
    return file_of(read_lines(path, path.name))


def read_lines(path: Path, name: str) -> bytes:
    """Read a file whole, and give what it holds as it is kept: a document for each sheet. Raises `Refused`."""
    _must_be_small(path, name)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "tracker.importing.child", str(path.resolve())],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise _refused(name, "It takes too long to read. Split it into several files.") from None
    last, is_whole = None, False
    for line in done.stdout.splitlines():
        # A whole workbook is not read twice to be looked at.
        said = _said(line) if len(line) < _SHORT else {"sheet": "its first ones"}
        if "refused" in said:
            raise _refused(name, said["refused"])
        last = said.get("sheet") or last
        is_whole = is_whole or "is_whole" in said
    if not is_whole:
        raise _refused(name, _why_not_whole(done, last))
    return done.stdout


def file_of(lines: bytes) -> File:
    """Give a file as it was read."""
    sheets, notes = [], []
    for said in map(_said, lines.splitlines()):
        if "sheet" in said:
            sheets.append(_sheet(said))
            notes += [said["note"]] if said.get("note") else []
    return File(tuple(sheets), tuple(notes))


def _why_not_whole(done: subprocess.CompletedProcess[bytes], last: str | None) -> str:
    after = f" after the sheet {last}" if last else ""
    if done.returncode < 0 or b"MemoryError" in done.stderr:
        return f"It needs more memory or time to read than a plan of actions does{after}. Make it smaller."
    return f"It cannot be read{after}: it is damaged. Save it anew as .xlsx or as CSV, and import that."


def _must_be_small(path: Path, name: str) -> None:
    try:
        size = path.stat().st_size if path.is_file() else None
        with path.open("rb"):
            pass
    except OSError as fault:
        raise _refused(name, f"It cannot be read: {fault.strerror}.") from None
    if size is None:
        raise _refused(name, "It is no file.")
    if size > LARGEST:
        raise _refused(name, f"It is larger than {LARGEST >> 20} MB. Split it into several files.")


def _said(line: bytes) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(line)
    except ValueError:
        # The process was ended in the middle of a line.
        return {}
    return said


def _refused(name: str, sentence: str) -> Refused:
    return Refused(f"{name}: {sentence} Nothing was imported.", code="bad_file")


def _sheet(said: dict[str, Any]) -> Sheet:
    live: dict[int, set[int]] = {}
    for row, column in said.get("live", ()):
        live.setdefault(row, set()).add(column)
    spans = set(said.get("spans", ()))
    lines = tuple(
        Line(place + 1, [_value(cell) for cell in cells], frozenset(live.get(place, ())), place in spans)
        for place, cells in enumerate(said["lines"])
    )
    return Sheet(said["sheet"], lines, said["hidden"], said.get("from_1904", False))


def _value(cell: Any) -> Value:  # as JSON has it
    if isinstance(cell, dict):
        return date.fromisoformat(cell["day"])
    value: Value = cell
    return value
