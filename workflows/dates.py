"""Dates that may be known to the day, only to the month, or only to the year (K5)."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, total_ordering
from typing import Literal, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

Precision = Literal["day", "month", "year"]

FIRST_YEAR = 1900
LAST_YEAR = 2200
PATTERN = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"

# Not from the module `calendar`: its names change with the locale of the machine.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_RANK: dict[Precision, int] = {"day": 0, "month": 1, "year": 2}


@total_ordering
@dataclass(frozen=True, slots=True)
class PartialDate:
    """A day, a month or a year, as precisely as it is known (K5).

    Sorted, it stands after the days of its month or year. Raises `ValueError` with a sentence where there is no such
    date.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what stands in no calendar."""
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise ValueError(f"The year must be between {FIRST_YEAR} and {LAST_YEAR}. Enter a date like 2027-01-29.")
        if self.month is None:
            if self.day is not None:
                raise ValueError("A day needs its month. Enter a date like 2027-01-29.")
            return
        if not 1 <= self.month <= 12:
            raise ValueError(f"There is no month {self.month}. Enter a real date, like 2027-01-29.")
        if self.day is not None and not 1 <= self.day <= calendar.monthrange(self.year, self.month)[1]:
            written = f"{self.day} {MONTHS[self.month - 1]} {self.year}"
            raise ValueError(f"There is no {written}. Enter a real date, like 2027-01-29.")

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read `2020-12-17`, `2020-12` or `2020`. Raises `ValueError` with a sentence that says what to write."""
        return _read(text)

    @classmethod
    def of(cls, day: date, precision: Precision = "day") -> Self:
        """Take over a day, or only its month or its year."""
        if precision == "year":
            return cls(day.year)
        return cls(day.year, day.month) if precision == "month" else cls(day.year, day.month, day.day)

    @property
    def precision(self) -> Precision:
        """Say how precisely the date is known."""
        if self.day is not None:
            return "day"
        return "year" if self.month is None else "month"

    @property
    def first(self) -> date:
        """Give the first day that it may be."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """Give the last day that it may be."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    @property
    def day_or_none(self) -> date | None:
        """Give the date itself where the day is known."""
        return None if self.day is None else self.first

    @property
    def day_or_text(self) -> date | str:
        """Give the date itself where the day is known, else its text."""
        return self.day_or_none or str(self)

    def certainly_before(self, other: "PartialDate") -> bool:
        """Say whether every day that it may be lies before every day that the other may be."""
        return self.last < other.first

    def overdue_on(self, today: date) -> bool:
        """Say whether what is due then is overdue today: once its day, month or year is over (K5, K8)."""
        return today > self.last

    def __str__(self) -> str:
        """Write it as `2020-12-17`, `2020-12` or `2020`."""
        parts = (f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None))
        return "-".join(parts)

    def __lt__(self, other: object) -> bool:
        """Sort by the last day that it may be, the more precise date first (K5)."""
        if not isinstance(other, PartialDate):
            return NotImplemented
        return (self.last, _RANK[self.precision]) < (other.last, _RANK[other.precision])

    @classmethod
    def __get_pydantic_core_schema__(cls, source: type[object], handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let pydantic read it from text, a date or itself, and write it as text."""
        as_text = core_schema.plain_serializer_function_ser_schema(str, return_schema=core_schema.str_schema())
        return core_schema.no_info_plain_validator_function(_accept, serialization=as_text)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Tell readers of the JSON Schema what may be written."""
        return {"type": "string", "pattern": PATTERN, "examples": ["2027-01-29", "2027-01", "2027"]}


# The same days are read again and again: from a case's rows, at every deed.
@lru_cache(maxsize=4096)
def _read(text: str) -> PartialDate:
    written = text.strip()
    if not re.fullmatch(PATTERN, written):
        shown = written if len(written) <= 20 else f"{written[:20]}…"
        raise ValueError(
            f"{shown!r} is not a date. Write four digits for the year, then month and day if they are known: "
            "2027-01-29, 2027-01 or 2027."
        )
    return PartialDate(*map(int, written.split("-")))


def uk_date(value: date | PartialDate) -> str:
    """Write a date as a reader says it: 20 November 2026, December 2020, or 2020."""
    known = value if isinstance(value, PartialDate) else PartialDate.of(value)
    day = () if known.day is None else (str(known.day),)
    month = () if known.month is None else (MONTHS[known.month - 1],)
    return " ".join((*day, *month, str(known.year)))


def weekday_date(day: date) -> str:
    """Write a day with its weekday: Friday 20 November 2026."""
    return f"{WEEKDAYS[day.weekday()]} {uk_date(day)}"


def iso_text(value: date | PartialDate | None) -> str | None:
    """Write a date that may be missing as a program reads it: 2026-11-20, 2020-12, or 2020."""
    return None if value is None else str(value)


def _accept(value: object) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    # A moment is a date to Python, but which day it is depends on the place.
    if isinstance(value, date) and not isinstance(value, datetime):
        return PartialDate.of(value)
    if isinstance(value, str):
        return PartialDate.parse(value)
    raise ValueError("A date is written as text, like 2027-01-29, 2027-01 or 2027.")
