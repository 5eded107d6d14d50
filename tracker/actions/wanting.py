"""Which of all actions may wait for a coordinator: found by their indexes, so that no other is read."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import CompoundSelect, String, exists, type_coerce, union
from sqlmodel import Session, col, func, or_, select

from tracker.actions.models import Action, ActionHold, ActionSource, ActionUpdate
from tracker.actions.queries import WAITING, Condition
from tracker.cases.models import Case
from tracker.cases.queries import coordinated_by
from tracker.people.doer import Doer
from tracker.people.models import Person, PostHolding
from workflows.action import TimescaleKind
from workflows.dates import PartialDate

_IS_OPEN = col(Action.open_by) > ""
# Written so that it is asked of the open actions, and not looked for by its own index: nearly every action has none.
_HAS_NO_REVIEW = func.coalesce(type_coerce(col(Action.review_on), String), "") == ""


def wanting_ids(session: Session, today: date, silent: Sequence[int], conditions: Sequence[Condition]) -> Sequence[int]:
    """Give the ids of the actions that may wait for a coordinator: more than do, never fewer.

    Those whose update waits, whose hold or review is to be looked at, whom nobody answers for or no email reaches, that
    go on without a date; and the `silent` ones.
    """
    wanting = col(Action.id).in_(_asking(today, silent))
    return session.exec(select(Action.id).where(wanting, *conditions).order_by(col(Action.id))).all()


def _asking(today: date, silent: Sequence[int]) -> CompoundSelect[tuple[int]]:
    day = PartialDate.of(today)
    return union(
        select(ActionUpdate.action_id).where(col(ActionUpdate.state).in_(WAITING)),
        select(ActionHold.action_id).where(col(ActionHold.until).is_(None), col(ActionHold.look_again_on) <= today),
        select(Action.id).where(col(Action.review_on) < day),
        select(Action.id).where(_IS_OPEN, col(Action.owner_id).is_(None)),
        select(Action.id).where(_IS_OPEN, col(Action.owner_id).in_(_not_reached(today))),
        select(Action.id).where(_IS_OPEN, Action.timescale_kind == TimescaleKind.CONTINUING.value, _HAS_NO_REVIEW),
        select(Action.id).where(col(Action.id).in_(silent)),
    )


def _not_reached(today: date) -> CompoundSelect[tuple[int]]:
    """Ask for the owners whom an email may not reach: posts without a holder who can be written to, leavers, others."""
    mute = or_(col(Person.email).is_(None), col(Person.opted_out))
    answering = (
        select(PostHolding.post_id)
        .join(Person, col(Person.id) == PostHolding.holder_id)
        .where(PostHolding.from_on <= today, ~mute)
        .where(or_(col(PostHolding.until_on).is_(None), col(PostHolding.until_on) > today))
    )
    return union(
        select(Person.id).where(Person.kind == "person", mute),
        select(Person.id).where(Person.kind == "person", col(Person.ended_on) <= today),
        select(Person.id).where(Person.kind == "post", col(Person.id).not_in(answering)),
    )


def of_coordinator(reader: Doer) -> Condition:
    """Give the condition under which an action is a coordinator's own: by a case of hers, or by no case at all."""
    of_it = col(ActionSource.action_id) == Action.id
    of_any = exists().where(of_it, col(ActionSource.case_id).is_not(None))
    of_hers = exists().where(of_it, col(Case.id) == ActionSource.case_id, coordinated_by(reader))
    return or_(of_hers, ~of_any)
