"""Which reminder of a due date is the newest whose day has come."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_LONGEST_CLOSURE = 60


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of a due date: its name, such as `before-14`, `due` or `after-7`, and the day it goes."""

    name: str
    day: date


def reminder_days(
    due: date,
    *,
    before: Sequence[int],
    on_the_day: bool,
    then_every: int | None,
    stop_after: int,
    on_or_before: Callable[[date], date],
    since: date = date.min,
    until: date = date.max,
) -> list[Rung]:
    """Give the reminders of a due date in their order, at most `stop_after` of them.

    Each goes on the working day that `on_or_before` finds for it (K3). `since` is the day from which unanswered
    reminders are counted: the day the action was made, last answered or given to its owner. What would have gone
    before it is left out, so a new owner starts anew (K13); and so is what goes after `until`.
    """
    chosen: list[Rung] = []
    for name, nominal in _ladder(due, before, on_the_day, then_every, since):
        # Beyond this no closure reaches back; nor is the calendar asked about a year that it does not know.
        if len(chosen) >= stop_after or nominal.toordinal() > until.toordinal() + _LONGEST_CLOSURE:
            break
        if nominal >= since and since <= (day := on_or_before(nominal)) <= until:
            chosen.append(Rung(name, day))
    return chosen


def newest_rung(rungs: Sequence[Rung], today: date, made_on: date) -> Rung | None:
    """Give the newest reminder whose day has come since the action was made, if any.

    A sweep that missed days finds only this one the next time; whether it went out is the caller's unique key.
    """
    due = [rung for rung in rungs if made_on <= rung.day <= today]
    return due[-1] if due else None


def _ladder(
    due: date, before: Sequence[int], on_the_day: bool, then_every: int | None, since: date
) -> Iterator[tuple[str, date]]:
    for days in sorted(set(before), reverse=True):
        yield f"before-{days}", due - timedelta(days=days)
    if on_the_day:
        yield "due", due
    if then_every is None or then_every < 1:
        return
    # Starts at the last follow-up before the count began: an old due date is not climbed from its foot.
    passed = max(0, ((since - due).days - 1) // then_every) if since > due else 0
    days = max(passed, 1) * then_every
    while True:
        yield f"after-{days}", due + timedelta(days=days)
        days += then_every
