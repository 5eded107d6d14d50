"""The clocks of many cases as they stand today, in a fixed number of questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tracker.among import among, listed
from tracker.cases import clock_readings
from tracker.cases.models import Case, Clock, Hold
from tracker.cases.standing import Standing
from tracker.groups.definitions_kept import lifecycle_kept
from tracker.groups.queries import working_days_of
from tracker.rows import Question, RowsOf
from workflows.deadlines import ClockReading, ClockState
from workflows.vocabulary import ClockKind


@dataclass(frozen=True, slots=True)
class CaseClock:
    """A clock of a case as it stands today; `ends_by_itself` says that nothing has to be done for it."""

    case: Case
    clock: Clock
    reading: ClockReading
    ends_by_itself: bool

    @property
    def is_open(self) -> bool:
        """Say whether the clock runs or is late."""
        return self.reading.state in (ClockState.RUNNING, ClockState.LATE, ClockState.EXPLAINED)

    @property
    def is_late(self) -> bool:
        """Say whether the clock has passed its date; what a hold explains counts as on hold, not as overdue (K3)."""
        return self.reading.state is ClockState.LATE

    @property
    def order(self) -> tuple[bool, bool, date, int]:
        """Sort late before running, statutory and guidance before local, then by the day on which it is due."""
        is_local = self.clock.kind == ClockKind.LOCAL
        return (not self.is_late, is_local if self.is_late else False, self.clock.due.last, int(is_local))


def clocks_of(session: Session, cases: Sequence[Case], today: date) -> list[CaseClock]:
    """Give every clock of the cases as it stands today, in a fixed number of questions."""
    ids = [case.id for case in cases]
    clocks = _CLOCKS.all(session, ids=listed(ids)) if ids else []
    return _read(session, cases, clocks, held_cases(session, ids), today)


def unended_clocks_of(session: Session, cases: Sequence[Case], today: date) -> list[CaseClock]:
    """Give those of the clocks that are neither met nor stopped: all that are open are among them."""
    ids = [case.id for case in cases]
    clocks = _UNENDED.all(session, ids=listed(ids)) if ids else []
    return _read(session, cases, clocks, held_cases(session, ids), today)


def clocks_of_standings(session: Session, standings: Sequence[Standing], today: date) -> list[CaseClock]:
    """Give the same of cases of which it is known already where they stand."""
    clocks = [clock for standing in standings for clock in standing.case_clocks()]
    held = {standing.case.id: standing.hold.since for standing in standings if standing.hold is not None}
    cases = [standing.case for standing in standings]
    return _read(session, cases, sorted(clocks, key=lambda clock: clock.id), held, today)


def _read(
    session: Session, cases: Sequence[Case], clocks: Sequence[Clock], held: Mapping[int, date], today: date
) -> list[CaseClock]:
    by_id = {case.id: case for case in cases}
    calendars = {number: working_days_of(session, number) for number in {case.partnership_id for case in cases}}
    kept = {number: lifecycle_kept(session, number) for number in {case.definition_id for case in cases}}
    by_time = {(number, rule.code) for number, way in kept.items() for rule in way.definition.clocks if not rule.met_by}
    found = []
    for clock in clocks:
        case = by_id[clock.case_id]
        ends_by_itself = (case.definition_id, clock.code) in by_time
        reading = clock_readings.read(
            clock,
            held_since=held.get(case.id),
            today=today,
            calendar=calendars[case.partnership_id],
            met_by_time=ends_by_itself,
        )
        found.append(CaseClock(case, clock, reading, ends_by_itself))
    return found


def held_cases(session: Session, case_ids: Sequence[int]) -> dict[int, date]:
    """Give those of the cases that are on hold, each with the day since when."""
    return dict(_HELD.rows(session, ids=listed(case_ids)))


_OF_THESE = select(Clock).where(among(col(Clock.case_id), "ids")).order_by(col(Clock.id))
_CLOCKS = RowsOf(Clock, _OF_THESE)
_UNENDED = RowsOf(Clock, _OF_THESE.where(col(Clock.met_on).is_(None), col(Clock.stopped_on).is_(None)))
_HELD = Question(
    select(col(Hold.case_id), col(Hold.since)).where(among(col(Hold.case_id), "ids"), col(Hold.until).is_(None))
)
