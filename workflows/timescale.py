"""The words in which a plan says by when: dates, recurring, continuing, triggered, several (K15)."""

import re
from dataclasses import dataclass
from datetime import date

from workflows.action import TimescaleKind
from workflows.dates import MONTHS, PartialDate
from workflows.deadlines import Direction, Length, Unit, deadline
from workflows.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class Timescale:
    """What a plan's words say: the kind, how often it recurs, the date or dates, and the words themselves."""

    kind: TimescaleKind
    words: str
    every: Length | None = None
    dates: tuple[PartialDate, ...] = ()

    @property
    def due(self) -> PartialDate | None:
        """Give the date that counts first, where there is one."""
        return self.dates[0] if self.dates else None


_EVERY = {
    "weekly": Length(1, Unit.WEEKS),
    "fortnightly": Length(2, Unit.WEEKS),
    "monthly": Length(1, Unit.MONTHS),
    "bi-monthly": Length(2, Unit.MONTHS),
    "bimonthly": Length(2, Unit.MONTHS),
    "quarterly": Length(3, Unit.MONTHS),
    # A school year has three terms.
    "termly": Length(4, Unit.MONTHS),
    "annual": Length(1, Unit.YEARS),
    "annually": Length(1, Unit.YEARS),
    "yearly": Length(1, Unit.YEARS),
}
_N_MONTHLY = re.compile(r"(\d{1,2})[ -]monthly")
_RECURRING = re.compile(r"(?P<often>[a-z0-9]+(?:[ -]monthly)?)(?: ?\((?P<month>[a-z]+)\)| from (?P<from>.+))?")
_CONTINUING = re.compile(r"on-? ?going|continuing|continuous")
_TRIGGERED = re.compile(r"as (?:and when )?(?:they are )?identified|as (?:and when )?required|as and when")
_SEVERAL = re.compile(r"(\d{4})(?:(?: ?, ?| ?& ?| and )(\d{4}))+")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})")
_WORDED = re.compile(r"(?:end of )?(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9})[ -](\d{4}|\d{2})")
# As people write them: by their whole names or the first three letters.
MONTH_NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, start=1)} | {"sept": 9}
MONTH_NUMBERS |= {name.lower(): number for number, name in enumerate(MONTHS, start=1)}

# Months and years are counted without it.
_NO_CLOSURES = WorkingDays({})


def read_timescale(words: str, today: date) -> Timescale | None:
    """Read the words of a timescale; `None` where they say no date and no rhythm (`ASAP`, `Summer 2021`)."""
    written = " ".join(words.split())
    folded = written.casefold().strip(" .")
    if _CONTINUING.fullmatch(folded):
        return Timescale(TimescaleKind.CONTINUING, written)
    if _TRIGGERED.fullmatch(folded):
        return Timescale(TimescaleKind.TRIGGERED, written)
    if _SEVERAL.fullmatch(folded):
        dates = [_partial_date(year) for year in re.findall(r"\d{4}", folded)]
        known = sorted({day for day in dates if day is not None})
        return Timescale(TimescaleKind.SEVERAL, written, dates=tuple(known)) if None not in dates else None
    return _recurring(written, folded, today) or _date(written, folded)


def next_round(due: PartialDate, every: Length) -> PartialDate:
    """Give the next date of what recurs, known as precisely as the one before (K2, K5)."""
    return deadline(due, every, Direction.AFTER, _NO_CLOSURES)


def length_from(text: str) -> Length:
    """Read a length as an action keeps it: `2 months`."""
    amount, _, unit = text.partition(" ")
    return Length(int(amount), Unit(unit if unit.endswith("s") else f"{unit}s"))


def _recurring(written: str, folded: str, today: date) -> Timescale | None:
    found = _RECURRING.fullmatch(folded)
    every = _length(found["often"]) if found else None
    if found is None or every is None:
        return None
    first = next_round(PartialDate.of(today), every)
    if found["month"]:
        if found["month"] not in MONTH_NUMBERS:
            return None
        first = _coming(MONTH_NUMBERS[found["month"]], today)
    elif found["from"]:
        start = _partial_date(found["from"])
        if start is None:
            return None
        first = start
    return Timescale(TimescaleKind.RECURRING, written, every, (first,))


def _length(often: str) -> Length | None:
    number = _N_MONTHLY.fullmatch(often)
    if number is None:
        return _EVERY.get(often)
    return Length(int(number[1]), Unit.MONTHS) if int(number[1]) else None


def _coming(month: int, today: date) -> PartialDate:
    """Give the month that comes; while it runs, the one that runs."""
    this_year = PartialDate(today.year, month)
    return PartialDate(today.year + 1, month) if this_year.overdue_on(today) else this_year


def _date(written: str, folded: str) -> Timescale | None:
    due = _partial_date(folded)
    return None if due is None else Timescale(TimescaleKind.DATE, written, dates=(due,))


def _partial_date(folded: str) -> PartialDate | None:
    try:
        if re.fullmatch(r"\d{4}(-\d{2}){0,2}", folded):
            return PartialDate.parse(folded)
        if found := _DAY_MONTH_YEAR.fullmatch(folded):
            return PartialDate(_year(found[3]), int(found[2]), int(found[1]))
        if (found := _WORDED.fullmatch(folded)) and found[2] in MONTH_NUMBERS:
            return PartialDate(_year(found[3]), MONTH_NUMBERS[found[2]], int(found[1]) if found[1] else None)
    except ValueError:
        return None
    return None


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)
