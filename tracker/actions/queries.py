"""Finding actions for a reader who may see them, and what belongs to one: sources, updates, holds, people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, case, exists, false, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.models import Action, ActionHelper, ActionHold, ActionSource, ActionUpdate
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.cases.named import barred_case_ids, cases_barred
from tracker.cases.queries import SEE_EVERY_CASE, lock_cases, may_see_case, seen_by
from tracker.errors import NotFound
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.reviews.models import Recommendation, ReviewCase
from tracker.rows import RowsOf
from workflows.action import WITHOUT_DATE, ActionStatus
from workflows.dates import PartialDate

WAITING = ("sent", "queried")
Condition = ColumnElement[bool]

# One that was joined with another counts nowhere: what it came from, that other one comes from.
IS_ITS_OWN: Condition = col(Action.status) != ActionStatus.MERGED.value

_later = aliased(ActionUpdate)
# No later update of the same action stands beside it.
IS_NEWEST: Condition = ~exists().where(
    col(_later.action_id) == ActionUpdate.action_id, col(_later.id) > ActionUpdate.id
)


# Putting these conditions together takes longer than asking them: the same reader asks with them again and again.
@lru_cache(maxsize=500)
def may_see_action(reader: Doer | None) -> ColumnElement[bool]:
    """Give the condition under which a reader sees an action; the operator of the machine (None) sees all.

    A declared conflict with one case that the action comes from hides it, whatever else she is.
    """
    if reader is None:
        return true()
    barred = exists().where(col(ActionSource.action_id) == Action.id, _comes_from_barred(reader.id))
    return and_(reaches_action(reader), ~barred)


@lru_cache(maxsize=500)
def reaches_action(reader: Doer) -> ColumnElement[bool]:
    """Give the condition under which a reader would see an action, were it not for a declared conflict."""
    whole = reader.partnerships_as(*SEE_EVERY_CASE)
    led = reader.led_agencies if reader.partnerships_as(Role.AGENCY_LEAD) else ()
    own = {reader.id} | reader.stands_for
    helped = select(ActionHelper.action_id).where(col(ActionHelper.person_id).in_(own))
    seen = select(Case.id).where(may_see_case(reader))
    of_seen = select(ActionSource.action_id).where(col(ActionSource.case_id).in_(seen))
    named = or_(
        col(Action.agency_id).in_(led),
        col(Action.owner_id).in_(own),
        col(Action.id).in_(helped),
        col(Action.id).in_(of_seen),
    )
    if not whole:
        return named
    # Asked in this order, so that what decides for nearly every row is asked alone, and no list is made for the others.
    return case((col(Action.partnership_id).in_(whole), true()), (named, true()), else_=false())


def sight_of(reader: Doer, *, is_barred: bool) -> list[Condition]:
    """Give the same as conditions for many: whoever has declared no conflict is not asked about any row by row."""
    return [reaches_action(reader), *([col(Action.id).not_in(actions_barred(reader.id))] if is_barred else [])]


def sees_action() -> Condition:
    """Give the condition of `may_see_action` with its values left open, for questions that are compiled once.

    It looks from the action to what lets it be seen: for few actions. `seen_with` gives the values.
    """
    reader, day = bindparam("reader", type_=Integer), bindparam("day", type_=Date)
    helped = exists().where(col(ActionHelper.action_id) == Action.id, among(col(ActionHelper.person_id), "own"))
    of_seen = exists().where(
        col(ActionSource.action_id) == Action.id, col(Case.id) == ActionSource.case_id, seen_by(reader, day)
    )
    reached = or_(
        among(col(Action.partnership_id), "whole"),
        among(col(Action.agency_id), "led"),
        among(col(Action.owner_id), "own"),
        helped,
        of_seen,
    )
    return and_(reached, not_barred())


def not_barred() -> Condition:
    """Give the condition that no declared conflict of a reader, left open, hides an action: of her own she sees all."""
    comes_from_barred = _comes_from_barred(bindparam("reader", type_=Integer))
    return ~exists().where(col(ActionSource.action_id) == Action.id, comes_from_barred)


def seen_with(reader: Doer) -> dict[str, Any]:  # the values of a question
    """Give what decides which actions a reader sees."""
    led = reader.led_agencies if reader.partnerships_as(Role.AGENCY_LEAD) else ()
    return {
        "reader": reader.id,
        "day": reader.day,
        "whole": listed(reader.partnerships_as(*SEE_EVERY_CASE)),
        "led": listed(led),
        "own": listed({reader.id} | reader.stands_for),
    }


def actions_barred(person_id: int) -> SelectOfScalar[int]:
    """Ask for the actions that come from a case from which a declared conflict bars a person."""
    return select(ActionSource.action_id).where(_comes_from_barred(person_id))


def barred_actions(session: Session, person_id: int) -> Mapping[int, str]:
    """Give the actions that a declared conflict hides from a person, with their references."""
    if not barred_case_ids(session, person_id):
        return {}
    question = select(Action.id, Action.reference).where(col(Action.id).in_(actions_barred(person_id)))
    return dict(session.exec(question).all())


def _comes_from_barred(person_id: int | ColumnElement[int]) -> ColumnElement[bool]:
    """A review may answer several cases: what it recommends comes from each of them."""
    reviewed = (
        select(Recommendation.id)
        .join(ReviewCase, col(ReviewCase.review_id) == Recommendation.review_id)
        .where(col(ReviewCase.case_id).in_(cases_barred(person_id)))
    )
    return or_(
        col(ActionSource.case_id).in_(cases_barred(person_id)), col(ActionSource.recommendation_id).in_(reviewed)
    )


def is_barred(session: Session, action_id: int, person_id: int) -> bool:
    """Say whether a declared conflict with a case that an action comes from bars a person."""
    question = actions_barred(person_id).where(ActionSource.action_id == action_id)
    return session.exec(question.limit(1)).first() is not None


def action_by_reference(session: Session, reference: str, reader: Doer | None, *, lock: bool = False) -> Action:
    """Find an action by its reference, like `A214`, whatever the case of its letter.

    Raises `NotFound` with the same sentence where there is none and where the reader may not see it.
    With `lock` nobody else can change it, nor the cases it comes from, until the unit of work ends; without, the row is
    for reading, and not attached to the session.
    """
    wanted = reference.strip().upper()
    found = _locked(session, wanted, reader) if lock else _for_reading(session, wanted, reader)
    if found is None:
        raise NotFound(f"There is no action {reference} that you can open. Ask the business unit.")
    return found


def lock_actions(session: Session, references: Iterable[str]) -> None:
    """Let nobody else change several actions until the unit of work ends, the older one first; nor their cases."""
    wanted = {reference.strip().upper() for reference in references}
    of_them = select(ActionSource.case_id).join(Action, col(Action.id) == ActionSource.action_id)
    cases = session.exec(of_them.where(col(Action.reference).in_(wanted), col(ActionSource.case_id).is_not(None)))
    lock_cases(session, [case_id for case_id in cases if case_id is not None])
    question = select(Action.id).where(col(Action.reference).in_(wanted)).order_by(col(Action.id))
    session.exec(question.with_for_update(key_share=True)).all()


def _locked(session: Session, reference: str, reader: Doer | None) -> Action | None:
    sources = select(ActionSource.case_id).join(Action, col(Action.id) == ActionSource.action_id)
    of_it = sources.where(Action.reference == reference, col(ActionSource.case_id).is_not(None))
    lock_cases(session, [case_id for case_id in session.exec(of_it) if case_id is not None])
    question = select(Action).where(Action.reference == reference, may_see_action(reader))
    return session.exec(question.with_for_update(key_share=True)).first()


def _for_reading(session: Session, reference: str, reader: Doer | None) -> Action | None:
    if reader is None:
        return _BY_REFERENCE.first(session, reference=reference)
    return _BY_REFERENCE_SEEN.first(session, reference=reference, **seen_with(reader))


_OF_REFERENCE = select(Action).where(Action.reference == bindparam("reference"))
_BY_REFERENCE = RowsOf(Action, _OF_REFERENCE)
_BY_REFERENCE_SEEN = RowsOf(Action, _OF_REFERENCE.where(sees_action()))


class PastADate(NamedTuple):
    """As much of an action as a meeting is shown of one that is late; there may be thousands."""

    reference: str
    title: str | None
    status: str
    timescale_kind: str
    due: PartialDate | None
    review_on: PartialDate | None
    agency_id: int | None
    agency_name: str | None


def actions_past_a_date(session: Session, partnership_id: int, today: date) -> Sequence[PastADate]:
    """Give the open actions of a partnership whose due date or review date has passed, in the order of their making."""
    has_date = col(Action.timescale_kind).not_in([kind.value for kind in WITHOUT_DATE])
    is_overdue = and_(col(Action.open_by) < today.isoformat(), has_date)
    has_review = and_(col(Action.open_by) > "", col(Action.review_on) < PartialDate.of(today))
    shown = [getattr(Action, name) for name in PastADate._fields]
    question = sqlalchemy.select(*shown).where(
        col(Action.partnership_id) == partnership_id, or_(is_overdue, has_review)
    )
    return [PastADate(*row) for row in session.execute(question.order_by(col(Action.id)))]


def source_cases(session: Session, action_id: int) -> Sequence[int]:
    """Give the cases that an action comes from, each once."""
    question = select(ActionSource.case_id).where(
        ActionSource.action_id == action_id, col(ActionSource.case_id).is_not(None)
    )
    return sorted({case_id for case_id in session.exec(question) if case_id is not None})


def newest_update(session: Session, action: Action) -> ActionUpdate | None:
    """Give the newest update of an action."""
    question = select(ActionUpdate).where(ActionUpdate.action_id == action.id)
    return session.exec(question.order_by(col(ActionUpdate.id).desc()).limit(1)).first()


def last_update(session: Session, action: Action) -> ActionUpdate | None:
    """Give the same for reading; it is not attached to the session."""
    return _LAST_UPDATE.first(session, action=action.id)


_LAST_UPDATE = RowsOf(
    ActionUpdate,
    select(ActionUpdate)
    .where(ActionUpdate.action_id == bindparam("action"))
    .order_by(col(ActionUpdate.id).desc())
    .limit(1),
)


def waiting_update(session: Session, action: Action) -> ActionUpdate | None:
    """Give the update of an action that waits to be checked, if one does."""
    newest = newest_update(session, action)
    return newest if newest is not None and newest.state in WAITING else None


def standing_hold(session: Session, action: Action) -> ActionHold | None:
    """Give the hold of an action that stands, if one does."""
    question = select(ActionHold).where(ActionHold.action_id == action.id, col(ActionHold.until).is_(None))
    return session.exec(question).first()
