"""Reads the tables of a definition's TOML file one value at a time, and knows the line of each for a complaint."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, TypeVar

Word = TypeVar("Word", bound=StrEnum)

_HEADER = re.compile(r"^\s*\[{1,2}\s*([a-z_]+)\s*\]{1,2}\s*(#.*)?$")
_TOP = "the top of the file"


class DefinitionWrong(Exception):
    """A definition that cannot be used; the sentence names the file, the line and what is wrong."""


class Row:
    """One table of a definition file; every value is read with the type it must have."""

    def __init__(self, file: str, kind: str, values: Mapping[str, Any], lines: Mapping[str, int], line: int) -> None:
        """Take the values as TOML gives them; they have no type before they are read here."""
        self._file = file
        self._kind = kind
        self._values = values
        self._lines = lines
        self.line = line

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def wrong(self, why: str, key: str = "") -> DefinitionWrong:
        """Give the complaint about a value of this table, with file and line."""
        return DefinitionWrong(f"{self._file}, line {self._lines.get(key, self.line)}: {why}.")

    def only(self, keys: str) -> "Row":
        """Refuse a key that means nothing here, because a misspelt one would be passed over in silence."""
        allowed = keys.split()
        for key in self._values:
            if key not in allowed:
                raise self.wrong(f"{self._kind} knows no `{key}` (it knows: {', '.join(allowed)})", key)
        return self

    def text(self, key: str, default: str | None = None) -> str:
        """Give a text; one without a default has to be there."""
        found = self._values.get(key, default)
        if not isinstance(found, str) or not found:
            raise self.wrong(f"{self._kind} needs `{key}`, a text", key)
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Give a list of texts; a single one stands for a list of one."""
        found = self._values.get(key, [])
        listed = [found] if isinstance(found, str) else found
        if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
            raise self.wrong(f"`{key}` of {self._kind} is a list of texts", key)
        return tuple(listed)

    def whole(self, key: str, default: int | None = None) -> int:
        """Give a whole number from 0 up; one without a default has to be there."""
        found = self._values.get(key, default)
        if isinstance(found, bool) or not isinstance(found, int) or found < 0:
            raise self.wrong(f"{self._kind} needs `{key}`, a whole number", key)
        return found

    def is_true(self, key: str) -> bool:
        """Give true or false; what is not said is false."""
        found = self._values.get(key, False)
        if not isinstance(found, bool):
            raise self.wrong(f"`{key}` of {self._kind} is true or false", key)
        return found

    def word(self, words: type[Word], key: str, what: str, default: str | None = None) -> Word:
        """Give a word of the vocabulary; the complaint names all that there are."""
        return self.as_word(words, self._values.get(key, default), key, what)

    def as_word(self, words: type[Word], text: object, key: str, what: str) -> Word:
        """Read a text that stands under a key as a word of the vocabulary."""
        if not isinstance(text, str):
            raise self.wrong(f"{self._kind} needs `{key}`, one of: {', '.join(words)}", key)
        try:
            return words(text)
        except ValueError:
            raise self.wrong(f"there is no {what} {text!r} (there are: {', '.join(words)})", key) from None


class DefinitionFile:
    """A definition's file: its top, its single tables and its rows, each with its line."""

    def __init__(self, text: str, name: str) -> None:
        """Read the text as TOML; raises `DefinitionWrong` where it is none."""
        self.name = name
        try:
            self._toml: dict[str, Any] = tomllib.loads(text)  # typed value by value in Row
        except tomllib.TOMLDecodeError as wrong:
            raise DefinitionWrong(f"{name}: this is not TOML: {wrong}.") from None
        self._places = _places(text)

    def top(self) -> Row:
        """Give what stands above the first table."""
        lines = self._places.get("", [(1, {})])[0][1]
        return Row(self.name, _TOP, self._toml, lines, 1)

    def table(self, kind: str) -> Row:
        """Give a table that stands once; a missing one is empty."""
        found = self._toml.get(kind, {})
        if not isinstance(found, dict):
            raise self.top().wrong(f"[{kind}] is one table")
        line, lines = self._places.get(kind, [(1, {})])[0]
        return Row(self.name, f"[{kind}]", found, lines, line)

    def first_values(self) -> Mapping[str, object]:
        """Give the first values of settings, as they stand; whoever keeps settings reads each of them."""
        self.table("settings")
        return dict(self._toml.get("settings", {}))

    def rows(self, kind: str) -> Iterator[Row]:
        """Give the tables that stand many times, in their order."""
        found = self._toml.get(kind, [])
        if not isinstance(found, list) or not all(isinstance(values, dict) for values in found):
            raise self.top().wrong(f"[[{kind}]] is a list of tables")
        places = self._places.get(kind, [])
        for number, values in enumerate(found):
            line, lines = places[number] if number < len(places) else (1, {})
            yield Row(self.name, f"[[{kind}]]", values, lines, line)


def _places(text: str) -> dict[str, list[tuple[int, dict[str, int]]]]:
    """Give the line of each table, and in it the line of each key."""
    current: dict[str, int] = {}
    places: dict[str, list[tuple[int, dict[str, int]]]] = {"": [(1, current)]}
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            current = {}
            places.setdefault(header[1], []).append((number, current))
        elif key := re.match(r"\s*([a-z_]+)\s*=", line):
            current.setdefault(key[1], number)
    return places
