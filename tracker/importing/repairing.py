"""Names whose characters were read in the wrong code, as they may have been meant: TashaÃ»n is Tashaûn."""

import re
from collections.abc import Iterator
from functools import partial

# The codes in which programs of offices read what was written in UTF-8.
_CODES = ("cp1252", "latin-1", "mac_roman", "cp850")
_MOST_TIMES = 2
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def repairs(text: str) -> Iterator[str]:
    """Give what a text may have been, in the order of how often that happens; nothing for one of plain letters."""
    for code in _CODES if _NOT_ASCII.search(text) else ():
        garbled = text
        for _ in range(_MOST_TIMES):
            repaired = _NOT_ASCII.sub(partial(_repaired, code=code), garbled)
            if repaired == garbled:
                break
            yield repaired
            garbled = repaired


def _repaired(found: re.Match[str], code: str) -> str:
    try:
        return b"".join(_bytes(letter, code) for letter in found[0]).decode("utf-8")
    except UnicodeError:
        return found[0]


def _bytes(letter: str, code: str) -> bytes:
    """Windows has no letter for five bytes, and programs leave them as they are."""
    try:
        return letter.encode(code)
    except UnicodeError:
        return letter.encode("latin-1")
