"""The words of a pack that do not come from its items: the same on the page, in the PDF and in the Word file."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from tracker.clock import london_day, london_moment, uk_clock
from tracker.texts import in_each_text
from workflows.dates import MONTHS, uk_date, weekday_date
from workflows.deadlines import counted
from workflows.wording import listed

Document = dict[str, Any]

HANDLING = "Official – sensitive"
NO_BUSINESS = "No business waits for this meeting."
NO_BREAK = "\u00a0"

# How much room a column takes beside the others.
ROOM: Mapping[str, float] = {
    "What": 2.4,
    "What is asked": 2.6,
    "Answer": 2.6,
    "Action": 2.6,
    "What is due": 2.2,
    "Why": 1.6,
    "Change": 0.9,
    "Then": 1.6,
    "Now": 1.6,
    "Raised by": 1.7,
    "Status": 1.7,
    "Owner": 1.7,
    "From": 1.5,
    "Due": 1.5,
    "Kind": 1.2,
    "How it stands": 1.3,
    "On hold since": 1,
    "To look at again": 1,
}


def heading_of(pack: Document) -> str:
    """Give the heading of a pack: its group, the day, and whether it is a supplement."""
    kind = f", supplement {pack['supplement']}" if pack.get("supplement") else ""
    return str(together(f"{pack['group_name']}, {uk_date(date.fromisoformat(pack['on']))}: papers{kind}"))


def said_of(pack: Document) -> str:
    """Say when and where the meeting is, as of when the papers are, and with what they are compared."""
    on = date.fromisoformat(pack["on"])
    at = london_moment(on, time.fromisoformat(pack["at"]))
    where = f", {pack['place']}" if pack["place"] else ""
    as_of = datetime.fromisoformat(pack["as_of"])
    said = f"Meeting on {weekday_date(on)} at {uk_clock(at)}{where}."
    said += f" These papers show what stood on {uk_date(london_day(as_of))} at {uk_clock(as_of)}"
    compared = pack["compared_with"]
    if compared:
        said += f", and what changed since the papers of {uk_date(date.fromisoformat(compared['on']))}"
    adds = " They add to the papers before them: only what is new or stands otherwise is here."
    return str(together(f"{said}.{adds if pack.get('supplement') else ''}"))


def in_short(pack: Document) -> list[str]:
    """Say in a few sentences what is wanted by when, what happens without it, what changed, and what is late."""
    number = {section["code"]: section["count"] for section in pack["sections"]}
    if not any(number.values()):
        return [NO_BUSINESS]
    said = [_wanted(pack, number), _changed(pack), _late(number)]
    return [together(sentence) for sentence in said if sentence]


def _wanted(pack: Document, number: Mapping[str, int]) -> str:
    wanted = [
        counted(number[code], words)
        for code, words in (("decisions", "decisions"), ("answers", "answers"))
        if number[code]
    ]
    if not wanted:
        return "Nothing is asked of you at this meeting."
    said = f"{listed(wanted)} {'is' if number['decisions'] + number['answers'] == 1 else 'are'} wanted of you"
    if number["answers"] and pack.get("answer_by"):
        said += f": please answer by {weekday_date(date.fromisoformat(pack['answer_by']))}, or at the meeting"
    return f"{said}. What is not decided or answered is carried over to your next meeting; dates set by law run on."


def _changed(pack: Document) -> str:
    items = next(section["items"] for section in pack["sections"] if section["code"] == "since")
    changed = Counter(one["state"] for one in items)
    known = [f"{number:,} {change.lower()}" for change, number in changed.items()]
    return f"Since your last meeting: {listed(known)}." if known else ""


def _late(number: Mapping[str, int]) -> str:
    red, missed = number["red"], number["clocks"]
    said = [
        f"{counted(red, 'actions')} {'is' if red == 1 else 'are'} red." if red else "",
        f"{counted(missed, 'dates')} set by law or guidance {'is' if missed == 1 else 'are'} near or missed."
        if missed
        else "",
    ]
    return " ".join(filter(None, said))


def filled_of(pack: Document) -> list[Document]:
    """Give the headings under which something stands."""
    return [section for section in pack["sections"] if section["items"]]


def empty_of(pack: Document) -> str:
    """Say under which headings nothing stands, and why nothing was compared."""
    if pack.get("supplement"):
        # What it does not repeat stands in the papers before it.
        return ""
    empty = [
        f"“{section['number']}.{NO_BREAK}{section['title']}”" for section in pack["sections"] if not section["items"]
    ]
    if len(empty) in (0, len(pack["sections"])):
        return ""
    said = f"Nothing stands under {listed(empty)}."
    return said if pack["compared_with"] else f"{said} No earlier papers were kept to compare with."


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


def together(value: Any) -> Any:  # a document of any shape, walked to its texts
    """Keep the parts of each date in every text of a document on one line."""
    return in_each_text(value, lambda text: _DATE.sub(lambda found: found[0].replace(" ", NO_BREAK), text))


_DATE = re.compile(rf"\b\d{{1,2}} (?:{'|'.join(MONTHS)})(?: \d{{4}})?\b|\b(?:{'|'.join(MONTHS)}) \d{{4}}\b")
