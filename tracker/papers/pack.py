"""The pack of a meeting of the body that decides: what is wanted of it, and what has changed since its last one."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.groups.models import Group, Meeting
from tracker.papers import pack_asked, pack_items
from tracker.papers.digest import answer_by
from tracker.papers.models import Pack
from tracker.papers.pack_asked import MOST_IN_FULL
from tracker.papers.pack_changes import changes
from tracker.papers.pack_decisions import decisions
from tracker.papers.readership import barred_references
from tracker.people.doer import Doer
from workflows.colour import Colour

Document = dict[str, Any]

# Every heading with the names of its columns; none where each item is a paper of its own.
HEADINGS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "decisions": ("Decisions wanted", ()),
    "answers": ("Answers owed", ()),
    "since": ("Since your last meeting", ("Change", "What", "Then", "Now")),
    "tracker": ("Escalation tracker", ("Raised by", "What is asked", "Answer", "Status")),
    "red": ("Red actions", ("Action", "From", "Owner", "Due", "Why")),
    "amber": ("Amber actions", ("Action", "From", "Owner", "Due", "Why")),
    "clocks": ("Statutory dates near or missed", ("What is due", "Due", "How it stands", "Kind")),
    "holds": ("Cases on hold", ("Why", "On hold since", "To look at again")),
    "reflections": ("Reflections due", ("What is due", "Due", "How it stands")),
}


def pack_now(session: Session, meeting: Meeting, figures: Document, now: datetime) -> Document:
    """Put a meeting's pack together as things stand, whole; compared with what the meeting before was shown.

    `figures`: those of its digest, as they stand now and for nobody in particular.
    """
    group = session.get_one(Group, meeting.group_id)
    partnership = group.partnership_id
    coloured = {code: pack_items.actions_in(session, partnership, shade, now) for code, shade in _COLOURED.items()}
    made: dict[str, list[Document]] = {
        "decisions": decisions(session, figures),
        "answers": pack_asked.answers_owed(session, figures),
        "tracker": pack_asked.tracker(session, figures),
        **{code: items for code, (items, _) in coloured.items()},
        "clocks": pack_items.clocks(figures, "reviews_overdue", "statutory_dates"),
        "holds": pack_items.holds(session, figures),
        "reflections": pack_items.clocks(figures, "reflections_due"),
    }
    earlier = pack_before(session, meeting)
    before = None if earlier is None else as_read(earlier)
    made["since"] = [] if before is None else changes(session, before["sections"], made, now)
    sections = [
        _section(code, title, columns, made[code], coloured[code][1] if code in coloured else [])
        for code, (title, columns) in HEADINGS.items()
    ]
    return {
        "meeting": meeting.reference,
        "group": group.code,
        "group_name": group.name,
        "on": meeting.on.isoformat(),
        "at": f"{meeting.at:%H:%M}",
        "place": meeting.place,
        "answer_by": answer_by(session, meeting, london_day(now)).isoformat(),
        "as_of": now.isoformat(),
        "compared_with": None if before is None else {"meeting": before["meeting"], "on": before["on"]},
        "sections": sections,
    }


_COLOURED = {"red": Colour.RED, "amber": Colour.AMBER}


def _section(code: str, title: str, columns: Sequence[str], items: list[Document], unlisted: Sequence[str]) -> Document:
    """Give a heading with its items; `unlisted` are the references of those that it only counts."""
    return {
        "code": code,
        "title": title,
        "columns": list(columns),
        "count": len(items) + len(unlisted),
        "items": items,
        "unlisted": list(unlisted),
    }


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
        sections.append(section | {"items": items, "count": len(items), "unlisted": []})
    return later | {"sections": sections}


def _differs(before: Document | None, now: Document) -> bool:
    """Say whether an item is new or changed; how long it has waited changes by itself."""
    return before is None or (before["state"], before["due"]) != (now["state"], now["due"])


def for_reader(session: Session, pack: Document, reader: Doer | None, supplement: int | None = None) -> Document:
    """Give a pack as a reader may see it, numbered: what a conflict bars stands in no item, no count and no text.

    The numbers of a supplement begin with its own (`S1.5.2`), so that nobody takes them for those of the pack.
    """
    prefix = "" if supplement is None else f"S{supplement}."
    if reader is None:
        return _numbered(pack, [_without(section, frozenset()) for section in pack["sections"]], prefix)
    barred = barred_references(session, reader.id)
    sections = [_without(section, barred) for section in pack["sections"]]
    shown: Document = without_references(_numbered(pack, sections, prefix), barred_cases_named(session, reader.id))
    return shown


def _without(section: Document, barred: frozenset[str]) -> Document:
    """Take out of a heading, and of its number, what is barred from a reader; what it only counts is named nowhere."""
    items = [one for one in section["items"] if not barred & set(one["refs"])]
    left_out = len(section["items"]) - len(items) + len(barred.intersection(section.get("unlisted", ())))
    shown = {key: known for key, known in section.items() if key != "unlisted"}
    return shown | {"items": items, "count": section["count"] - left_out}


def _numbered(pack: Document, sections: Iterable[Document], prefix: str) -> Document:
    numbered = [
        section
        | {
            "number": f"{prefix}{place}",
            "items": [one | {"number": f"{prefix}{place}.{row}"} for row, one in enumerate(_listed(section), start=1)],
        }
        for place, section in enumerate(sections, start=1)
    ]
    return pack | {"sections": numbered}


def _listed(section: Document) -> list[Document]:
    items: list[Document] = section["items"]
    return items if section["columns"] else items[:MOST_IN_FULL]
