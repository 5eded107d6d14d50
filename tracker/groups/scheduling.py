"""Meetings of groups are planned: one, or a series in a rhythm that is counted from its first day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from pydantic import Field, field_validator
from sqlmodel import Session

from tracker import history
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Code, Day, Facts, Hour, Name
from tracker.groups.belonging import group_of_hers
from tracker.groups.bodies import chair_named, must_stand
from tracker.groups.inviting import invite
from tracker.groups.meeting_days import day_held, must_be_free, must_be_near, plain_hour, when
from tracker.groups.models import Group, Meeting, MeetingSeries
from tracker.groups.queries import next_number, working_days_of
from tracker.people.doer import Doer
from tracker.people.permissions import require
from tracker.rows import write
from workflows.dates import uk_date

TEN = time(10, 0)


class Series(Facts):
    """Every how many weeks a group meets, and until which day."""

    every_weeks: int = Field(ge=1, le=52)
    until: Day


class ScheduleMeeting(Facts):
    """Which group meets, on which day and at what hour; where, who is in the chair, and how it goes on, if it does."""

    group: Code
    on: Day
    at: Hour = TEN
    series: Series | None = None
    place: Name | None = None
    chair: Name | None = None

    @field_validator("at")
    @classmethod
    def _plain(cls, at: time) -> time:
        return plain_hour(at)


def schedule_meeting(
    session: Session, reference: str | None, facts: ScheduleMeeting, *, now: datetime, by: Doer
) -> Meeting:
    """Plan a meeting of a group, or a series, and give the first; none on a day that is no working day (K3).

    A meeting of a series that goes to the working day before does not move those after it. `reference` names the
    partnership, where several have such a group.
    """
    group = group_of_hers(session, facts.group, reference, by)
    require(by, "schedule_meeting", group.partnership_id)
    today = london_day(now)
    must_stand(group, today)
    chair = None if facts.chair is None else chair_named(session, group, facts.chair, today)
    calendar = working_days_of(session, group.partnership_id)
    series = None if facts.series is None else _series(session, group, facts, facts.series, today)
    meetings = []
    for asked in _days(facts):
        on, why = day_held(calendar, asked, today)
        must_be_free(session, group, on, facts.at)
        meeting = Meeting(
            reference=f"M{next_number(session, 'meeting')}",
            group_id=group.id,
            series_id=None if series is None else series.id,
            on=on,
            at=facts.at,
            first_on=asked,
            proposed_on=on if why else None,
            proposed_why=why,
            place=facts.place,
            chair_id=None if chair is None else chair.id,
        )
        meetings.append(write(session, meeting))
        what = f"{group.name} meets on {when(on, facts.at, why)}"
        history.note(
            session, meeting.reference, "schedule_meeting", at=now, by=by, role="coordinator", what=what, new=str(on)
        )
    invite(session, group, meetings, dict.fromkeys(one.reference for one in meetings), "schedule_meeting", now)
    return meetings[0]


def _days(facts: ScheduleMeeting) -> Iterator[date]:
    """Give the days of the rhythm: each so many weeks after the first, whatever became of the one before it."""
    day = facts.on
    yield day
    while facts.series is not None and (day := day + timedelta(weeks=facts.series.every_weeks)) <= facts.series.until:
        yield day


def _series(session: Session, group: Group, facts: ScheduleMeeting, asked: Series, today: date) -> MeetingSeries:
    must_be_near(asked.until, today)
    second = facts.on + timedelta(weeks=asked.every_weeks)
    if asked.until < second:
        raise Refused(
            f"A second meeting would be on {uk_date(second)}, and the series ends on {uk_date(asked.until)}. "
            "Let it end later, or leave the series out.",
            code="bad_date",
        )
    series = MeetingSeries(group_id=group.id, first_on=facts.on, every_weeks=asked.every_weeks, until=asked.until)
    return write(session, series)
