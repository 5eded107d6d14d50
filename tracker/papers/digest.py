"""The escalation digest: what waits for the body that decides before its meeting, and what became of the rest."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from tracker.clock import london_day, london_moment
from tracker.groups.bodies import deciding_group
from tracker.groups.meeting_queries import meeting_before, upcoming_meetings
from tracker.groups.models import DigestSent, Group, Meeting, Partnership
from tracker.groups.queries import partnership_settings, partnership_with_id, working_days_of
from tracker.groups.settings import as_time
from tracker.papers.action_figures import action_figures
from tracker.papers.case_figures import case_figures
from tracker.papers.digest_readers import digest_readers, without_digest
from tracker.papers.escalation_figures import escalation_figures
from tracker.papers.readership import seen_by
from tracker.people.doer import Doer
from tracker.rows import Question, RowsOf

Document = dict[str, Any]


def digest_figures(session: Session, meeting: Meeting, now: datetime, reader: Doer | None = None) -> Document:
    """Give the figures of a meeting's digest as they stand now, as `show digest` prints them.

    A reader with a declared conflict gets them without that case, its actions and its escalations.
    """
    group = session.get_one(Group, meeting.group_id)
    today = london_day(now)
    # One that is to be held between the sending and this meeting parts nothing yet.
    last = meeting_before(session, meeting, by=today)
    last_on = None if last is None else last.on
    figures = {
        "meeting": meeting.reference,
        "group": group.code,
        "on": meeting.on.isoformat(),
        "at": f"{meeting.at:%H:%M}",
        "last_meeting_on": None if last_on is None else last_on.isoformat(),
        "as_of": now.isoformat(),
        "escalations": escalation_figures(session, group, last_on, today),
        "actions": action_figures(session, group.partnership_id, today),
        "cases": case_figures(session, session.get_one(Partnership, group.partnership_id), today, now),
    }
    return seen_by(session, figures, None if reader is None else reader.id)


def digest_as_sent(session: Session, sent: DigestSent, reader: Doer | None = None) -> Document:
    """Give the figures of a digest as they went out, without what a conflict bars from the reader now."""
    figures: Document = json.loads(sent.figures)
    return seen_by(session, figures, None if reader is None else reader.id)


def digest_planned_at(session: Session, meeting: Meeting, now: datetime) -> datetime:
    """Give the moment at which a meeting's digest goes: so many working days before it, at the hour set (K3, K9).

    Or the moment at which somebody sent it at once.
    """
    if meeting.digest_at is not None:
        return meeting.digest_at
    [(partnership_id,)] = _PARTNERSHIP.rows(session, group=meeting.group_id)
    partnership = partnership_with_id(session, partnership_id)
    settings = partnership_settings(session, partnership, now)
    calendar = working_days_of(session, partnership.id)
    day = calendar.on_or_before(calendar.before(meeting.on, settings["digest.working_days_before"]))
    return london_moment(day, as_time(settings["digest.at"]))


_PARTNERSHIP = Question(select(Group.partnership_id).where(Group.id == bindparam("group")))


def answer_by(session: Session, meeting: Meeting, today: date) -> date:
    """Give the day by which answers are asked for: the working day before the meeting, or today when that is over."""
    [(partnership_id,)] = _PARTNERSHIP.rows(session, group=meeting.group_id)
    return max(working_days_of(session, partnership_id).before(meeting.on, 1), today)


def digests_sent(session: Session, meeting_id: int) -> list[DigestSent]:
    """Give the digests that went out for a meeting, oldest first; there are several when it was moved."""
    return _SENT.all(session, meeting=meeting_id)


_SENT = RowsOf(
    DigestSent, select(DigestSent).where(DigestSent.meeting_id == bindparam("meeting")).order_by(col(DigestSent.id))
)


def digest_is_sent(session: Session, meeting: Meeting) -> bool:
    """Say whether the digest for the day on which a meeting is held now has gone."""
    sent = digests_sent(session, meeting.id)
    return bool(sent) and sent[-1].meeting_on == meeting.on


def has_digest(session: Session, meeting: Meeting) -> bool:
    """Say whether a digest goes before a meeting: before those of the body that decides."""
    group = session.get_one(Group, meeting.group_id)
    deciding = deciding_group(session, group.partnership_id)
    return deciding is not None and deciding.id == group.id


def digest_due(session: Session, now: datetime) -> list[Meeting]:
    """Give the meetings whose digest has to go now, the soonest first, also when nothing is open (K9).

    A meeting scheduled late has it at once; one moved after the sending has another at its new time. One whose digest
    was taken back before it went has it anew. A meeting that is cancelled or has begun has none.
    """
    partnerships = session.exec(select(Partnership.id).order_by(col(Partnership.id))).all()
    deciding = [group.id for group in (deciding_group(session, id_) for id_ in partnerships) if group is not None]
    upcoming = upcoming_meetings(session, deciding, london_day(now))
    return [meeting for meeting in upcoming if is_due(session, meeting, now)]


def is_due(session: Session, meeting: Meeting, now: datetime) -> bool:
    """Say whether the digest of a deciding body's meeting has to go now; one that is held has not."""
    if meeting.digest_is_held or meeting.status != "planned" or london_moment(meeting.on, meeting.at) <= now:
        return False
    if digest_planned_at(session, meeting, now) > now:
        return False
    sent = digests_sent(session, meeting.id)
    is_of_another_day = not sent or sent[-1].meeting_on != meeting.on
    lack_it = without_digest(session, meeting, sent, london_day(now))
    # Where nobody reads it, it is put down as sent to nobody, once for its day.
    return bool(lack_it) or (is_of_another_day and not digest_readers(session, meeting, london_day(now)))
