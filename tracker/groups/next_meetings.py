"""The next meeting of the body that decides, in each partnership of a reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlmodel import Session

from tracker.clock import london_day
from tracker.groups.bodies import deciding_group
from tracker.groups.meeting_queries import meeting_before, upcoming_meetings
from tracker.groups.models import Partnership
from tracker.people.doer import Doer


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """A planned meeting of a deciding body, and the day of the one before it that was held, if any."""

    reference: str
    partnership: str
    group: str
    group_name: str
    on: date
    at: time
    last_on: date | None


def next_meetings(session: Session, reader: Doer, now: datetime) -> list[NextMeeting]:
    """Give the next meeting of the body that decides, of each of her partnerships that has one planned, by day."""
    found = (_next_of(session, id_, london_day(now)) for id_ in _partnerships(reader))
    return sorted((meeting for meeting in found if meeting is not None), key=lambda meeting: (meeting.on, meeting.at))


def _partnerships(reader: Doer) -> Iterable[int]:
    return sorted({*reader.roles, *reader.groups})


def _next_of(session: Session, partnership_id: int, today: date) -> NextMeeting | None:
    group = deciding_group(session, partnership_id)
    meetings = [] if group is None else upcoming_meetings(session, [group.id], today)
    if group is None or not meetings:
        return None
    coming = meetings[0]
    last = meeting_before(session, coming, by=today)
    return NextMeeting(
        reference=coming.reference,
        partnership=session.get_one(Partnership, partnership_id).code,
        group=group.code,
        group_name=group.name,
        on=coming.on,
        at=coming.at,
        last_on=None if last is None else last.on,
    )
