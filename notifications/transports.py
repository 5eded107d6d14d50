"""The ways out of the house: today a folder; mail servers come with a later version."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

from notifications.moments import LONDON
from notifications.rendering import Mail, safe_header

SENDER = "learning-tracker@localhost"
ONE_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+")


class TemporaryRefusal(Exception):
    """The message could not go now; later it may."""


class PermanentRefusal(Exception):
    """The message will never go as it is."""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A written email with its one recipient, ready to be handed over."""

    message_id: str
    kind: str
    to_address: str
    sent_at: datetime
    mail: Mail


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a transport gave back for a message it took: its own name for it."""

    provider_id: str


class Transport(Protocol):
    """A way out of the house."""

    def send(self, outgoing: OutgoingMail) -> Receipt:
        """Hand the email over; raises `TemporaryRefusal` or `PermanentRefusal`."""

    def find(self, message_id: str) -> Receipt | None:
        """Give the receipt of an email that was handed over before, if the transport can tell."""


def transport_for(url: str, sender: str = SENDER) -> Transport:
    """Give the transport that a setting names. Raises `ValueError` with a sentence."""
    scheme, _, rest = url.partition(":")
    if scheme == "folder" and rest:
        return FolderTransport(Path(rest), sender)
    if scheme in ("smtp", "smtps", "notify"):
        raise ValueError(f"Sending by {scheme} comes with a later version; use folder:DIR.")
    raise ValueError(f"{url!r} is no way to send mail; use folder:DIR.")


def as_bytes(outgoing: OutgoingMail, sender: str = SENDER) -> bytes:
    """Write the email as it travels (RFC 5322). Raises `PermanentRefusal` for an address that is none."""
    token = re.sub(r"\W", "", outgoing.message_id)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(safe_header(outgoing.mail.from_name), addr_spec=sender)
    # The address alone: a person's name is typed by people and has no place in a header.
    message["To"] = _address(outgoing.to_address)
    if outgoing.mail.reply_to:
        message["Reply-To"] = _address(outgoing.mail.reply_to)
    message["Subject"] = safe_header(outgoing.mail.subject)
    message["Date"] = outgoing.sent_at.astimezone(LONDON)
    message["Message-ID"] = outgoing.message_id
    message["Auto-Submitted"] = "auto-generated"
    # Seven-bit on every path, so no server has a reason to rewrite it.
    message.set_content(outgoing.mail.text, cte="quoted-printable")
    message.add_alternative(outgoing.mail.html, subtype="html", cte="quoted-printable")
    # Python's own boundary is random; the same email is to be the same bytes.
    message.set_boundary(f"=_{token}")
    return message.as_bytes()


def _address(text: str) -> Address:
    if not text.isascii() or not ONE_ADDRESS.fullmatch(text):
        raise PermanentRefusal("This is no email address that mail can be sent to. Correct it on the person's record.")
    try:
        return Address(addr_spec=text)
    except ValueError:
        raise PermanentRefusal(
            "This is no email address that mail can be sent to. Correct it on the person's record."
        ) from None


@dataclass(frozen=True, slots=True)
class FolderTransport:
    """Writes each email into a folder, one file each, exactly as it would be sent; names sort in that order."""

    path: Path
    sender: str = SENDER

    def send(self, outgoing: OutgoingMail) -> Receipt:
        """Write the email; the file appears whole or not at all."""
        content = as_bytes(outgoing, self.sender)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with self._next_number() as number:
                # The number stands first: a clock that stands still or is set back leaves the order as it was.
                name = f"{number:08d}-{outgoing.sent_at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{outgoing.kind}.eml"
                self._write(name, content)
        except OSError as wrong:
            raise TemporaryRefusal(f"The mail folder cannot be written: {wrong.strerror}.") from wrong
        return Receipt(provider_id=name)

    def find(self, message_id: str) -> Receipt | None:
        """Look through the folder for an email that is there already; raises `TemporaryRefusal` if that cannot be."""
        wanted = f"Message-ID: {message_id}".encode()
        try:
            for path in sorted(self.path.glob("*.eml"), reverse=True):
                if wanted in path.read_bytes().partition(b"\r\n\r\n")[0].split(b"\r\n"):
                    return Receipt(provider_id=path.name)
        except OSError as wrong:
            raise TemporaryRefusal(f"The mail folder cannot be read: {wrong.strerror}.") from wrong
        return None

    @contextmanager
    def _next_number(self) -> Iterator[int]:
        """Hold the folder's counter while one email is written, so that two processes never share a number."""
        counter = os.open(self.path / ".last-number", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(counter, fcntl.LOCK_EX)
            number = int(os.read(counter, 20) or self._highest_number()) + 1
            # Counted first: whoever dies while writing leaves a gap, never a number that is given twice.
            os.pwrite(counter, f"{number:08d}".encode(), 0)
            yield number
        finally:
            os.close(counter)

    def _highest_number(self) -> int:
        return max((int(path.name[:8]) for path in self.path.glob("[0-9]" * 8 + "-*.eml")), default=0)

    def _write(self, name: str, content: bytes) -> None:
        half = self.path / f".{name}.part"
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(self.path / name)
        folder = os.open(self.path, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
