"""The agenda of a meeting: its sections with their rows; the item on escalations always stands."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from tracker.clock import london_day
from tracker.escalations.models import Escalation
from tracker.escalations.queries import age_days, newest_settling
from tracker.groups.meeting_queries import meeting_before
from tracker.groups.models import Group, Meeting
from tracker.papers.digest import digest_figures, has_digest
from tracker.papers.readership import barred_references
from tracker.people.doer import Doer
from workflows.escalation import EscalationStatus

Document = dict[str, Any]

_OF_THE_DECIDING_BODY = (
    ("escalations", "answered", "answered", "Answered since the last meeting"),
    ("cases", "for_decision", "decisions", "For decision"),
    ("cases", "ratifications_open", "ratifications", "Ratifications that are open"),
    ("cases", "in_resolution", "resolutions", "In resolution"),
    ("cases", "on_hold", "on_hold", "On hold"),
    ("cases", "reviews_overdue", "reviews_overdue", "Reviews overdue"),
    ("actions", "overdue", "overdue_actions", "Overdue actions"),
    ("actions", "review_dates_passed", "review_dates_passed", "Review dates passed"),
)


def agenda(session: Session, meeting: Meeting, reader: Doer | None, now: datetime) -> list[Document]:
    """Give the sections of a meeting's agenda, without what a conflict bars from the reader."""
    if has_digest(session, meeting):
        figures = digest_figures(session, meeting, now, reader)
        title = "Escalations that wait for an answer"
        sections = [_section("escalations", title, figures["escalations"]["open"]["rows"], standing=True)]
        sections += [
            _section(code, title, figures[part][key]["rows"]) for part, key, code, title in _OF_THE_DECIDING_BODY
        ]
    else:
        sections = _of_a_group(session, meeting, reader, now)
    return [*_last_key_points(session, meeting), *sections]


def _section(code: str, title: str, rows: list[Document], *, standing: bool = False) -> Document:
    return {"code": code, "title": title, "standing": standing, "rows": rows}


def _last_key_points(session: Session, meeting: Meeting) -> list[Document]:
    last = meeting_before(session, meeting)
    if last is None or last.key_points is None:
        return []
    rows = [{"reference": last.reference, "on": last.on.isoformat(), "text": last.key_points}]
    return [_section("last_meeting", "Key points of the last meeting", rows)]


def _of_a_group(session: Session, meeting: Meeting, reader: Doer | None, now: datetime) -> list[Document]:
    """Ask a group what to escalate: with what it raised, the answers it has not heard here, and what waits for it."""
    group = session.get_one(Group, meeting.group_id)
    last = meeting_before(session, meeting)
    barred = frozenset() if reader is None else barred_references(session, reader.id)
    question = select(Escalation).where(or_(Escalation.group_id == group.id, Escalation.level_id == group.id))
    rows = [row for row in session.exec(question.order_by(col(Escalation.id))) if row.reference not in barred]
    settled = newest_settling(session, [row.id for row in rows])
    today = london_day(now)
    shown: dict[str, list[Document]] = {"raised": [], "answered": [], "waiting": []}
    for row in rows:
        answer = settled.get(row.id)
        document = {
            "reference": row.reference,
            "title": row.title,
            "status": row.status,
            "raised_on": row.raised_on.isoformat(),
            "age_days": age_days(row, answer.on.last if answer else None, today),
            "answer": None if answer is None else answer.answer,
        }
        if row.status == EscalationStatus.WAITING:
            shown["waiting" if row.level_id == group.id else "raised"].append(document)
        elif row.group_id == group.id and answer and (last is None or answer.on.last >= last.on):
            shown["answered"].append(document)
    return [
        _section("escalations", "Is there anything to escalate?", shown["raised"], standing=True),
        _section("answered", "Answers to what was escalated", shown["answered"]),
        _section("for_this_group", "Escalated to this group", shown["waiting"]),
    ]
