"""The clocks of a case as its page shows them: cards with their working, and folded away what is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.web.pages import counted
from workflows.dates import PartialDate

Document = Mapping[str, Any]

_OPEN = ("running", "late", "explained")
# As many cards stand beside each other on a screen.
_ONE_ROW = 3


@dataclass(frozen=True, slots=True)
class ClockCard:
    """A clock as a card: what it is called, how it stands in words, how much of its time is gone, and its working."""

    name: str
    kind: str
    colour: str
    number: str
    words: str
    gone: int
    sentence: str
    on: str | None
    due: str
    first_due: str | None
    start: str
    length: str
    excluded: Sequence[Document]
    state: str


@dataclass(frozen=True, slots=True)
class ClocksShown:
    """The clocks of a case: those that stand as cards, and those that are over and folded away, counted in words."""

    cards: Sequence[ClockCard]
    over: Sequence[ClockCard]
    over_words: str


def clocks_of(case: Document, today: date, amber_days: int) -> ClocksShown:
    """Give the clocks of a case; where they are more than one row of cards, those that are over are folded away."""
    cards = _cards_of(case, today, amber_days)
    if len(cards) <= _ONE_ROW:
        return ClocksShown(cards, (), "")
    over = [card for card in cards if card.state not in _OPEN]
    return ClocksShown([card for card in cards if card.state in _OPEN], over, _over_words(over))


def _over_words(over: Sequence[ClockCard]) -> str:
    """Count the clocks that are over by how they ended: 8 clocks met, 2 of them late; 1 stopped."""
    stopped, late = (sum(card.state == state for card in over) for state in ("stopped", "met_late"))
    met = len(over) - stopped
    words = counted(met, "clock") + " met" if met else ""
    if late:
        words += ", late" if late == met == 1 else f", {'all' if late == met else late} of them late"
    if not stopped:
        return words
    return f"{words}; {stopped} stopped" if words else counted(stopped, "clock") + " stopped"


def _cards_of(case: Document, today: date, amber_days: int) -> list[ClockCard]:
    """Give the clocks as cards: those that run or are late first, by their due date."""
    clocks = sorted(case["clocks"], key=lambda clock: (clock["state"] not in _OPEN, _place(clock["due"])))
    return [_card(clock, today, amber_days) for clock in clocks]


def _place(text: str) -> date:
    return PartialDate.parse(text).last


def _card(clock: Document, today: date, amber_days: int) -> ClockCard:
    words = _met_words(clock) if clock["state"] == "met" else clock["words"]
    number, _, rest = words.partition(" ")
    is_counted = number.replace(",", "").isdigit()
    sentence = {"met": "Met", "met_late": "Met", "late": "Was due", "explained": "Was due"}.get(clock["state"], "Due")
    return ClockCard(
        name=clock["name"],
        kind=clock["kind"],
        colour=_colour(clock, amber_days),
        number=number if is_counted else "",
        words=rest if is_counted else words,
        gone=_gone(clock, today),
        sentence=sentence if sentence != "Met" or clock["met_on"] else "Due",
        on=clock["met_on"] if sentence == "Met" else None,
        due=clock["due"],
        first_due=clock["original_due"] if clock["original_due"] != clock["due"] else None,
        start=clock["start"],
        length=f"{clock['length']} {clock['direction']}",
        excluded=clock["excluded"],
        state=clock["state"],
    )


def _met_words(clock: Document) -> str:
    """Say on which day of how many a clock was met, where both are known to the day and it runs forwards."""
    days = [PartialDate.parse(clock[key] or clock["due"]).day_or_none for key in ("start", "met_on", "due")]
    start, met_on, due = days
    if start is None or met_on is None or due is None or not start <= met_on <= due or not clock["met_on"]:
        return str(clock["words"])
    left_out = [date.fromisoformat(day["on"]) for day in clock["excluded"]]
    of = (due - start).days - sum(start < day <= due for day in left_out)
    on = (met_on - start).days - sum(start < day <= met_on for day in left_out)
    return f"Met on day {on} of {of}"


def _colour(clock: Document, amber_days: int) -> str:
    if clock["state"] == "late":
        return "red"
    if clock["state"] == "explained":
        return "amber"
    if clock["state"] != "running":
        return "grey"
    return "amber" if (clock["working_days_left"] or 0) <= amber_days else "green"


def _gone(clock: Document, today: date) -> int:
    """Give how much of a clock's time is gone, in per cent; one that runs backwards has no beginning to count from."""
    if clock["state"] in ("late", "met_late", "explained"):
        return 100
    start, due = _place(clock["start"]), _place(clock["due"])
    until = _place(clock["met_on"]) if clock["met_on"] else today
    if due <= start:
        return 0 if clock["state"] == "running" else 100
    return max(0, min(100, round(100 * (until - start).days / (due - start).days)))
