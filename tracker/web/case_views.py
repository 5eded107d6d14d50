"""How a case is shown: its nine stages, each with its day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
