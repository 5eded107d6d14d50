"""Something that waits for somebody, as Today and `list jobs` show it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from workflows.dates import PartialDate
from workflows.deadlines import counted
from workflows.vocabulary import ClockKind
from workflows.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do: about which record, by which deed, by when, and how strict that date is."""

    sentence: str
    deed: str
    code: str
    partnership_id: int
    case: str | None = None
    action: str | None = None
    escalation: str | None = None
    title: str | None = None
    due: PartialDate | None = None
    kind: str = ClockKind.LOCAL.value
    days_left: int | None = None
    late_by: int | None = None
    words: str | None = None

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Sort late statutory, late local, then by days left, statutory first on a tie; what has no date is last."""
        is_local = int(self.kind == ClockKind.LOCAL)
        if self.late_by is not None:
            return (is_local, -self.late_by, 0, self.sentence)
        return (2, 10**6 if self.days_left is None else self.days_left, is_local, self.sentence)


def dated(calendar: WorkingDays, due: PartialDate, today: date) -> dict[str, Any]:  # keywords of a job
    """Give what of a job depends on its day: the working days that are left or by which it is late, and the words."""
    if due.overdue_on(today):
        late = calendar.count_after(due.last, today)
        return {"due": due, "late_by": late, "words": f"{counted(late, 'working_days')} late" if late else "Late"}
    left = calendar.count_after(today, due.last)
    words = "Due today" if due.day_or_none == today else f"{counted(left, 'working_days')} left"
    return {"due": due, "days_left": left, "words": words}
