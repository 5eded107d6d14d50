"""What has changed between two packs: what slipped, is new, moved, and what was closed and how it ended."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from tracker.papers.pack_endings import endings
from tracker.papers.pack_items import item
from workflows.dates import PartialDate, uk_date

Document = dict[str, Any]

SLIPPED, NEW, MOVED, CLOSED = _ORDER = ("Slipped", "New", "Moved", "Closed")
# What stands in the tracker stands under its own heading too.
_TOLD_ELSEWHERE = ("since", "tracker")
# What has come to this has slipped, even with the date that it had.
_LATE = ("Red", "Late")


def changes(
    session: Session, before: Sequence[Document], now_stand: Mapping[str, Sequence[Document]], now: datetime
) -> list[Document]:
    """Compare the sections of an earlier pack with what stands now; each difference is one line."""
    earlier = {
        one["key"]: one for section in before if section["code"] not in _TOLD_ELSEWHERE for one in section["items"]
    }
    later = {one["key"]: one for code, items in now_stand.items() if code not in _TOLD_ELSEWHERE for one in items}
    gone = [key for key in earlier if key not in later]
    ended = endings(session, gone, now)
    lines = [
        *(_line(NEW, one, "–", _words(one)) for key, one in later.items() if key not in earlier),
        *_moved((earlier[key], one) for key, one in later.items() if key in earlier),
        *(_left(earlier[key], ended.get(key)) for key in gone),
    ]
    return sorted(lines, key=lambda line: _ORDER.index(line["state"]))


def _moved(pairs: Iterable[tuple[Document, Document]]) -> Iterable[Document]:
    for then, now in pairs:
        has_turned = then["state"] != now["state"]
        if _is_later(then["due"], now["due"]) or (has_turned and now["state"] in _LATE):
            yield _line(SLIPPED, now, _words(then), _words(now))
        elif has_turned or then["due"] != now["due"]:
            yield _line(MOVED, now, _words(then), _words(now))


def _is_later(then: str | None, now: str | None) -> bool:
    return bool(then and now) and PartialDate.parse(then or "") < PartialDate.parse(now or "")


def _left(then: Document, ending: Document | None) -> Document:
    """Give the line of what stands in the papers no more: it was closed, put off, or is not late any longer."""
    if ending is None:
        return _line(CLOSED, then, _words(then), "No longer here")
    change = CLOSED if ending["is_closed"] else SLIPPED if _is_later(then["due"], ending["due"]) else MOVED
    return _line(change, then, _words(then), ending["words"])


def _line(change: str, about: Document, then: str, now: str) -> Document:
    facts = [("Change", change), ("What", _name(about)), ("Then", then), ("Now", now)]
    return item(f"change {about['key']}", about["reference"], "", facts, state=change, refs=about["refs"])


def _name(one: Document) -> str:
    """Name an item: by its title, or by its first fact: what is wanted, what is to be done, what is due."""
    if one["key"].startswith("hold "):
        return "Case on hold"
    is_decision = one["key"].startswith("decision ")
    return str(one["facts"][0][1] if is_decision else one["title"] or one["facts"][0][1])


def _words(one: Document) -> str:
    """Say how an item of a pack stood: a clock in its own words, all else by its state and its date."""
    kind, facts = one["key"].split(" ")[0], dict(map(tuple, one["facts"]))
    state = facts.get("How it stands", one["state"]) if kind == "clock" else one["state"]
    if one["due"] is None:
        return str(state)
    date_is = "to look at again on" if kind == "hold" else "due"
    return f"{state}, {date_is} {uk_date(PartialDate.parse(one['due']))}"
