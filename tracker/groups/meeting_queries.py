"""Finding meetings: the list that a reader sees, the one before another, and who came over a year."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, bindparam
from sqlmodel import Session, col, select

from tracker.among import among, listed
from tracker.clock import london_day
from tracker.errors import FactsWrong
from tracker.filters import check_filters
from tracker.groups.models import Attendance, Group, Meeting, Partnership
from tracker.people.doer import Doer
from tracker.rows import Question, RowsOf

MEETING_FILTERS = ("partnership", "group", "status", "from", "to")


def list_meetings(
    session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime
) -> list[dict[str, Any]]:
    """Give the meetings that a reader sees and that fit every filter, by day; the operator (None) sees all."""
    check_filters("meetings", where, MEETING_FILTERS)
    question = (
        select(Meeting, Group, Partnership)
        .join(Group, col(Group.id) == Meeting.group_id)
        .join(Partnership, col(Partnership.id) == Group.partnership_id)
    )
    if reader is not None:
        question = question.where(col(Group.partnership_id).in_({*reader.roles, *reader.groups}))
    if "partnership" in where:
        question = question.where(Partnership.code == where["partnership"].lower())
    if "group" in where:
        question = question.where(col(Group.code) == where["group"].rpartition("/")[2])
    if "status" in where:
        question = question.where(Meeting.status == where["status"])
    if "from" in where:
        question = question.where(Meeting.on >= _day("from", where["from"]))
    if "to" in where:
        question = question.where(Meeting.on <= _day("to", where["to"]))
    today = london_day(now)
    rows = session.exec(question.order_by(col(Meeting.on), col(Meeting.at), col(Meeting.id)))
    return [_row(meeting, group, partnership, today) for meeting, group, partnership in rows]


def _row(meeting: Meeting, group: Group, partnership: Partnership, today: date) -> dict[str, Any]:
    return {
        "reference": meeting.reference,
        "partnership": partnership.code,
        "group": group.code,
        "group_name": group.name,
        "on": meeting.on.isoformat(),
        "at": f"{meeting.at:%H:%M}",
        "first_on": meeting.first_on.isoformat(),
        "status": meeting.status,
        "days_left": (meeting.on - today).days if meeting.status == "planned" else None,
    }


def _day(key: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FactsWrong(f"{key}: enter a real date, like 2027-01-29.") from None


def meeting_before(session: Session, meeting: Meeting, by: date | None = None) -> Meeting | None:
    """Give the last meeting of the same group on an earlier day that was not cancelled; `by` a day, if one is given."""
    question = select(Meeting).where(
        Meeting.group_id == meeting.group_id, Meeting.on < meeting.on, Meeting.status != "cancelled"
    )
    if by is not None:
        question = question.where(Meeting.on <= by)
    return session.exec(question.order_by(col(Meeting.on).desc(), col(Meeting.id).desc())).first()


def meeting_after(session: Session, meeting: Meeting) -> Meeting | None:
    """Give the next planned meeting of the same group on a later day."""
    question = select(Meeting).where(
        Meeting.group_id == meeting.group_id, Meeting.on > meeting.on, Meeting.status == "planned"
    )
    return session.exec(question.order_by(col(Meeting.on), col(Meeting.id))).first()


def meeting_days(session: Session, group_ids: Collection[int], until: date) -> dict[int, list[date]]:
    """Give the days on which groups met, each once, before a day; in their order."""
    found: dict[int, list[date]] = {}
    for group_id, on in _DAYS_HELD.rows(session, groups=listed(group_ids), day=until) if group_ids else ():
        found.setdefault(group_id, []).append(on)
    return found


def upcoming_meetings(session: Session, group_ids: Sequence[int], today: date) -> list[Meeting]:
    """Give the planned meetings of groups from a day on, the soonest first; for reading only."""
    return _UPCOMING.all(session, groups=listed(group_ids), day=today)


_DAY: ColumnElement[date] = bindparam("day", type_=Date)
_DAYS_HELD = Question(
    select(col(Meeting.group_id), col(Meeting.on))
    .where(among(col(Meeting.group_id), "groups"), col(Meeting.on) < _DAY, Meeting.status != "cancelled")
    .distinct()
    .order_by(col(Meeting.on))
)
_UPCOMING = RowsOf(
    Meeting,
    select(Meeting)
    .where(among(col(Meeting.group_id), "groups"), Meeting.status == "planned", col(Meeting.on) >= _DAY)
    .order_by(col(Meeting.on), col(Meeting.id)),
)


def meets_on(session: Session, group_id: int, day: date) -> bool:
    """Say whether a group has a meeting planned on a day."""
    question = select(Meeting.id).where(Meeting.group_id == group_id, Meeting.on == day, Meeting.status == "planned")
    return session.exec(question).first() is not None


def attendance_by_year(session: Session, partnership_id: int) -> list[dict[str, Any]]:
    """Give how often each agency came to each group in a year from April to March, with its per cent."""
    question = (
        select(Group.code, col(Meeting.on), Attendance.agency_name, Attendance.came)
        .join(Meeting, col(Meeting.id) == Attendance.meeting_id)
        .join(Group, col(Group.id) == Meeting.group_id)
        .where(Group.partnership_id == partnership_id, Meeting.status == "closed")
    )
    counts: dict[tuple[str, str, str], list[bool]] = {}
    for group, on, agency, came in session.exec(question):
        counts.setdefault((year_of(on), group, agency), []).append(came)
    return [
        {
            "year": year,
            "group": group,
            "agency": agency,
            "came": sum(answers),
            "meetings": len(answers),
            "per_cent": round(100 * sum(answers) / len(answers)),
        }
        for (year, group, agency), answers in sorted(counts.items())
    ]


def year_of(day: date) -> str:
    """Name the year from April to March in which a day lies: 2020-21."""
    first = day.year if day.month >= 4 else day.year - 1
    return f"{first}-{(first + 1) % 100:02d}"
