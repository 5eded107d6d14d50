"""How the values of a column stand in a backup: the same for both databases, and exactly as they were stored."""

import base64
import binascii
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any

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


def _read(value: Value, parse: Callable[[str], Value], written: Callable[[Value], str]) -> Value:
    try:
        read = parse(_text(value))
    except ValueError:
        raise WrongValue from None
    # Python reads more ways of writing a day than one.
    if written(read) != value:
        raise WrongValue
    return read


def _read_moment(value: Value) -> datetime:
    return _read(_text(value) + "+00:00", datetime.fromisoformat, lambda read: f"{_moment(read)}+00:00")  # type: ignore[no-any-return]


_CHECKS: dict[Kind, Callable[[Value], Value]] = {
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.TRUTH: _truth,
    Kind.TEXT: _text,
    Kind.BYTES: _bytes,
    Kind.DAY: lambda value: _read(value, date.fromisoformat, date.isoformat),
    Kind.MOMENT: _read_moment,
    Kind.TIME: lambda value: _read(value, time.fromisoformat, lambda read: read.isoformat("microseconds")),
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
