"""Who can see a case and why, and who has read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, bindparam
from sqlmodel import Session, col, func, or_, select

from tracker import history
from tracker.cases.access import ABOUT_CONFLICTS
from tracker.cases.models import Case, CaseAccess, Conflict, Reading
from tracker.cases.queries import SEE_EVERY_CASE
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person, RoleHolding
from tracker.people.roles import Role
from tracker.rows import Question


@dataclass(frozen=True, slots=True)
class Sees:
    """Somebody who can open a case: by which roles, and why she is named on it."""

    name: str
    email: str | None
    agency: str | None
    why: tuple[str, ...]
    is_named: bool


@dataclass(frozen=True, slots=True)
class Barred:
    """Somebody whom a declared conflict of interest bars from a case."""

    name: str
    email: str | None
    reason: str
    since: date


@dataclass(frozen=True, slots=True)
class Read:
    """That somebody opened a case: how often, and when last."""

    name: str
    times: int
    last_at: datetime


def who_sees(session: Session, case: Case, today: date) -> list[Sees]:
    """Give everybody who can open a case today, by name: by a role that sees every case, or named on it."""
    barred = select(Conflict.person_id).where(Conflict.case_id == case.id, col(Conflict.until).is_(None))
    found: dict[int, tuple[Person, str | None, list[str], bool]] = {}
    for person, agency, why, is_named in [*_by_role(session, case, today), *_by_name(session, case)]:
        _, _, reasons, named = found.setdefault(person.id, (person, agency, [], False))
        found[person.id] = (person, agency, [*reasons, why], named or is_named)
    away = set(session.exec(barred))
    kept = [
        Sees(person.name, person.email, agency, tuple(dict.fromkeys(why)), is_named)
        for person, agency, why, is_named in found.values()
        if person.id not in away and not person.has_left(today)
    ]
    return sorted(kept, key=lambda one: one.name.casefold())


def how_many_see(session: Session, case: Case, today: date) -> int:
    """Count those whom `who_sees` gives."""
    [(number,)] = _HOW_MANY.rows(session, case=case.id, partnership=case.partnership_id, day=today)
    return int(number)


def _count_of_readers() -> Question:
    day: ColumnElement[date] = bindparam("day", type_=Date)
    by_role = select(RoleHolding.person_id).where(
        RoleHolding.partnership_id == bindparam("partnership"),
        col(RoleHolding.role).in_([role.value for role in SEE_EVERY_CASE]),
        col(RoleHolding.from_on) <= day,
        or_(col(RoleHolding.until_on).is_(None), col(RoleHolding.until_on) > day),
    )
    of_case = bindparam("case", type_=Integer)
    by_name = select(CaseAccess.person_id).where(CaseAccess.case_id == of_case, col(CaseAccess.until).is_(None))
    barred = select(Conflict.person_id).where(Conflict.case_id == of_case, col(Conflict.until).is_(None))
    return Question(
        select(func.count(col(Person.id)))
        .where(or_(col(Person.id).in_(by_role), col(Person.id).in_(by_name)), col(Person.id).not_in(barred))
        .where(or_(col(Person.ended_on).is_(None), col(Person.ended_on) > day))
    )


_HOW_MANY = _count_of_readers()


Found = tuple[Person, str | None, str, bool]


def _by_role(session: Session, case: Case, today: date) -> Iterator[Found]:
    question = (
        select(Person, Agency.name, RoleHolding.role)
        .join(RoleHolding, col(RoleHolding.person_id) == Person.id)
        .join(Agency, col(Agency.id) == Person.agency_id, isouter=True)
        .where(RoleHolding.partnership_id == case.partnership_id, RoleHolding.from_on <= today)
        .where(col(RoleHolding.role).in_([role.value for role in SEE_EVERY_CASE]))
        .where(or_(col(RoleHolding.until_on).is_(None), col(RoleHolding.until_on) > today))
    )
    for person, agency, role in session.exec(question.order_by(col(RoleHolding.id))):
        yield person, agency, f"{Role(role).words.capitalize()}: sees every case", False


def _by_name(session: Session, case: Case) -> Iterator[Found]:
    question = (
        select(Person, Agency.name, CaseAccess.reason)
        .join(CaseAccess, col(CaseAccess.person_id) == Person.id)
        .join(Agency, col(Agency.id) == Person.agency_id, isouter=True)
        .where(CaseAccess.case_id == case.id, col(CaseAccess.until).is_(None))
    )
    for person, agency, reason in session.exec(question.order_by(col(CaseAccess.id))):
        yield person, agency, f"Named on the case: {reason}", True


def who_is_barred(session: Session, case: Case, reader: Doer) -> list[Barred]:
    """Give the declared conflicts that stand; only to a coordinator, who records and withdraws them."""
    if not reader.has(Role.COORDINATOR, case.partnership_id):
        return []
    question = (
        select(col(Person.name), col(Person.email), col(Conflict.reason), col(Conflict.since))
        .join(Conflict, col(Conflict.person_id) == Person.id)
        .where(Conflict.case_id == case.id, col(Conflict.until).is_(None))
    )
    return [Barred(*row) for row in session.exec(question.order_by(col(Person.name)))]


def history_of(session: Session, case: Case, reader: Doer | None) -> list[dict[str, Any]]:
    """Give what was done to a case; of conflicts and who is barred only coordinators and the operator read."""
    lines = history.lines_about(session, case.reference)
    if reader is None or reader.has(Role.COORDINATOR, case.partnership_id):
        return lines
    return [line for line in lines if line["deed"] not in ABOUT_CONFLICTS]


def who_has_read(session: Session, case: Case) -> list[Read]:
    """Give who has opened a case, whoever did so last first."""
    last = func.max(Reading.at)
    question = (
        select(Person.name, func.count(col(Reading.id)), last)
        .join(Reading, col(Reading.person_id) == Person.id)
        .where(Reading.about == case.reference)
        .group_by(col(Person.id), col(Person.name))
    )
    return [Read(*row) for row in session.exec(question.order_by(last.desc(), col(Person.name)))]
