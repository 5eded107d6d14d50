"""The figures of a partnership's year, April to March, counted from its own records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlmodel import Session, col, select

from tracker.cases.decision_models import Decision
from tracker.cases.models import Case, CaseEvent
from tracker.cases.named import cases_barred
from tracker.clock import london_day
from tracker.groups.models import Partnership
from tracker.history import HistoryLine
from workflows.dates import PartialDate
from workflows.vocabulary import Event, Outcome

SERIOUS_CASE_REVIEW = "serious_case_review"
CONSIDERED = "considered"


@dataclass(frozen=True, slots=True)
class Year:
    """A year from 1 April to 31 March."""

    first: date
    last: date

    @classmethod
    def named(cls, name: str) -> "Year":
        """Read `2020-21`; raises `ValueError` for anything else."""
        begins, _, ends = name.partition("-")
        if not (begins.isdigit() and len(begins) == 4 and ends == f"{(int(begins) + 1) % 100:02d}"):
            raise ValueError(name)
        return cls(date(int(begins), 4, 1), date(int(begins) + 1, 3, 31))

    def holds(self, day: PartialDate | None) -> bool:
        """Say whether a date lies in the year; a month or a year by its last day (K5)."""
        return day is not None and self.first <= day.last <= self.last


@dataclass(frozen=True)
class Records:
    """What a year is counted from: the cases that a reader may count, their events and newest decisions."""

    session: Session
    partnership: Partnership
    name: str
    year: Year
    reader_id: int | None

    @cached_property
    def cases(self) -> list[Case]:
        """Give the cases of the partnership, without those from which a conflict bars the reader."""
        question = select(Case).where(Case.partnership_id == self.partnership.id)
        if self.reader_id is not None:
            question = question.where(col(Case.id).not_in(cases_barred(self.reader_id)))
        return list(self.session.exec(question.order_by(col(Case.id))))

    @cached_property
    def events(self) -> Mapping[int, Mapping[str, CaseEvent]]:
        """Give the events of each case by their names."""
        found: dict[int, dict[str, CaseEvent]] = {case.id: {} for case in self.cases}
        for event in self.session.exec(select(CaseEvent).where(col(CaseEvent.case_id).in_(found))):
            found[event.case_id][event.name] = event
        return found

    @cached_property
    def decisions(self) -> Mapping[int, Decision]:
        """Give the newest decision of each case that has one."""
        ids = [case.id for case in self.cases]
        question = select(Decision).where(col(Decision.case_id).in_(ids)).order_by(col(Decision.id))
        return {decision.case_id: decision for decision in self.session.exec(question)}

    def day_of(self, case: Case, event: Event) -> PartialDate | None:
        """Give the day of an event of a case, if it is recorded."""
        found = self.events[case.id].get(event)
        return None if found is None else found.on

    def with_event(self, event: Event, kept: Callable[[Case], bool] = lambda case: True) -> int:
        """Count the cases to which something happened in the year."""
        return sum(self.year.holds(self.day_of(case, event)) and kept(case) for case in self.cases)

    def decided_in_year(self, case: Case) -> bool:
        """Say whether the newest decision falls into the year; one loaded without a date by the year of its report."""
        decision = self.decisions.get(case.id)
        if decision is None:
            return False
        return case.year == self.name if decision.on is None else self.year.holds(decision.on)

    def is_review(self, case: Case) -> bool:
        """Say whether a local review was decided on."""
        decision = self.decisions.get(case.id)
        return decision is not None and decision.outcome == Outcome.REVIEW and not is_scr(case)

    def under_way(self, case: Case) -> bool:
        """Say whether a local review was decided on by the end of the year and neither published nor closed by then."""
        decided_on = self.day_of(case, Event.DECISION)
        if not self.is_review(case) or decided_on is None or decided_on.last > self.year.last:
            return False
        published_on = self.day_of(case, Event.PUBLICATION)
        is_published = published_on is not None and published_on.last <= self.year.last
        return not is_published and (case.closed_at is None or london_day(case.closed_at) > self.year.last)

    def grades(self, grade: str) -> int:
        """Count the reviews that were given a grade in the year."""
        evaluated = (self.events[case.id].get(Event.EVALUATION) for case in self.cases)
        return sum(event is not None and self.year.holds(event.on) and event.note == grade for event in evaluated)

    def considered_only(self, case: Case) -> bool:
        """Say whether a case was considered in the year and never notified nor taken to a panel."""
        went_on = (Event.NOTIFICATION, Event.PANEL_CONVENED)
        known_on = self.day_of(case, Event.INCIDENT_KNOWN)
        return (
            case.kind == CONSIDERED
            and self.year.holds(known_on)
            and all(self.day_of(case, event) is None for event in went_on)
        )

    def below_threshold(self, case: Case) -> bool:
        """Say whether a case was considered in the year and ended without a review."""
        decision = self.decisions.get(case.id)
        reviewed = decision is not None and decision.outcome == Outcome.REVIEW
        ended = case.closed_at is not None or decision is not None
        return self.considered_only(case) and ended and not reviewed

    def contributed(self) -> int:
        """Count the cases in which a contribution to another area's review began in the year."""
        references = [case.reference for case in self.cases]
        question = select(HistoryLine.at, HistoryLine.about).where(
            HistoryLine.deed == "start_contribution", col(HistoryLine.about).in_(references)
        )
        begun = self.session.exec(question).all()
        return len({about for at, about in begun if self.year.holds(PartialDate.of(london_day(at)))})


def is_scr(case: Case) -> bool:
    """Say whether a case is a serious case review of the law before 2018."""
    return case.kind == SERIOUS_CASE_REVIEW


def _is_local_review(case: Case) -> bool:
    return case.kind in ("rapid_review", "local_child_safeguarding_practice_review", "local_learning_review")


FIGURES: Mapping[str, Callable[[Records], int]] = {
    "serious_incident_notifications": lambda year: year.with_event(Event.NOTIFICATION),
    "rapid_review_panels_held": lambda year: year.with_event(Event.PANEL_CONVENED),
    "rapid_review_reports_to_panel": lambda year: year.with_event(Event.SENT_TO_PANEL),
    "other_cases_considered_without_rapid_review": lambda year: sum(map(year.considered_only, year.cases)),
    "cases_considered_below_threshold": lambda year: sum(map(year.below_threshold, year.cases)),
    "lcsprs_instigated": lambda year: sum(year.decided_in_year(case) and year.is_review(case) for case in year.cases),
    "lcsprs_under_way_at_year_end": lambda year: sum(map(year.under_way, year.cases)),
    "local_learning_reviews_open": lambda year: sum(map(year.under_way, year.cases)),
    "lcsprs_published": lambda year: year.with_event(Event.PUBLICATION, _is_local_review),
    "scrs_published": lambda year: year.with_event(Event.PUBLICATION, is_scr),
    "legacy_scrs_published": lambda year: year.with_event(Event.PUBLICATION, is_scr),
    "scrs_completed": lambda year: year.with_event(Event.REPORT_AGREED, is_scr),
    "scrs_contributed": lambda year: year.contributed(),
    "update_reports_published": lambda year: year.with_event(Event.UPDATE_REPORT),
    "ofsted_good": lambda year: year.grades("good"),
    "ofsted_adequate": lambda year: year.grades("adequate"),
    "begun_against_advice": lambda year: sum(
        year.decided_in_year(case)
        and year.decisions[case.id].outcome == Outcome.REVIEW
        and year.decisions[case.id].against_panel_advice
        for case in year.cases
    ),
}


def counted_figures(session: Session, partnership: Partnership, name: str, reader_id: int | None) -> dict[str, int]:
    """Count every figure of a year that the service can count; raises `ValueError` for what is no year."""
    records = Records(session, partnership, name, Year.named(name), reader_id)
    return {figure: count(records) for figure, count in FIGURES.items()}
