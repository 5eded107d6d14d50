"""Lists over all cases that a reader may see: the cases themselves, and their open clocks."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false
from sqlmodel import Session, col, or_, select

from tracker.cases import clock_readings
from tracker.cases.models import Case, CaseTheme
from tracker.cases.open_clocks import CaseClock, clocks_of, held_cases
from tracker.cases.queries import IS_OPEN, case_by_reference, coordinated_by, may_see_case
from tracker.clock import london_day
from tracker.errors import FactsWrong
from tracker.groups.definitions_kept import lifecycle_kept
from tracker.groups.queries import every_partnership, partnership_by_code
from tracker.groups.themes import vocabulary
from tracker.people.doer import Doer
from workflows.dates import PartialDate, iso_text
from workflows.vocabulary import CaseStatus

Row = dict[str, Any]

MINE = "mine"


def visible_cases(session: Session, where: Mapping[str, str], reader: Doer | None) -> list[Case]:
    """Give the cases that a reader sees and that fit the filters for cases, oldest first."""
    question = select(Case).where(may_see_case(reader), *case_conditions(session, where, reader))
    return list(session.exec(question.order_by(col(Case.id))))


def list_cases(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Row]:
    """Give the cases that a reader sees, with where each stands, its late clocks and the day that comes next."""
    today = london_day(now)
    cases = visible_cases(session, where, reader)
    rows = case_rows(session, cases, clocks_of(session, cases, today))
    rows = [row for row in rows if where.get("stage", str(row["stage"])) == str(row["stage"])]
    return [row for row in rows if "flag" not in where or row[_FLAGS[where["flag"]]]]


def case_rows(
    session: Session, cases: Sequence[Case], clocks: Iterable[CaseClock], held: Collection[int] | None = None
) -> list[Row]:
    """Give cases as rows of a list, with their clocks as they stand; which are `held` is asked where nobody knows."""
    if held is None:
        held = held_cases(session, [case.id for case in cases])
    names = partnership_codes(session)
    open_clocks: dict[int, list[CaseClock]] = {}
    for clock in clocks:
        if clock.is_open and not clock.ends_by_itself:
            open_clocks.setdefault(clock.case.id, []).append(clock)
    return [
        _row(session, case, names[case.partnership_id], case.id in held, open_clocks.get(case.id, [])) for case in cases
    ]


_FLAGS = {"on_hold": "on_hold", "overdue": "late"}


def list_clocks(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Row]:
    """Give the open clocks over all cases that a reader sees: late first, statutory and guidance before local."""
    for_cases = {key: value for key, value in where.items() if key in ("partnership", "case", "status", "theme")}
    cases = visible_cases(session, for_cases, reader)
    names = partnership_codes(session)
    earliest, latest = (PartialDate.parse(where[key]) if key in where else None for key in ("from", "to"))
    rows = []
    for found in sorted(clocks_of(session, cases, london_day(now)), key=lambda clock: clock.order):
        wanted = [
            found.is_open,
            where.get("kind", found.clock.kind) == found.clock.kind,
            where.get("state", found.reading.state.value) == found.reading.state.value,
            where.get("flag") in (None, "overdue") and (found.is_late or "flag" not in where),
            earliest is None or not found.clock.due.certainly_before(earliest),
            latest is None or not latest.certainly_before(found.clock.due),
        ]
        if all(wanted):
            about = {"case": found.case.reference, "partnership": names[found.case.partnership_id]}
            rows.append(about | clock_readings.as_document(found.clock, found.reading, london_day(now)))
    return rows


def partnership_codes(session: Session) -> dict[int, str]:
    """Give the code of each partnership by its number."""
    return {partnership.id: partnership.code for partnership in every_partnership(session)}


def _row(session: Session, case: Case, partnership: str, is_held: bool, clocks: Sequence[CaseClock]) -> Row:
    following = min((clock.clock.due for clock in clocks), default=None)
    return {
        "reference": case.reference,
        "partnership": partnership,
        "pseudonym": case.pseudonym,
        "public_label": case.public_label,
        "kind": case.kind,
        "status": case.status,
        "stage": lifecycle_kept(session, case.definition_id).definition.stage_of(case.status),
        "year": case.year,
        "on_hold": is_held,
        "late": sum(clock.is_late for clock in clocks),
        "next_due": iso_text(following),
        "version": case.version,
    }


def case_conditions(session: Session, where: Mapping[str, str], reader: Doer | None) -> list[ColumnElement[bool]]:
    """Give the conditions of those filters that the rows themselves decide."""
    conditions: list[ColumnElement[bool]] = []
    if "partnership" in where:
        conditions.append(col(Case.partnership_id) == partnership_by_code(session, where["partnership"]).id)
    if "case" in where:
        conditions.append(col(Case.id) == case_by_reference(session, where["case"], reader).id)
    if "kind" in where:
        conditions.append(col(Case.kind) == where["kind"])
    if where.get("coordinator") == MINE and reader is not None:
        conditions.append(coordinated_by(reader))
    if where.get("status") == "open":
        conditions.append(IS_OPEN)
    elif "status" in where:
        if where["status"] not in set(CaseStatus):
            raise FactsWrong(f"There is no status {where['status']!r}. There are: {', '.join([*CaseStatus, 'open'])}.")
        conditions.append(col(Case.status) == where["status"])
    if "theme" in where:
        conditions.append(_has_theme(session, where["theme"]))
    return conditions


def _has_theme(session: Session, word: str) -> ColumnElement[bool]:
    """A theme may stand for others in one partnership and not in the next."""
    themed = select(CaseTheme.case_id)
    found: list[ColumnElement[bool]] = []
    for here, ids in vocabulary(session).meant_by(word):
        is_themed = col(Case.id).in_(themed.where(col(CaseTheme.theme_id).in_(ids)))
        found.append(is_themed if here is None else and_(col(Case.partnership_id) == here, is_themed))
    return or_(*found) if found else false()
