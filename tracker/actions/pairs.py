"""The pairs of actions that look alike, for whoever decides on them: the coordinators of the partnership."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, Integer, and_, bindparam, false, or_, true
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col, func, select

from tracker.actions.models import Action
from tracker.actions.pair_models import ActionJoin, ActionPair
from tracker.actions.queries import actions_barred, barred_actions, may_see_action
from tracker.among import among, listed
from tracker.cases.named import barred_case_ids
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.rows import Question
from workflows.action import ActionStatus

Condition = ColumnElement[bool]
Id = Mapped[int]
# Nobody reads a longer list; and counting further would cost time on the page of the plan.
MOST_COUNTED = 200


class PairRead(NamedTuple):
    """Two actions that look alike, by their references: the older one first, and how alike they are in hundredths."""

    one_id: int
    other_id: int
    one: str
    other: str
    score: int


class LooksLike(NamedTuple):
    """An action that looks like the one at hand."""

    reference: str
    title: str | None
    text: str
    score: int


def decides_in(reader: Doer | None) -> tuple[int, ...] | None:
    """Give the partnerships in which a reader decides on pairs; the operator of the machine (None) sees all."""
    return None if reader is None else tuple(reader.partnerships_as(*ROLES_FOR["merge_actions"]))


def number_of_pairs(session: Session, reader: Doer | None) -> int:
    """Count the pairs that wait for a decision; from so many on it is one more than the most that are counted."""
    asked = _asked(decides_in(reader), _bars(session, reader))
    [(number,)] = asked.number.rows(session)
    return int(number)


def waiting_pairs(
    session: Session, reader: Doer | None, most: int, offset: int = 0, partnership_id: int | None = None
) -> list[PairRead]:
    """Give pairs that wait for a decision, the likeliest first."""
    asked = _asked(decides_in(reader), _bars(session, reader), partnership_id)
    return [PairRead(*row) for row in asked.pairs.rows(session, most=most, offset=offset)]


class _Asked(NamedTuple):
    """The questions for what waits, compiled once for whoever sees the same."""

    number: Question
    pairs: Question


@lru_cache(maxsize=200)
def _asked(where: tuple[int, ...] | None, barred: int | None, partnership_id: int | None = None) -> _Asked:
    """Ask for pairs of some partnerships (None: of all), without what comes from a case that bars a person."""
    question = (
        sqlalchemy.select(
            *(col(_one.id), col(_other.id), col(_one.reference), col(_other.reference), col(ActionPair.score))
        )
        .select_from(ActionPair)
        .join(_one, col(_one.id) == ActionPair.one_id)
        .join(_other, col(_other.id) == ActionPair.other_id)
        .where(col(ActionPair.answer).is_(None))
        .where(col(_one.status) != ActionStatus.MERGED.value, col(_other.status) != ActionStatus.MERGED.value)
        .order_by(col(ActionPair.score).desc(), col(ActionPair.id))
    )
    if where is not None:
        question = question.where(col(ActionPair.partnership_id).in_(where))
    if partnership_id is not None:
        question = question.where(col(ActionPair.partnership_id) == partnership_id)
    if barred is not None:
        hidden = actions_barred(barred)
        question = question.where(col(ActionPair.one_id).not_in(hidden), col(ActionPair.other_id).not_in(hidden))
    first = question.order_by(None).limit(MOST_COUNTED + 1).subquery()
    return _Asked(Question(select(func.count()).select_from(first)), Question(question.limit(_MOST).offset(_OFFSET)))


def _bars(session: Session, reader: Doer | None) -> int | None:
    """Give who reads where a declared conflict bars her from anything: whoever has declared none is not asked about."""
    return reader.id if reader is not None and barred_case_ids(session, reader.id) else None


def looks_like(reader: Doer | None) -> Condition:
    """Give the condition that an action looks like another one, for a reader who decides on such pairs."""
    where = decides_in(reader)
    if where is not None and not where:
        return false()
    seen = may_see_action(reader)
    beside = and_(col(Action.status) != ActionStatus.MERGED.value, seen)
    like = or_(
        *(
            col(Action.id).in_(
                select(mine)
                .join(_like, col(_like.id) == theirs)
                .where(col(ActionPair.answer).is_(None), col(_like.status) != ActionStatus.MERGED.value)
                .where(true() if where is None else col(ActionPair.partnership_id).in_(where))
                .where(true() if reader is None else theirs.not_in(actions_barred(reader.id)))
            )
            for mine, theirs in _EITHER_WAY
        )
    )
    return and_(beside, like)


def likes_of(session: Session, ids: Iterable[int], reader: Doer | None) -> Mapping[int, Sequence[LooksLike]]:
    """Give what each of some actions looks like, where that is not decided; the likeliest first."""
    where = decides_in(reader)
    if where is not None and not where:
        return {}
    wanted = listed(ids)
    hidden = set() if reader is None else set(barred_actions(session, reader.id))
    found: dict[int, list[tuple[int, LooksLike]]] = {}
    for question in (_LIKE_ONE, _LIKE_OTHER):
        for mine, theirs, partnership_id, *shown in question.rows(session, ids=wanted):
            if (where is None or partnership_id in where) and not hidden & {mine, theirs}:
                found.setdefault(mine, []).append((-shown[-1], LooksLike(*shown)))
    return {mine: [like for _, like in sorted(likes)] for mine, likes in found.items()}


def joined_into(session: Session, action_id: int) -> str | None:
    """Name the action that somebody uses in place of one that was joined: the last of a chain."""
    found: str | None = None
    while rows := _KEPT.rows(session, gone=action_id):
        action_id, found = rows[0]
    return found


def joined_with(session: Session, references: str) -> list[int]:
    """Give what was joined into actions, and into those in turn; their references are given as `listed` writes them."""
    return list(whole_of(session, references))


def whole_of(session: Session, references: str) -> dict[int, int]:
    """Give the same, each by its id with that of the action in which it stands now."""
    found: dict[int, int] = dict(_GONE_INTO.rows(session, references=references))
    newest = list(found)
    while newest:
        into = {gone: found[kept] for gone, kept in _GONE.rows(session, ids=listed(newest))}
        found |= into
        newest = list(into)
    return found


def linked_with(session: Session, action_id: int) -> list[str]:
    """Give the actions with which one is linked, by their references."""
    return [reference for _, reference in sorted(_LINKED.rows(session, id=action_id))]


_MOST, _OFFSET = bindparam("most", type_=Integer), bindparam("offset", type_=Integer)
_one, _other, _like = aliased(Action), aliased(Action), aliased(Action)
_EITHER_WAY = ((col(ActionPair.one_id), col(ActionPair.other_id)), (col(ActionPair.other_id), col(ActionPair.one_id)))


def _ask_for_likes(mine: Id, theirs: Id) -> Question:
    beside = aliased(Action)
    return Question(
        sqlalchemy.select(
            *(mine, theirs, col(ActionPair.partnership_id), col(beside.reference), col(beside.title), col(beside.text)),
            col(ActionPair.score),
        )
        .select_from(ActionPair)
        .join(Action, col(Action.id) == mine)
        .join(beside, col(beside.id) == theirs)
        .where(among(mine, "ids"), col(ActionPair.answer).is_(None))
        .where(col(Action.status) != ActionStatus.MERGED.value, col(beside.status) != ActionStatus.MERGED.value)
        .order_by(col(ActionPair.id))
    )


_LIKE_ONE, _LIKE_OTHER = (_ask_for_likes(*way) for way in _EITHER_WAY)
_KEPT = Question(
    select(ActionJoin.kept_id, Action.reference)
    .join(Action, col(Action.id) == ActionJoin.kept_id)
    .where(col(ActionJoin.gone_id) == bindparam("gone"), col(ActionJoin.split_at).is_(None))
)
_GONE_INTO = Question(
    select(ActionJoin.gone_id, ActionJoin.kept_id)
    .join(Action, col(Action.id) == ActionJoin.kept_id)
    .where(among(col(Action.reference), "references"), col(ActionJoin.split_at).is_(None))
    .order_by(col(ActionJoin.id))
)
_GONE = Question(
    select(ActionJoin.gone_id, ActionJoin.kept_id)
    .where(among(col(ActionJoin.kept_id), "ids"), col(ActionJoin.split_at).is_(None))
    .order_by(col(ActionJoin.id))
)


_THIS = bindparam("id", type_=Integer)
_LINKED = Question(
    select(Action.id, Action.reference)
    .select_from(ActionPair)
    .join(
        Action,
        or_(
            and_(col(ActionPair.one_id) == _THIS, col(Action.id) == ActionPair.other_id),
            and_(col(ActionPair.other_id) == _THIS, col(Action.id) == ActionPair.one_id),
        ),
    )
    .where(col(ActionPair.answer) == "linked", or_(col(ActionPair.one_id) == _THIS, col(ActionPair.other_id) == _THIS))
)
