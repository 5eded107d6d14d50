"""Reads a backup: first whether it is one and whole, line by line and within bounds; then its rows."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

from pydantic import BaseModel, ValidationError

from tracker.backups.kinds import reader_of
from tracker.backups.manifest import FORMAT, VERSION, End, Manifest, Part
from tracker.backups.progress import Progress
from tracker.errors import Refused
from tracker.files.kinds import LARGEST_FILE
from tracker.fitting import revisions

_LONGEST_MANIFEST = 1_000_000
# A file in base64, and what stands beside it in its row.
_LONGEST_LINE = 2 * LARGEST_FILE
# A backup is packed in a way that makes nothing smaller than this; a line may be read on before it is counted.
_MOST_PACKED = 230
_READ_AHEAD = 4 * _LONGEST_LINE
_TOLD_EVERY = 1000

Line = TypeVar("Line", bound=BaseModel)


class Damaged(Refused):
    """The file is no backup, or not whole."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} cannot be restored: {why}. Nothing was stored: take another copy, or an older backup.",
            code="backup_damaged",
        )
        self.why = why


class BackupFile:
    """A backup that is open for reading."""

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file
        self._packed = gzip.GzipFile(fileobj=file, mode="rb")
        self._read = 0
        self.manifest = self._manifest()

    def check(self, progress: Progress, *, reads_values: bool = False) -> None:
        """Read to the end, whether all that was written is there and as it was; raises `Refused`.

        What `reads_values` looks at as well is looked at again by whoever stores them.
        """
        sums = {}
        with progress(self.manifest.rows) as done:
            for part in self.manifest.parts:
                fingerprint, values_of = hashlib.sha256(), self.reader(part, "sqlite")
                for line in self.lines(part, done):
                    fingerprint.update(line)
                    if reads_values:
                        values_of(line)
                sums[part.table] = fingerprint.hexdigest()
        if self._line_of(End, _LONGEST_MANIFEST).sha256 != sums:
            raise Damaged(self.path, "it was changed after it was written")
        if self._next(1):
            raise Damaged(self.path, "something follows after its end")

    def begin_again(self) -> None:
        """Go back to the first row."""
        self._file.seek(0)
        self._packed = gzip.GzipFile(fileobj=self._file, mode="rb")
        self._read = 0
        if self._manifest() != self.manifest:
            raise Damaged(self.path, "it changed while it was read")

    def lines(self, part: Part, done: Callable[[int], object]) -> Iterator[bytes]:
        """Give the lines of a part, which have to be read before those of the next one."""
        for number in range(1, part.rows + 1):
            yield self._line(_LONGEST_LINE)
            if number % _TOLD_EVERY == 0:
                done(_TOLD_EVERY)
        done(part.rows % _TOLD_EVERY)

    def reader(self, part: Part, dialect: str) -> Callable[[bytes], tuple[object, ...]]:
        """Give what reads a line of a part as the driver of a database wants it; it raises `Refused`."""
        readers = [reader_of(kind, dialect) for kind in part.columns.values()]

        def values_of(line: bytes) -> tuple[object, ...]:
            values = self._values(line)
            try:
                return tuple(
                    None if value is None else read(value) for value, read in zip(values, readers, strict=True)
                )
            except ValueError:
                raise Damaged(self.path, f"a row of {part.table} does not fit its columns") from None

        return values_of

    def _values(self, line: bytes) -> list[object]:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, list):
            raise Damaged(self.path, "one of its lines is no row")
        return row

    def _manifest(self) -> Manifest:
        line = self._line(_LONGEST_MANIFEST)
        try:
            known = json.loads(line)
        except (ValueError, RecursionError):
            known = None
        if not isinstance(known, dict) or known.get("format") != FORMAT:
            raise Damaged(self.path, "it is no backup of Learning tracker")
        if known.get("version") != VERSION or known.get("revision") not in revisions():
            raise Refused(
                f"{self.path} was written by a newer program. Install that one, and restore with it.",
                code="backup_newer",
            )
        return self._read_as(Manifest, line)

    def _line_of(self, model: type[Line], longest: int) -> Line:
        return self._read_as(model, self._line(longest))

    def _read_as(self, model: type[Line], line: bytes) -> Line:
        try:
            return model.model_validate_json(line)
        except ValidationError:
            raise Damaged(self.path, "one of its lines is not what it has to be") from None

    def _line(self, longest: int) -> bytes:
        line = self._next(longest)
        if not line.endswith(b"\n"):
            raise Damaged(self.path, "it ends too soon" if len(line) < longest else "one of its lines is too long")
        return line

    def _next(self, longest: int) -> bytes:
        try:
            line = self._packed.readline(longest)
        except (gzip.BadGzipFile, zlib.error):
            raise Damaged(self.path, "it is no backup of Learning tracker, or it is damaged") from None
        except EOFError:
            raise Damaged(self.path, "it ends too soon") from None
        self._read += len(line)
        if self._read > _MOST_PACKED * self._file.tell() + _READ_AHEAD:
            raise Damaged(self.path, "it holds far more than its size allows")
        return line


@contextmanager
def opened(path: Path) -> Iterator[BackupFile]:
    """Open a backup; raises `Refused` where there is none, or where it cannot be read."""
    try:
        with path.open("rb") as file:
            yield BackupFile(path, file)
    except OSError as fault:
        raise Refused(f"{path} cannot be read: {fault.strerror or fault}.", code="cannot_be_read") from fault
