"""Which of all actions may wait for a coordinator: found by their indexes, so that no other is read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import ColumnElement, CompoundSelect, Date, and_, bindparam, exists, false, func, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.models import Action, ActionHold, ActionSource, ActionUpdate
from tracker.actions.queries import WAITING, Condition, sight_of
from tracker.among import among, listed
from tracker.cases.queries import is_of_others, others_coordinate
from tracker.database import PartialDateText
from tracker.people.doer import Doer
from tracker.people.models import Person, PostHolding
from tracker.rows import Question
from workflows.action import TimescaleKind
from workflows.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Share:
    """Which actions one coordinator is asked about: those of partnerships that she sees, her own or `everybody`'s.

    `is_barred` says that she has declared a conflict. The operator of the machine (None) sees everybody's.
    """

    reader: Doer | None
    partnerships: tuple[int, ...]
    everybody: bool
    is_barred: bool

    @property
    def conditions(self) -> Sequence[Condition]:
        """Give the conditions under which an action is among them."""
        # Reckoned, so that no question is answered along the index of all that a partnership has.
        here = (col(Action.partnership_id) + 0).in_(self.partnerships)
        if self.reader is None:
            return [here]
        hers = [] if self.everybody else [of_coordinator(self.reader)]
        return [*sight_of(self.reader, is_barred=self.is_barred), here, *hers]


def share_of(session: Session, reader: Doer, partnerships: Sequence[int], *, everybody: bool, is_barred: bool) -> Share:
    """Give the share of a coordinator in the actions of the partnerships in which she is one."""
    # Where nobody else coordinates a case, all of them are hers: no action has to be asked for its cases.
    is_whole = everybody or not others_coordinate(session, reader)
    return Share(reader, tuple(partnerships), is_whole, is_barred)


def wanting_ids(session: Session, today: date, silent: Sequence[int], conditions: Sequence[Condition]) -> Sequence[int]:
    """Give the ids of the actions that may wait for a coordinator: more than do, never fewer.

    Those whose update waits; whose hold or review is to be looked at, whom nobody answers for or no email reaches, that
    go on without a date; and the `silent` ones.
    """
    questions = [_those_in(_UPDATE_WAITS, conditions), *_asking(conditions)]
    return _ids(session, [Question(question) for question in questions], today, silent)


def first_wanting(session: Session, share: Share, today: date, silent: Sequence[int], most: int) -> Sequence[int]:
    """Give the ids of the same in a coordinator's share, so many of each kind at `most`, without the updates."""
    return _ids(session, _first(share, most), today, silent)


def _ids(session: Session, questions: Sequence[Question], today: date, silent: Sequence[int]) -> Sequence[int]:
    values = {"today": today, "day": PartialDate.of(today), "silent": listed(silent)}
    return sorted({number for question in questions for (number,) in question.rows(session, **values)})


# Putting the questions together takes longer than asking them: the same reader asks them again and again.
@lru_cache(maxsize=200)
def _first(share: Share, most: int) -> Sequence[Question]:
    return [Question(asked.limit(most)) for asked in _asking(share.conditions)]


_UPDATE_WAITS = select(ActionUpdate.action_id).where(col(ActionUpdate.state).in_(WAITING))
_TODAY: ColumnElement[date] = bindparam("today", type_=Date)
_DAY: ColumnElement[PartialDate] = bindparam("day", type_=PartialDateText)


def _asking(conditions: Sequence[Condition]) -> Iterator[SelectOfScalar[int]]:
    """Give one question for each reason, each answered by an index of its own."""
    this = aliased(Action)
    is_open = col(this.open_by) > ""
    # Among the few that ask outside the open ones are looked for by themselves, not along the index of all open ones.
    is_outside = and_(col(this.outside_body) > "", col(this.open_by).is_not(None))
    for those in (
        select(ActionHold.action_id).where(col(ActionHold.until).is_(None), col(ActionHold.look_again_on) <= _TODAY),
        select(this.id).where(col(this.review_on) <= _DAY),
        select(this.id).where(is_open, col(this.owner_id).is_(None), col(this.outside_body).is_(None)),
        select(this.id).where(is_outside, or_(col(this.asked_on).is_(None), col(this.answered_on).is_not(None))),
        select(this.id).where(is_open, col(this.owner_id).in_(_not_reached())),
        select(this.id).where(among(col(this.id), "silent")),
    ):
        yield _those_in(those, conditions)
    # The index of these has them in their order: whoever wants the first few reads no more.
    goes_on = and_(col(Action.timescale_kind) == TimescaleKind.CONTINUING.value, col(Action.review_on).is_(None))
    yield select(Action.id).where(goes_on, col(Action.open_by) > "", *conditions).order_by(col(Action.id))


def _those_in(those: SelectOfScalar[int], conditions: Sequence[Condition]) -> SelectOfScalar[int]:
    return select(Action.id).where(col(Action.id).in_(those), *conditions).order_by(col(Action.id))


def has_refused() -> ColumnElement[bool]:
    """Give the condition under which the address that somebody has refused an email for good."""
    # Never unknown, so that it can be turned round.
    return func.coalesce(col(Person.refused_email) == col(Person.email), false())


def _not_reached() -> CompoundSelect[tuple[int]]:
    """Ask for the owners whom an email may not reach: posts without a holder who can be written to, leavers, others."""
    mute = or_(col(Person.email).is_(None), col(Person.opted_out), has_refused())
    answering = (
        select(PostHolding.post_id)
        .join(Person, col(Person.id) == PostHolding.holder_id)
        .where(PostHolding.from_on <= _TODAY, ~mute)
        .where(or_(col(PostHolding.until_on).is_(None), col(PostHolding.until_on) > _TODAY))
    )
    return union(
        select(Person.id).where(Person.kind == "person", mute),
        select(Person.id).where(Person.kind == "person", col(Person.ended_on) <= _TODAY),
        select(Person.id).where(Person.kind == "post", col(Person.id).not_in(answering)),
    )


def of_coordinator(reader: Doer) -> Condition:
    """Give the condition under which an action is a coordinator's own: by a case of hers, or by no case at all."""
    of_it = col(ActionSource.action_id) == Action.id
    of_case = (of_it, col(ActionSource.case_id).is_not(None))
    of_hers = exists().where(*of_case, ~is_of_others(col(ActionSource.case_id), reader))
    return or_(of_hers, ~exists().where(*of_case))
