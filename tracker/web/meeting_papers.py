"""What a meeting is shown, parted into headings: each with its rows, and which of them a reader may open."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from sqlmodel import Session

from tracker.clock import london_moment
from tracker.papers.agenda import OWN_ITEM
from tracker.papers.readership import references_to_open
from tracker.people.doer import Doer
from tracker.policy import for_roles
from tracker.showing.meeting import READ_MEETINGS
from tracker.web.pages import clock_time, day

Document = dict[str, Any]

# Who opens the pages of meetings and their papers.
FOR_READERS = for_roles(*READ_MEETINGS, or_members=True)

_KINDS: Mapping[str, str] = {
    "last_meeting": "points",
    "executive_points": "points",
    "escalations": "escalation",
    "answered": "escalation",
    "withdrawn": "escalation",
    "for_this_group": "escalation",
    "look_again": "escalation",
    "reviews_overdue": "clock",
    "statutory_dates": "clock",
    "reflections_due": "clock",
    "overdue_actions": "action",
    "due_before_next": "action",
    "no_update": "action",
    "review_dates_passed": "action",
}
_OF_A_DIGEST = (
    ("escalations", "open", "escalations", "Your response is needed"),
    ("cases", "for_decision", "decisions", "For decision"),
    ("cases", "ratifications_open", "ratifications", "Ratifications that are open"),
    ("cases", "in_resolution", "resolutions", "In resolution"),
    ("cases", "on_hold", "on_hold", "On hold"),
    ("actions", "overdue", "overdue_actions", "Overdue actions"),
    ("actions", "review_dates_passed", "review_dates_passed", "Review dates passed"),
    ("cases", "reviews_overdue", "reviews_overdue", "Reviews overdue"),
    ("cases", "statutory_dates", "statutory_dates", "Statutory dates"),
    ("escalations", "answered", "answered", "Answered"),
    ("escalations", "withdrawn", "withdrawn", "Withdrawn"),
)
_SINCE_THE_LAST = ("answered", "withdrawn")


class Papers:
    """The headings of an agenda or a digest, and the references of cases and actions that its reader may open."""

    def __init__(self, session: Session, sections: Sequence[Document], reader: Doer) -> None:
        self.sections = [section | {"kind": _kind(section["code"])} for section in sections]
        rows = [row for section in self.sections if section["kind"] != "escalation" for row in section["rows"]]
        self.to_open = references_to_open(session, {row["reference"] for row in rows}, reader)


def _kind(code: str) -> str:
    return "item" if re.fullmatch(OWN_ITEM, code) else _KINDS.get(code, "case")


def digest_sections(figures: Document) -> list[Document]:
    """Part the figures of a digest as its email does."""
    last_on = figures["last_meeting_on"]
    since = f" since {day(last_on)}" if last_on else " so far"
    return [
        {
            "code": code,
            "title": title + (since if code in _SINCE_THE_LAST else ""),
            # A digest that was sent by an older version may lack what came later.
            "rows": figures[part].get(key, {"rows": []})["rows"],
        }
        for part, key, code, title in _OF_A_DIGEST
    ]


def hour(on: str, at: str) -> str:
    """Write the hour of a meeting as 10am."""
    return clock_time(london_moment(date.fromisoformat(on), time.fromisoformat(at)))
