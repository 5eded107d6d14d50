"""How the values of a column stand in a backup: the same for both databases, and exactly as they were stored."""

import base64
import binascii
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar

from tracker.facts import storable


class Kind(StrEnum):
    """What a column holds."""

    INTEGER = "integer"
    NUMBER = "number"
    TRUTH = "truth"
    TEXT = "text"
    BYTES = "bytes"
    DAY = "day"
    MOMENT = "moment"
    TIME = "time"


KIND_OF: dict[type, Kind] = {
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    bool: Kind.TRUTH,
    str: Kind.TEXT,
    bytes: Kind.BYTES,
    date: Kind.DAY,
    datetime: Kind.MOMENT,
    time: Kind.TIME,
}

# A value of a driver, or of JSON: whatever a column holds.
Value = Any
Parsed = TypeVar("Parsed")
_LARGEST = 2**63


class WrongValue(ValueError):
    """A value that a column of its kind cannot hold."""


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


# SQLite keeps days and moments as the texts that a backup holds, and truths as 0 and 1.
_FROM_SQLITE: dict[Kind, Callable[[Value], Value]] = {
    Kind.TRUTH: bool,
    Kind.BYTES: lambda value: base64.b64encode(value).decode(),
}
_FROM_POSTGRESQL: dict[Kind, Callable[[Value], Value]] = {
    Kind.BYTES: _FROM_SQLITE[Kind.BYTES],
    Kind.DAY: date.isoformat,
    Kind.MOMENT: _moment,
    Kind.TIME: lambda value: value.isoformat("microseconds"),
}


def writer_of(kind: Kind, dialect: str) -> Callable[[Value], Value] | None:
    """Give what turns a driver's value into JSON; nothing where it is JSON already."""
    return (_FROM_SQLITE if dialect == "sqlite" else _FROM_POSTGRESQL).get(kind)


def reader_of(kind: Kind, dialect: str) -> Callable[[Value], Value]:
    """Give what turns a value of a backup into the driver's; it raises `WrongValue` for one of another kind."""
    check = _CHECKS[kind]
    turn = {} if dialect == "postgresql" else _TO_SQLITE
    return turn[kind](check) if kind in turn else check


def _integer(value: Value) -> int:
    if type(value) is int and -_LARGEST <= value < _LARGEST:
        return value
    raise WrongValue


def _number(value: Value) -> float:
    if type(value) in (int, float) and math.isfinite(value):
        return float(value)
    raise WrongValue


def _truth(value: Value) -> bool:
    if type(value) is bool:
        return value
    raise WrongValue


def _text(value: Value) -> str:
    if type(value) is str and storable(value):
        return value
    raise WrongValue


def _bytes(value: Value) -> bytes:
    try:
        return base64.b64decode(_text(value), validate=True)
    except binascii.Error:
        raise WrongValue from None


def _day(value: Value) -> date:
    return _parsed(value, _DAY, date.fromisoformat)


def _read_moment(value: Value) -> datetime:
    """Read a moment in UTC; one that names its zone is taken as well, as SQLite keeps what it was given."""
    read = _parsed(value, _MOMENT, datetime.fromisoformat)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def _time(value: Value) -> time:
    return _parsed(value, _TIME, time.fromisoformat)


# Python reads more ways of writing a day than those that are stored.
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d{6})?", re.ASCII)
_MOMENT = re.compile(rf"{_DAY.pattern} {_TIME.pattern}(\+00:00)?", re.ASCII)


def _parsed(value: Value, pattern: re.Pattern[str], parse: Callable[[str], Parsed]) -> Parsed:
    if not pattern.fullmatch(_text(value)):
        raise WrongValue
    try:
        return parse(value)
    except ValueError:
        raise WrongValue from None


_CHECKS: dict[Kind, Callable[[Value], Value]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.TRUTH: _truth,
    Kind.TEXT: _text,
    Kind.BYTES: _bytes,
    Kind.DAY: _day,
    Kind.MOMENT: _read_moment,
    Kind.TIME: _time,
}


def _as_it_stands(check: Callable[[Value], Value]) -> Callable[[Value], Value]:
    def checked(value: Value) -> Value:
        check(value)
        return value

    return checked


_TO_SQLITE: dict[Kind, Callable[[Callable[[Value], Value]], Callable[[Value], Value]]] = {
    Kind.DAY: _as_it_stands,
    Kind.MOMENT: _as_it_stands,
    Kind.TIME: _as_it_stands,
    Kind.TRUTH: lambda check: lambda value: int(check(value)),
}
