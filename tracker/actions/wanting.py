"""Which of all actions may wait for a coordinator: found by their indexes, so that no other is read."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import CompoundSelect, String, exists, type_coerce, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.models import Action, ActionHold, ActionSource, ActionUpdate
from tracker.actions.queries import WAITING, Condition
from tracker.cases.models import Case
from tracker.cases.queries import coordinated_by
from tracker.people.doer import Doer
from tracker.people.models import Person, PostHolding
from workflows.action import TimescaleKind
from workflows.dates import PartialDate


def wanting_ids(
    session: Session,
    today: date,
    silent: Sequence[int],
    conditions: Sequence[Condition],
    *,
    updates: bool = True,
    most: int | None = None,
) -> Sequence[int]:
    """Give the ids of the actions that may wait for a coordinator: more than do, never fewer.

    Those whose update waits, unless `updates` are left out; whose hold or review is to be looked at, whom nobody
    answers for or no email reaches, that go on without a date; and the `silent` ones. Of each so many at `most`.
    """
    asking = [*([_UPDATE_WAITS] if updates else []), *_asking(today, silent)]
    found = [select(Action.id).where(col(Action.id).in_(one), *conditions).limit(most) for one in asking]
    return sorted({number for question in found for number in session.exec(question)})


_UPDATE_WAITS = select(ActionUpdate.action_id).where(col(ActionUpdate.state).in_(WAITING))


def _asking(today: date, silent: Sequence[int]) -> Sequence[SelectOfScalar[int]]:
    """Give one question for each reason, each answered by an index of its own."""
    this = aliased(Action)
    is_open = col(this.open_by) > ""
    # Written so that it is asked of the open actions, and not looked for by its own index: nearly every one has none.
    has_no_review = func.coalesce(type_coerce(col(this.review_on), String), "") == ""
    return (
        select(ActionHold.action_id).where(col(ActionHold.until).is_(None), col(ActionHold.look_again_on) <= today),
        select(this.id).where(col(this.review_on) < PartialDate.of(today)),
        select(this.id).where(is_open, col(this.owner_id).is_(None)),
        select(this.id).where(is_open, col(this.owner_id).in_(_not_reached(today))),
        select(this.id).where(is_open, col(this.timescale_kind) == TimescaleKind.CONTINUING.value, has_no_review),
        *([select(this.id).where(col(this.id).in_(silent))] if silent else []),
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
