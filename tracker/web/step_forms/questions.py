"""The questions that many steps ask in the same words."""

from collections.abc import Callable, Sequence
from typing import Any

from tracker.web.fields import NO_NAMES, Choice, Field, Kind

PARTIAL = "For example, 20 11 2026. Where no more is known, a month and a year, or a year alone, will do."
WHOLE = "For example, 20 11 2026"


def day(label: str, name: str = "on", missing: str = "", hint: str = PARTIAL) -> Field:
    """Ask for a date, as precisely as it is known."""
    return Field(name, Kind.DATE, label, hint=hint, missing=missing)


def whole_day(label: str, name: str, missing: str) -> Field:
    """Ask for a day."""
    return Field(name, Kind.DATE, label, hint=WHOLE, missing=missing)


def words(name: str, label: str, *, hint: str = "", missing: str = "", rows: int = 5) -> Field:
    """Ask for free text, and say that it names nobody."""
    return Field(name, Kind.WORDS, label, hint=f"{hint} {NO_NAMES}".strip(), missing=missing, rows=rows)


def line(name: str, label: str, *, hint: str = "", missing: str = "", width: int | None = None) -> Field:
    """Ask for a few words on one line."""
    return Field(name, Kind.LINE, label, hint=hint, missing=missing, width=width)


def one_of(name: str, label: str, choices: Sequence[Choice], *, missing: str = "", hint: str = "") -> Field:
    """Ask to choose one answer of a few."""
    return Field(name, Kind.ONE_OF, label, hint=hint, missing=missing, choices=choices)


def select(
    name: str,
    label: str,
    choices: Sequence[Choice],
    *,
    missing: str = "",
    hint: str = "",
    as_fact: Callable[[Any], Any] | None = None,  # from a text to what the facts model takes
) -> Field:
    """Ask to choose one answer of many."""
    return Field(name, Kind.SELECT, label, hint=hint, missing=missing, choices=choices, as_fact=as_fact)


def themes(choices: Sequence[Choice], label: str = "Themes (optional)") -> list[Field]:
    """Ask for themes, where there are any."""
    return [Field("themes", Kind.SOME_OF, label, choices=choices)] if choices else []
