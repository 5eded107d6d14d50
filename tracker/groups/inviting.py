"""Members hear by email of meetings arranged, moved or cancelled, with a file for calendars: a day in one email."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from notifications import outbox
from notifications.facts import Letterhead
from notifications.meeting_facts import Change, MeetingDates, MeetingLine
from notifications.outbox import Message, MessageState
from tracker.clock import london_day, london_moment, uk_weekday_moment
from tracker.groups.bodies import sitting_on
from tracker.groups.letterheads import letterhead_of
from tracker.groups.models import Group, Meeting
from tracker.groups.queries import partnership_settings, partnership_with_id, working_days_of
from tracker.groups.settings import as_time
from tracker.people.models import Person
from tracker.people.queries import person_with_id
from tracker.people.reach import may_be_written_to

KIND = "meeting_dates"

# By its reference: when a meeting is, as its members know it so far; nothing where it is new to them.
Known = Mapping[str, datetime | None]


def begins(meeting: Meeting) -> datetime:
    """Give the moment at which a meeting begins."""
    return london_moment(meeting.on, meeting.at)


def invite(session: Session, group: Group, meetings: Sequence[Meeting], known: Known, deed: str, now: datetime) -> None:
    """Put an email to each member beside the deed that arranged, moved or cancelled meetings of a group.

    It goes on the next working day's morning, at once where a meeting is before that day is over. What waits for her
    already becomes one with it: somebody who is told of a meeting is told how it stands when the email goes.
    """
    if not _invites(session, group, now):
        return
    first = min(moment for moment in (*map(begins, meetings), *known.values()) if moment is not None)
    waiting = _waiting(session)
    for person in _invited(session, group, meetings, london_day(now)):
        if person.email is None:
            continue
        merged = {reference: None if at is None else at.isoformat() for reference, at in known.items()}
        due_at = _due(session, group.partnership_id, person, first, now)
        for earlier in waiting.get(person.id, []):
            if outbox.supersede(session, key=earlier.key):
                merged |= earlier.known()["meetings"]
                due_at = min(due_at, earlier.due_at)
        outbox.put(
            session,
            kind=KIND,
            person_id=person.id,
            to_name=person.name,
            to_address=person.email,
            about=", ".join(sorted(merged, key=lambda reference: (len(reference), reference))),
            key=f"{KIND}:{person.id}:{deed}:{meetings[0].reference}:{meetings[0].version}",
            facts={"meetings": merged},
            due_at=due_at,
            planned_at=now,
            routine=False,
        )


def _invites(session: Session, group: Group, now: datetime) -> bool:
    partnership = partnership_with_id(session, group.partnership_id)
    return bool(partnership_settings(session, partnership, now)["meetings.invite"])


def _waiting(session: Session) -> dict[int, list[Message]]:
    found: dict[int, list[Message]] = {}
    for message in outbox.messages(session, kind=KIND, state=MessageState.QUEUED.value):
        found.setdefault(message.person_id, []).append(message)
    return found


def _invited(session: Session, group: Group, meetings: Sequence[Meeting], today: date) -> list[Person]:
    """Give the members of a group on a day, and whoever is in the chair of one of the meetings."""
    found = {person.id: person for person in sitting_on(session, group, today)}
    for meeting in meetings:
        chair = None if meeting.chair_id is None else person_with_id(session, meeting.chair_id)
        if chair is not None and chair.id not in found and not chair.has_left(today):
            found[chair.id] = chair
    return list(found.values())


def _due(session: Session, partnership_id: int, person: Person, first: datetime, now: datetime) -> datetime:
    """Give when somebody is told: on the next working day's morning, and after an absence whose end is known."""
    days = working_days_of(session, partnership_id)
    at = as_time(partnership_settings(session, partnership_with_id(session, partnership_id), now)["reminders.at"])
    day = london_day(now)
    while not days.is_working_day(day) or london_moment(day, at) <= now:
        day += timedelta(days=1)
    if person.absent_until is not None and (person.absent_from or day) <= day <= person.absent_until:
        return london_moment(days.after(person.absent_until, 1), at)
    return now if london_day(first) <= day else london_moment(day, at)


def meeting_line(meeting: Meeting, group: str, change: Change, was: datetime | None = None) -> MeetingLine:
    """Give a meeting as emails and calendars say it: its group, its reference and its moment, and not its room."""
    return MeetingLine(
        reference=meeting.reference,
        group=group,
        begins=begins(meeting),
        when=uk_weekday_moment(begins(meeting)),
        sequence=meeting.version - 1,
        change=change,
        was=None if was is None else uk_weekday_moment(was),
    )


def dates_facts(
    session: Session, message: Message, now: datetime, letterhead: Letterhead | None = None
) -> MeetingDates | None:
    """Give what somebody is told of her meetings at this moment; nothing where nothing is new to her any more.

    Nor is anybody told who is away, opted out, or belongs to the group no longer.
    """
    reader, today = person_with_id(session, message.person_id), london_day(now)
    if reader is None or not may_be_written_to(reader, today):
        return None
    known = message.known()["meetings"]
    question = select(Meeting, Group).join(Group, col(Group.id) == Meeting.group_id)
    found = session.exec(
        question.where(col(Meeting.reference).in_(known)).order_by(col(Meeting.on), col(Meeting.at))
    ).all()
    lines = []
    for meeting, group in found:
        was = known[meeting.reference]
        line = _line(meeting, group, None if was is None else datetime.fromisoformat(was), now)
        if line is None or not _invites(session, group, now):
            continue
        if reader.id in {one.id for one in _invited(session, group, [meeting], today)}:
            lines.append(line)
    if not lines:
        return None
    return MeetingDates(
        letterhead=letterhead or letterhead_of(session, found[0][1].partnership_id, today),
        to_name=message.to_name,
        meetings=tuple(lines),
        to_address=message.to_address,
        as_of=now,
    )


def _line(meeting: Meeting, group: Group, was: datetime | None, now: datetime) -> MeetingLine | None:
    """Give what is new to somebody of a meeting that is to come, or that she believes is to come."""
    at = begins(meeting)
    if meeting.status == "cancelled":
        return None if was is None or was <= now else meeting_line(meeting, group.name, Change.CANCELLED)
    if meeting.status != "planned" or at <= now or was == at:
        return None
    return meeting_line(meeting, group.name, Change.ARRANGED if was is None else Change.MOVED, was)
