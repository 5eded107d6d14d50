"""What every facts model of a deed shares: forbidden extras, words that can be stored, dates that exist."""

import re
from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from workflows.dates import PartialDate
from workflows.working_days import FIRST_COUNTED_YEAR, LAST_COUNTED_YEAR, OutsideTheCalendar


def storable(words: str) -> bool:
    """Say whether both databases can keep a text: no NUL, and no half of a letter."""
    return not _CANNOT_BE_KEPT.search(words)


_CANNOT_BE_KEPT = re.compile("[\x00\ud800-\udfff]")
# Controls, what is no character, and marks that hide letters or turn a line round; the joiner of an emoji is none.
_CANNOT_BE_SEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]"
)
_WORD = re.compile(r"[^\W_]")


def visible(words: str) -> bool:
    """Say whether every character of a text can be seen; it may have line breaks and tabs."""
    return not _CANNOT_BE_SEEN.search(words)


def is_one_line(words: str) -> bool:
    """Say whether a text has neither line breaks nor tabs."""
    return "\t" not in words and words.splitlines() in ([], [words])


def _storable(words: str) -> str:
    if not storable(words):
        raise ValueError("The text holds a character that cannot be kept: type it anew.")
    if not visible(words):
        raise ValueError("The text holds a character that cannot be seen: type it anew.")
    if not _WORD.search(words):
        raise ValueError("Write at least one word.")
    return words


def _on_one_line(words: str) -> str:
    _storable(words)
    if not is_one_line(words):
        raise ValueError("Write it on one line.")
    return words


def words_or_nothing(words: str) -> str:
    """Let a text through that takes the place of another one, and may be empty to take it away."""
    return words and _storable(words)


def on_one_line_or_nothing(words: str) -> str:
    """Let a line through that takes the place of another one, and may be empty to take it away."""
    return words and _on_one_line(words)


def _whole_day(given: object) -> date:
    """Read a day as text only: a number would be taken for seconds since 1970."""
    if isinstance(given, date) and not isinstance(given, datetime):
        given = given.isoformat()
    if not isinstance(given, str):
        raise ValueError("A day is written as text, like 2027-01-29.")
    day = PartialDate.parse(given).day_or_none
    if day is None:
        raise ValueError("The day is needed as well, like 2027-01-29.")
    return day


def _counted_day(day: date) -> date:
    if not FIRST_COUNTED_YEAR <= day.year <= LAST_COUNTED_YEAR:
        raise OutsideTheCalendar(day.year)
    return day


def _written_hour(given: object) -> object:
    if not isinstance(given, str | time):
        raise ValueError("An hour is written as text, like 10:00.")
    return given


Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000), AfterValidator(_storable)
]
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_on_one_line)
]
Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_on_one_line)
]
Code = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(_on_one_line)
]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, min_length=1, max_length=254),
    AfterValidator(_on_one_line),
]

Version = Annotated[int, Field(ge=1, lt=2**31)]

AnyDay = Annotated[date, BeforeValidator(_whole_day)]
Day = Annotated[AnyDay, AfterValidator(_counted_day)]
Hour = Annotated[time, BeforeValidator(_written_hour)]


class Facts(BaseModel):
    """The facts of one deed; `confirmed` names the warnings that the person has read and stands by (K10)."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    confirmed: tuple[Literal["looks_personal"], ...] = ()


class NoFacts(Facts):
    """A deed that needs nothing but its record."""


class Reason(Facts):
    """A deed that needs a reason only."""

    reason: Words
