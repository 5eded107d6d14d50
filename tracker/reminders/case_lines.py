"""What a morning says of cases to one reader: clocks, holds and returns that still ask something of her."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session, col, select

from notifications.lines import ClockLine, HoldLine, ReflectionLine, ReturnLine
from tracker.cases.models import AgencyReturn, Case, Clock, Hold
from tracker.cases.named import barred_case_ids
from tracker.cases.open_clocks import clocks_of, held_cases
from tracker.clock import london_day
from tracker.people.models import Agency, Person
from tracker.people.queries import leads_of, people_with_role
from tracker.people.roles import Role
from tracker.reminders.calls import Kind
from tracker.reminders.of_cases import needs_somebody
from workflows.deadlines import in_words
from workflows.vocabulary import CaseStatus, ClockKind

REFLECTION_CLOCKS = ("reflection_6m", "reflection_12m", "update_report")

Wanted = Mapping[int, str]


class CaseLines:
    """The cases of one person's morning, as they stand when it is written."""

    def __init__(self, session: Session, reader: Person, now: datetime) -> None:
        self._session = session
        self._reader = reader
        self._today = london_day(now)
        self._barred = set(barred_case_ids(session, reader.id))
        self.partnerships: set[int] = set()
        self.said: set[tuple[str, int]] = set()

    def clocks(self, wanted: Wanted) -> tuple[tuple[ClockLine, ...], tuple[ReflectionLine, ...]]:
        """Give the clocks that still run or are late, reflections apart."""
        if not wanted:
            return (), ()
        rows = self._session.exec(select(Clock).where(col(Clock.id).in_(wanted))).all()
        cases = [case for case in self._open_cases({clock.case_id for clock in rows}) if self._coordinates(case)]
        held = held_cases(self._session, [case.id for case in cases])
        lines, reflections = [], []
        for found in clocks_of(self._session, [case for case in cases if case.id not in held], self._today):
            clock, case = found.clock, found.case
            if str(clock.due) != wanted.get(clock.id) or not needs_somebody(found):
                continue
            if self._reader.opted_out and clock.kind != ClockKind.STATUTORY:
                continue
            self.partnerships.add(case.partnership_id)
            self.said.add((Kind.CLOCK, clock.id))
            if clock.code in REFLECTION_CLOCKS:
                reflections.append(
                    ReflectionLine(reference=case.reference, which=clock.name, due_on=clock.due.day_or_text)
                )
            else:
                state = in_words(found.reading, clock.due, self._today)
                lines.append(
                    ClockLine(
                        reference=case.reference,
                        name=clock.name,
                        due_on=clock.due.day_or_text,
                        state=state,
                        statutory=clock.kind != ClockKind.LOCAL,
                        goes_always=clock.kind == ClockKind.STATUTORY,
                    )
                )
        return tuple(lines), tuple(reflections)

    def holds(self, wanted: Wanted) -> tuple[HoldLine, ...]:
        """Give the holds that still stand."""
        if not wanted:
            return ()
        question = select(Hold).where(col(Hold.id).in_(wanted), col(Hold.until).is_(None))
        holds = self._session.exec(question.order_by(col(Hold.id))).all()
        cases = {case.id: case for case in self._open_cases({hold.case_id for hold in holds})}
        kept = [hold for hold in holds if hold.look_again_on.isoformat() == wanted[hold.id]]
        kept = [hold for hold in kept if hold.case_id in cases and self._coordinates(cases[hold.case_id])]
        self.partnerships |= {cases[hold.case_id].partnership_id for hold in kept}
        self.said |= {(Kind.HOLD, hold.id) for hold in kept}
        return tuple(
            HoldLine(reference=cases[hold.case_id].reference, since=hold.since, look_again_on=hold.look_again_on)
            for hold in kept
        )

    def returns(self, wanted: Wanted, *, also_on_hold: bool) -> tuple[ReturnLine, ...]:
        """Give the returns that have not come; a hold silences its case's, unless a person asked for them."""
        if not wanted:
            return ()
        question = select(AgencyReturn).where(col(AgencyReturn.id).in_(wanted), col(AgencyReturn.returned_on).is_(None))
        rows = self._session.exec(question.order_by(col(AgencyReturn.id))).all()
        cases = {case.id: case for case in self._open_cases({asked.case_id for asked in rows})}
        held = set() if also_on_hold else held_cases(self._session, list(cases))
        kept = [asked for asked in rows if asked.case_id in cases and asked.case_id not in held]
        kept = [asked for asked in kept if wanted[asked.id] in (asked.due_on.isoformat(), asked.asked_on.isoformat())]
        kept = [asked for asked in kept if self._leads(asked.agency_id)]
        self.partnerships |= {cases[asked.case_id].partnership_id for asked in kept}
        self.said |= {(Kind.RETURN, asked.id) for asked in kept}
        return tuple(
            ReturnLine(
                reference=cases[asked.case_id].reference,
                agency=self._session.get_one(Agency, asked.agency_id).name,
                due_on=asked.due_on,
                overdue=asked.due_on < self._today,
            )
            for asked in kept
        )

    def _open_cases(self, ids: set[int]) -> list[Case]:
        question = select(Case).where(col(Case.id).in_(ids - self._barred), Case.status != CaseStatus.CLOSED)
        return list(self._session.exec(question.order_by(col(Case.id))))

    def _coordinates(self, case: Case) -> bool:
        return coordinates(self._session, self._reader, case.partnership_id, self._today)

    def _leads(self, agency_id: int) -> bool:
        return any(lead.id == self._reader.id for lead in leads_of(self._session, agency_id, self._today))


def coordinates(session: Session, reader: Person, partnership_id: int, today: date) -> bool:
    """Say whether somebody is a coordinator of a partnership on a day."""
    return any(person.id == reader.id for person in people_with_role(session, partnership_id, Role.COORDINATOR, today))
