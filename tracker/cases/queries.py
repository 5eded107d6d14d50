"""Finding cases, by any of their names, for a reader who may see them; and who that is."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, exists, func, literal, or_, true
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.among import among, listed
from tracker.cases.models import Case, CaseAccess, CaseName, Conflict
from tracker.cases.named import cases_barred
from tracker.errors import NotFound
from tracker.people.doer import Doer
from tracker.people.models import RoleHolding
from tracker.people.roles import Role
from tracker.rows import Question, RowsOf
from workflows.vocabulary import CaseStatus

SEE_EVERY_CASE = (Role.COORDINATOR, Role.EXECUTIVE, Role.COMMISSIONER, Role.SCRUTINEER)


# Putting it together takes longer than asking it: the same reader asks with it again and again.
@lru_cache(maxsize=500)
def may_see_case(reader: Doer | None) -> ColumnElement[bool]:
    """Give the condition under which a reader sees a case; the operator of the machine (None) sees all.

    Whoever has a role that sees every case of its partnership, and whoever is named on the case; but a declared
    conflict beats every role. For lists of cases: her roles, names and conflicts are looked up once, and not for each.
    """
    if reader is None:
        return true()
    whole = select(RoleHolding.partnership_id).where(
        RoleHolding.person_id == reader.id, *_held_on(literal(reader.day), *SEE_EVERY_CASE)
    )
    named = select(CaseAccess.case_id).where(CaseAccess.person_id == reader.id, col(CaseAccess.until).is_(None))
    return and_(
        or_(col(Case.partnership_id).in_(whole), col(Case.id).in_(named)),
        col(Case.id).not_in(cases_barred(reader.id)),
    )


def coordinated_by(reader: Doer) -> ColumnElement[bool]:
    """Give the condition under which a case is a coordinator's own: hers, or of nobody who still coordinates."""
    return _coordinated(literal(reader.id), literal(reader.day))


def _coordinated(person: ColumnElement[int], day: ColumnElement[date]) -> ColumnElement[bool]:
    still_there = _has_role(col(Case.coordinator_id), day, Role.COORDINATOR)
    return or_(col(Case.coordinator_id).is_(None), col(Case.coordinator_id) == person, ~still_there)


def is_of_others(case_id: Any, reader: Doer) -> ColumnElement[bool]:  # a column
    """Give the condition that a case is not a coordinator's own: somebody else coordinates it who still does that."""
    of_others = _of_others(literal(reader.id), literal(reader.day))
    return of_others.where(col(Case.id) == case_id).exists()


def _of_others(person: ColumnElement[int], day: ColumnElement[date]) -> SelectOfScalar[int]:
    is_there = (col(RoleHolding.person_id) == Case.coordinator_id, *_holds_role(day, Role.COORDINATOR))
    return select(Case.id).join(RoleHolding, and_(*is_there)).where(col(RoleHolding.person_id) != person)


# Named one by one, so that an index finds them.
IS_OPEN: ColumnElement[bool] = col(Case.status).in_([one.value for one in CaseStatus if one is not CaseStatus.CLOSED])


def seen_by(person: ColumnElement[int], day: ColumnElement[date]) -> ColumnElement[bool]:
    """Give the condition of `may_see_case` for few cases, as person and day that may be left open."""
    whole = _has_role(person, day, *SEE_EVERY_CASE)
    named = exists().where(
        col(CaseAccess.case_id) == Case.id, col(CaseAccess.person_id) == person, col(CaseAccess.until).is_(None)
    )
    barred = exists().where(
        col(Conflict.case_id) == Case.id, col(Conflict.person_id) == person, col(Conflict.until).is_(None)
    )
    return and_(or_(whole, named), ~barred)


def _has_role(person: Any, day: ColumnElement[date], *roles: Role) -> ColumnElement[bool]:  # a column or a value
    """Give the condition that somebody has one of the roles in the partnership of a case on a day."""
    return exists().where(col(RoleHolding.person_id) == person, *_holds_role(day, *roles))


def _holds_role(day: ColumnElement[date], *roles: Role) -> Sequence[ColumnElement[bool]]:
    return col(RoleHolding.partnership_id) == Case.partnership_id, *_held_on(day, *roles)


def _held_on(day: ColumnElement[date], *roles: Role) -> Sequence[ColumnElement[bool]]:
    return (
        or_(*(col(RoleHolding.role) == role.value for role in roles)),
        col(RoleHolding.from_on) <= day,
        or_(col(RoleHolding.until_on).is_(None), col(RoleHolding.until_on) > day),
    )


_READER: ColumnElement[int] = bindparam("reader", type_=Integer)
_DAY: ColumnElement[date] = bindparam("day", type_=Date)
_BY_REFERENCE = select(Case).where(Case.reference == bindparam("reference"))
_FOR_OPERATOR = RowsOf(Case, _BY_REFERENCE)
_FOR_READING = RowsOf(Case, _BY_REFERENCE.where(seen_by(_READER, _DAY)))
_FOR_DEED = RowsOf(Case, _BY_REFERENCE.where(seen_by(_READER, _DAY)).with_for_update(of=Case, key_share=True))


_OPEN = (
    select(Case)
    .where(among(col(Case.partnership_id), "partnerships"), IS_OPEN, seen_by(_READER, _DAY))
    .order_by(col(Case.id))
)
_OPEN_CASES = RowsOf(Case, _OPEN)
_OWN_OPEN_CASES = RowsOf(Case, _OPEN.where(_coordinated(_READER, _DAY)))


def open_cases(session: Session, partnership_ids: Iterable[int], reader: Doer, *, everybody: bool) -> list[Case]:
    """Give the open cases of partnerships that a coordinator sees, oldest first: her own, or those of `everybody`.

    They are for reading only.
    """
    question = _OPEN_CASES if everybody else _OWN_OPEN_CASES
    return question.all(session, partnerships=listed(partnership_ids), reader=reader.id, day=reader.day)


def others_coordinate(session: Session, reader: Doer) -> bool:
    """Say whether any case is not a coordinator's own."""
    return bool(_ANY_OF_OTHERS.rows(session, reader=reader.id, day=reader.day))


_ANY_OF_OTHERS = Question(_of_others(_READER, _DAY).limit(1))


def count_open_cases(session: Session, partnership_id: int, reader: Doer) -> dict[tuple[int, str], int]:
    """Count the open cases of a partnership that a reader sees, by the definition they keep and by their status."""
    rows = _COUNTED.rows(session, partnership=partnership_id, reader=reader.id, day=reader.day)
    return {(definition_id, status): number for definition_id, status, number in rows}


_COUNTED = Question(
    select(Case.definition_id, Case.status, func.count(col(Case.id)))
    .where(Case.partnership_id == bindparam("partnership"), IS_OPEN, seen_by(_READER, _DAY))
    .group_by(col(Case.definition_id), col(Case.status))
)


def case_for_deed(session: Session, reference: str, by: Doer) -> Case:
    """Find a case for somebody who does a deed to it; nobody else can change it until the unit of work ends.

    The row is not attached to the session: `rows.change` writes what a deed changes. Raises `NotFound` as
    `case_by_reference` does.
    """
    found = _FOR_DEED.first(session, reference=reference.strip().upper(), reader=by.id, day=by.day)
    if found is not None:
        return found
    known = case_by_reference(session, reference, by)
    return case_for_deed(session, known.reference, by)


def case_by_reference(session: Session, reference: str, reader: Doer | None) -> Case:
    """Find a case by its reference, published label, alias or file id, whatever the case of its letters.

    The row is for reading, and not attached to the session. Raises `NotFound` with the same sentence where there is
    none and where the reader may not see it.
    """
    wanted = reference.strip().upper()
    if reader is None:
        found = _FOR_OPERATOR.first(session, reference=wanted)
    else:
        found = _FOR_READING.first(session, reference=wanted, reader=reader.id, day=reader.day)
    if found is None:
        found = _by_other_name(session, reference, reader)
    if found is None:
        raise NotFound(f"There is no case with the reference {reference} that you can open. Ask the business unit.")
    return found


def _by_other_name(session: Session, name: str, reader: Doer | None) -> Case | None:
    named = select(CaseName.case_id).where(CaseName.folded == folded(name))
    question = select(Case).where(col(Case.id).in_(named), may_see_case(reader)).order_by(col(Case.id))
    return session.exec(question).first()


def folded(name: str) -> str:
    """Fold a name so that spellings which differ in case and spaces only are one."""
    return " ".join(name.split()).casefold()


def lock_cases(session: Session, case_ids: Iterable[int]) -> None:
    """Let nobody else change the cases until the unit of work ends.

    Everywhere a case is locked before its clocks, before its actions and before a number is taken, and the older case
    before the newer: so two deeds never wait for each other. Rows that only point at a case wait for nobody.
    """
    wanted = set(case_ids)
    question = select(Case.id).where(col(Case.id).in_(wanted)).order_by(col(Case.id))
    if wanted:
        session.exec(question.with_for_update(key_share=True)).all()


def reference_taken(session: Session, reference: str) -> bool:
    """Say whether a reference was ever given to a case."""
    return bool(_TAKEN.rows(session, reference=reference))


def cases_of(session: Session, partnership_id: int) -> int:
    """Count the cases that a partnership ever had."""
    [(number,)] = _NUMBER.rows(session, partnership=partnership_id)
    return int(number)


_TAKEN = Question(select(Case.id).where(Case.reference == bindparam("reference")))
_NUMBER = Question(select(func.count(col(Case.id))).where(Case.partnership_id == bindparam("partnership")))
