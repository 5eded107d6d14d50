"""How a clock of a case stands today: read from its row, never stored (K8), and given as a document."""

from datetime import date
from typing import Any

from tracker.cases.models import Clock
from tracker.cases.standing import Standing
from workflows.dates import iso_text
from workflows.deadlines import ClockReading, Length, Unit, in_words, read_clock
from workflows.working_days import WorkingDays


def read(
    clock: Clock, *, held_since: date | None, today: date, calendar: WorkingDays, met_by_time: bool
) -> ClockReading:
    """Say how a clock stands today; one that nothing has to end is met when its time has passed.

    A hold explains what passes its date while it stands (K3), and nothing that was late before it.
    """
    met_on = clock.met_on
    if met_by_time and met_on is None and clock.due.overdue_on(today):
        met_on = clock.due
    return read_clock(
        start=clock.start,
        due=clock.due,
        original_due=clock.original_due,
        length=length_of(clock),
        met_on=met_on,
        stopped=clock.stopped_on is not None,
        on_hold=held_since is not None and not clock.due.overdue_on(held_since),
        today=today,
        calendar=calendar,
    )


def readings_of(standing: Standing, today: date) -> list[tuple[Clock, ClockReading]]:
    """Give the clocks of a case with how each stands today, in the order in which they began."""
    ends_by_itself = {rule.code for rule in standing.definition.clocks if rule.met_by is None}
    held_since = None if standing.hold is None else standing.hold.since
    return [
        (
            clock,
            read(
                clock,
                held_since=held_since,
                today=today,
                calendar=standing.calendar,
                met_by_time=clock.code in ends_by_itself,
            ),
        )
        for clock in standing.case_clocks()
    ]


def length_of(clock: Clock) -> Length:
    """Give the length with which a clock began."""
    return Length(clock.amount, Unit(clock.unit))


def as_document(clock: Clock, reading: ClockReading, today: date) -> dict[str, Any]:
    """Give a clock with its working, as `show case` and `list clocks` print it."""
    return {
        "code": clock.code,
        "name": clock.name,
        "kind": clock.kind,
        "start": str(clock.start),
        "due": str(clock.due),
        "original_due": str(clock.original_due),
        "precision": clock.due.precision,
        "length": str(length_of(clock)),
        "direction": clock.direction,
        "state": reading.state.value,
        "words": in_words(reading, clock.due, today, clock.stopped_why),
        "met_on": iso_text(clock.met_on),
        "working_days_left": reading.working_days_left,
        "late_by": reading.late_by,
        "unit": reading.late_unit,
        "excluded": [{"on": day.on.isoformat(), "why": day.why} for day in reading.left_out],
        "stopped_why": clock.stopped_why,
    }
