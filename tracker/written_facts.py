"""Reading facts that are written as JSON, strictly: what two readers could take for two things is refused."""

import json
from collections.abc import Iterable
from typing import Any

from tracker.errors import FactsWrong

LARGEST = 1_000_000

# No deed takes facts nested deeper than five times; what is nested far deeper no program can walk.
_DEEPEST = 20
_LONGEST_NUMBER = 100


def too_large(most: int) -> str:
    """Say that facts have more than so many bytes."""
    return f"The facts are larger than {most // 1_000_000} MB. Give less text."


def read_written_facts(content: bytes, where: str, most: int = LARGEST) -> dict[str, Any]:
    """Read the facts of a deed from bytes; raises `FactsWrong` with a sentence for all that is no JSON object.

    `most`: so many bytes at most, which are more for a deed to which files are given.
    """
    if len(content) > most:
        raise FactsWrong(too_large(most))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FactsWrong(f"{where} is not UTF-8 text. Save the facts as UTF-8.") from None
    return _parsed(text)


def _parsed(text: str) -> dict[str, Any]:
    try:
        facts = json.loads(text, parse_constant=_no_number, parse_int=_number, object_pairs_hook=_each_once)
        _must_be_shallow(facts)
    except json.JSONDecodeError as wrong:
        place = f"line {wrong.lineno}, column {wrong.colno}"
        raise FactsWrong(
            f'The facts are not JSON ({place}: {wrong.msg}). Write them like {{"on": "2021-01-29"}}.'
        ) from None
    except RecursionError:
        raise FactsWrong("The facts are not JSON that can be read: they are nested too deeply.") from None
    except ValueError as wrong:
        raise FactsWrong(f"The facts are not JSON that can be read: {wrong}") from None
    if not isinstance(facts, dict):
        raise FactsWrong('The facts are one JSON object. Write them like {"on": "2021-01-29"}.')
    return facts


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number.")


def _number(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"a number in them has more than {_LONGEST_NUMBER} digits.")
    return int(digits)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise ValueError(f"{twice!r} stands there twice.")
    return dict(pairs)


def _must_be_shallow(facts: Any) -> None:  # whatever JSON can hold
    parts = [facts]
    for _ in range(_DEEPEST):
        parts = [inner for part in parts for inner in _inside(part)]
    if parts:
        raise RecursionError


def _inside(part: Any) -> Iterable[Any]:  # whatever JSON can hold
    if isinstance(part, dict):
        return part.values()
    return part if isinstance(part, list) else ()
