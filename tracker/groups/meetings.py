"""The meetings of groups: scheduled, moved, cancelled, closed with their key points and who came."""

from datetime import date, datetime, time, timedelta
from typing import Literal

from pydantic import field_validator
from sqlmodel import Session, col, select

from tracker import history
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Code, Day, Facts, Hour, Name, Reason, Words
from tracker.groups.bodies import group_of_hers, must_belong_here, must_stand
from tracker.groups.models import Attendance, Group, Meeting
from tracker.groups.queries import next_number, working_days_of
from tracker.people.doer import Doer
from tracker.people.permissions import require
from tracker.rows import write
from workflows.dates import uk_date
from workflows.working_days import WorkingDays

_LATEST_AHEAD = timedelta(days=2 * 366)
TEN = time(10, 0)


class ScheduleMeeting(Facts):
    """Which group meets, on which day and at what hour."""

    group: Code
    on: Day
    at: Hour = TEN

    @field_validator("at")
    @classmethod
    def _plain(cls, at: time) -> time:
        return _local(at)


class MoveMeeting(Facts):
    """The new day of a meeting, and its hour where that changes too."""

    on: Day
    at: Hour | None = None

    @field_validator("at")
    @classmethod
    def _plain(cls, at: time | None) -> time | None:
        return None if at is None else _local(at)


class CloseMeeting(Facts):
    """What was discussed, and which agencies came."""

    key_points: Words | list[Words] | None = None
    attendance: dict[Name, bool | Literal["yes", "no"]] = {}


def _local(at: time) -> time:
    if at.tzinfo is not None:
        raise ValueError("The hour is London time without a zone, like 10:00")
    return at.replace(second=0, microsecond=0)


def schedule_meeting(
    session: Session, reference: str | None, facts: ScheduleMeeting, *, now: datetime, by: Doer
) -> Meeting:
    """Plan a meeting of a group; one on a day that is no working day goes to the working day before it (K3).

    `reference` names the partnership, where several have such a group.
    """
    group = group_of_hers(session, facts.group, reference, by)
    require(by, "schedule_meeting", group.partnership_id)
    today = london_day(now)
    must_stand(group, today)
    on, why = _day_held(session, group, facts.on, today)
    _must_be_free(session, group, on, facts.at)
    meeting = Meeting(
        reference=f"M{next_number(session, 'meeting')}",
        group_id=group.id,
        on=on,
        at=facts.at,
        first_on=facts.on,
        proposed_on=on if why else None,
        proposed_why=why,
    )
    write(session, meeting)
    _note(session, meeting, "schedule_meeting", f"{group.name} meets on {_when(on, facts.at, why)}", None, on, now, by)
    return meeting


def move_meeting(session: Session, meeting: Meeting, facts: MoveMeeting, *, now: datetime, by: Doer) -> None:
    """Move a meeting to another day or hour; its first day is never lost, and its digest moves with it (K9)."""
    group = _ask(session, meeting, "move_meeting", by)
    today = london_day(now)
    _must_be_planned(meeting, today, "move")
    at = facts.at or meeting.at
    on, why = _day_held(session, group, facts.on, today)
    if (on, at) == (meeting.on, meeting.at):
        raise Refused(f"{meeting.reference} is on {_when(on, at, None)} already.", code="already_done")
    _must_be_free(session, group, on, at)
    old = meeting.on
    meeting.on, meeting.at = on, at
    meeting.proposed_on, meeting.proposed_why = (on, why) if why else (None, None)
    session.add(meeting)
    _note(session, meeting, "move_meeting", f"Moved to {_when(on, at, why)}", old, on, now, by)


def cancel_meeting(session: Session, meeting: Meeting, facts: Reason, *, now: datetime, by: Doer) -> None:
    """Cancel a meeting that has not been held; a digest that was not sent is not sent."""
    _ask(session, meeting, "cancel_meeting", by)
    _must_be_planned(meeting, london_day(now), "cancel")
    meeting.status = "cancelled"
    meeting.reason = facts.reason
    session.add(meeting)
    _note(session, meeting, "cancel_meeting", f"Cancelled: {facts.reason}", "planned", "cancelled", now, by)


def close_meeting(session: Session, meeting: Meeting, facts: CloseMeeting, *, now: datetime, by: Doer) -> None:
    """Record what a meeting discussed and which agencies came, on its day or later."""
    _ask(session, meeting, "close_meeting", by)
    if meeting.status != "planned":
        raise Refused(f"{meeting.reference} is {meeting.status} already.", code="wrong_status")
    if london_day(now) < meeting.on:
        raise Refused(
            f"{meeting.reference} is on {uk_date(meeting.on)}: close it on that day or later.", code="too_early"
        )
    points = [facts.key_points] if isinstance(facts.key_points, str) else facts.key_points or []
    meeting.status = "closed"
    meeting.key_points = "\n".join(points) or None
    meeting.closed_at = now
    session.add(meeting)
    for agency, came in facts.attendance.items():
        write(session, Attendance(meeting_id=meeting.id, agency_name=agency, came=came in (True, "yes")))
    coming = sum(answer in (True, "yes") for answer in facts.attendance.values())
    what = f"Closed; {coming} of {len(facts.attendance)} agencies came" if facts.attendance else "Closed"
    _note(session, meeting, "close_meeting", what, "planned", "closed", now, by)


def _ask(session: Session, meeting: Meeting, deed: str, by: Doer) -> Group:
    group = session.get_one(Group, meeting.group_id)
    must_belong_here(by, group.partnership_id, f"There is no meeting {meeting.reference!r}.")
    require(by, deed, group.partnership_id)
    return group


def _must_be_planned(meeting: Meeting, today: date, verb: str) -> None:
    if meeting.status != "planned":
        raise Refused(f"Cannot {verb} {meeting.reference}: it is {meeting.status}.", code="wrong_status")
    if meeting.on < today:
        raise Refused(
            f"Cannot {verb} {meeting.reference}: its day, {uk_date(meeting.on)}, has passed. Close it instead.",
            code="wrong_status",
        )


def _day_held(session: Session, group: Group, asked: date, today: date) -> tuple[date, str | None]:
    """Give the day on which a meeting asked for a day is held, and why that is another one, if it is."""
    if asked < today:
        raise Refused("The date of the meeting must be today or later.", code="bad_date")
    if asked - today > _LATEST_AHEAD:
        raise Refused(f"{uk_date(asked)} lies more than two years ahead. Check the year.", code="bad_date")
    calendar = working_days_of(session, group.partnership_id)
    held = calendar.on_or_before(asked)
    # What is asked for on the same weekend cannot be held before it: it stays.
    if held == asked or held < today:
        return asked, None
    return held, why_not_held(asked, calendar)


def why_not_held(asked: date, calendar: WorkingDays) -> str:
    """Say why nothing is held on a day: 2 January 2021 is a Saturday."""
    why = calendar.left_out(asked - timedelta(days=1), asked)[0].why
    return f"{uk_date(asked)} is {'a ' if why in ('Saturday', 'Sunday') else ''}{why}"


def _must_be_free(session: Session, group: Group, on: date, at: time) -> None:
    question = select(Meeting.reference).where(Meeting.group_id == group.id, Meeting.on == on, Meeting.at == at)
    taken = session.exec(question.where(col(Meeting.status) != "cancelled")).first()
    if taken is not None:
        raise Refused(f"{group.name} meets then already: {taken}.", code="already_done")


def _when(on: date, at: time, why: str | None) -> str:
    return f"{uk_date(on)} at {at:%H:%M}" + (f", because {why}" if why else "")


def _note(
    session: Session, meeting: Meeting, deed: str, what: str, old: object, new: object, now: datetime, by: Doer
) -> None:
    old, new = (None if value is None else str(value) for value in (old, new))
    history.note(session, meeting.reference, deed, at=now, by=by, role="coordinator", what=what, old=old, new=new)
