"""The status words of sheets: what each says of an action."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.importing.cells import Value, as_text, folded
from workflows.action import ActionStatus, Report

_S = ActionStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """How an action stands, what its owner said of it last, and the flag where the words are no known ones."""

    status: ActionStatus
    report: Report | None = None
    flag: str | None = None


_ON_TRACK = Standing(_S.IN_PROGRESS, Report.ON_TRACK)
_AT_RISK = Standing(_S.IN_PROGRESS, Report.AT_RISK)
_OFF_TRACK = Standing(_S.IN_PROGRESS, Report.STUCK)
_NOT_STARTED = Standing(_S.PLANNED)
_COMPLETE = Standing(_S.COMPLETE)
_ONGOING = Standing(_S.ONGOING)
_NOT_PROGRESSED = Standing(_S.NOT_TAKEN_FORWARD)

# "Outstanding" is what has not been done.
_WORDS: Mapping[str, Standing] = {
    **dict.fromkeys(("green", "g"), _ON_TRACK),
    **dict.fromkeys(("amber", "a"), _AT_RISK),
    **dict.fromkeys(("red", "r", "outstanding", "outstanding task"), _OFF_TRACK),
    **dict.fromkeys(("grey", "gray", "not started"), _NOT_STARTED),
    **dict.fromkeys(
        ("blue", "b", "complete", "completed", "done", "closed", "achieved", "completed action"), _COMPLETE
    ),
    **dict.fromkeys(("on going task", "on-going task", "on-going", "ongoing", "ongoing task", "on going"), _ONGOING),
    **dict.fromkeys(("closed - not taken forward", "decision made not to take forward"), _NOT_PROGRESSED),
}


def read_standing(value: Value) -> Standing:
    """Read a cell with a status, whatever its case, blanks and dashes."""
    text = folded(as_text(value))
    if not text:
        return Standing(_S.PLANNED, flag="no_status")
    return _WORDS.get(text) or Standing(_S.PLANNED, flag="unclear_status")
