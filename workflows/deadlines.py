"""When something is due, and how its clock stands today (K1 to K5, K8)."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MINYEAR, date, timedelta
from enum import StrEnum
from typing import Literal

from workflows.dates import FIRST_YEAR, PartialDate
from workflows.working_days import LAST_COUNTED_YEAR, LeftOut, OutsideTheCalendar, WorkingDays

LateUnit = Literal["working_days", "days"]

LONGEST = 10_000
_ONE_DAY = timedelta(days=1)


class Unit(StrEnum):
    """What a length is counted in."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Direction(StrEnum):
    """Whether a deadline lies after its event or before it."""

    AFTER = "after"
    BEFORE = "before"


class ClockState(StrEnum):
    """How a clock stands."""

    RUNNING = "running"
    MET = "met"
    MET_LATE = "met_late"
    LATE = "late"
    EXPLAINED = "explained"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Length:
    """How long a clock runs: so many of a unit."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        """Refuse what no clock can be."""
        if not 0 <= self.amount <= LONGEST:
            raise ValueError(f"A length is a whole number from 0 to {LONGEST}, not {self.amount}.")

    def __str__(self) -> str:
        """Write it as a reader says it: 15 working days, 1 year."""
        unit = self.unit.value.replace("_", " ")
        return f"{self.amount} {unit[:-1] if self.amount == 1 else unit}"


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What a clock shows: its state, the working days left while it runs, how late it is, and the days left out."""

    state: ClockState
    working_days_left: int | None
    late_by: int | None
    late_unit: LateUnit
    left_out: tuple[LeftOut, ...]


def deadline(start: PartialDate, length: Length, direction: Direction, calendar: WorkingDays) -> PartialDate:
    """Give the due date, known as precisely as its start (K1, K2, K3, K5).

    A month or a year is reckoned from its last day. Raises `OutsideTheCalendar` where nobody could count the days left.
    """
    due = _shifted(start.last, length, direction, calendar)
    if not FIRST_YEAR <= due.year <= LAST_COUNTED_YEAR:
        raise OutsideTheCalendar(due.year)
    return PartialDate.of(due, start.precision)


def earliest_day(sent_on: date, length: Length, calendar: WorkingDays) -> date:
    """Give the earliest day whose deadline before it is not yet missed by what is sent on a day.

    With "7 working days before" publication: the earliest day to publish a report that was sent on `sent_on`.
    """
    day = _shifted(sent_on - _ONE_DAY, length, Direction.AFTER, calendar)
    while _shifted(day, length, Direction.BEFORE, calendar) < sent_on:
        day += _ONE_DAY
    return day


def read_clock(
    *,
    start: PartialDate,
    due: PartialDate,
    original_due: PartialDate,
    length: Length,
    met_on: PartialDate | None,
    stopped: bool,
    on_hold: bool,
    today: date,
    calendar: WorkingDays,
) -> ClockReading:
    """Say how a clock stands today (K3, K8).

    `due` is the date that counts now, `original_due` the one it had before another was agreed. Lateness is counted from
    the original date, in working days where the clock is; so a clock is late by none on the weekend after its last day.
    """
    state = _state(due, original_due, met_on, stopped, on_hold, today)
    # An imprecise date of meeting counts as its first day: nobody is called later than is certain.
    ended = today if met_on is None else met_on.first
    promised = min(due, original_due).last if state is ClockState.LATE else original_due.last
    is_late = state in (ClockState.MET_LATE, ClockState.LATE, ClockState.EXPLAINED)
    return ClockReading(
        state=state,
        working_days_left=calendar.count_after(today, due.last) if state is ClockState.RUNNING else None,
        late_by=_late_by(promised, ended, length, calendar) if is_late else None,
        late_unit=_late_unit(length),
        left_out=_days_left_out(start, due, length, calendar),
    )


def in_words(reading: ClockReading, due: PartialDate, today: date, stopped_why: str | None = None) -> str:
    """Say how a clock stands, in the words of every page and email: 8 working days left, Due today, 2 days late.

    The days left are counted as the clock is: a clock of months in calendar days.
    """
    # Late by a weekend only it is late by no working day.
    late = counted(reading.late_by, reading.late_unit) if reading.late_by else ""
    if reading.state is ClockState.RUNNING:
        if due.day_or_none == today:
            return "Due today"
        if reading.late_unit == "days":
            return f"{counted((due.last - today).days, 'days')} left"
        return f"{counted(reading.working_days_left or 0, 'working_days')} left"
    return {
        ClockState.MET: "Met",
        ClockState.MET_LATE: f"Met {late} late" if late else "Met late",
        ClockState.LATE: f"{late} late" if late else "Late",
        ClockState.EXPLAINED: f"On hold: {late} over, explained" if late else "On hold: over, explained",
        ClockState.STOPPED: f"Stopped: {stopped_why}",
    }[reading.state]


def counted(number: int, unit: str) -> str:
    """Write a number with its unit: 1 working day, 12 days, 1,065 days."""
    words = unit.replace("_", " ")
    return f"{number:,} {words[:-1] if number == 1 else words}"


def _state(
    due: PartialDate,
    original_due: PartialDate,
    met_on: PartialDate | None,
    stopped: bool,
    on_hold: bool,
    today: date,
) -> ClockState:
    if met_on is not None:
        return ClockState.MET_LATE if original_due.certainly_before(met_on) else ClockState.MET
    if stopped:
        return ClockState.STOPPED
    if due.overdue_on(today):
        return ClockState.EXPLAINED if on_hold else ClockState.LATE
    return ClockState.EXPLAINED if original_due.overdue_on(today) else ClockState.RUNNING


def _late_unit(length: Length) -> LateUnit:
    return "working_days" if length.unit is Unit.WORKING_DAYS else "days"


def _late_by(promised: date, ended: date, length: Length, calendar: WorkingDays) -> int:
    if _late_unit(length) == "working_days":
        return calendar.count_after(promised, ended)
    return (ended - promised).days


def _days_left_out(start: PartialDate, due: PartialDate, length: Length, calendar: WorkingDays) -> tuple[LeftOut, ...]:
    if length.unit is not Unit.WORKING_DAYS or start.day_or_none is None or due.day_or_none is None:
        return ()
    return tuple(calendar.left_out(start.first, due.first))


def _shifted(day: date, length: Length, direction: Direction, calendar: WorkingDays) -> date:
    forwards = direction is Direction.AFTER
    if length.unit is Unit.WORKING_DAYS:
        return calendar.after(day, length.amount) if forwards else calendar.before(day, length.amount)
    amount = length.amount if forwards else -length.amount
    match length.unit:
        case Unit.DAYS:
            return day + timedelta(days=amount)
        case Unit.WEEKS:
            return day + timedelta(weeks=amount)
        case Unit.MONTHS:
            return _months_later(day, amount)
        case Unit.YEARS:
            return _months_later(day, 12 * amount)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    if not MINYEAR <= year <= LAST_COUNTED_YEAR:
        raise OutsideTheCalendar(year)
    # The same day number, or the last day where the month is too short (K2).
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
