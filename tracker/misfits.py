"""What does not fit a form, in sentences that say what to do; the words of the validator itself are for programmers."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

Context = Mapping[str, Any]

_OF_ITS_OWN = re.compile(r"\[|^(str|int|bool|float|constrained-str|([A-Z][a-z]+)+)$")


def sentences(wrong: ValidationError) -> list[str]:
    """Give one sentence for each fact that does not fit, beginning with its name: `on: it is missing, give it.`"""
    return list(dict.fromkeys(_sentence(dict(error)) for error in wrong.errors(include_input=False, include_url=False)))


def by_place(wrong: ValidationError) -> dict[str, str]:
    """Give what is wrong with each fact, by its name (`answers.0.text`), in words that begin small: `it is missing`."""
    found: dict[str, str] = {}
    for error in wrong.errors(include_input=False, include_url=False):
        found.setdefault(_place(dict(error)), _words(dict(error)))
    return found


def _sentence(error: Mapping[str, Any]) -> str:
    return f"{_place(error)}: {_words(error)}."


def _place(error: Mapping[str, Any]) -> str:
    # Where one of several forms would do, the validator adds names of its own to the place.
    parts = [str(part) for part in error["loc"] if not _OF_ITS_OWN.search(str(part))]
    return ".".join(parts) or "facts"


def _words(error: Mapping[str, Any]) -> str:
    said = _SAID.get(error["type"])
    if said is not None:
        return said(error.get("ctx", {}))
    return str(error["msg"]).removeprefix("Value error, ").rstrip(".")


def _too_long(context: Context) -> str:
    return f"it must be {context['max_length']:,} characters or fewer"


def _at_least(context: Context) -> str:
    return f"it must be {context.get('ge', context.get('gt'))} or more"


_SAID: Mapping[str, Callable[[Context], str]] = {
    "missing": lambda _: "it is missing, give it",
    "extra_forbidden": lambda _: "there is no such fact here, leave it out",
    "string_type": lambda _: "write it as text",
    "string_unicode": lambda _: "it holds a character that cannot be kept, type it anew",
    "string_too_short": lambda _: "it is empty, write at least one word",
    "string_too_long": _too_long,
    "string_pattern_mismatch": lambda _: "it is not written as it has to be",
    "literal_error": lambda context: f"choose {context['expected']}",
    "enum": lambda context: f"choose {context['expected']}",
    "list_type": lambda _: "write a list, in square brackets",
    "tuple_type": lambda _: "write a list, in square brackets",
    "dict_type": lambda _: "write its parts by name, in curly brackets",
    "model_type": lambda _: "write its parts by name, in curly brackets",
    "model_attributes_type": lambda _: "write its parts by name, in curly brackets",
    "bool_type": lambda _: "write true or false",
    "bool_parsing": lambda _: "write true or false",
    "int_type": lambda _: "write a whole number",
    "int_parsing": lambda _: "write a whole number",
    "int_from_float": lambda _: "write a whole number",
    "int_parsing_size": lambda _: "the number is too large",
    "greater_than_equal": _at_least,
    "less_than_equal": lambda context: f"it must be {context['le']} or less",
    "time_parsing": lambda _: "write the hour like 10:00",
    "too_long": lambda context: f"give {context['max_length']} at most",
    "too_short": lambda context: f"give {context['min_length']} at least",
}
