"""Who is named on cases, and whom a declared conflict bars from them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, bindparam
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.among import among, listed
from tracker.cases.models import Case, CaseAccess, Conflict
from tracker.kept import once, once_each
from tracker.rows import Question, write


def cases_barred(person_id: int | ColumnElement[int]) -> SelectOfScalar[int]:
    """Ask for the cases from which a declared conflict bars a person."""
    return select(Conflict.case_id).where(Conflict.person_id == person_id, col(Conflict.until).is_(None))


def barred_case_ids(session: Session, person_id: int) -> Sequence[int]:
    """Give the cases from which a declared conflict bars a person, in the order of their opening."""
    return once(session, ("barred cases", person_id), lambda: _barred(session, [person_id])[person_id])


def barred_cases_of(session: Session, person_ids: Iterable[int]) -> dict[int, list[int]]:
    """Give for each of some people the cases from which a declared conflict bars her."""
    return once_each(session, "barred cases", person_ids, lambda ids: _barred(session, ids))


def _barred(session: Session, ids: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {number: [] for number in ids}
    for person_id, case_id in _BARRED.rows(session, ids=listed(ids)):
        found[person_id].append(case_id)
    return found


_BARRED = Question(
    select(Conflict.person_id, Conflict.case_id)
    .where(among(col(Conflict.person_id), "ids"), col(Conflict.until).is_(None))
    .order_by(col(Conflict.case_id))
)


def named_case_ids(session: Session, person_id: int) -> Sequence[int]:
    """Give the cases on which a person is named, in the order of their opening."""
    return once(session, ("cases named on", person_id), lambda: tuple(n for (n,) in _NAMED.rows(session, id=person_id)))


_NAMED = Question(
    select(CaseAccess.case_id)
    .where(CaseAccess.person_id == bindparam("id"), col(CaseAccess.until).is_(None))
    .order_by(col(CaseAccess.case_id))
)


def give_access(session: Session, case: Case, person_id: int, reason: str, since: date) -> bool:
    """Name a person on a case, once; says whether she was not named before."""
    question = select(CaseAccess).where(
        CaseAccess.case_id == case.id, CaseAccess.person_id == person_id, col(CaseAccess.until).is_(None)
    )
    if session.exec(question).first() is not None:
        return False
    write(session, CaseAccess(case_id=case.id, person_id=person_id, reason=reason, since=since))
    return True
