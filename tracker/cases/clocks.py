"""The clocks of a case: begun by events, ended by others, dated anew when an event or a holiday changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import history
from tracker.cases.clock_readings import length_of
from tracker.cases.models import Case, Clock
from tracker.cases.queries import lock_cases
from tracker.cases.standing import Standing
from tracker.groups.queries import partnership_settings, partnership_with_id, working_days_of
from tracker.groups.settings import as_length
from tracker.people.doer import Doer
from tracker.rows import change, write
from workflows.dates import PartialDate, uk_date
from workflows.deadlines import Direction, Length, Unit, deadline
from workflows.definition import ClockRule
from workflows.vocabulary import CaseStatus, Event


@dataclass(frozen=True, slots=True)
class Redated:
    """A clock whose due date changed: of which case, which clock, from which date to which."""

    reference: str
    clock: str
    old: PartialDate
    new: PartialDate


def turn_clocks(standing: Standing, event: Event, *, now: datetime, by: Doer | None, stop: bool = True) -> None:
    """Begin and end the clocks of a case that an event begins or ends, after the event was written."""
    day = standing.events[event]
    touched = [rule for rule in standing.definition.clocks if event in (rule.start, rule.met_by)]
    kept = {clock.code: clock for clock in standing.case_clocks()} if touched else {}
    for rule in touched:
        clock = kept.get(rule.code)
        if rule.start is event and (rule.only_for is None or rule.only_for is standing.outcome):
            if clock is None:
                begin_clock(standing, rule, day, now)
            else:
                _restart(standing, clock, day, now=now, by=by)
        if rule.met_by is event and clock is not None and clock.met_on != day:
            clock.met_on = day
            change(standing.session, clock, "met_on")
    if standing.state == CaseStatus.CLOSED and stop:
        stop_clocks(standing, "the case was closed", day.last)


def begin_clock(standing: Standing, rule: ClockRule, start: PartialDate, now: datetime) -> Clock:
    """Begin a clock with the length that holds now; it keeps that when the setting changes later (K7)."""
    length = length_now(standing, rule, now)
    due = deadline(start, length, rule.direction, standing.calendar)
    met_on = standing.day_of(rule.met_by) if rule.met_by else None
    clock = Clock(
        case_id=standing.case.id,
        code=rule.code,
        name=rule.name,
        kind=rule.kind,
        amount=length.amount,
        unit=length.unit,
        direction=rule.direction,
        start=start,
        original_due=due,
        due=due,
        met_on=met_on,
    )
    write(standing.session, clock)
    standing.__dict__.pop("_clocks", None)
    return clock


def length_now(standing: Standing, rule: ClockRule, now: datetime) -> Length:
    """Give the length of a clock: the partnership's setting, or the definition's own."""
    partnership = partnership_with_id(standing.session, standing.case.partnership_id)
    setting = partnership_settings(standing.session, partnership, now).get(f"clock.{rule.code}")
    return as_length(setting) if setting else rule.length


def reckon_from_the_day_itself(
    standing: Standing, planned: Event, day: PartialDate, *, now: datetime, by: Doer | None
) -> None:
    """Reckon the clocks that counted back from a planned day from the day that it became, early or late."""
    codes = {rule.code for rule in standing.definition.clocks if rule.start is planned}
    for clock in standing.case_clocks():
        if clock.code in codes:
            _restart(standing, clock, day, now=now, by=by)


def _restart(standing: Standing, clock: Clock, start: PartialDate, *, now: datetime, by: Doer | None) -> None:
    """Reckon a clock from a corrected day, with a line in the history; an agreed revised date stays agreed."""
    if clock.start == start:
        return
    was_revised = clock.due != clock.original_due
    old = clock.original_due
    clock.start = start
    clock.original_due = deadline(start, length_of(clock), Direction(clock.direction), standing.calendar)
    if not was_revised:
        clock.due = clock.original_due
    change(standing.session, clock, "start", "original_due", "due")
    if clock.original_due == old:
        return
    history.note(
        standing.session,
        standing.case.reference,
        "clock_redated",
        at=now,
        by=by,
        what=f"{clock.name}: due {uk_date(clock.original_due)} instead of {uk_date(old)}",
        old=str(old),
        new=str(clock.original_due),
    )


def stop_clocks(standing: Standing, why: str, on: date, codes: Iterable[str] | None = None) -> None:
    """Stop the running clocks of a case; what is met stays met, and a public report stays public."""
    for clock in standing.case_clocks():
        chosen = clock.code != "keep_public" if codes is None else clock.code in codes
        if chosen and clock.met_on is None and clock.stopped_on is None:
            clock.stopped_on = on
            clock.stopped_why = why
            change(standing.session, clock, "stopped_on", "stopped_why")


def redate_open_clocks(
    session: Session, partnership_id: int | None, *, now: datetime, by: Doer | None, why: str
) -> list[Redated]:
    """Reckon every open clock anew after a closure was added; what is met, stopped or closed stays as it is."""
    question = (
        select(Clock, Case)
        .join(Case, col(Case.id) == Clock.case_id)
        .where(col(Clock.met_on).is_(None), col(Clock.stopped_on).is_(None), Clock.unit == Unit.WORKING_DAYS)
        .where(Case.status != CaseStatus.CLOSED)
        .order_by(col(Case.id), col(Clock.id))
    )
    if partnership_id is not None:
        question = question.where(Case.partnership_id == partnership_id)
    changed: list[Redated] = []
    # Locked in a question of its own: a join would lock the clocks first, and every deed locks its case before them.
    lock_cases(session, [case.id for _, case in session.exec(question)])
    for clock, case in session.exec(question.execution_options(populate_existing=True)):
        calendar = working_days_of(session, case.partnership_id)
        due = deadline(clock.start, length_of(clock), Direction(clock.direction), calendar)
        if due == clock.original_due:
            continue
        changed.append(Redated(case.reference, clock.code, clock.original_due, due))
        if clock.due == clock.original_due:
            clock.due = due
        clock.original_due = due
        session.add(clock)
        what = f"{clock.name}: due {uk_date(due)} instead of {uk_date(changed[-1].old)}, because of {why}"
        history.note(
            session,
            case.reference,
            "clock_redated",
            at=now,
            by=by,
            what=what,
            old=str(changed[-1].old),
            new=str(due),
            more={"clock": clock.code, "because_of": why},
        )
    return changed
