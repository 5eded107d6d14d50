"""What a way out of the house is, what it may answer, and an email as it travels."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.utils import format_datetime
from typing import Protocol

from notifications.addresses import is_address, is_plain_address
from notifications.headers import (
    address_header,
    calendar_file,
    multipart,
    part,
    plain_header,
    stopping_header,
    text_header,
)
from notifications.moments import LONDON
from notifications.rendering import Mail, safe_header

SENDER = "learning-tracker@localhost"


class TemporaryRefusal(Exception):
    """The message could not go now; later it may, and not before `retry_after` where the service says so."""

    def __init__(self, sentence: str, retry_after: timedelta = timedelta()) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Unreachable(TemporaryRefusal):
    """Nothing can go now, whatever the message: the service is away, or does not let us in."""


class PermanentRefusal(Exception):
    """The message will never go as it is; `of_address` says that nothing ever goes to its address."""

    def __init__(self, sentence: str, *, of_address: bool = False) -> None:
        super().__init__(sentence)
        self.of_address = of_address


class Doubtful(Exception):
    """The message was handed over and no answer came: it may have gone."""


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


# Called just before the step that cannot be taken back; raises where the message is no longer the sender's.
Commit = Callable[[], None]


class Transport(Protocol):
    """A way out of the house."""

    @property
    def tells_after(self) -> timedelta | None:
        """Say how long after a doubt it can be asked for certain whether it took a message; `None`: never."""

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Hand the email over, and call `commit` before the last step; what that raises stops the sending.

        Raises `TemporaryRefusal`, `PermanentRefusal`, or after `commit` `Doubtful`.
        """

    def find(self, message_id: str) -> Receipt | None:
        """Give the receipt of an email that was handed over before; raises `TemporaryRefusal` if it cannot tell now."""

    def close(self) -> None:
        """Let go of the connection, where there is one; the next email opens another."""


def as_bytes(outgoing: OutgoingMail, sender: str = SENDER) -> bytes:
    """Write the email as it travels (RFC 5322). Raises `PermanentRefusal` for an address that is none."""
    # Python's own boundary is random; the same email is to be the same bytes.
    boundary = "=_" + re.sub(r"\W", "", outgoing.message_id)
    sent_by = Address(safe_header(outgoing.mail.from_name), addr_spec=sender)
    reply_to = outgoing.mail.reply_to
    lines = [
        address_header("From", str(sent_by)),
        # The address alone: a person's name is typed by people and has no place in a header.
        address_header("To", _address(outgoing.to_address)),
        address_header("Reply-To", _address(reply_to)) if reply_to else b"",
        text_header("Subject", safe_header(outgoing.mail.subject)),
        plain_header("Date", format_datetime(outgoing.sent_at.astimezone(LONDON))),
        plain_header("Message-ID", outgoing.message_id),
        plain_header("Auto-Submitted", "auto-generated"),
        stopping_header(outgoing.mail.stopped_at),
        plain_header("MIME-Version", "1.0"),
    ]
    words = multipart("alternative", boundary, part("plain", outgoing.mail.text), part("html", outgoing.mail.html))
    if outgoing.mail.calendar is None:
        return b"".join([*lines, words])
    return b"".join([*lines, multipart("mixed", f"=_all_{boundary}", words, calendar_file(outgoing.mail.calendar))])


def _address(text: str) -> str:
    wrong = "This is no email address that mail can be sent to. Correct it on the person's record."
    if is_plain_address(text):
        return text
    if not is_address(text):
        raise PermanentRefusal(wrong, of_address=True)
    try:
        return str(Address(addr_spec=text))
    except ValueError:
        raise PermanentRefusal(wrong, of_address=True) from None
