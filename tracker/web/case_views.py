"""How a case is shown: its nine stages, its clocks with their working, and its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.dates import PartialDate
from workflows.definition import Definition
from workflows.vocabulary import STAGES, CaseStatus, Do, Event, Outcome

Document = Mapping[str, Any]

# The days that stand under a stage, the telling one first; and the clock that says when it is due.
_DAYS: Mapping[int, Sequence[Event]] = {
    1: (Event.INCIDENT_KNOWN, Event.NOTIFICATION),
    2: (Event.SENT_TO_PANEL, Event.RECOMMENDATION, Event.PANEL_CONVENED),
    3: (Event.DECISION,),
    4: (Event.REPORT_AGREED,),
    5: (Event.PUBLICATION,),
    7: (Event.LEARNING_SESSION,),
    8: (Event.REFLECTION_6M,),
    9: (Event.REFLECTION_12M, Event.UPDATE_REPORT),
}
# Where the day that ended the stage before is not the day on which a stage begins.
_OPENED_BY: Mapping[int, Sequence[Event]] = {1: (Event.INCIDENT_KNOWN,), 2: (Event.PANEL_CONVENED,)}
_CLOCKS: Mapping[str, int] = {
    "rapid_review": 2,
    "publish_review": 5,
    "learning_session": 7,
    "reflection_6m": 8,
    "reflection_12m": 9,
    "update_report": 9,
}
_OPEN = ("running", "late", "explained")
_PLAN = 6


@dataclass(frozen=True, slots=True)
class Stage:
    """One of the nine stages as a case shows it: `done`, `now`, `later` or `left_out`, and its day."""

    number: int
    name: str
    state: str
    word: str
    before: str
    on: str | None


def stages_of(case: Document, definition: Definition) -> list[Stage]:
    """Give the nine stages of a case: which are done, where it stands, which its process leaves out."""
    used = {status.stage for status in definition.statuses} | {_CLOCKS.get(rule.code, 0) for rule in definition.clocks}
    if any(step.do is Do.RECORD_LEARNING_SESSION for step in definition.steps):
        used.add(7)
    return [_stage(case, number, number in used) for number in range(1, len(STAGES) + 1)]


def _stage(case: Document, number: int, is_used: bool) -> Stage:
    on = next((case["events"][day]["date"] for day in _DAYS.get(number, ()) if day in case["events"]), None)
    state = _state(case, number, is_used, on)
    before, shown = "", on
    if state == "now":
        before, shown = "since", _since(case, number)
    elif state == "later":
        before, shown = "due", _due(case, number)
    left_out = ("No actions" if number == _PLAN else "Not held") if is_used else "Not in this process"
    word = {"done": "Done", "now": "Now", "later": "Later", "left_out": left_out}[state]
    return Stage(number, STAGES[number - 1], state, word, before if shown else "", shown)


def _state(case: Document, number: int, is_used: bool, on: str | None) -> str:
    if case["status"] == CaseStatus.CLOSED:
        was_held = on is not None or (number == _PLAN and case["actions"])
        return "done" if was_held else "left_out"
    if number == case["stage"]:
        return "now"
    if on is not None:
        return "done"
    without_review = case["decision"] is not None and case["decision"]["outcome"] == Outcome.NO_REVIEW
    if not is_used or (without_review and number in (4, 5)):
        return "left_out"
    return "done" if number < case["stage"] else "later"


def _since(case: Document, number: int) -> str | None:
    """Give the day since which a case is in its stage: the newest day recorded before it, or what opens it."""
    earlier = [day for stage in range(1, number) for day in _DAYS.get(stage, ())]
    wanted = _OPENED_BY.get(number, earlier)
    if not any(day in case["events"] for day in wanted):
        wanted = earlier
    days = [PartialDate.parse(case["events"][day]["date"]) for day in wanted if day in case["events"]]
    return str(max(days)) if days else None


def _due(case: Document, number: int) -> str | None:
    due = [clock["due"] for clock in case["clocks"] if _CLOCKS.get(clock["code"]) == number and clock["state"] in _OPEN]
    return min(due, default=None)


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


def cards_of(case: Document, today: date, amber_days: int) -> list[ClockCard]:
    """Give the clocks of a case as cards: those that run or are late first, by their due date."""
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
