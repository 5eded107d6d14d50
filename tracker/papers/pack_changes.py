"""What has changed between two packs: what is new, slipped, turned, and what has left and how it ended."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlmodel import Session

from tracker.papers.pack_items import item, states_now
from workflows.dates import PartialDate, uk_date

Document = dict[str, Any]

# What stands in the tracker stands under its own heading too.
_TOLD_ELSEWHERE = ("since", "tracker")
_ORDER = ("Slipped", "New", "Changed", "Settled")


def changes(session: Session, before: Sequence[Document], now: Mapping[str, Sequence[Document]]) -> list[Document]:
    """Compare the sections of an earlier pack with what stands now; each difference is one line."""
    earlier = {
        one["key"]: one for section in before if section["code"] not in _TOLD_ELSEWHERE for one in section["items"]
    }
    later = {one["key"]: one for code, items in now.items() if code not in _TOLD_ELSEWHERE for one in items}
    gone = [key for key in earlier if key not in later]
    ended = states_now(session, gone)
    lines = [
        *(_line("New", None, one) for key, one in later.items() if key not in earlier),
        *_moved((earlier[key], one) for key, one in later.items() if key in earlier),
        *(_line("Settled", earlier[key], None, ended.get(key)) for key in gone),
    ]
    return sorted(lines, key=lambda line: _ORDER.index(line["state"]))


def _moved(pairs: Iterable[tuple[Document, Document]]) -> Iterable[Document]:
    for then, now in pairs:
        if then["due"] and now["due"] and PartialDate.parse(then["due"]) < PartialDate.parse(now["due"]):
            yield _line("Slipped", then, now)
        elif then["state"] != now["state"] or then["due"] != now["due"]:
            yield _line("Changed", then, now)


def _line(what: str, then: Document | None, now: Document | None, ended: str | None = None) -> Document:
    about = now or then
    assert about is not None, "one of them is there"
    words = about["title"] or next((text for label, text in about["facts"] if label in ("Action", "Clock")), "")
    now_words = _words(now) if now is not None else f"{ended[:1].upper()}{ended[1:]}" if ended else "No longer here"
    facts = [
        ("What", f"{what}: {words}" if words else what),
        ("Then", _words(then) if then is not None else "–"),
        ("Now", now_words),
    ]
    return item(f"change {about['key']}", about["reference"], "", facts, state=what, refs=about["refs"])


def _words(one: Document) -> str:
    due = f", {uk_date(PartialDate.parse(one['due']))}" if one["due"] else ""
    return f"{one['state']}{due}"
