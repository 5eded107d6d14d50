"""Which reminder of a due date is the newest whose day has come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of a due date: its name, such as `before-14`, `due` or `after-7`, and the day it goes."""

    name: str
    day: date


def newest_rung(
    due: date,
    reach: date,
    *,
    before: Sequence[int],
    on_the_day: bool,
    then_every: int | None,
    on_or_before: Callable[[date], date],
    since: date = date.min,
) -> Rung | None:
    """Give the newest reminder of a due date whose day has come, if any; one that was missed goes late, once.

    Each goes on the working day that `on_or_before` finds for it (K3); `reach` is the last day for which something goes
    today. `since` is the day from which reminders are counted: the day the action was made, last answered or given to
    its owner. What would have gone before it is left out, so a new owner starts anew (K13).
    """
    found = _newest(due, reach, before, on_the_day, then_every)
    if found is None:
        return None
    name, nominal = found
    # Before the calendar is asked: it knows nothing of a day in another century, and such a due date was mistyped.
    if nominal < since:
        return None
    day = on_or_before(nominal)
    return Rung(name, day) if since <= day else None


def _newest(
    due: date, reach: date, before: Sequence[int], on_the_day: bool, then_every: int | None
) -> tuple[str, date] | None:
    """Give the last step of the ladder that is within reach: its name, and the day before it is moved."""
    late = (reach - due).days
    if then_every is not None and late >= then_every >= 1:
        days = late // then_every * then_every
        return f"after-{days}", due + timedelta(days=days)
    if on_the_day and late >= 0:
        return "due", due
    days = min((days for days in before if late >= -days), default=0)
    return (f"before-{days}", due - timedelta(days=days)) if days else None
