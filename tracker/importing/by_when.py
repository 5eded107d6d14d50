"""By when an action is to be done, as sheets say it: read day first, with what a coordinator has to look at."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.importing.cells import Value, as_text, folded
from workflows.action import TimescaleKind
from workflows.dates import PartialDate
from workflows.timescale import MONTH_NUMBERS
from workflows.working_days import FIRST_COUNTED_YEAR

_MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_TIME = r"(?:[t ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_NUMBERS = re.compile(rf"(\d{{1,2}})([/.-])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}")
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}")
_WORDED = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ -]({_MONTH})[ ,-]+(\d{{4}}|\d{{2}})")
_OF_MONTH = re.compile(rf"(?:end of )?({_MONTH})[ -](\d{{4}}|\d{{2}})")
_NO_YEAR = re.compile(
    rf"(?:end of |early |late |mid[ -])?(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:{_MONTH})"
    r"|\d{1,2}[/.]\d{1,2}"
)
_DAY_NUMBER = re.compile(r"\d{5}")
_NONE = {"", "tbc", "tba", "-", "n/a"}
_KINDS = (
    (re.compile(r"on[- ]?going"), TimescaleKind.CONTINUING),
    (
        re.compile(r"(?:annual(?:ly)?|quarterly|termly|bi[- ]?monthly|monthly|\d{1,2}[ -]monthly)\b.*"),
        TimescaleKind.RECURRING,
    ),
    (re.compile(r"as identified"), TimescaleKind.TRIGGERED),
)
_REVISED = re.compile(r"(.*?)\brevised\b(?: to)?[ :]*(.*)")
# Excel counts days from here, as if 1900 had been a leap year.
_FIRST_DAY = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class ByWhen:
    """What a cell says of the time: a date or a kind of timescale, and the flag where a person has to look."""

    words: str
    due: PartialDate | None = None
    kind: TimescaleKind = TimescaleKind.DATE
    flag: str | None = None


class _NoSuchDay(Exception):
    """The words have the form of a date that stands in no calendar."""


def read_by_when(value: Value) -> ByWhen:
    """Read a cell with a target date; what it says stays beside what was understood."""
    words = as_text(value)
    text = folded(words)
    if text in _NONE:
        return ByWhen(words, flag="no_date")
    for form, kind in _KINDS:
        if form.fullmatch(text):
            return ByWhen(words, kind=kind, flag=kind.value)
    try:
        found = _dated(words, value, text)
    except _NoSuchDay:
        return ByWhen(words, flag="invalid_date")
    # Nobody counts working days of another century: the year was mistyped.
    is_of_old = found.due is not None and found.due.year < FIRST_COUNTED_YEAR
    return ByWhen(words, flag="invalid_date") if is_of_old else found


def _dated(words: str, value: Value, text: str) -> ByWhen:
    if revised := _REVISED.fullmatch(text):
        return _revised(words, revised[1], revised[2])
    due, flag = _date(value, text)
    if due is None and _NO_YEAR.fullmatch(text):
        return ByWhen(words, flag="incomplete_date")
    return ByWhen(words, due, flag=flag if due is not None else "vague_date")


def read_day(value: Value) -> PartialDate | None:
    """Read a date of the past, of a completion; nothing where the cell says none or nothing that can be read."""
    try:
        return _date(value, folded(as_text(value)))[0]
    except _NoSuchDay:
        return None


def says_nothing(value: Value) -> bool:
    """Say whether a cell is empty or says in words that there is nothing to say yet."""
    return folded(as_text(value)) in _NONE


def _revised(words: str, before: str, after: str) -> ByWhen:
    """The date after the word counts, also when it is the earlier one."""
    first, _ = _date(None, before.strip(" ,;()"))
    due, _ = _date(None, after.strip(" ,;()"))
    if first is None or due is None:
        return ByWhen(words, flag="vague_date")
    return ByWhen(words, due, flag="two_dates")


def _date(value: Value, text: str) -> tuple[PartialDate | None, str | None]:
    if isinstance(value, date):
        return _real(lambda: PartialDate.of(value)), None
    for form, read in _FORMS:
        if found := form.fullmatch(text):
            return read(found)
    return None, None


def _real(read: Callable[[], PartialDate]) -> PartialDate:
    try:
        return read()
    except (ValueError, OverflowError):
        raise _NoSuchDay from None


Found = tuple[PartialDate | None, str | None]


def _numbers(found: re.Match[str]) -> Found:
    day, month, year = int(found[1]), int(found[3]), _year(found[4])
    try:
        return PartialDate(year, month, day), None
    except ValueError:
        # Only where it can be nothing else: 04/25/2022.
        return _real(lambda: PartialDate(year, day, month)), "month_first_date"


def _iso(found: re.Match[str]) -> Found:
    return _real(lambda: PartialDate(int(found[1]), int(found[2]), int(found[3]))), None


def _worded(found: re.Match[str]) -> Found:
    return _real(lambda: PartialDate(_year(found[3]), MONTH_NUMBERS[found[2]], int(found[1]))), None


def _of_month(found: re.Match[str]) -> Found:
    return _real(lambda: PartialDate(_year(found[2]), MONTH_NUMBERS[found[1]])), None


def _day_number(found: re.Match[str]) -> Found:
    return _real(lambda: PartialDate.of(_FIRST_DAY + timedelta(days=int(found[0])))), None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Found]], ...] = (
    (_NUMBERS, _numbers),
    (_ISO, _iso),
    (_WORDED, _worded),
    (_OF_MONTH, _of_month),
    (_DAY_NUMBER, _day_number),
)


def _year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)
