"""Looks for the actions of a partnership's plan that say the same as another, and keeps the pairs for people."""

from collections.abc import Collection, Iterable, Sequence
from zlib import crc32

import sqlalchemy
from sqlalchemy import Integer, String, bindparam, delete, insert, or_, text
from sqlmodel import Session, col, func, select

from tracker.actions import field_words
from tracker.actions.likeness import (
    LEAST_RARE,
    Alike,
    Weights,
    how_alike,
    most_texts,
    near,
)
from tracker.actions.likeness import MOST_OF_ONE as MOST
from tracker.actions.models import Action
from tracker.actions.pair_models import ActionPair, ActionWord
from tracker.among import among, listed
from tracker.rows import Question, change, write
from workflows.action import ActionStatus

# What a word stands for decides its number: with other words of the field all actions are read anew.
_READ_UP_TO = f"look-alikes {field_words.VERSION}"
_AT_ONCE = 2000


def note_alike(session: Session, action: Action) -> None:
    """Keep the pairs of an action that is new, or whose words were changed; one that is decided on stays decided."""
    read_words(session)
    _store(session, action.partnership_id, action.id, alike_to(session, action.partnership_id, action.text, action.id))


def words_changed(session: Session, action: Action) -> None:
    """Read the words of an action anew, and look again for what is like it."""
    read_words(session)
    session.connection().execute(delete(ActionWord).where(col(ActionWord.action_id) == action.id))
    _write_words(session, [(action.id, action.partnership_id, action.text)])
    _store(session, action.partnership_id, action.id, alike_to(session, action.partnership_id, action.text, action.id))


def read_words(session: Session) -> None:
    """Read the words of every action that was made since the last time, by whatever way it came."""
    [(before,)] = _LOCK.rows(session, name=_READ_UP_TO)
    if before == 0:
        session.connection().execute(delete(ActionWord))
    newest = before
    while rows := _NEW.rows(session, after=newest, most=_AT_ONCE):
        _write_words(session, rows)
        newest = rows[-1][0]
    if newest != before:
        _SET.rows(session, name=_READ_UP_TO, value=newest)


def _write_words(session: Session, rows: Iterable[Sequence[int | str]]) -> None:
    words = [
        {"partnership_id": partnership_id, "word": number, "action_id": action_id}
        for action_id, partnership_id, said in rows
        for number in {*_numbers(str(said)).values(), _whole(str(said))}
    ]
    if words:
        session.connection().execute(insert(ActionWord), words)


def _numbers(said: str) -> dict[str, int]:
    """Give the words of a text with their numbers."""
    return {word: _number(word) for word in field_words.meanings(said)}


def _whole(said: str) -> int:
    """Give the number of all words of a text together: those that say the very same have the same."""
    return _number(" ".join(sorted(field_words.meanings(said))))


def _number(word: str) -> int:
    return crc32(word.encode()) & 0x7FFFFFFF


def alike_to(session: Session, partnership_id: int, said: str, but: int | None = None) -> dict[int, float]:
    """Give the actions of a plan that likely say the same as a text, by their ids, with how alike they are.

    One action may be left out: the one that says it.
    """
    words = _numbers(said)
    whole = _whole(said)
    where = {"partnership": partnership_id}
    counts = dict(_COUNTS.rows(session, **where, words=listed({*words.values(), whole})))
    [(texts,)] = _TEXTS.rows(session, **where)
    weights = Weights(texts, {word: counts.get(number, 0) for word, number in words.items()})
    weight_of = {number: weights.of(word) for word, number in words.items()}
    rare = {number for number in weight_of if counts.get(number, 0) <= most_texts(texts)}
    weight_of[whole] = LEAST_RARE
    lists: dict[int, list[int]] = {}
    asked = listed(rare | ({whole} if counts.get(whole, 0) <= most_texts(texts) else set()))
    for number, action_id in _WITH_WORDS.rows(session, **where, words=asked):
        lists.setdefault(number, []).append(action_id)
    candidates = near([(weight_of[number], ids) for number, ids in lists.items()], ())
    scored = {
        action_id: score
        for action_id, other in _SAID.rows(session, ids=listed(number for number in candidates if number != but))
        if (score := how_alike(said, other, weights))
    }
    return dict(sorted(scored.items(), key=lambda one: -one[1])[:MOST])


def _store(session: Session, partnership_id: int, action_id: int, found: dict[int, float]) -> None:
    known = session.exec(
        select(ActionPair).where(or_(col(ActionPair.one_id) == action_id, col(ActionPair.other_id) == action_id))
    ).all()
    for pair in known:
        score = found.pop(pair.other_id if pair.one_id == action_id else pair.one_id, 0.0)
        if pair.answer is not None:
            continue
        if score:
            pair.score = round(100 * score)
            session.add(pair)
        else:
            session.delete(pair)
    for other_id, score in found.items():
        one, other = sorted((action_id, other_id))
        row = ActionPair(partnership_id=partnership_id, one_id=one, other_id=other, score=round(100 * score))
        write(session, row)


def texts_of_plan(session: Session, partnership_id: int) -> dict[str, str]:
    """Give what the actions of a plan say, by their ids in words; those that were joined with another apart."""
    return {str(number): said for number, said in _PLAN.rows(session, partnership=partnership_id)}


def keep_pairs(session: Session, partnership_id: int, found: Sequence[Alike], new: Collection[str] | None) -> int:
    """Keep what a comparison found, and give how many of it nobody has decided on.

    Pairs that are alike no more and that nobody decided on are taken away.
    """
    read_words(session)
    wanted = {_in_order(pair): round(100 * pair.score) for pair in found}
    known = {
        (pair_one, pair_other): (number, answer, score)
        for number, pair_one, pair_other, answer, score in (_PAIRS.rows(session, partnership=partnership_id))
    }
    gone = [
        number
        for ids, (number, answer, _) in known.items()
        if answer is None and ids not in wanted and (new is None or not {str(one) for one in ids}.isdisjoint(new))
    ]
    for first in range(0, len(gone), _AT_ONCE):
        session.connection().execute(delete(ActionPair).where(col(ActionPair.id).in_(gone[first : first + _AT_ONCE])))
    for (one, other), score in wanted.items():
        number, _, before = known.get((one, other), (0, None, 0))
        if not number:
            write(session, ActionPair(partnership_id=partnership_id, one_id=one, other_id=other, score=score))
        elif before != score:
            change(session, ActionPair(id=number, partnership_id=0, one_id=0, other_id=0, score=score), "score")
    return sum(known.get(ids, (0, None, 0))[1] is None for ids in wanted)


def _in_order(pair: Alike) -> tuple[int, int]:
    one, other = int(pair.one), int(pair.other)
    return (one, other) if one < other else (other, one)


_PARTNERSHIP = bindparam("partnership", type_=Integer)
# Reading the number also locks it: two deeds at once never read the same actions.
_LOCK = Question(
    text(
        "INSERT INTO counter (name, value) VALUES (:name, 0) "
        "ON CONFLICT (name) DO UPDATE SET value = counter.value RETURNING value"
    ).bindparams(bindparam("name", type_=String))
)
_SET = Question(text("UPDATE counter SET value = :value WHERE name = :name RETURNING value"))
_NEW = Question(
    select(Action.id, Action.partnership_id, Action.text)
    .where(col(Action.id) > bindparam("after", type_=Integer))
    .order_by(col(Action.id))
    .limit(bindparam("most", type_=Integer))
)
_HERE = (col(ActionWord.partnership_id) == _PARTNERSHIP, among(col(ActionWord.word), "words"))
_COUNTS = Question(select(ActionWord.word, func.count()).where(*_HERE).group_by(col(ActionWord.word)))
_WITH_WORDS = Question(select(ActionWord.word, ActionWord.action_id).where(*_HERE))
_TEXTS = Question(select(func.count()).select_from(Action).where(col(Action.partnership_id) == _PARTNERSHIP))
_NOT_JOINED = col(Action.status) != ActionStatus.MERGED.value
_SAID = Question(select(Action.id, Action.text).where(among(col(Action.id), "ids"), _NOT_JOINED))
_PLAN = Question(
    select(Action.id, Action.text)
    .where(col(Action.partnership_id) == _PARTNERSHIP, _NOT_JOINED)
    .order_by(col(Action.id))
)
_KNOWN = (ActionPair.id, ActionPair.one_id, ActionPair.other_id, ActionPair.answer, ActionPair.score)
_PAIRS = Question(sqlalchemy.select(*map(col, _KNOWN)).where(col(ActionPair.partnership_id) == _PARTNERSHIP))
