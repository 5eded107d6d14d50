"""The colour of an action: the worse of what its owner says and what its date says, with the reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from workflows.action import OPEN_STATUSES, WITHOUT_DATE, ActionStatus, Report, TimescaleKind
from workflows.dates import PartialDate, uk_date
from workflows.deadlines import counted


class Colour(StrEnum):
    """The colour of an action; what was closed without being done has none."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"
    GREY = "grey"
    TEAL = "teal"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rag:
    """The colour of an action, its word, and the reason in a few words."""

    colour: Colour
    word: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What the colour of an action depends on.

    `says`: the owner's last word. `said_before`: while that waits to be checked, the one that counted until then.
    """

    status: ActionStatus
    timescale: TimescaleKind = TimescaleKind.DATE
    due: PartialDate | None = None
    says: Report | None = None
    waits: bool = False
    said_before: Report | None = None
    updated_on: date | None = None
    asked_on: PartialDate | None = None
    is_answered: bool = False

    @property
    def is_open(self) -> bool:
        """Say whether the action is neither done nor ended."""
        return self.status in OPEN_STATUSES

    @property
    def counts(self) -> Report | None:
        """Give the report that counts: a worse one at once, a better one when it was accepted."""
        if not self.waits or (self.says in _WORSE and _place(self.says) > _place(self.said_before)):
            return self.says
        return self.said_before

    @property
    def blocked(self) -> bool:
        """Say whether the owner cannot go on."""
        return self.is_open and self.counts is Report.STUCK

    def overdue_days(self, today: date) -> int:
        """Give the days since the due date, month or year was over (K5, K8); 0 for what is not overdue."""
        is_late = self.is_open and self.due is not None and self.due.overdue_on(today)
        if not is_late or self.due is None or self.timescale in WITHOUT_DATE:
            return 0
        return (today - self.due.last).days

    def asked_days(self, today: date) -> int | None:
        """Give for how many days a body outside has been asked without an answer; `None` where there is no such one."""
        if not self.is_open or self.asked_on is None or self.is_answered:
            return None
        return max((today - self.asked_on.last).days, 0)


_WORSE = (Report.AT_RISK, Report.STUCK)


def _place(report: Report | None) -> int:
    return _WORSE.index(report) + 1 if report in _WORSE else 0


def rag(course: Course, today: date, *, amber_days: int, no_update_days: int) -> Rag:
    """Give the colour of an action: the worse of what its owner says and what its date says."""
    if not course.is_open:
        is_done = course.status in (ActionStatus.COMPLETE, ActionStatus.EMBEDDED)
        word = course.status.words.capitalize()
        return Rag(Colour.TEAL if is_done else Colour.NONE, word, "accepted" if is_done else "closed with a reason")
    reasons = _red(course, today)
    if reasons:
        return Rag(Colour.RED, "Red", ", ".join(reasons))
    reasons = _amber(course, today, amber_days, no_update_days)
    if reasons:
        return Rag(Colour.AMBER, "Amber", ", ".join(reasons))
    unanswered = _unanswered(course, today)
    if unanswered:
        return Rag(Colour.GREEN, "Green", unanswered)
    if course.counts in (Report.ON_TRACK, Report.DONE):
        return Rag(Colour.GREEN, "Green", "on track" if course.counts is Report.ON_TRACK else "done for this time")
    if course.status is ActionStatus.PLANNED or course.waits:
        return Rag(Colour.GREY, "Not started", "no update yet")
    return Rag(Colour.GREEN, "Green", course.status.words)


def _red(course: Course, today: date) -> list[str]:
    days = course.overdue_days(today)
    late = [f"{counted(days, 'days')} overdue"] if days else []
    return [*late, "stuck, its owner says"] if course.counts is Report.STUCK else late


def _amber(course: Course, today: date, amber_days: int, no_update_days: int) -> list[str]:
    reasons = []
    asked = course.asked_days(today)
    if asked is not None and asked >= no_update_days:
        reasons.append(_unanswered(course, today))
    has_date = course.due is not None and course.timescale not in WITHOUT_DATE
    left = (course.due.last - today).days if course.due is not None and has_date else None
    if course.due is not None and left is not None and 0 <= left <= amber_days:
        reasons.append(_soon(course.due, left))
    if course.counts is Report.AT_RISK:
        reasons.append("at risk, its owner says")
    if course.counts is Report.NOT_MINE:
        reasons.append("not theirs, its owner says")
    if course.updated_on is not None and (today - course.updated_on).days >= no_update_days:
        reasons.append(f"no update for {counted((today - course.updated_on).days, 'days')}")
    return reasons


def _unanswered(course: Course, today: date) -> str:
    """Say since when a body outside is asked: its answer ages, it is never overdue."""
    days = course.asked_days(today)
    if days is None:
        return ""
    return "asked today" if days == 0 else f"asked {counted(days, 'days')} ago, no answer"


def _soon(due: PartialDate, left: int) -> str:
    if due.day is None:
        return f"due in {uk_date(due)}"
    return "due today" if left == 0 else f"due in {counted(left, 'days')}"
