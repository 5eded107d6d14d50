"""The digest on its way to its readers: put beside the record of its sending, written when it goes."""

import json
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from notifications.facts import EscalationDigest, Letterhead
from notifications.outbox import Message, MessageState
from tracker import history
from tracker.clock import london_day
from tracker.database import to_json
from tracker.groups.bodies import sitting_on
from tracker.groups.letterheads import letterhead_of
from tracker.groups.models import DigestSent, Group, Meeting, Partnership
from tracker.groups.queries import meeting_by_reference, partnership_settings
from tracker.papers import digest_lines
from tracker.papers.digest import answer_by, digest_figures, digests_sent, is_due
from tracker.papers.digest_readers import DIGEST, without_digest
from tracker.papers.freezing import freeze
from tracker.papers.readership import seen_by
from tracker.people.reach import tell
from tracker.rows import write
from workflows.dates import uk_date

KIND = DIGEST


def put_digest(session: Session, meeting: Meeting, now: datetime) -> int:
    """Put a meeting's digest into the outbox, once for its day, with its figures as they stand; says for how many.

    Asks again whether it is due, with the meeting locked: two sweeps at once send one digest. For the sweep, in a unit
    of work that it ends with `history.write_noted`.
    """
    meeting = meeting_by_reference(session, meeting.reference, lock=True)
    session.refresh(meeting)
    if not is_due(session, meeting, now):
        return 0
    earlier = digests_sent(session, meeting.id)
    readers = without_digest(session, meeting, earlier, london_day(now))
    figures = digest_figures(session, meeting, now)
    sent = DigestSent(
        meeting_id=meeting.id,
        meeting_on=meeting.on,
        sent_at=now,
        figures=to_json(figures),
        replaces_id=earlier[-1].id if earlier else None,
    )
    write(session, sent)
    # What the digest announces is kept as it was; sent anew, what has changed since is a supplement.
    freeze(session, meeting, figures, now, None)
    # A meeting that comes back to a day which was announced before needs another key: that day had its email.
    again = f":{sent.id}" if any(digest.meeting_on == meeting.on for digest in earlier) else ""
    put = 0
    for person in readers:
        key = f"{KIND}:{meeting.reference}:{meeting.on.isoformat()}:{person.id}{again}"
        facts = {"meeting": meeting.reference, "digest": sent.id}
        put += tell(session, person, kind=KIND, about=meeting.reference, key=key, facts=facts, now=now, critical=True)
    what = f"Digest sent to {put} people for {uk_date(meeting.on)}"
    history.note(session, meeting.reference, "digest_sent", at=now, by=None, what=what)
    return put


def digest_facts(
    session: Session, message: Message, now: datetime, letterhead: Letterhead | None = None
) -> EscalationDigest | None:
    """Give what a digest says to its reader: the figures as sent, without what a conflict bars from her.

    Nothing when the meeting was cancelled or moved meanwhile: then another digest goes, or none.
    """
    sent = session.get_one(DigestSent, message.known()["digest"])
    meeting = session.get_one(Meeting, sent.meeting_id)
    if meeting.status == "cancelled" or meeting.on != sent.meeting_on or _has_later(session, message):
        return None
    group = session.get_one(Group, meeting.group_id)
    partnership = session.get_one(Partnership, group.partnership_id)
    figures: dict[str, Any] = seen_by(session, digest_lines.as_read(sent.figures), message.person_id)
    replaced = _replaced(session, sent, message)
    return EscalationDigest(
        letterhead=letterhead or letterhead_of(session, partnership.id, london_day(now)),
        to_name=message.to_name,
        meeting_on=meeting.on,
        respond_by=answer_by(session, meeting, london_day(now)),
        last_meeting_on=digest_lines.day_of(figures["last_meeting_on"]),
        replaces_sent_on=None if replaced is None else replaced[0],
        moved_from=None if replaced is None or replaced[1] == meeting.on else replaced[1],
        is_copy=all(person.id != message.person_id for person in sitting_on(session, group, london_day(now))),
        **digest_lines.lines(figures, titles=bool(partnership_settings(session, partnership, now)["email.titles"])),
    )


def _has_later(session: Session, message: Message) -> bool:
    """Say whether this reader was put a later digest of the meeting."""
    hers = (Message.kind == KIND, Message.about == message.about, Message.person_id == message.person_id)
    return session.exec(select(Message.id).where(*hers, col(Message.id) > message.id).limit(1)).first() is not None


def _replaced(session: Session, sent: DigestSent, message: Message) -> tuple[date, date] | None:
    """Give the day on which this reader was last sent a digest of the meeting, which this one replaces, and its day."""
    question = select(Message.facts, Message.sent_at).where(
        Message.kind == KIND,
        Message.about == message.about,
        Message.person_id == message.person_id,
        Message.state == MessageState.SENT.value,
    )
    went = [(sent_at, json.loads(facts)["digest"]) for facts, sent_at in session.exec(question) if sent_at]
    earlier = [(sent_at, number) for sent_at, number in went if number < sent.id]
    if not earlier:
        return None
    sent_at, number = max(earlier)
    return london_day(sent_at), session.get_one(DigestSent, number).meeting_on
