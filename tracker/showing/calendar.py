"""Calendars as other programs read them: references and names of groups alone, with ids that stay."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from icalendar import Event
from sqlmodel import Session, col, or_, select

from notifications.calendar_part import empty_calendar, event_of, meeting_event
from notifications.meeting_facts import Change
from tracker.actions.models import Action
from tracker.actions.queries import actions_barred
from tracker.cases.models import Case, Clock
from tracker.cases.named import cases_barred
from tracker.clock import london_day
from tracker.groups.inviting import meeting_line
from tracker.groups.ladder import Ladder
from tracker.groups.models import Group, Meeting
from tracker.people.doer import Doer
from tracker.people.roles import Role
from workflows.action import OPEN_STATUSES, TimescaleKind
from workflows.vocabulary import CaseStatus, ClockKind

# A calendar shows what was, for a quarter, and everything that is to come.
_SO_FAR_BACK = timedelta(days=92)
_ASK_AGAIN = timedelta(hours=4)


def calendar_of(session: Session, reader: Doer, now: datetime, base_url: str) -> bytes:
    """Give somebody's calendar: the meetings of her groups, her actions' dates, and, coordinating, the cases' clocks.

    Of cases and actions it holds references and dates; nothing of what a conflict bars from her.
    """
    since = london_day(now) - _SO_FAR_BACK
    calendar = _Calendar(base_url, now)
    calendar.add_meetings(_meetings(session, reader, since))
    calendar.add_actions(_actions(session, reader, since))
    calendar.add_clocks(_clocks(session, reader, since))
    return calendar.text()


def calendar_of_meeting(meeting: Meeting, group: Group, now: datetime, base_url: str) -> bytes:
    """Give one meeting as a file for a calendar."""
    calendar = _Calendar(base_url, now)
    calendar.add_meetings([(meeting, group)])
    return calendar.text()


class _Calendar:
    def __init__(self, base_url: str, now: datetime) -> None:
        self._base_url = base_url
        self._now = now
        self._calendar = empty_calendar("PUBLISH")
        self._calendar.add("x-wr-calname", "Learning tracker")
        self._calendar.add("refresh-interval", _ASK_AGAIN, parameters={"VALUE": "DURATION"})
        self._calendar.add("x-published-ttl", "PT4H")

    def text(self) -> bytes:
        return bytes(self._calendar.to_ical())

    def add_meetings(self, meetings: Iterable[tuple[Meeting, Group]]) -> None:
        for meeting, group in meetings:
            change = Change.CANCELLED if meeting.status == "cancelled" else Change.ARRANGED
            event = meeting_event(meeting_line(meeting, group.name, change), self._base_url, now=self._now)
            if meeting.place:
                event.add("location", meeting.place)
            self._calendar.add_component(event)

    def add_actions(self, actions: Iterable[Action]) -> None:
        for action in actions:
            day = None if action.due is None else action.due.day_or_none
            if day is not None:
                event = self._event(action.reference, f"{action.reference} is due", action.due_version - 1)
                self._add_day(event, day, f"{self._base_url}/actions/{action.reference}")

    def add_clocks(self, clocks: Iterable[tuple[Clock, str]]) -> None:
        for clock, reference in clocks:
            day = clock.due.day_or_none
            if day is not None:
                event = self._event(f"{reference}-{clock.code}", f"{reference}: {clock.name}", 0)
                self._add_day(event, day, f"{self._base_url}/cases/{reference}")

    def _event(self, name: str, summary: str, sequence: int) -> Event:
        return event_of(name, self._base_url, summary, sequence=sequence, now=self._now)

    def _add_day(self, event: Event, day: date, url: str) -> None:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("url", url)
        self._calendar.add_component(event)


def _meetings(session: Session, reader: Doer, since: date) -> Sequence[tuple[Meeting, Group]]:
    """Give the meetings of the groups in which she sits; a coordinator has those of her whole partnership."""
    ids = {*reader.roles, *reader.groups}
    ladder = Ladder(session, ids)
    groups = session.exec(select(Group).where(col(Group.partnership_id).in_(ids)))
    hers = {
        group.id: group
        for group in groups
        if ladder.seats(reader, group) or reader.has(Role.COORDINATOR, group.partnership_id)
    }
    chaired = Meeting.chair_id == reader.id
    question = select(Meeting, Group).join(Group, col(Group.id) == Meeting.group_id)
    question = question.where(or_(col(Meeting.group_id).in_(hers), chaired), Meeting.on >= since)
    return session.exec(question.order_by(col(Meeting.on), col(Meeting.id))).all()


def _actions(session: Session, reader: Doer, since: date) -> Sequence[Action]:
    question = (
        select(Action)
        .where(Action.owner_id == reader.id, col(Action.status).in_(OPEN_STATUSES))
        .where(col(Action.open_by) >= since.isoformat(), Action.timescale_kind != TimescaleKind.TRIGGERED.value)
        .where(col(Action.id).not_in(actions_barred(reader.id)))
    )
    return session.exec(question.order_by(col(Action.open_by), col(Action.id))).all()


def _clocks(session: Session, reader: Doer, since: date) -> Sequence[tuple[Clock, str]]:
    """Give the statutory clocks that run in the cases that she coordinates."""
    question = (
        select(Clock, Case.reference)
        .join(Case, col(Case.id) == Clock.case_id)
        .where(col(Case.partnership_id).in_(reader.partnerships_as(Role.COORDINATOR)))
        .where(Case.status != CaseStatus.CLOSED, Clock.kind != ClockKind.LOCAL)
        .where(col(Clock.met_on).is_(None), col(Clock.stopped_on).is_(None))
        .where(col(Case.id).not_in(cases_barred(reader.id)))
    )
    rows = session.exec(question.order_by(col(Clock.id))).all()
    return [(clock, reference) for clock, reference in rows if clock.due.last >= since]
