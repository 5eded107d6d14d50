"""An email's lines as they travel: what Python's library would write, without its work for what is plain."""

import re
from binascii import b2a_qp
from email.policy import SMTP
from functools import lru_cache

_LONGEST = 78
# Words of letters, digits and plain signs, parted by single blanks: nothing to quote, to encode or to decode.
_PLAIN = re.compile(r"[A-Za-z0-9_'/&+-]+[,.:]?(?: [A-Za-z0-9_'/&+-]+[,.:]?)*")


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


# Senders and recipients come again and again.
@lru_cache(maxsize=4096)
def address_header(name: str, address: str) -> bytes:
    """Write a header of one address, with a name before it or without."""
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
