"""The pack of a meeting of the body that decides: what is wanted of it, and what has changed since its last one."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.groups.models import Group, Meeting
from tracker.papers import pack_asked, pack_items
from tracker.papers.models import Pack
from tracker.papers.pack_changes import changes
from tracker.papers.readership import barred_references
from tracker.people.doer import Doer
from workflows.colour import Colour

Document = dict[str, Any]

# Every heading with the names of its columns; none where each item is a paper of its own.
HEADINGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "decisions": ("Decisions wanted", ()),
    "answers": ("Answers owed", ()),
    "since": ("Since your last meeting", ("What", "Then", "Now")),
    "tracker": ("Escalation tracker", ("Raised by", "What is asked", "Answer", "Status")),
    "red": ("Red actions", ("Action", "From", "Owner", "Due", "Why")),
    "amber": ("Amber actions", ("Action", "From", "Owner", "Due", "Why")),
    "clocks": ("Statutory dates near or missed", ("Clock", "Due", "State")),
    "holds": ("Cases on hold", ("On hold since", "To look at again")),
    "reflections": ("Reflections due", ("Clock", "Due", "State")),
}


# A pack is read in an evening: so many items stand there as papers of their own, those that wait longest first.
MOST_IN_FULL = 50


def pack_now(session: Session, meeting: Meeting, figures: Document, now: datetime) -> Document:
    """Put a meeting's pack together as things stand, whole; compared with what the meeting before was shown.

    `figures`: those of its digest, as they stand now and for nobody in particular.
    """
    group = session.get_one(Group, meeting.group_id)
    partnership = group.partnership_id
    red, amber = (pack_items.actions_in(session, partnership, one, now) for one in (Colour.RED, Colour.AMBER))
    made: dict[str, tuple[list[Document], list[str]]] = {
        "decisions": _all(pack_asked.decisions(session, figures)),
        "answers": _all(pack_asked.answers_owed(session, figures)),
        "tracker": _all(pack_asked.tracker(session, figures)),
        "red": red,
        "amber": amber,
        "clocks": _all(pack_items.clocks(figures, "reviews_overdue", "statutory_dates")),
        "holds": _all(pack_items.holds(figures)),
        "reflections": _all(pack_items.clocks(figures, "reflections_due")),
    }
    earlier = pack_before(session, meeting)
    before = None if earlier is None else as_read(earlier)
    now_stand = {code: items for code, (items, _) in made.items()}
    made["since"] = _all([] if before is None else changes(session, before["sections"], now_stand))
    sections = [
        {"code": code, "title": title, "columns": list(columns), **_counted(*made[code])}
        for code, (title, columns) in HEADINGS.items()
    ]
    return {
        "meeting": meeting.reference,
        "group": group.code,
        "group_name": group.name,
        "on": meeting.on.isoformat(),
        "at": f"{meeting.at:%H:%M}",
        "place": meeting.place,
        "as_of": now.isoformat(),
        "compared_with": None if before is None else {"meeting": before["meeting"], "on": before["on"]},
        "sections": sections,
    }


def _all(items: list[Document]) -> tuple[list[Document], list[str]]:
    return items, []


def _counted(items: list[Document], unlisted: list[str]) -> Document:
    """Give what stands under a heading with its number; `unlisted`: the references of what is counted beside it."""
    return {"count": len(items) + len(unlisted), "items": items, "unlisted": unlisted}


def as_read(pack: Pack) -> Document:
    """Read a pack as it was frozen."""
    read: Document = json.loads(pack.contents)
    return read


def packs_of(session: Session, meeting: Meeting) -> list[Pack]:
    """Give what was frozen for a meeting: its pack, then its supplements."""
    return list(session.exec(select(Pack).where(Pack.meeting_id == meeting.id).order_by(col(Pack.number))))


def frozen_pack(session: Session, meeting: Meeting, number: int) -> Pack | None:
    """Give one of the frozen papers of a meeting: 1 is its pack, the later ones are its supplements."""
    return session.exec(select(Pack).where(Pack.meeting_id == meeting.id, Pack.number == number)).first()


def packs_listed(session: Session, meeting: Meeting) -> list[Document]:
    """Give the numbers of what was frozen for a meeting and when, without the papers themselves."""
    question = select(Pack.number, Pack.frozen_at).where(Pack.meeting_id == meeting.id).order_by(col(Pack.number))
    return [{"number": number, "frozen_at": at.isoformat()} for number, at in session.exec(question)]


def pack_before(session: Session, meeting: Meeting) -> Pack | None:
    """Give the last pack that was frozen for an earlier meeting of the same group."""
    earlier = (Meeting.group_id == meeting.group_id, col(Meeting.on) < meeting.on, Meeting.status != "cancelled")
    question = select(Pack).join(Meeting, col(Meeting.id) == Pack.meeting_id).where(*earlier, Pack.number == 1)
    return session.exec(question.order_by(col(Meeting.on).desc(), col(Meeting.id).desc()).limit(1)).first()


def supplement(kept: Iterable[Document], later: Document) -> Document:
    """Give what a later pack of a meeting adds to those that it was shown: items that are new, or stand otherwise."""
    known = {one["key"]: one for pack in kept for section in pack["sections"] for one in section["items"]}
    sections = []
    for section in later["sections"]:
        items = [one for one in section["items"] if _differs(known.get(one["key"]), one)]
        sections.append(section | _counted(items, []))
    return later | {"sections": sections}


def _differs(before: Document | None, now: Document) -> bool:
    """Say whether an item is new or changed; how long it has waited changes by itself."""
    return before is None or (before["state"], before["due"]) != (now["state"], now["due"])


def for_reader(session: Session, pack: Document, reader: Doer | None) -> Document:
    """Give a pack as a reader may see it, numbered: what a conflict bars stands in no item, no count and no text.

    A pack that was frozen before `unlisted` was kept counts what it does not list as it did then.
    """
    if reader is None:
        return _numbered(pack, pack["sections"])
    barred = barred_references(session, reader.id)
    sections = []
    for section in pack["sections"]:
        items = [one for one in section["items"] if not barred & set(one["refs"])]
        unlisted = section.get("unlisted", [])
        left_out = len(section["items"]) - len(items) + sum(reference in barred for reference in unlisted)
        sections.append(section | {"items": items, "count": section["count"] - left_out})
    shown: Document = without_references(_numbered(pack, sections), barred_cases_named(session, reader.id))
    return shown


def _numbered(pack: Document, sections: Iterable[Document]) -> Document:
    numbered = [
        {key: value for key, value in section.items() if key != "unlisted"}
        | {
            "number": str(place),
            "items": [one | {"number": f"{place}.{row}"} for row, one in enumerate(_listed(section), start=1)],
        }
        for place, section in enumerate(sections, start=1)
    ]
    return pack | {"sections": numbered}


def _listed(section: Document) -> list[Document]:
    items: list[Document] = section["items"]
    return items if section["columns"] else items[:MOST_IN_FULL]
