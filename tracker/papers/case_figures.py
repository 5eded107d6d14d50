"""The figures of cases that a meeting is shown: for decision, open ratifications, holds, overdue reviews."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, or_
from sqlmodel import Session, col, select

from tracker.cases.clock_readings import readings_of
from tracker.cases.holds import REVIEW_CLOCK
from tracker.cases.models import Case, Clock, Hold
from tracker.clock import london_day
from tracker.groups.definitions_kept import lifecycle_kept
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_settings, safeguarding_partners, working_days_of
from tracker.papers.readership import counted
from tracker.standing import WholeStanding
from tracker.standings import know_the_course, standings_of
from workflows.dates import PartialDate
from workflows.deadlines import ClockReading, ClockState, in_words
from workflows.lifecycle import Lifecycle
from workflows.vocabulary import CaseStatus, ClockKind, Do, Event

Document = dict[str, Any]

# The day since which a case waits for its decision: the newest step before it that was recorded.
_BEFORE_A_DECISION = (Event.RECOMMENDATION, Event.PANEL_CONVENED, Event.NOTIFICATION, Event.INCIDENT_KNOWN)


def case_figures(session: Session, partnership: Partnership, today: date, now: datetime) -> Document:
    """Give the open cases that wait for the body that decides, each with the days since when, the longest first."""
    amber = partnership_settings(session, partnership, now)["clock.amber_working_days"]
    calendar, partners = working_days_of(session, partnership.id), safeguarding_partners(session, partnership.id)
    figures: dict[str, list[Document]] = {key: [] for key in _FIGURES}
    standings = standings_of(session, _cases_with_figures(session, partnership.id, calendar.after(today, amber)))
    know_the_course(session, standings)
    for standing in standings:
        standing.calendar = calendar
        _place(figures, standing, today, len(partners))
        _place_clocks(figures, standing, today, amber)
    return {key: counted(sorted(rows, key=lambda row: -row["age_days"])) for key, rows in figures.items()}


_FIGURES = (
    *("for_decision", "ratifications_open", "in_resolution", "on_hold"),
    *("reviews_overdue", "statutory_dates", "reflections_due"),
)
_REFLECTIONS = ("reflection_6m", "reflection_12m")


def _cases_with_figures(session: Session, partnership_id: int, until: date) -> Sequence[Case]:
    """Give the open cases that may stand under a figure: by their status, their hold, or a clock that runs out soon."""
    here = (Case.partnership_id == partnership_id, Case.status != CaseStatus.CLOSED)
    kept = session.exec(select(Case.definition_id).where(*here).distinct()).all()
    waiting = {status for number in kept for status in statuses_before(lifecycle_kept(session, number))}
    of_it = col(Clock.case_id) == Case.id
    runs_out = exists().where(
        of_it, col(Clock.met_on).is_(None), col(Clock.stopped_on).is_(None), col(Clock.due) <= PartialDate.of(until)
    )
    is_held = exists().where(col(Hold.case_id) == Case.id, col(Hold.until).is_(None))
    shown = or_(col(Case.status).in_(waiting | _AFTER_A_DECISION), is_held, runs_out)
    return session.exec(select(Case).where(*here, shown).order_by(col(Case.id))).all()


_AFTER_A_DECISION = {CaseStatus.IN_RESOLUTION.value, CaseStatus.DECISION_MADE.value}


def _place(figures: dict[str, list[Document]], standing: WholeStanding, today: date, partners: int) -> None:
    """Put a case under each figure to which it belongs by its status, or by its hold."""
    if waits_for_decision(standing):
        figures["for_decision"].append(_row(standing, _since(standing), today))
    if standing.state == CaseStatus.IN_RESOLUTION:
        figures["in_resolution"].append(_row(standing, _objected_on(standing), today))
    elif standing.definition.ratified_by_partners and standing.state == CaseStatus.DECISION_MADE:
        more = {"answered": len(standing.answers), "partners": partners}
        since = standing.day_of(Event.DECISION) or _opened(standing)
        figures["ratifications_open"].append(_row(standing, since, today, **more))
    if standing.hold is not None:
        look_again_on = standing.hold.look_again_on.isoformat()
        since = PartialDate.of(standing.hold.since)
        figures["on_hold"].append(_row(standing, since, today, look_again_on=look_again_on))


def waits_for_decision(standing: WholeStanding) -> bool:
    """Say whether the body that decides could decide a case now: nothing but its own facts is missing."""
    steps = [step for step in standing.lifecycle.steps_from(standing.state) if step.do is Do.RECORD_DECISION]
    return any(not standing.lifecycle.unmet(standing, step, of_facts=False) for step in steps)


def statuses_before(lifecycle: Lifecycle) -> list[str]:
    """Give the statuses of a process from which its cases can be decided."""
    found = [status.value for status in lifecycle.definition.statuses]
    return [one for one in found if any(step.do is Do.RECORD_DECISION for step in lifecycle.steps_from(one))]


def _since(standing: WholeStanding) -> PartialDate:
    sent = standing.day_of(Event.SENT_TO_PANEL) if standing.state == CaseStatus.SENT_TO_PANEL else None
    known = (standing.day_of(event) for event in _BEFORE_A_DECISION)
    return sent or next((day for day in known if day is not None), None) or _opened(standing)


def _objected_on(standing: WholeStanding) -> PartialDate:
    open_ones = (given for given in standing.answers.values() if given.answer == "no" and not given.resolved)
    days = [given.on for given in open_ones if given.on is not None]
    return min(days) if days else standing.day_of(Event.DECISION) or _opened(standing)


def _opened(standing: WholeStanding) -> PartialDate:
    return PartialDate.of(london_day(standing.case.opened_at))


def _row(standing: WholeStanding, since: PartialDate, today: date, **more: Any) -> Document:
    return {
        "reference": standing.case.reference,
        "status": standing.state,
        "since": str(since),
        "age_days": max(0, (today - since.last).days),
        **more,
    }


def _place_clocks(figures: dict[str, list[Document]], standing: WholeStanding, today: date, amber: int) -> None:
    """Put the clocks of a case under the overdue reviews, or under the statutory dates that are near or late."""
    for clock, reading in readings_of(standing, today):
        is_near = reading.state is ClockState.RUNNING and (reading.working_days_left or 0) <= amber
        if reading.state is ClockState.LATE and clock.code == REVIEW_CLOCK:
            figures["reviews_overdue"].append(_clock(standing, clock, reading, today))
        elif clock.code in _REFLECTIONS and (reading.state is ClockState.LATE or is_near):
            figures["reflections_due"].append(_clock(standing, clock, reading, today))
        elif clock.kind != ClockKind.LOCAL and (reading.state is ClockState.LATE or is_near):
            figures["statutory_dates"].append(_clock(standing, clock, reading, today))


def _clock(standing: WholeStanding, clock: Clock, reading: ClockReading, today: date) -> Document:
    return {
        "reference": standing.case.reference,
        "clock": clock.code,
        "name": clock.name,
        "kind": clock.kind,
        "due": str(clock.due),
        "original_due": str(clock.original_due),
        "state": reading.state.value,
        "words": in_words(reading, clock.due, today),
        "late_by": reading.late_by,
        "unit": reading.late_unit,
        "working_days_left": reading.working_days_left,
        "age_days": max(0, (today - clock.original_due.last).days),
    }
