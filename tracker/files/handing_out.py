"""How a file is handed out: to be saved under its name, and never to be shown by the browser itself."""

import unicodedata
from collections.abc import Mapping
from urllib.parse import quote

_LONGEST_NUMBER = 4
_PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ()-_.")


def headers_of(name: str) -> Mapping[str, str]:
    """Give the headers under which a file leaves: opened by mistake, it can still do nothing."""
    return {
        "Content-Disposition": f"attachment; filename=\"{_plainly(name)}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }


def number_in(written: str) -> int:
    """Read the number of a file in an address; what is none is the number of no file."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= _LONGEST_NUMBER else 0


def _plainly(name: str) -> str:
    """Write a name in the letters that every browser reads, for those that read no others."""
    letters = unicodedata.normalize("NFKD", name)
    plain = "".join(letter if letter in _PLAIN else "_" for letter in letters if not unicodedata.combining(letter))
    return plain.strip(". ") or "file"
