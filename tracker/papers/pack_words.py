"""The words of a pack that do not come from its items: the same on the page, in the PDF and in the Word file."""

from datetime import date, datetime, time
from typing import Any

from tracker.clock import london_day, london_moment, uk_clock
from workflows.dates import uk_date

Document = dict[str, Any]

HANDLING = "Official – sensitive"
NOTHING = "Nothing stands here."
NO_BUSINESS = "No business waits for this meeting."


def heading_of(pack: Document) -> str:
    """Give the heading of a pack: its group, the day, and whether it is a supplement."""
    kind = f", supplement {pack['supplement']}" if pack.get("supplement") else ""
    return f"{pack['group_name']}, {uk_date(date.fromisoformat(pack['on']))}: papers{kind}"


def said_of(pack: Document) -> str:
    """Say when and where the meeting is, as of when the papers are, and with what they are compared."""
    at = london_moment(date.fromisoformat(pack["on"]), time.fromisoformat(pack["at"]))
    where = f", {pack['place']}" if pack["place"] else ""
    as_of = datetime.fromisoformat(pack["as_of"])
    said = (
        f"Meeting {pack['meeting']} at {uk_clock(at)}{where}. As of {uk_date(london_day(as_of))} at {uk_clock(as_of)}."
    )
    compared = pack["compared_with"]
    if compared:
        said += f" Compared with the papers of {uk_date(date.fromisoformat(compared['on']))} ({compared['meeting']})."
    if not any(section["count"] for section in pack["sections"]):
        said += f" {NO_BUSINESS}"
    return said


def none_of(section: Document, pack: Document) -> str:
    """Say what stands under a heading without items."""
    if section["code"] == "since" and not pack["compared_with"]:
        return "No earlier papers were kept to compare with."
    return NOTHING


def more_of(section: Document) -> str:
    """Say how many more there are than a heading lists."""
    left = section["count"] - len(section["items"])
    return f"And {left:,} more {_WHERE.get(section['code'], 'in the action plan')}." if left > 0 else ""


_WHERE = {
    "decisions": "that wait less long: they stand among the cases",
    "answers": "that wait less long: they stand below, in the escalation tracker",
}


def cells_of(item: Document, columns: list[str]) -> list[str]:
    """Give the words of an item for each column of its table."""
    known = dict(map(tuple, item["facts"]))
    return [known.get(column, "–") for column in columns]
