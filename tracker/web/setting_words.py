"""The settings of a partnership in words: what each is called, what it changes, and how its value is typed and read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.clock import uk_time
from tracker.groups.settings import as_time
from workflows.deadlines import Length, Unit, counted

# A setting's value is whatever JSON its key allows.
Value = Any

_NAMED_HOURS: Mapping[str, str] = {"midday": "12:00", "noon": "12:00", "midnight": "00:00"}
_HOUR = re.compile(r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?(?: ?(?P<half>[ap])\.?m\.?)?")


class Typed(StrEnum):
    """How the value of a setting is filled in."""

    NUMBER = "number"
    NUMBERS = "numbers"
    YES_NO = "yes_no"
    HOUR = "hour"
    LETTERS = "letters"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class SettingWords:
    """A setting: its name, what it changes, how it is typed, its unit, and what is said when it does not fit."""

    label: str
    meaning: str
    typed: Typed
    wrong: str
    unit: str = ""
    may_be_never: bool = False


_DAYS = "Enter a whole number of days"
SETTINGS: Mapping[str, SettingWords] = {
    "reminders.before": SettingWords(
        "Reminders before the due date",
        "How many days before its due date an owner is reminded of an action.",
        Typed.NUMBERS,
        "Enter whole numbers of days with commas between them, like 14, 7",
        "days",
    ),
    "reminders.on_the_day": SettingWords(
        "Reminder on the due date",
        "Whether an owner is reminded on the due date itself.",
        Typed.YES_NO,
        "Choose yes or no",
    ),
    "reminders.then_every": SettingWords(
        "Reminders after the due date",
        "How many days lie between reminders of an overdue action.",
        Typed.NUMBER,
        "Enter a whole number of days, or leave it empty for no reminders after the due date",
        "days",
        may_be_never=True,
    ),
    "reminders.at": SettingWords(
        "Time of the morning email",
        "When everything routine goes, on working days.",
        Typed.HOUR,
        "Enter a time like 8am or 8:30am",
    ),
    "reminders.tell_new_owner": SettingWords(
        "Tell a new owner",
        "Whether a person is told of an action that becomes theirs.",
        Typed.YES_NO,
        "Choose yes or no",
    ),
    "reminders.tell_lead_after": SettingWords(
        "Tell the agency lead",
        "After how many unanswered reminders the lead of the agency is told.",
        Typed.NUMBER,
        "Enter a whole number of reminders, 1 to 100",
        "reminders",
    ),
    "reminders.stop_after": SettingWords(
        "Stop reminding",
        "After how many unanswered reminders the coordinator is asked to step in instead.",
        Typed.NUMBER,
        "Enter a whole number of reminders, 1 to 100",
        "reminders",
    ),
    "digest.working_days_before": SettingWords(
        "Digest before a meeting",
        "How many working days before its meeting the Executive gets its digest.",
        Typed.NUMBER,
        "Enter a whole number of working days, 60 at most",
        "working_days",
    ),
    "digest.at": SettingWords(
        "Time of the digest", "When the digest goes on its day.", Typed.HOUR, "Enter a time like 8am or 8:30am"
    ),
    "meetings.invite": SettingWords(
        "Invitations to meetings",
        "Whether members get an email, with a file for calendars, when a meeting is arranged, moved or cancelled.",
        Typed.YES_NO,
        "Choose yes or no",
    ),
    "link.days": SettingWords(
        "How long a link works",
        "How many days the link in an email opens its reader’s actions.",
        Typed.NUMBER,
        "Enter a whole number of days, 1 to 90",
        "days",
    ),
    "email.titles": SettingWords(
        "Titles in emails",
        "Whether emails show the titles of actions and escalations, or their references alone.",
        Typed.YES_NO,
        "Choose yes or no",
    ),
    "colour.amber_days": SettingWords(
        "Amber before the due date",
        "How many days before its due date an action turns amber.",
        Typed.NUMBER,
        _DAYS,
        "days",
    ),
    "colour.no_update_days": SettingWords(
        "Amber without an update",
        "After how many days without an update an action turns amber.",
        Typed.NUMBER,
        _DAYS,
        "days",
    ),
    "clock.amber_working_days": SettingWords(
        "Amber on a clock",
        "From how many working days left a clock of a case is amber.",
        Typed.NUMBER,
        "Enter a whole number of working days",
        "working_days",
    ),
    "prefix": SettingWords(
        "Prefix of case references",
        "The letters with which references of new cases begin. References that were given stay.",
        Typed.LETTERS,
        "Enter 1 to 8 letters and digits that no other partnership here uses",
    ),
}


def in_words(typed: Typed, unit: str, value: Value) -> str:
    """Write a value as a reader says it: 14 and 7 days, Yes, Never, 15 working days."""
    if value is None:
        return "Never"
    if typed is Typed.LENGTH:
        return str(Length(int(value["amount"]), Unit(value["unit"])))
    if typed is Typed.YES_NO:
        return "Yes" if value else "No"
    if typed is Typed.NUMBERS:
        return f"{' and '.join(map(str, value))} {unit}" if value else "None"
    if typed is Typed.HOUR:
        return uk_time(as_time(value))
    return counted(value, unit) if typed is Typed.NUMBER else str(value)


def as_typed(typed: Typed, value: Value) -> str:
    """Write a value as it stands in its field."""
    if value is None:
        return ""
    if typed is Typed.YES_NO:
        return "yes" if value else "no"
    if typed is Typed.HOUR:
        return uk_time(as_time(value))
    return ", ".join(map(str, value)) if typed is Typed.NUMBERS else str(value)


def read_typed(words: SettingWords, text: str) -> Value:
    """Read what was typed as the value of a setting; what is no such value stays the text that it is.

    Whether it may be the value of the setting is for the deed to say.
    """
    if words.typed is Typed.YES_NO:
        return {"yes": True, "no": False}.get(text, text)
    if words.typed is Typed.NUMBERS:
        return [_number(part) for part in text.split(",") if part.strip()]
    if words.typed is Typed.NUMBER:
        return None if words.may_be_never and not text else _number(text)
    return _hour(text) if words.typed is Typed.HOUR else text


def _hour(text: str) -> str:
    """Read 8am, 8.30 pm, midday or 20:30 as the hour that is stored; what is none stays the text that it is."""
    plain = text.strip().lower()
    if plain in _NAMED_HOURS:
        return _NAMED_HOURS[plain]
    read = _HOUR.fullmatch(plain)
    if read is None:
        return text
    hour, minute, half = int(read["hour"]), read["minute"], read["half"]
    if half is None:
        return text if minute is None else f"{hour:02d}:{minute}"
    return f"{hour % 12 + (12 if half == 'p' else 0):02d}:{minute or '00'}" if 1 <= hour <= 12 else text


def _number(text: str) -> int | str:
    text = text.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
