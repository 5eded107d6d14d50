"""Reading the facts of a deed from the command line: JSON, @FILE, or - for standard input."""

import json
import sys
from pathlib import Path
from typing import Any

from tracker.errors import FactsWrong

LARGEST = 1_000_000


def read_facts_option(written: str) -> dict[str, Any]:
    """Read what `--facts` gives; raises `FactsWrong` with a sentence for everything that is no JSON object."""
    if written == "-":
        text = _decoded(sys.stdin.buffer.read(LARGEST + 1), "Standard input")
    elif written.startswith("@"):
        text = _decoded(_read_file(written[1:]), written[1:])
    else:
        text = _decoded(written.encode(), "What --facts gives")
    return _parsed(text)


def _read_file(name: str) -> bytes:
    try:
        with Path(name).open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as fault:
        why = fault.strerror if isinstance(fault, OSError) and fault.strerror else "no such file"
        raise FactsWrong(f"The file {name!r} with the facts cannot be read: {why}.") from None


def _decoded(content: bytes, where: str) -> str:
    if len(content) > LARGEST:
        raise FactsWrong("The facts are larger than 1 MB. Give less text.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FactsWrong(f"{where} is not UTF-8 text. Save the facts as UTF-8.") from None


def _parsed(text: str) -> dict[str, Any]:
    try:
        facts = json.loads(text, parse_constant=_no_number, object_pairs_hook=_each_once)
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


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = next((name for name in names if names.count(name) > 1), None) if len(set(names)) < len(names) else None
    if twice is not None:
        raise ValueError(f"{twice!r} stands there twice.")
    return dict(pairs)
