"""What is due for whom this morning, from all stages: each a call for one person's attention."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from notifications.cadence import newest_rung, reminder_days
from tracker.actions.models import Action
from tracker.actions.queries import is_barred
from tracker.actions.reading import ActionRead, read_actions
from tracker.cases.models import AgencyReturn, Case, Conflict, Hold
from tracker.cases.open_clocks import CaseClock, clocks_of
from tracker.clock import london_day
from tracker.groups.models import Partnership
from tracker.people.models import Person
from tracker.people.queries import leads_of, people_with_role
from tracker.people.roles import Role
from workflows.action import OPEN_STATUSES, TimescaleKind
from workflows.dates import PartialDate
from workflows.vocabulary import CaseStatus
from workflows.working_days import WorkingDays

# A setting's value is whatever JSON its key allows.
Settings = Mapping[str, Any]


class Kind(StrEnum):
    """What a call is about; with the id of its record it names the subject of a rung."""

    ACTION = "action"
    NEW_ACTION = "new"
    REVIEW = "review"
    RETURN = "return"
    CLOCK = "clock"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that one person is told this morning: which record, which rung, of which version of its date."""

    person: Person
    kind: Kind
    record_id: int
    reference: str
    rung: str
    version: str
    day: date

    @property
    def about(self) -> str:
        """Name the subject, as the rung keeps it."""
        return f"{self.kind}:{self.record_id}"


@dataclass(frozen=True, slots=True)
class Morning:
    """A partnership's morning: its settings, its calendar, and the day."""

    session: Session
    partnership: Partnership
    settings: Settings
    calendar: WorkingDays
    now: datetime

    @property
    def today(self) -> date:
        """Give the day in London."""
        return london_day(self.now)

    def rung(self, due: date, *, since: date, before: bool = True) -> tuple[str, date] | None:
        """Give the newest reminder of a due date whose day has come; without those before it where it only comes up."""
        rungs = reminder_days(
            due,
            before=self.settings["reminders.before"] if before else (),
            on_the_day=self.settings["reminders.on_the_day"] or not before,
            then_every=self.settings["reminders.then_every"],
            stop_after=self.settings["reminders.stop_after"],
            on_or_before=self.calendar.on_or_before,
            since=since,
        )
        newest = newest_rung(rungs, self.today, since)
        return None if newest is None else (newest.name, newest.day)


def calls_of(morning: Morning) -> Iterator[Call]:
    """Give everything that is due for somebody this morning, whether or not she was told of it before."""
    yield from _of_actions(morning)
    cases = _open_cases(morning)
    held = _holds(morning.session, cases)
    coordinators = people_with_role(morning.session, morning.partnership.id, Role.COORDINATOR, morning.today)
    yield from _of_clocks(morning, [case for case in cases if case.id not in held], coordinators)
    yield from _of_holds(morning, cases, held.values(), coordinators)
    yield from _of_returns(morning, cases)


def may_be_written_to(person: Person, today: date) -> bool:
    """Say whether somebody has an address, wants routine emails, is there, and has not left."""
    if person.email is None or person.opted_out or (person.ended_on is not None and person.ended_on <= today):
        return False
    absent = person.absent_from is not None and person.absent_from <= today
    return not (absent and (person.absent_until is None or today <= person.absent_until))


def _of_actions(morning: Morning) -> Iterator[Call]:
    is_open = col(Action.status).in_(OPEN_STATUSES)
    is_theirs = col(Action.partnership_id) == morning.partnership.id
    for read in read_actions(morning.session, is_open, is_theirs, reader=None, now=morning.now):
        owner = read.owner.answers if read.owner else None
        if owner is None or not _reminded(morning, read, owner):
            continue
        yield from _of_action(morning, read, owner)


def _reminded(morning: Morning, read: ActionRead, owner: Person) -> bool:
    """None goes for an action on hold, waiting to be checked, or barred from its owner by a conflict."""
    if read.hold is not None or read.waits or not may_be_written_to(owner, morning.today):
        return False
    return not is_barred(morning.session, read.action, owner.id)


def _of_action(morning: Morning, read: ActionRead, owner: Person) -> Iterator[Call]:
    action = read.action
    given_on = action.owner_since or action.made_on
    since = max(given_on, read.updated_on or given_on)
    is_loaded = action.loaded_id is not None and action.owner_since is None
    if morning.settings["reminders.tell_new_owner"] and not is_loaded and given_on < morning.today:
        yield Call(owner, Kind.NEW_ACTION, action.id, action.reference, "new", given_on.isoformat(), given_on)
    if action.due is not None and action.timescale_kind != TimescaleKind.TRIGGERED:
        rung = morning.rung(action.due.last, since=since)
        if rung is not None:
            yield Call(owner, Kind.ACTION, action.id, action.reference, rung[0], str(action.due_version), rung[1])
    if action.review_on is not None:
        rung = morning.rung(action.review_on.last, since=since, before=False)
        if rung is not None:
            yield Call(owner, Kind.REVIEW, action.id, action.reference, rung[0], str(action.review_on), rung[1])


def _open_cases(morning: Morning) -> list[Case]:
    question = select(Case).where(
        Case.partnership_id == morning.partnership.id,
        Case.status != CaseStatus.CLOSED,
        col(Case.loaded_id).is_(None),
    )
    return list(morning.session.exec(question.order_by(col(Case.id))))


def _holds(session: Session, cases: Iterable[Case]) -> dict[int, Hold]:
    ids = [case.id for case in cases]
    question = select(Hold).where(col(Hold.case_id).in_(ids), col(Hold.until).is_(None))
    return {hold.case_id: hold for hold in session.exec(question)}


def _of_clocks(morning: Morning, cases: list[Case], coordinators: list[Person]) -> Iterator[Call]:
    """Tell the coordinator of clocks that come near or are late; a hold silences those of its case."""
    for found in clocks_of(morning.session, cases, morning.today):
        if not found.is_open or found.ends_by_itself:
            continue
        rung = morning.rung(found.clock.due.last, since=_begun(found))
        if rung is None:
            continue
        for person in _not_barred(morning, coordinators, found.case.id):
            yield Call(person, Kind.CLOCK, found.clock.id, found.case.reference, rung[0], str(found.clock.due), rung[1])


def _begun(found: CaseClock) -> date:
    """A clock that counts backwards begins long before its event."""
    start: PartialDate = found.clock.start
    return london_day(found.case.opened_at) if found.clock.direction == "before" else start.first


def _of_holds(morning: Morning, cases: list[Case], holds: Iterable[Hold], coordinators: list[Person]) -> Iterator[Call]:
    references = {case.id: case.reference for case in cases}
    for hold in holds:
        rung = morning.rung(hold.look_again_on, since=hold.since, before=False)
        if rung is None:
            continue
        for person in _not_barred(morning, coordinators, hold.case_id):
            yield Call(
                person, Kind.HOLD, hold.id, references[hold.case_id], rung[0], hold.look_again_on.isoformat(), rung[1]
            )


def _of_returns(morning: Morning, cases: list[Case]) -> Iterator[Call]:
    references = {case.id: case.reference for case in cases}
    question = select(AgencyReturn).where(
        col(AgencyReturn.case_id).in_([case.id for case in cases]), col(AgencyReturn.returned_on).is_(None)
    )
    for asked in morning.session.exec(question.order_by(col(AgencyReturn.id))):
        leads = leads_of(morning.session, asked.agency_id, morning.today)
        rung = morning.rung(asked.due_on, since=asked.asked_on)
        for person in _not_barred(morning, leads, asked.case_id):
            if asked.asked_on < morning.today:
                yield Call(
                    person,
                    Kind.RETURN,
                    asked.id,
                    references[asked.case_id],
                    "asked",
                    asked.asked_on.isoformat(),
                    asked.asked_on,
                )
            if rung is not None:
                yield Call(
                    person, Kind.RETURN, asked.id, references[asked.case_id], rung[0], asked.due_on.isoformat(), rung[1]
                )


def _not_barred(morning: Morning, people: Iterable[Person], case_id: int) -> list[Person]:
    barred = set(
        morning.session.exec(
            select(Conflict.person_id).where(Conflict.case_id == case_id, col(Conflict.until).is_(None))
        )
    )
    return [person for person in people if person.id not in barred and may_be_written_to(person, morning.today)]
