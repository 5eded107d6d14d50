"""The list of cases page by page: open ones first, the newest on top; no other row is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_
from sqlmodel import Session, col, func, select

from tracker.among import among, listed
from tracker.cases.models import Case, Clock
from tracker.cases.open_clocks import clocks_of, unended_clocks_of
from tracker.cases.queries import may_see_case
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.groups.definitions_kept import lifecycle_kept
from tracker.people.doer import Doer
from tracker.rows import RowsOf
from tracker.showing.case_lists import case_conditions, case_rows
from workflows.dates import PartialDate
from workflows.vocabulary import CaseStatus

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class CasesPage:
    """A page of the cases that fit, and how many fit in all."""

    rows: list[dict[str, Any]]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """Say how many pages there are; an empty list has one."""
        return max(1, -(-self.total // A_PAGE))


def page_of_cases(session: Session, where: Mapping[str, str], reader: Doer, now: datetime, number: int) -> CasesPage:
    """Give a page of the cases that a reader sees and that fit the filters; the last one when there are not so many."""
    today = london_day(now)
    fits = [may_see_case(reader), *case_conditions(session, where, reader)]
    if "stage" in where:
        fits.append(_at_stage(session, int(where["stage"])))
    if where.get("flag") == "overdue":
        fits.append(col(Case.id).in_(_late_cases(session, fits, today)))
    total = session.exec(select(func.count()).select_from(Case).where(*fits)).one()
    number = max(1, min(number, -(-total // A_PAGE)))
    # Sorted by what the page needs of each: of those that it shows everything is read afterwards.
    question = select(Case.id).where(*fits).order_by(col(Case.status) == CaseStatus.CLOSED.value, col(Case.id).desc())
    ids = session.exec(question.limit(A_PAGE).offset((number - 1) * A_PAGE)).all()
    by_id = {case.id: case for case in _CASES.all(session, ids=listed(ids))}
    cases = [by_id[case_id] for case_id in ids]
    rows = case_rows(session, cases, unended_clocks_of(session, cases, today))
    return CasesPage(without_references(rows, barred_cases_named(session, reader.id)), number, total)


_CASES = RowsOf(Case, select(Case).where(among(col(Case.id), "ids")))


def _at_stage(session: Session, stage: int) -> ColumnElement[bool]:
    """Cases of different processes may be at one stage in different statuses."""
    here = []
    for number in session.exec(select(Case.definition_id).distinct()).all():
        definition = lifecycle_kept(session, number).definition
        statuses = [known.value for known in definition.statuses if known.stage == stage]
        here.append(and_(col(Case.definition_id) == number, col(Case.status).in_(statuses)))
    return or_(false(), *here)


def _late_cases(session: Session, fits: list[ColumnElement[bool]], today: date) -> list[int]:
    """Give those of the cases of which a clock is late, as it is reckoned; read are those whose dates have passed."""
    passed = select(Clock.case_id).where(
        col(Clock.met_on).is_(None), col(Clock.stopped_on).is_(None), col(Clock.due) < PartialDate.of(today)
    )
    cases = session.exec(select(Case).where(*fits, col(Case.id).in_(passed))).all()
    late = (clock for clock in clocks_of(session, cases, today) if clock.is_late and not clock.ends_by_itself)
    return list({clock.case.id for clock in late})
