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

    @property
    def is_anchored(self) -> bool:
        """Say whether the words of a rhythm name where it starts: `Annual (April)`, `Quarterly from June 2022`."""
        found = _RECURRING.fullmatch(self.words.casefold().strip(" ."))
        return found is not None and any(found[name] for name in ("month", "in", "from"))


_EVERY = {
    "weekly": Length(1, Unit.WEEKS),
    "fortnightly": Length(2, Unit.WEEKS),
    "monthly": Length(1, Unit.MONTHS),
    "bi-monthly": Length(2, Unit.MONTHS),
    "bimonthly": Length(2, Unit.MONTHS),
    "quarterly": Length(3, Unit.MONTHS),
    "half-yearly": Length(6, Unit.MONTHS),
    "half yearly": Length(6, Unit.MONTHS),
    "six-monthly": Length(6, Unit.MONTHS),
    "six monthly": Length(6, Unit.MONTHS),
    "twice a year": Length(6, Unit.MONTHS),
    "twice yearly": Length(6, Unit.MONTHS),
    "six-weekly": Length(6, Unit.WEEKS),
    "six weekly": Length(6, Unit.WEEKS),
    "every month": Length(1, Unit.MONTHS),
    "each month": Length(1, Unit.MONTHS),
    "every other month": Length(2, Unit.MONTHS),
    "every week": Length(1, Unit.WEEKS),
    "each week": Length(1, Unit.WEEKS),
    "every other week": Length(2, Unit.WEEKS),
    "every quarter": Length(3, Unit.MONTHS),
    "each quarter": Length(3, Unit.MONTHS),
    "every term": Length(4, Unit.MONTHS),
    "each term": Length(4, Unit.MONTHS),
    "once a year": Length(1, Unit.YEARS),
    "every year": Length(1, Unit.YEARS),
    "each year": Length(1, Unit.YEARS),
    # A school year has three terms.
    "termly": Length(4, Unit.MONTHS),
    "annual": Length(1, Unit.YEARS),
    "annually": Length(1, Unit.YEARS),
    "yearly": Length(1, Unit.YEARS),
}
_N_OF = re.compile(r"(\d{1,2})[ -](weekly|monthly|yearly)|every (\d{1,2}|two|three|four|six) (week|month|year)s?")
_NUMBERS = {"two": 2, "three": 3, "four": 4, "six": 6}
_MONTH = "|".join(("sept", *(f"{name[:3]}(?:{name[3:]})?".lower() for name in MONTHS)))
_RECURRING = re.compile(
    r"(?P<often>[a-z0-9]+(?:[ -][a-z0-9]+){0,2}?)"
    rf"(?: ?\((?P<month>[a-z]+)\)| (?:in |[-–] )?(?P<in>{_MONTH})| from (?P<from>.+))?"
)
_CONTINUING = re.compile(r"on-? ?going|continuing|continuous(?:ly)?|continual(?:ly)?")
_TRIGGERED = re.compile(
    r"(?:if|when|as|as and when) (?:they are )?(?:identified|required|needed|requested|it arises|they arise)"
    r"|as and when"
)
_BETWEEN = re.compile(r" ?[,;&] ?| and | then ")
_DAY_MONTH_YEAR = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})")
_WORDED = re.compile(r"(?:by )?(?:(?:the )?end (?:of )?)?(?:(\d{1,2})(?:st|nd|rd|th)? )?([a-z]{3,9})[ -](\d{4}|\d{2})")
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
    return _recurring(written, folded, today) or _date(written, folded) or _several(written, folded)


def next_round(due: PartialDate, every: Length) -> PartialDate:
    """Give the next date of what recurs, known as precisely as the one before (K2, K5)."""
    return deadline(due, every, Direction.AFTER, _NO_CLOSURES)


def round_after(start: PartialDate, every: Length, due: PartialDate, today: date) -> PartialDate:
    """Give the date of a rhythm that follows once the one of `due` is met: the next one that is not over yet.

    Counted from where the rhythm starts, so that being late moves no later date, nor a short month (K2).
    """
    number = 0
    found = start
    while not due < found or found.overdue_on(today):
        number += 1
        found = deadline(start, Length(every.amount * number, every.unit), Direction.AFTER, _NO_CLOSURES)
    return found


def round_of(due: PartialDate, planned: PartialDate, every: Length) -> PartialDate:
    """Give the date of a rhythm which a due date stands for that was moved: brought forward, it is the same round."""
    return planned if due < planned < next_round(due, every) else due


def why_unread(words: str) -> str:
    """Say what is wrong with words that say no timescale, and what to write instead."""
    folded = words.casefold()
    if re.search(r"\b(recur\w*|regular\w*|rolling|repeat\w*|periodic\w*)\b", folded):
        return (
            f"The timescale {words!r} says that it comes again, but not how often. Write how often, like Quarterly, "
            "6 monthly or Annual (April)."
        )
    return (
        f"The timescale {words!r} says no date. Write a date or words like Quarterly, Annual (April), On-going or "
        "As identified; or leave it out and give due_on."
    )


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
    month = found["month"] or found["in"]
    if month:
        if month not in MONTH_NUMBERS:
            return None
        first = _coming(MONTH_NUMBERS[month], today)
    elif found["from"]:
        start = _partial_date(found["from"])
        if start is None:
            return None
        first = start
    return Timescale(TimescaleKind.RECURRING, written, every, (first,))


def _length(often: str) -> Length | None:
    found = _N_OF.fullmatch(often)
    if found is None:
        return _EVERY.get(often)
    amount = int(found[1]) if found[1] else _NUMBERS.get(found[3]) or int(found[3])
    unit = _UNITS[(found[2] or found[4]).removesuffix("ly")]
    return Length(amount, unit) if amount else None


_UNITS = {"week": Unit.WEEKS, "month": Unit.MONTHS, "year": Unit.YEARS}


def _coming(month: int, today: date) -> PartialDate:
    """Give the month that comes; while it runs, the one that runs."""
    this_year = PartialDate(today.year, month)
    return PartialDate(today.year + 1, month) if this_year.overdue_on(today) else this_year


def _date(written: str, folded: str) -> Timescale | None:
    due = _partial_date(folded)
    return None if due is None else Timescale(TimescaleKind.DATE, written, dates=(due,))


def _several(written: str, folded: str) -> Timescale | None:
    """Read dates that stand beside each other: `2008 & 2011`, `June and December 2021`, `30/06/2021; 31/03/2022`."""
    parts = _BETWEEN.split(folded)
    last = re.search(r" (\d{4})$", folded)
    dates = [_partial_date(part) or (_partial_date(f"{part} {last[1]}") if last else None) for part in parts]
    known = sorted({day for day in dates if day is not None})
    if None in dates or len(known) < 2:
        return None
    return Timescale(TimescaleKind.SEVERAL, written, dates=tuple(known))


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
