"""Who answers for an action, as sheets say it: names and addresses, several in one cell."""

import re
from dataclasses import dataclass

from tracker.importing.by_when import says_nothing
from tracker.importing.cells import Value, as_lines

# At a line break, a semicolon, a comma; at / and & only between blanks, for they stand in names as well.
_APART = re.compile(r"\n|;|,|(?<=\s)[/&](?=\s)")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\".]+(?:\.[^\s@<>()\[\]\\,;:\".]+)+")


@dataclass(frozen=True, slots=True)
class Owners:
    """The names and the addresses of a row, and what a coordinator has to look at."""

    names: tuple[str, ...]
    emails: tuple[str, ...]
    flags: tuple[str, ...]


def read_owners(names: Value, emails: Value) -> Owners:
    """Read the cells with owners and with their addresses."""
    owners = _parts(names)
    given = _parts(emails)
    good = tuple(one.lower() for one in given if _is_address(one))
    flags = []
    if len(owners) > 1:
        flags.append("several_owners")
    if not owners:
        flags.append("no_owner")
    if len(good) < len(given):
        flags.append("bad_email")
    elif owners and not good:
        flags.append("no_email")
    return Owners(owners, good, tuple(flags))


def _parts(value: Value) -> tuple[str, ...]:
    parts = (part.strip() for part in _APART.split(as_lines(value)))
    return tuple(dict.fromkeys(part for part in parts if not says_nothing(part)))


def _is_address(text: str) -> bool:
    return text.isascii() and _ADDRESS.fullmatch(text) is not None
