"""The next meeting of the body that decides, as Today shows it: what waits for it, and when its digest goes."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.clock import london_day, london_moment, uk_clock
from tracker.escalations.queries import waiting_at
from tracker.groups.bodies import deciding_group
from tracker.groups.meeting_queries import upcoming_meetings
from tracker.papers.digest import digest_is_sent, digest_planned_at
from tracker.people.doer import Doer
from tracker.showing.waiting import count_for_decision


@dataclass(frozen=True, slots=True)
class NextMeeting:
    """The next meeting of the body that decides, and what waits for it."""

    reference: str
    group: str
    weekday: str
    on: str
    at: str
    escalations: int
    decisions: int
    digest_at: datetime
    digest_is_held: bool
    digest_is_sent: bool


def coming_meetings(session: Session, partnership_ids: list[int], reader: Doer, now: datetime) -> list[NextMeeting]:
    """Give the next meeting of the body that decides, of each partnership that has one planned."""
    found = (_next_of(session, number, reader, now) for number in partnership_ids)
    return [meeting for meeting in found if meeting is not None]


def _next_of(session: Session, partnership_id: int, reader: Doer, now: datetime) -> NextMeeting | None:
    group = deciding_group(session, partnership_id)
    meetings = [] if group is None else upcoming_meetings(session, [group.id], london_day(now))
    if group is None or not meetings:
        return None
    meeting = meetings[0]
    return NextMeeting(
        reference=meeting.reference,
        group=group.name,
        weekday=f"{meeting.on:%A}",
        on=meeting.on.isoformat(),
        at=uk_clock(london_moment(meeting.on, meeting.at)),
        escalations=waiting_at(session, group.id, reader),
        decisions=count_for_decision(session, partnership_id, reader),
        digest_at=digest_planned_at(session, meeting, now),
        digest_is_held=meeting.digest_is_held,
        digest_is_sent=digest_is_sent(session, meeting),
    )
