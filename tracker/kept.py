"""What is asked of the records again and again and only deeds change: kept in memory until the history has a new line.

Every deed and everything that is loaded ends with a line of the history, in the same transaction. So what was found
at one number of the newest line holds for every reader who sees that number, on whatever machine.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, text
from sqlmodel import Session

from tracker.rows import Question
from tracker.statements import engine_of

Found = TypeVar("Found")

_MOST = 5000
_UNASKED: Any = object()
_NEWEST = Question(text("SELECT seq FROM history_head WHERE id = 1"))


@dataclass(slots=True)
class _Shelf:
    newest: int
    found: dict[Hashable, Any] = field(default_factory=dict)  # whatever was asked for, each under its own key


_shelves: WeakKeyDictionary[Engine, _Shelf] = WeakKeyDictionary()


def kept(
    session: Session, key: Hashable, ask: Callable[[], Found], worth: Callable[[Found], bool] = lambda _: True
) -> Found:
    """Give what `ask` gives, from memory where nothing was done since it was asked for the last time.

    The key names everything that the answer depends on besides the records, the day among it. Nobody may change what
    is given. Rights are never kept: who sees what is asked each time. In a unit of work, whose own changes are no line
    of the history yet, everything is asked anew, unless it says that it changes nothing of the kind. What is not
    `worth` it is asked each time.
    """
    if not session.info.get("uses_kept"):
        return ask()
    shelf = session.info.get("shelf") or _shelf(session)
    answer: Found = shelf.found.get(key, _UNASKED)
    if answer is _UNASKED:
        answer = ask()
        if worth(answer):
            if len(shelf.found) >= _MOST:
                shelf.found.clear()
            shelf.found[key] = answer
    return answer


def once(session: Session, key: Hashable, ask: Callable[[], Found]) -> Found:
    """Give what `ask` gives, asked once in a session that sees one state of the records to its end."""
    if not session.info.get("uses_kept"):
        return ask()
    known: dict[Hashable, Any] = session.info.setdefault("known", {})
    answer: Found = known.get(key, _UNASKED)
    if answer is _UNASKED:
        answer = known[key] = ask()
    return answer


def once_each(
    session: Session, kind: Hashable, numbers: Iterable[int], ask: Callable[[list[int]], Mapping[int, Found]]
) -> dict[int, Found]:
    """Give what `ask` gives for each of some numbers, those together that were not asked for before; as `once` does.

    Whoever knows early of whom it will be asked one by one asks for them together, and nothing is asked again: each
    answer is kept under its kind and number, where `once` finds it too.
    """
    if not session.info.get("uses_kept"):
        return dict(ask(list(numbers)))
    known: dict[Hashable, Any] = session.info.setdefault("known", {})
    wanted = list(dict.fromkeys(numbers))
    if unknown := [number for number in wanted if (kind, number) not in known]:
        found = ask(unknown)
        known.update(((kind, number), found.get(number)) for number in unknown)
    return {number: answer for number in wanted if (answer := known[kind, number]) is not None}


def answered(session: Session, kind: Hashable, number: int, answer: object) -> None:
    """Let what a unit of work has just written be what it is answered from now on, where it asks with `once_each`."""
    if session.info.get("uses_kept"):
        session.info.setdefault("known", {})[kind, number] = answer


def newest_line(session: Session) -> int:
    """Give the number of the newest line of the history that a session sees."""
    return once(session, "newest line", lambda: _newest_line(session))


def _newest_line(session: Session) -> int:
    found = _NEWEST.rows(session)
    return int(found[0][0]) if found else 0


def _shelf(session: Session) -> _Shelf:
    """Give the shelf of the state that a session sees; an older one is left to those who still read that state."""
    newest, engine = newest_line(session), engine_of(session)
    shelf = _shelves.get(engine)
    if shelf is None or shelf.newest != newest:
        shelf = _Shelf(newest)
        _shelves[engine] = shelf
    session.info["shelf"] = shelf
    return shelf
