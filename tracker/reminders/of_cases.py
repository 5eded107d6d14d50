"""What is due about cases: their clocks and holds for the coordinator, the returns of agencies for their leads."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sqlmodel import Session, col, select

from tracker.cases.models import AgencyReturn, Case, Conflict, Hold
from tracker.cases.open_clocks import CaseClock, clocks_of
from tracker.clock import london_day
from tracker.people.models import Person
from tracker.people.queries import leads_of, people_with_role
from tracker.people.reach import may_be_written_to
from tracker.people.roles import Role
from tracker.reminders.calls import Call, Caller, Kind, Morning, Subject, about
from workflows.vocabulary import CaseStatus, ClockKind


def case_calls(morning: Morning) -> Iterator[Call]:
    """Give what is due about open cases; a hold silences the clocks and returns of its case (K13)."""
    cases = {case.id: case for case in _open_cases(morning)}
    held = _holds(morning.session, cases)
    running = {number: case for number, case in cases.items() if number not in held}
    coordinators = people_with_role(morning.session, morning.partnership.id, Role.COORDINATOR, morning.today)
    reach = _Reach(morning)
    yield from _of_clocks(morning, running, coordinators, reach)
    yield from _of_holds(morning, cases, held.values(), coordinators, reach)
    yield from _of_returns(morning, running, reach)


class _Reach:
    """Who may be written to about which case: nobody whom a declared conflict bars from it."""

    def __init__(self, morning: Morning) -> None:
        self._today = morning.today
        question = select(Conflict.case_id, Conflict.person_id).where(col(Conflict.until).is_(None))
        self._barred = set(morning.session.exec(question))

    def of(self, people: Iterable[Person], case_id: int, *, statutory: bool = False) -> list[Person]:
        """Give those of the people who may be written to about a case."""
        return [
            person
            for person in people
            if (case_id, person.id) not in self._barred and may_be_written_to(person, self._today, statutory=statutory)
        ]


def _open_cases(morning: Morning) -> list[Case]:
    """Give the open cases of a partnership; about those that were loaded nobody is mailed (K11)."""
    question = select(Case).where(
        Case.partnership_id == morning.partnership.id,
        Case.status != CaseStatus.CLOSED,
        col(Case.loaded_id).is_(None),
    )
    return list(morning.session.exec(question.order_by(col(Case.id))))


def _holds(session: Session, cases: Iterable[int]) -> dict[int, Hold]:
    question = select(Hold).where(col(Hold.case_id).in_(cases), col(Hold.until).is_(None)).order_by(col(Hold.id))
    return {hold.case_id: hold for hold in session.exec(question)}


def _of_clocks(
    morning: Morning, cases: Mapping[int, Case], coordinators: list[Person], reach: _Reach
) -> Iterator[Call]:
    """Tell the coordinator of clocks that come near or are late."""
    asked = [
        found for found in clocks_of(morning.session, list(cases.values()), morning.today) if needs_somebody(found)
    ]
    caller = Caller(morning, [about(Kind.CLOCK, found.clock.id) for found in asked])
    for found in asked:
        clock = found.clock
        statutory = clock.kind == ClockKind.STATUTORY
        for person in reach.of(coordinators, found.case.id, statutory=statutory):
            subject = Subject(person, Kind.CLOCK, clock.id, found.case.reference)
            yield from caller.reminder(subject, clock.due.last, str(clock.due), since=_begun(found))


def needs_somebody(found: CaseClock) -> bool:
    """Say whether a clock wants something done; what was past when its case was loaded is history (K11)."""
    is_history = found.case.loaded_id is not None and found.clock.due.overdue_on(london_day(found.case.opened_at))
    return found.is_open and not found.ends_by_itself and not is_history


def _begun(found: CaseClock) -> date:
    """A clock that counts backwards begins long before its event."""
    return london_day(found.case.opened_at) if found.clock.direction == "before" else found.clock.start.first


def _of_holds(
    morning: Morning, cases: Mapping[int, Case], holds: Iterable[Hold], coordinators: list[Person], reach: _Reach
) -> Iterator[Call]:
    holds = list(holds)
    caller = Caller(morning, [about(Kind.HOLD, hold.id) for hold in holds])
    for hold in holds:
        for person in reach.of(coordinators, hold.case_id):
            subject = Subject(person, Kind.HOLD, hold.id, cases[hold.case_id].reference)
            day = hold.look_again_on
            yield from caller.reminder(subject, day, day.isoformat(), since=hold.since, before=False)


def _of_returns(morning: Morning, cases: Mapping[int, Case], reach: _Reach) -> Iterator[Call]:
    """Ask the leads of an agency for its return: the morning after it was asked for, and near its day."""
    question = select(AgencyReturn).where(col(AgencyReturn.case_id).in_(cases), col(AgencyReturn.returned_on).is_(None))
    rows = morning.session.exec(question.order_by(col(AgencyReturn.id))).all()
    caller = Caller(morning, [about(Kind.RETURN, asked.id) for asked in rows])
    leads: dict[int, list[Person]] = {}
    for asked in rows:
        if asked.agency_id not in leads:
            leads[asked.agency_id] = leads_of(morning.session, asked.agency_id, morning.today)
        for person in reach.of(leads[asked.agency_id], asked.case_id):
            subject = Subject(person, Kind.RETURN, asked.id, cases[asked.case_id].reference)
            asked_on, due = asked.asked_on, asked.due_on
            yield from caller.notice(subject, "asked", asked_on.isoformat(), asked_on)
            yield from caller.reminder(subject, due, due.isoformat(), since=asked_on, noticed=asked_on)
