"""An email's lines as they travel: what Python's library would write, without its work for what is plain."""

import re
from base64 import encodebytes
from binascii import b2a_qp
from email.policy import SMTP
from functools import lru_cache

from notifications.addresses import is_plain_address
from notifications.meeting_facts import CalendarPart

_LONGEST = 78
# Words of letters, digits and plain signs, parted by single blanks: nothing to quote, to encode or to decode.
_PLAIN = re.compile(r"[A-Za-z0-9_'/&+-]+[,.:]?(?: [A-Za-z0-9_'/&+-]+[,.:]?)*")

# A page behind a signed link, at the end of the installation's own address; nothing typed by anybody looks like it.
_PAGE_OF_A_LINK = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~-]+)*/u/[A-Za-z0-9._-]+/emails")
_LONGEST_LINK = 900


def text_header(name: str, text: str) -> bytes:
    """Write a header of words, as Subject is."""
    if _PLAIN.fullmatch(text) and len(name) + 2 + len(text) <= _LONGEST:
        return f"{name}: {text}\r\n".encode()
    return _by_library(name, text)


def plain_header(name: str, value: str) -> bytes:
    """Write a header whose value is ours, seven bits and short."""
    if not value.isascii() or not value.isprintable():
        raise ValueError(f"{name} holds what no header of ours does.")
    return f"{name}: {value}\r\n".encode()


def stopping_header(address: str | None) -> bytes:
    """Write where a reader stops such emails: the page behind a link of ours, as its text has it, or nothing.

    There is no `List-Unsubscribe-Post` beside it: mail programs and scanners would send that form by themselves, and
    nothing changes here but by what a person sends from the page.
    """
    if address is None or len(address) > _LONGEST_LINK or not _PAGE_OF_A_LINK.fullmatch(address):
        return b""
    # On one line: an address that is broken in two is none any more.
    return plain_header("List-Unsubscribe", f"<{address}>")


# Senders and recipients come again and again.
@lru_cache(maxsize=4096)
def address_header(name: str, address: str) -> bytes:
    """Write a header of one address, with a name before it or without."""
    if is_plain_address(address) and len(name) + 2 + len(address) <= _LONGEST:
        return f"{name}: {address}\r\n".encode()
    return _by_library(name, address)


def _by_library(name: str, text: str) -> bytes:
    folded: str = SMTP.header_factory(name, text).fold(policy=SMTP)
    return folded.encode("ascii")


def part(subtype: str, text: str) -> bytes:
    """Write one part of an email in lines of seven bits, so that no server has a reason to rewrite it."""
    lines = b"".join(line + b"\r\n" for line in text.encode().splitlines() or [b""])
    return (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'.encode()
        + b2a_qp(lines, istext=True)
    )


def multipart(subtype: str, boundary: str, *parts: bytes) -> bytes:
    """Put parts together, with the header that says where each begins."""
    header = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n'.encode()
    between = f"\r\n--{boundary}".encode()
    return b"".join([header, *(between + b"\r\n" + one for one in parts), between, b"--\r\n"])


def calendar_file(calendar: CalendarPart) -> bytes:
    """Write the part that a calendar reads, as a file beside the words of the email (RFC 6047)."""
    header = (
        f'Content-Type: text/calendar; charset="utf-8"; method={calendar.method}\r\n'
        'Content-Disposition: attachment; filename="meetings.ics"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n"
    )
    return header.encode() + encodebytes(calendar.text.encode()).replace(b"\n", b"\r\n")
