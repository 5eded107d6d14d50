"""The settings of a partnership: each with its first value, changed by rows with a date, never by hand in a file."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from tracker.errors import Refused
from tracker.groups.models import Setting
from tracker.kept import kept
from tracker.rows import Question
from workflows.deadlines import LONGEST, Length, Unit

# A setting's value is whatever JSON its key allows: a number, a list of days, an hour, a length.
Value = Any

FIRST_VALUES: Mapping[str, Value] = {
    "reminders.before": [14, 7],
    "reminders.on_the_day": True,
    "reminders.then_every": 7,
    "reminders.at": "08:00",
    "reminders.tell_new_owner": True,
    "reminders.tell_lead_after": 3,
    "reminders.stop_after": 8,
    "digest.working_days_before": 5,
    "digest.at": "08:00",
    "meetings.invite": True,
    "link.days": 14,
    "email.titles": True,
    "colour.amber_days": 14,
    "colour.no_update_days": 60,
    "clock.amber_working_days": 10,
}

_DAYS_AT_MOST = 3660


def settings_of(session: Session, partnership_id: int, first: Mapping[str, Value], at: datetime) -> dict[str, Value]:
    """Give every setting of a partnership as it holds at a moment; `first` are the definition's own first values."""
    values = dict(FIRST_VALUES) | dict(first)
    changed = kept(session, ("settings", partnership_id), lambda: _SETTINGS.rows(session, partnership=partnership_id))
    for key, value, since in changed:
        if since <= at:
            values[key] = json.loads(value)
    return values


_SETTINGS = Question(
    select(Setting.key, Setting.value, Setting.since)
    .where(Setting.partnership_id == bindparam("partnership"))
    .order_by(col(Setting.id))
)


def checked(key: str, value: Value) -> Value:
    """Give a value as it is stored; raises `Refused` with a sentence for an unknown key or a value it cannot have."""
    if key.startswith("clock.") and key != "clock.amber_working_days":
        return _length(key, value)
    if key not in _CHECKS:
        known = ", ".join([*_CHECKS, "clock.<code>"])
        raise Refused(f"There is no setting {key!r}. Settings are: {known}.", code="unknown_setting")
    if not _CHECKS[key](value):
        raise Refused(f"{key} cannot be {json.dumps(value)}. {_HINTS[key]}", code="bad_setting")
    return value


def as_length(value: Mapping[str, Value]) -> Length:
    """Read a clock's length from its setting."""
    return Length(int(value["amount"]), Unit(value["unit"]))


def as_time(text: str) -> time:
    """Read an hour from its setting."""
    return time.fromisoformat(text)


def _length(key: str, value: Value) -> Value:
    try:
        if set(value) == {"amount", "unit"} and _whole(value["amount"], most=LONGEST):
            return {"amount": as_length(value).amount, "unit": as_length(value).unit.value}
        raise ValueError("A length is a whole number of a unit.")
    except (KeyError, TypeError, ValueError):
        raise Refused(
            f'{key} is written like {{"amount": 15, "unit": "working_days"}}; units are {", ".join(Unit)}.',
            code="bad_setting",
        ) from None


def _whole(value: Value, least: int = 0, most: int = _DAYS_AT_MOST) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _hour(value: Value) -> bool:
    try:
        return isinstance(value, str) and time.fromisoformat(value).tzinfo is None and len(value) == len("08:00")
    except ValueError:
        return False


def _offsets(value: Value) -> bool:
    return isinstance(value, list) and all(_whole(days, 1) for days in value)


_NUMBER = "It is a whole number of days."
_HOUR = 'It is an hour of the day, like "08:00".'
_YES_NO = "It is true or false."

_CHECKS: Mapping[str, Callable[[Value], bool]] = {
    "reminders.before": _offsets,
    "reminders.on_the_day": lambda value: isinstance(value, bool),
    "reminders.then_every": lambda value: value is None or _whole(value, 1),
    "reminders.at": _hour,
    "reminders.tell_new_owner": lambda value: isinstance(value, bool),
    "reminders.tell_lead_after": lambda value: _whole(value, 1, 100),
    "reminders.stop_after": lambda value: _whole(value, 1, 100),
    "digest.working_days_before": lambda value: _whole(value, 0, 60),
    "digest.at": _hour,
    "meetings.invite": lambda value: isinstance(value, bool),
    "link.days": lambda value: _whole(value, 1, 90),
    "email.titles": lambda value: isinstance(value, bool),
    "colour.amber_days": _whole,
    "colour.no_update_days": lambda value: _whole(value, 1),
    "clock.amber_working_days": _whole,
    "prefix": lambda value: isinstance(value, str) and value.isalnum() and value.isascii() and 1 <= len(value) <= 8,
}

_HINTS: Mapping[str, str] = {
    "reminders.before": "It is a list of days before the due date, like [14, 7].",
    "reminders.on_the_day": _YES_NO,
    "reminders.then_every": "It is a whole number of days, or null for never.",
    "reminders.at": _HOUR,
    "reminders.tell_new_owner": _YES_NO,
    "reminders.tell_lead_after": "It is a whole number of reminders.",
    "reminders.stop_after": "It is a whole number of reminders.",
    "digest.working_days_before": "It is a whole number of working days, 60 at most.",
    "digest.at": _HOUR,
    "meetings.invite": _YES_NO,
    "link.days": "It is a whole number of days, 1 to 90.",
    "email.titles": _YES_NO,
    "colour.amber_days": _NUMBER,
    "colour.no_update_days": _NUMBER,
    "clock.amber_working_days": "It is a whole number of working days.",
    "prefix": "It is 1 to 8 letters and digits.",
}
