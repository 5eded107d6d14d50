"""What falls due: how many open actions each agency has in each of the next twelve months, before one more is set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy
from sqlalchemy import func
from sqlmodel import Session, col

from tracker.actions.colouring import IS_OPEN
from tracker.actions.filtering import WITHOUT_DUE
from tracker.actions.listing import row_conditions
from tracker.actions.models import Action
from tracker.actions.queries import Condition
from tracker.clock import london_day
from tracker.filters import filter_date
from tracker.people.doer import Doer
from tracker.people.queries import agency_names
from workflows.dates import MONTHS, PartialDate

Row = dict[str, Any]

NO_AGENCY = "No agency named"
MONTHS_AHEAD = 12
_BY_ROW = ("partnership", "agency", "owner", "theme")


@dataclass(slots=True)
class Load:
    """How many open actions fall due in each month, before the first of them, after the last, and without a date."""

    months: Sequence[str]
    earlier: int = 0
    later: int = 0
    without: int = 0
    by_month: dict[str, int] = field(default_factory=dict)

    def add(self, month: str, number: int) -> None:
        """Count so many that fall due in a month, written like `2027-01`."""
        if month == WITHOUT_DUE[:7]:
            self.without += number
        elif month < self.months[0]:
            self.earlier += number
        elif month > self.months[-1]:
            self.later += number
        else:
            self.by_month[month] = self.by_month.get(month, 0) + number

    @property
    def open(self) -> int:
        """Count all."""
        return self.earlier + self.later + self.without + sum(self.by_month.values())

    def document(self) -> Row:
        """Give the figures as `list load` prints them."""
        months = [{"month": month, "open": self.by_month.get(month, 0)} for month in self.months]
        return {
            "open": self.open,
            "earlier": self.earlier,
            "months": months,
            "later": self.later,
            "no_date": self.without,
        }


def months_from(first: date, number: int = MONTHS_AHEAD) -> list[str]:
    """Give so many months from the one of a day, each written like `2027-01`."""
    start = first.year * 12 + first.month - 1
    return [f"{place // 12:04d}-{place % 12 + 1:02d}" for place in range(start, start + number)]


def month_in_words(month: str) -> str:
    """Write a month out: December 2026."""
    year, number = month.split("-")
    return f"{MONTHS[int(number) - 1]} {int(year)}"


def month_of(due: PartialDate | None) -> str | None:
    """Give the month in which a date falls; a year falls due with its last month (K5)."""
    return None if due is None else f"{due.last.year:04d}-{due.last.month:02d}"


def load_by_agency(session: Session, conditions: Sequence[Condition], months: Sequence[str]) -> dict[str, Load]:
    """Count open actions by agency and month, those with most first."""
    names = agency_names(session)
    found: dict[str, Load] = {}
    month = func.substr(Action.open_by, 1, 7)
    by = (col(Action.agency_id), col(Action.agency_name), month)
    for agency, named, written, number in session.execute(
        sqlalchemy.select(*by, func.count()).where(IS_OPEN, *conditions).group_by(*by)
    ):
        name = (names[agency] if agency else named) or NO_AGENCY
        known = next((one for one in found if one.casefold() == name.casefold()), name)
        found.setdefault(known, Load(months)).add(_plain(written), number)
    return dict(sorted(found.items(), key=lambda one: (-one[1].open, one[0].casefold())))


def load_of(session: Session, conditions: Sequence[Condition], months: Sequence[str]) -> Load:
    """Count some open actions by month."""
    load = Load(months)
    month = func.substr(Action.open_by, 1, 7)
    question = sqlalchemy.select(month, func.count()).where(IS_OPEN, *conditions).group_by(month)
    for written, number in session.execute(question):
        load.add(_plain(written), number)
    return load


def list_load(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Row]:
    """Give the open actions that a reader sees by agency and month, twelve months from this one or from `from`."""
    first = filter_date("from", where["from"]).first if "from" in where else london_day(now)
    conditions = row_conditions(session, {key: where[key] for key in _BY_ROW if key in where}, reader)
    found = load_by_agency(session, conditions, months_from(first))
    return [{"agency": name, **load.document()} for name, load in found.items()]


def _plain(written: str) -> str:
    """A year without a month stands after its last month, and falls due with it."""
    return f"{written[:4]}-12" if written[5:] == "99" and written != WITHOUT_DUE[:7] else str(written)
