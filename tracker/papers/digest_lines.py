"""From the figures of a digest to the lines of its email: references, titles, dates, counts and ages, nothing else."""

import json
from datetime import date
from typing import Any

from notifications.lines import (
    AnsweredLine,
    CaseLine,
    ClockLine,
    Day,
    EscalationLine,
    HoldLine,
    OverdueLine,
    RatificationLine,
    TitledDay,
)
from workflows.dates import PartialDate

Document = dict[str, Any]


def as_read(figures: str) -> Document:
    """Read the figures of a digest as they were stored."""
    read: Document = json.loads(figures)
    return read


def day_of(text: str | None) -> date | None:
    """Read a day that is known to the day; there may be none."""
    return None if text is None else date.fromisoformat(text)


def lines(figures: Document, *, titles: bool) -> dict[str, Any]:
    """Give every list of lines of the email; without titles it shows the references alone."""
    escalations, actions, cases = figures["escalations"], figures["actions"], figures["cases"]
    return {
        "waiting": tuple(_waiting(row, titles) for row in escalations["open"]["rows"]),
        "answered": tuple(_answered(row, titles) for row in escalations["answered"]["rows"]),
        "withdrawn": tuple(_titled(row, "withdrawn_on", titles) for row in escalations["withdrawn"]["rows"]),
        "overdue_actions": tuple(_overdue(row, titles) for row in actions["overdue"]["rows"]),
        "review_dates_passed": tuple(
            _titled(row, "review_on", titles) for row in actions["review_dates_passed"]["rows"]
        ),
        "for_decision": tuple(_case(row) for row in cases["for_decision"]["rows"]),
        "ratifications": tuple(_ratification(row) for row in cases["ratifications_open"]["rows"]),
        "resolutions": tuple(_case(row) for row in cases["in_resolution"]["rows"]),
        "on_hold": tuple(_hold(row) for row in cases["on_hold"]["rows"]),
        "reviews_overdue": tuple(_clock(row) for row in cases["reviews_overdue"]["rows"]),
        "statutory": tuple(_clock(row) for row in cases["statutory_dates"]["rows"]),
    }


def _day(text: str) -> Day:
    """Give a day as a date, or its text where only the month or the year is known."""
    return PartialDate.parse(text).day_or_text


def _waiting(row: Document, titles: bool) -> EscalationLine:
    return EscalationLine(
        reference=row["reference"],
        group=row["group_name"],
        days_waiting=row["age_days"],
        title=row["title"] if titles else None,
        carried_over=row["carried_over"],
        deferred_to=day_of(row["deferred_until"]),
        # A digest that was put by an older version says nothing of it.
        asked_back_on=None if row.get("asked_back_on") is None else PartialDate.parse(row["asked_back_on"]).last,
    )


def _answered(row: Document, titles: bool) -> AnsweredLine:
    return AnsweredLine(
        reference=row["reference"],
        answer=row["answer"].replace("_", " "),
        answered_on=PartialDate.parse(row["answered_on"]).last,
        group=row["group_name"],
        title=row["title"] if titles else None,
        told_on=day_of(row["told_on"]),
    )


def _titled(row: Document, key: str, titles: bool) -> TitledDay:
    return TitledDay(reference=row["reference"], day=_day(row[key]), title=row["title"] if titles else None)


def _overdue(row: Document, titles: bool) -> OverdueLine:
    return OverdueLine(
        reference=row["reference"],
        due_on=_day(row["due"]),
        days_overdue=row["age_days"],
        title=row["title"] if titles else None,
        agency=row["agency"],
    )


def _case(row: Document) -> CaseLine:
    return CaseLine(reference=row["reference"], since=_day(row["since"]))


def _ratification(row: Document) -> RatificationLine:
    return RatificationLine(reference=row["reference"], answered=row["answered"], partners=row["partners"])


def _hold(row: Document) -> HoldLine:
    return HoldLine(
        reference=row["reference"],
        since=date.fromisoformat(row["since"]),
        look_again_on=date.fromisoformat(row["look_again_on"]),
    )


def _clock(row: Document) -> ClockLine:
    return ClockLine(reference=row["reference"], name=row["name"], due_on=_day(row["due"]), state=row["words"])
