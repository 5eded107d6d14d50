"""Who answers for an action, as sheets say it: names and addresses, several in one cell."""

import re
from collections.abc import Sequence
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


def paired(names: Sequence[str], emails: Sequence[str]) -> list[tuple[str, str]]:
    """Give each name with its address: by the words of the name where these tell, else by their order.

    Where there are fewer addresses than names, and no word tells, the first address is that of the first name.
    """
    of_names = [[email for email in emails if _is_of(name, email)] for name in names]
    told = [found[0] for found in of_names if len(found) == 1]
    if told and len(set(told)) == len(told) and all(len(found) < 2 for found in of_names):
        left = iter([email for email in emails if email not in told] if len(emails) == len(names) else [])
        return [(name, found[0] if found else next(left, "")) for name, found in zip(names, of_names, strict=True)]
    in_order = emails if len(emails) == len(names) else [*emails[:1], *[""] * len(names)]
    return list(zip(names, in_order, strict=False))


_LEAST_OF_A_WORD = 3


def _is_of(name: str, email: str) -> bool:
    """Say whether a word of a name stands in an address, before its @."""
    before = email.partition("@")[0]
    return any(len(word) >= _LEAST_OF_A_WORD and word in before for word in re.findall(r"[a-z]+", name.lower()))


def _parts(value: Value) -> tuple[str, ...]:
    parts = (part.strip() for part in _APART.split(as_lines(value)))
    return tuple(dict.fromkeys(part for part in parts if not says_nothing(part)))


def _is_address(text: str) -> bool:
    return text.isascii() and _ADDRESS.fullmatch(text) is not None
