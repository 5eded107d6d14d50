"""Messages looked for: all that fit, or the newest of them, of which no more is read than is asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, String, and_, case, cast, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from notifications.delivered import WITHOUT_END, moments_of
from notifications.outbox import Message, MessageState, is_about


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages are looked for: those that fit all that is given.

    `about` may be one of several, and capitals make no difference to it; `to` is a name or an address. `people`: each
    gives the ids of people, and the message is to one of each. `also`: what else has to be true of it.
    """

    id: int | None = None
    kind: str | None = None
    about: str | None = None
    state: str | None = None
    to: str | None = None
    person_id: int | None = None
    people: Sequence[SelectOfScalar[int]] = ()
    also: Sequence[ColumnElement[bool]] = ()


class Brief(NamedTuple):
    """A message in short: to whom it is, and all that tells what it is about."""

    id: int
    person_id: int
    about: str
    facts: str


_BRIEF = (col(Message.id), col(Message.person_id), col(Message.about), col(Message.facts))


class FirstReference(FunctionElement[str]):
    """The first of the references that a message is about."""

    type = String()
    inherit_cache = True

    def __init__(self) -> None:
        super().__init__(col(Message.about))


@compiles(FirstReference, "sqlite")
def _on_sqlite(first: FirstReference, compiler: SQLCompiler, **given: Any) -> str:
    about = compiler.process(first.clauses, **given)
    return f"substr({about}, 1, instr({about} || ', ', ', ') - 1)"


@compiles(FirstReference, "postgresql")
def _on_postgresql(first: FirstReference, compiler: SQLCompiler, **given: Any) -> str:
    return f"split_part({compiler.process(first.clauses, **given)}, ', ', 1)"


def all_in_order(session: Session, wanted: Wanted) -> list[Message]:
    """Give the messages that fit, in the order in which they are due."""
    return list(session.exec(select(Message).where(*_fits(wanted)).order_by(col(Message.due_at), col(Message.id))))


def newest(
    session: Session, wanted: Wanted, most: int, *, before: int | None = None, after: int | None = None
) -> list[Brief]:
    """Give so many of the messages that fit, the last planned first: of all, or of those planned before one.

    `after`: give those planned after one instead, the nearest first.
    """
    question = select(*_BRIEF).where(*_fits(wanted))
    if after is not None:
        question = question.where(col(Message.id) > after).order_by(col(Message.id))
    else:
        question = question.order_by(col(Message.id).desc())
        question = question if before is None else question.where(col(Message.id) < before)
    return [Brief(*row) for row in session.exec(question.limit(most))]


def with_ids(session: Session, ids: Sequence[int]) -> list[Message]:
    """Give some messages whole, in the order in which they are named."""
    found = {one.id: one for one in session.exec(select(Message).where(col(Message.id).in_(ids)))} if ids else {}
    return [found[number] for number in ids if number in found]


@dataclass(frozen=True, slots=True)
class Unsettled:
    """Messages that nobody has seen to, the oldest first.

    Of those in doubt nobody knows whether they went, the others could not go, and of the silent ones the mail service
    never said what became of them.
    """

    in_doubt: Sequence[Brief]
    not_gone: Sequence[Brief]
    silent: Sequence[Brief]


def unsettled(session: Session, people: Sequence[SelectOfScalar[int]], now: datetime) -> Unsettled:
    """Give the messages to people that somebody has to see to, in one question, or two where there are any."""
    moments, found = moments_of(now), dict[str, list[Brief]]()
    # On most days there is none for anybody: that is known sooner than who they are to.
    if session.execute(_ANY_UNSETTLED, moments).first() is not None:
        question = _UNSETTLED.where(*_fits(Wanted(people=people))).order_by(_SINCE, col(Message.id))
        for state, *brief in session.execute(question, moments):
            found.setdefault(state, []).append(Brief(*brief))
    kinds = (MessageState.UNCERTAIN, MessageState.FAILED, MessageState.SENT)
    return Unsettled(*(found.get(kind.value, []) for kind in kinds))


_IS_UNCERTAIN = col(Message.state) == MessageState.UNCERTAIN.value
_IS_FAILED = col(Message.state) == MessageState.FAILED.value
_IS_UNSETTLED = or_(_IS_UNCERTAIN, and_(or_(_IS_FAILED, WITHOUT_END), col(Message.settled_at).is_(None)))
_ANY_UNSETTLED = select(Message.id).where(_IS_UNSETTLED).limit(1)
_UNSETTLED = sqlalchemy.select(col(Message.state), *_BRIEF).where(_IS_UNSETTLED)
# The oldest stand first.
_SINCE = case(
    (_IS_UNCERTAIN, col(Message.doubtful_since)), (_IS_FAILED, col(Message.due_at)), else_=col(Message.sent_at)
)


def _fits(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.id is not None:
        yield col(Message.id) == wanted.id
    if wanted.person_id is not None:
        yield col(Message.person_id) == wanted.person_id
    if wanted.about is not None:
        yield is_about(wanted.about)
    if wanted.kind is not None:
        yield _not_by_index(col(Message.kind)) == wanted.kind
    if wanted.state is not None:
        yield _not_by_index(col(Message.state)) == wanted.state
    if wanted.to is not None:
        yield or_(col(Message.to_address) == wanted.to, col(Message.to_name) == wanted.to)
    for people in wanted.people:
        yield _not_by_index(col(Message.person_id)).in_(people)
    yield from wanted.also


def _not_by_index(column: Any) -> ColumnElement[Any]:  # a column of any type
    """Give a column so that no index is used for it: nearly every message may fit, and the newest are read first."""
    return cast(column, column.type)
