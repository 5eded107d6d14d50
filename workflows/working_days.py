"""Working days in England and Wales, counted forwards and backwards (K1)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

FIRST_COUNTED_YEAR = 1990
LAST_COUNTED_YEAR = 2100

# Up to here the bank holidays are published; what lies beyond follows from the rules and may still change.
LAST_PROCLAIMED_YEAR = 2028

_WEEKDAYS = 5
_WEEKEND = {5: "Saturday", 6: "Sunday"}
_ONE_DAY = timedelta(days=1)


class OutsideTheCalendar(ValueError):
    """A day of which nobody can say whether it is a working day: its year is misspelt."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"Working days can be counted from {FIRST_COUNTED_YEAR} to {LAST_COUNTED_YEAR}, not in {year}. "
            "Check the year."
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A day that is not counted, and why: `Saturday`, `Sunday`, or the name of the holiday."""

    on: date
    why: str


def by_rule_only(day: date) -> bool:
    """Say whether the bank holidays of that day's year follow from the rules alone, because none are published yet."""
    return day.year > LAST_PROCLAIMED_YEAR


@cache
def bank_holidays(year: int) -> Mapping[date, str]:
    """Give the bank holidays of England and Wales that fall on weekdays, with their names.

    Raises `OutsideTheCalendar` outside 1990 to 2100.
    """
    if not FIRST_COUNTED_YEAR <= year <= LAST_COUNTED_YEAR:
        raise OutsideTheCalendar(year)
    # Imported when it is first needed: it takes longer to load than the whole command line.
    from holidays import country_holidays

    # Without the subdivision Easter Monday and the August holiday are missing.
    named = country_holidays("GB", subdiv="ENG", years=year, language="en_GB")
    return {
        day: name.replace("(observed)", "(substitute day)")
        for day, name in named.items()
        if day.year == year and day.weekday() < _WEEKDAYS
    }


class WorkingDays:
    """The calendar of a partnership: Monday to Friday without bank holidays and its own closures (K1).

    `closures` are days with their names: bank holidays that were proclaimed late, and days on which the partnership is
    shut.
    """

    def __init__(self, closures: Mapping[date, str]) -> None:
        """Take the closures that stand beside the known bank holidays."""
        self._closures = dict(closures)
        self._shut: dict[int, Collection[date]] = {}

    def is_working_day(self, day: date) -> bool:
        """Say whether a day counts."""
        shut = bank_holidays(day.year)
        return day.weekday() < _WEEKDAYS and day not in shut and day not in self._closures

    def name_of_closure(self, day: date) -> str | None:
        """Give the name of the holiday or closure on a weekday, if there is one."""
        if day.weekday() >= _WEEKDAYS:
            return None
        return bank_holidays(day.year).get(day) or self._closures.get(day)

    def after(self, day: date, n: int) -> date:
        """Give the n-th working day strictly later; none is the day itself (K1)."""
        return self._step(day, n, _ONE_DAY)

    def before(self, day: date, n: int) -> date:
        """Give the n-th working day strictly earlier; none is the day itself (K1)."""
        return self._step(day, n, -_ONE_DAY)

    def on_or_before(self, day: date) -> date:
        """Give the working day on which what is planned for a day is sent or held: that day or one before it (K3)."""
        while not self.is_working_day(day):
            day -= _ONE_DAY
        return day

    def reach(self, day: date) -> date:
        """Give the last day of those for which something is sent on a working day, by the same rule."""
        while self.on_or_before(day + _ONE_DAY) <= day:
            day += _ONE_DAY
        return day

    def count_after(self, start: date, end: date) -> int:
        """Count the working days after the one day and up to the other; below zero where the end comes first."""
        if start == end:
            return 0
        earlier, later = sorted((start, end))
        years = range((earlier + _ONE_DAY).year, later.year + 1)
        shut = sum(earlier < day <= later for year in years for day in self._shut_weekdays(year))
        counted = _weekdays_between(earlier, later) - shut
        return -counted if end < start else counted

    def _shut_weekdays(self, year: int) -> Collection[date]:
        """Give the weekdays of a year that do not count; a long time is counted by them, and not day by day."""
        if year not in self._shut:
            closures = {day for day in self._closures if day.year == year and day.weekday() < _WEEKDAYS}
            self._shut[year] = closures | bank_holidays(year).keys()
        return self._shut[year]

    def left_out(self, start: date, end: date) -> list[LeftOut]:
        """List the weekends, holidays and closures after the earlier of two days and up to the later."""
        uncounted = (day for day in _days_between(start, end) if not self.is_working_day(day))
        return [LeftOut(day, _WEEKEND.get(day.weekday()) or self.name_of_closure(day) or "Closed") for day in uncounted]

    def _step(self, day: date, n: int, stride: timedelta) -> date:
        if n < 0:
            raise ValueError("Working days are counted with a number from 0 up.")
        for _ in range(n):
            day += stride
            while not self.is_working_day(day):
                day += stride
        return day


def _weekdays_between(earlier: date, later: date) -> int:
    """Count the days from Monday to Friday after the one day and up to the other."""
    weeks, rest = divmod((later - earlier).days, 7)
    return weeks * _WEEKDAYS + sum((later.weekday() - back) % 7 < _WEEKDAYS for back in range(rest))


def _days_between(one: date, other: date) -> Iterator[date]:
    earlier, later = sorted((one, other))
    return (earlier + timedelta(days=ahead) for ahead in range(1, (later - earlier).days + 1))
