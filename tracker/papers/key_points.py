"""What meetings said, on the agendas that come after them: the group's own key points, and those of the Executive."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from tracker.escalations.models import Escalation
from tracker.escalations.queries import newest_settling
from tracker.groups.bodies import deciding_group, groups_by_id
from tracker.groups.meeting_queries import meeting_before
from tracker.groups.models import Group, Meeting
from tracker.papers.sections import section

Document = dict[str, Any]

LAST, RELEASED = "last_meeting", "executive_points"


def last_key_points(session: Session, meeting: Meeting) -> list[Document]:
    """Give the key points of the meeting before."""
    last = meeting_before(session, meeting)
    if last is None or last.key_points is None:
        return []
    rows = [{"reference": last.reference, "on": last.on.isoformat(), "text": last.key_points}]
    return [section(LAST, "Key points of the last meeting", rows)]


def released_heading(session: Session, group: Group) -> dict[str, str]:
    """Give the heading under which a group reads what the deciding body released, by its code."""
    deciding = deciding_group(session, group.partnership_id)
    return {} if deciding is None else {RELEASED: f"Key points of the {deciding.name}"}


def released_points(session: Session, meeting: Meeting, barred: frozenset[str], today: date) -> list[Document]:
    """Give what the deciding body's meetings since the group's last one released: key points, and answers with them.

    A group that has not met before hears of the newest meeting. `barred`: what a conflict bars from the reader.
    """
    group = session.get_one(Group, meeting.group_id)
    deciding = deciding_group(session, group.partnership_id)
    if deciding is None or deciding.id == group.id:
        return []
    last = meeting_before(session, meeting, by=today)
    question = select(Meeting).where(
        Meeting.group_id == deciding.id, Meeting.status == "closed", Meeting.on <= meeting.on
    )
    if last is not None:
        question = question.where(Meeting.on >= last.on)
    held = session.exec(question.order_by(col(Meeting.on).desc(), col(Meeting.id).desc())).all()
    rows = [_released(session, one, barred) for one in (held if last is not None else held[:1])]
    said = [row for row in rows if row["text"] or row["answers"]]
    return [section(RELEASED, f"Key points of the {deciding.name}", said)] if said else []


def _released(session: Session, meeting: Meeting, barred: frozenset[str]) -> Document:
    before = meeting_before(session, meeting)
    return {
        "reference": meeting.reference,
        "on": meeting.on.isoformat(),
        "text": meeting.key_points or "",
        "answers": answers_until(session, meeting, None if before is None else before.on, barred),
    }


def answers_until(session: Session, meeting: Meeting, after: date | None, barred: frozenset[str]) -> list[Document]:
    """Give the escalations that a meeting's body answered by its day and after another one, in their order."""
    question = select(Escalation).where(Escalation.level_id == meeting.group_id, col(Escalation.status) != "waiting")
    rows = [one for one in session.exec(question.order_by(col(Escalation.id))) if one.reference not in barred]
    settled = newest_settling(session, [one.id for one in rows])
    groups = groups_by_id(session, [one.group_id for one in rows])
    return [
        {
            "reference": one.reference,
            "title": one.title,
            "group_name": groups[one.group_id].name,
            "status": one.status,
            "answer": answer.answer,
            "answered_on": str(answer.on),
        }
        for one in rows
        if (answer := settled.get(one.id)) and answer.on.last <= meeting.on and (not after or answer.on.last > after)
    ]
