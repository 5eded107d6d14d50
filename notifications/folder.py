"""The way into a folder: one file for each email, for development and for looking at what would go."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path

from notifications.transports import SENDER, Commit, Doubtful, OutgoingMail, Receipt, TemporaryRefusal, as_bytes


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Writes each email into a folder, one file each, exactly as it would be sent; names sort in that order."""

    path: Path
    sender: str = SENDER
    tells_after: timedelta | None = timedelta()

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Write the email; the file appears whole or not at all."""
        content = as_bytes(outgoing, self.sender)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with self._next_number() as number:
                # The number stands first: a clock that stands still or is set back leaves the order as it was.
                name = f"{number:08d}-{outgoing.sent_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{outgoing.kind}.eml"
                half = self._write(name, content)
                commit()
                half.rename(self.path / name)
        except OSError as wrong:
            raise TemporaryRefusal(f"The mail folder cannot be written: {wrong.strerror}.") from wrong
        self._make_last()
        return Receipt(provider_id=name)

    def find(self, message_id: str) -> Receipt | None:
        """Look through the folder for an email that is there already; raises `TemporaryRefusal` if that cannot be.

        Whoever writes at this moment, or was put to sleep while writing, is waited for.
        """
        wanted = f"Message-ID: {message_id}".encode()
        try:
            if not self.path.exists():
                return None
            with self._counter():
                for path in sorted(self.path.glob("*.eml"), reverse=True):
                    if wanted in path.read_bytes().partition(b"\r\n\r\n")[0].split(b"\r\n"):
                        return Receipt(provider_id=path.name)
        except OSError as wrong:
            raise TemporaryRefusal(f"The mail folder cannot be read: {wrong.strerror}.") from wrong
        return None

    @contextmanager
    def _next_number(self) -> Iterator[int]:
        """Hold the folder's counter while one email is written, so that two processes never share a number."""
        with self._counter() as counter:
            number = int(os.read(counter, 20) or self._highest_number()) + 1
            # Counted first: whoever dies while writing leaves a gap, never a number that is given twice.
            os.pwrite(counter, f"{number:08d}".encode(), 0)
            yield number

    @contextmanager
    def _counter(self) -> Iterator[int]:
        counter = os.open(self.path / ".last-number", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(counter, fcntl.LOCK_EX)
            yield counter
        finally:
            os.close(counter)

    def _highest_number(self) -> int:
        return max((int(path.name[:8]) for path in self.path.glob("[0-9]" * 8 + "-*.eml")), default=0)

    def close(self) -> None:
        """Nothing is kept open."""

    def _write(self, name: str, content: bytes) -> Path:
        half = self.path / f".{name}.part"
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        return half

    def _make_last(self) -> None:
        """Let the name survive a power cut as well."""
        try:
            folder = os.open(self.path, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as wrong:
            raise Doubtful(f"The mail folder cannot be read: {wrong.strerror}.") from wrong
