"""What becomes of the meetings of groups: moved, cancelled, given a room and a chair, closed with who came."""

from datetime import date, datetime, time
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints, field_validator
from sqlmodel import Session, col, select

from tracker import history
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Day, Facts, Hour, Name, Reason, Words, on_one_line_or_nothing
from tracker.groups.bodies import chair_named
from tracker.groups.inviting import begins, invite
from tracker.groups.meeting_days import day_held, must_be_free, plain_hour, when
from tracker.groups.models import Attendance, Group, Meeting
from tracker.groups.queries import working_days_of
from tracker.people.doer import Doer
from tracker.people.permissions import require
from tracker.people.queries import agencies_of
from tracker.rows import write
from workflows.dates import uk_date

_NameOrNothing = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(on_one_line_or_nothing)
]


class MoveMeeting(Facts):
    """The new day of a meeting, and its hour where that changes too."""

    on: Day
    at: Hour | None = None

    @field_validator("at")
    @classmethod
    def _plain(cls, at: time | None) -> time | None:
        return None if at is None else plain_hour(at)


class EditMeeting(Facts):
    """The room or the link of a meeting and who is in its chair; an empty text takes away what stands there."""

    place: _NameOrNothing | None = None
    chair: _NameOrNothing | None = None


class CloseMeeting(Facts):
    """What was discussed, and which agencies came."""

    key_points: Words | list[Words] | None = None
    attendance: dict[Name, bool | Literal["yes", "no"]] = {}


def move_meeting(session: Session, meeting: Meeting, facts: MoveMeeting, *, now: datetime, by: Doer) -> None:
    """Move a meeting to another day or hour; its first day is never lost, and its digest moves with it (K9)."""
    group = ask_about(session, meeting, "move_meeting", by)
    today = london_day(now)
    must_be_planned(meeting, today, "move")
    at = facts.at or meeting.at
    on, why = day_held(working_days_of(session, group.partnership_id), facts.on, today)
    if (on, at) == (meeting.on, meeting.at):
        raise Refused(f"{meeting.reference} is on {when(on, at, None)} already.", code="already_done")
    must_be_free(session, group, on, at)
    old, before = meeting.on, begins(meeting)
    meeting.on, meeting.at, meeting.digest_at = on, at, None
    meeting.proposed_on, meeting.proposed_why = (on, why) if why else (None, None)
    session.add(meeting)
    _note(session, meeting, "move_meeting", f"Moved to {when(on, at, why)}", old, on, now, by)
    invite(session, group, [meeting], {meeting.reference: before}, "move_meeting", now)


def edit_meeting(session: Session, meeting: Meeting, facts: EditMeeting, *, now: datetime, by: Doer) -> None:
    """Say where a meeting is, and who is in its chair: that may go round from meeting to meeting."""
    group = ask_about(session, meeting, "edit_meeting", by)
    must_be_planned(meeting, london_day(now), "edit")
    if facts.place is None and facts.chair is None:
        raise Refused("Say what changes: the place, or the chair.", code="nothing_changes")
    if facts.place is not None:
        before, meeting.place = meeting.place, facts.place or None
        _note(session, meeting, "edit_meeting", f"Place: {facts.place or 'none yet'}", before, meeting.place, now, by)
    if facts.chair is not None:
        chair = chair_named(session, group, facts.chair, london_day(now)) if facts.chair else None
        old, meeting.chair_id = meeting.chair_id, None if chair is None else chair.id
        what = f"Chair: {'nobody yet' if chair is None else chair.name}"
        _note(session, meeting, "edit_meeting", what, old, meeting.chair_id, now, by)
    session.add(meeting)


def cancel_meeting(session: Session, meeting: Meeting, facts: Reason, *, now: datetime, by: Doer) -> None:
    """Cancel a meeting that has not been held; a digest that was not sent is not sent."""
    group = ask_about(session, meeting, "cancel_meeting", by)
    must_be_planned(meeting, london_day(now), "cancel")
    _cancel(session, meeting, "cancel_meeting", facts.reason, now, by)
    invite(session, group, [meeting], {meeting.reference: begins(meeting)}, "cancel_meeting", now)


def end_series(session: Session, meeting: Meeting, facts: Reason, *, now: datetime, by: Doer) -> None:
    """Cancel a meeting and those of its series that were planned for later; the others stay as they are."""
    group = ask_about(session, meeting, "end_series", by)
    must_be_planned(meeting, london_day(now), "end the series from")
    if meeting.series_id is None:
        raise Refused(f"{meeting.reference} stands alone: cancel it instead.", code="wrong_status")
    question = select(Meeting).where(
        Meeting.series_id == meeting.series_id, Meeting.status == "planned", col(Meeting.first_on) > meeting.first_on
    )
    cancelled = [meeting, *session.exec(question.order_by(col(Meeting.id)))]
    for later in cancelled:
        _cancel(session, later, "end_series", facts.reason, now, by)
        later.version += later is not meeting
    invite(session, group, cancelled, {one.reference: begins(one) for one in cancelled}, "end_series", now)


def close_meeting(session: Session, meeting: Meeting, facts: CloseMeeting, *, now: datetime, by: Doer) -> None:
    """Record what a meeting discussed and which agencies came, on its day or later."""
    group = ask_about(session, meeting, "close_meeting", by)
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
    # As the partnership writes it, so that its share over a year is one.
    known = {one.name.casefold(): one.name for one in agencies_of(session, group.partnership_id)}
    attended = {known.get(name.casefold(), name): came for name, came in facts.attendance.items()}
    for agency, came in attended.items():
        write(session, Attendance(meeting_id=meeting.id, agency_name=agency, came=came in (True, "yes")))
    coming = sum(answer in (True, "yes") for answer in facts.attendance.values())
    what = f"Closed; {coming} of {len(facts.attendance)} agencies came" if facts.attendance else "Closed"
    _note(session, meeting, "close_meeting", what, "planned", "closed", now, by)


def ask_about(session: Session, meeting: Meeting, deed: str, by: Doer) -> Group:
    """Let a deed about a meeting through, and give its group; raises `NotAllowed`."""
    group = session.get_one(Group, meeting.group_id)
    require(by, deed, group.partnership_id)
    return group


def must_be_planned(meeting: Meeting, today: date, verb: str) -> None:
    """Refuse what can only be done to a meeting that is still to come."""
    if meeting.status != "planned":
        raise Refused(f"Cannot {verb} {meeting.reference}: it is {meeting.status}.", code="wrong_status")
    if meeting.on < today:
        raise Refused(
            f"Cannot {verb} {meeting.reference}: its day, {uk_date(meeting.on)}, has passed. Close it instead.",
            code="wrong_status",
        )


def _cancel(session: Session, meeting: Meeting, deed: str, reason: str, now: datetime, by: Doer) -> None:
    meeting.status = "cancelled"
    meeting.reason = reason
    session.add(meeting)
    _note(session, meeting, deed, f"Cancelled: {reason}", "planned", "cancelled", now, by)


def _note(
    session: Session, meeting: Meeting, deed: str, what: str, old: object, new: object, now: datetime, by: Doer
) -> None:
    old, new = (None if value is None else str(value) for value in (old, new))
    history.note(session, meeting.reference, deed, at=now, by=by, role="coordinator", what=what, old=old, new=new)
