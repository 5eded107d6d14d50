"""How the story is set: lines that fit a terminal, days and clocks as a reader says them."""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracker.commands.tables import KINDS, day
from workflows.dates import MONTHS
from workflows.wording import listed

WIDTH = 96

Document = Mapping[str, Any]

_UNBROKEN = "\N{NO-BREAK SPACE}"
# Parts of a date do not stand on two lines.
_A_DATE = re.compile(rf"\b\d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}})?\b")


def fitted(text: str, first: str = "", rest: str | None = None) -> list[str]:
    """Break a text into lines that fit, the first one after `first`, the others after `rest` or as much room."""
    room = " " * len(first) if rest is None else rest
    whole = _A_DATE.sub(lambda found: found.group().replace(" ", _UNBROKEN), text)
    lines = textwrap.wrap(
        whole, WIDTH, initial_indent=first, subsequent_indent=room, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(_UNBROKEN, " ") for line in lines]


def heading(text: str) -> list[str]:
    """Set the heading of a section."""
    return ["", "", text, "=" * len(text)]


def working(clock: Document) -> Iterator[str]:
    """Show the working of a clock: from when, how long, what is left out, until when, and how it stands."""
    yield f"The working of “{clock['name']}” ({KINDS[clock['kind']].lower()}):"
    yield f"  from {day(clock['start'])}, which is day 0, {clock['length']} {clock['direction']}"
    yield from _left_out(clock["excluded"])
    yield f"  due {day(clock['due'])}. {clock['words']}."


def _left_out(excluded: Sequence[Document]) -> Iterator[str]:
    weekend = sum(one["why"] in ("Saturday", "Sunday") for one in excluded)
    holidays = [f"{day(one['on'])} ({one['why']})" for one in excluded if one["why"] not in ("Saturday", "Sunday")]
    if excluded:
        yield f"  left out: {listed([*([f'{weekend} days of weekends'] if weekend else []), *holidays])}"
