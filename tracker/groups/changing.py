"""Changing a setting of a partnership: a new row with its date; what ran before keeps what it began with (K7)."""

import json
from datetime import datetime

from pydantic import JsonValue, field_validator
from sqlmodel import Session, col, select

from tracker import history
from tracker.clock import london_day
from tracker.database import to_json
from tracker.errors import Refused
from tracker.facts import Code, Facts, storable
from tracker.groups.models import Partnership, Setting
from tracker.groups.queries import STARTING_TODAY, definitions_of, partnership_settings
from tracker.groups.settings import checked
from tracker.people.doer import Doer
from tracker.people.permissions import require
from tracker.rows import write
from workflows.dates import uk_date
from workflows.definition import shipped

_CLOCK = "clock."
_NO_CLOCK = "clock.amber_working_days"


class ChangeSetting(Facts):
    """Which setting, and the value it has from now on."""

    key: Code
    value: JsonValue

    @field_validator("value")
    @classmethod
    def _can_be_kept(cls, value: JsonValue) -> JsonValue:
        text = json.dumps(value, ensure_ascii=False)
        if not storable(text) or "\\u0000" in text:
            raise ValueError("The value holds a character that cannot be kept: type it anew.")
        return value


def change_setting(
    session: Session, partnership: Partnership, facts: ChangeSetting, *, now: datetime, by: Doer
) -> None:
    """Give a setting another value from now on; clocks that run keep their length, mail not sent is planned anew."""
    require(by, "change_setting", partnership.id)
    value = checked(facts.key, facts.value)
    _must_be_a_clock(partnership, facts.key)
    if facts.key == "prefix":
        _must_be_nobody_elses(session, partnership, str(value), now)
    old = partnership_settings(session, partnership, now).get(facts.key)
    row = Setting(partnership_id=partnership.id, key=facts.key, value=to_json(value), since=now, changed_by_id=by.id)
    write(session, row)
    before = "its first value" if old is None else json.dumps(old)
    what = f"{facts.key} is {json.dumps(value)} instead of {before}, from {uk_date(london_day(now))}"
    history.note(session, partnership.code, "change_setting", at=now, by=by, what=what, old=old, new=value)


def _must_be_nobody_elses(session: Session, partnership: Partnership, prefix: str, now: datetime) -> None:
    """Refuse a prefix by which the references of another partnership begin; capitals make no difference."""
    others = session.exec(select(Partnership).where(Partnership.id != partnership.id).order_by(col(Partnership.id)))
    for other in others.all():
        if partnership_settings(session, other, now)["prefix"].casefold() == prefix.casefold():
            raise Refused(
                f"The prefix {prefix} is that of {other.name}: its cases begin with it. Choose another.",
                code="bad_setting",
            )


def _must_be_a_clock(partnership: Partnership, key: str) -> None:
    if not key.startswith(_CLOCK) or key == _NO_CLOCK:
        return
    processes = [*definitions_of(partnership), shipped(STARTING_TODAY)]
    codes = sorted(
        {rule.code for process in processes for rule in process.clocks}
        | {rhythm.code for process in processes for rhythm in process.rhythms}
    )
    if key.removeprefix(_CLOCK) not in codes:
        raise Refused(
            f"There is no clock {key.removeprefix(_CLOCK)!r}. Clocks are: {', '.join(codes)}.", code="unknown_setting"
        )
