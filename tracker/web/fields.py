"""The fields of a form: what each is called on the page, how it is filled in, and which fact it becomes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.web.forms import Form

NO_NAMES = "Do not name a child, a family or a member of staff."


class Kind(StrEnum):
    """How a field is filled in."""

    DATE = "date"
    LINE = "line"
    WORDS = "words"
    ONE_OF = "one_of"
    SELECT = "select"
    SOME_OF = "some_of"
    TICK = "tick"
    FILES = "files"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that may be chosen: its code, its words, and what it means."""

    value: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One question of a form. `missing`: what is said when it has to be answered and is not.

    `as_fact` turns what was typed into the fact where that is not the text itself.
    """

    name: str
    kind: Kind
    label: str
    hint: str = ""
    missing: str = ""
    choices: Sequence[Choice] = ()
    most: int | None = None
    rows: int = 5
    width: int | None = None
    is_many_lines: bool = False
    as_fact: Callable[[Any], Any] | None = None  # from a text or a list to whatever the facts model takes

    def typed(self, form: Form) -> Any:
        """Give what was filled in: a text, several texts, or files as a deed takes them."""
        if self.kind is Kind.FILES:
            return [{"file_name": one.name, "content": one.content} for one in form.uploads.get(self.name, ())]
        if self.kind is Kind.DATE:
            return form.date(self.name)
        if self.kind is Kind.SOME_OF:
            return form.all(self.name)
        return form.text(self.name)


def facts_of(form: Form, fields: Sequence[Field]) -> dict[str, Any]:
    """Give what was filled in as facts; what was left empty is left out, and noted where it has to be given."""
    facts: dict[str, Any] = {}
    for field in fields:
        typed = field.typed(form)
        if typed:
            facts[field.name] = field.as_fact(typed) if field.as_fact else typed
        elif field.missing:
            form.says(field.name, field.missing)
    return facts


def filled(fields: Sequence[Field], known: dict[str, Any]) -> Form:
    """Give a form in which the facts that are known stand already: dates as ISO text, several answers as a list."""
    typed: dict[str, str] = {}
    chosen: dict[str, list[str]] = {}
    for field in fields:
        value = known.get(field.name)
        if value is None:
            continue
        if field.kind is Kind.DATE:
            parts = str(value).split("-")
            for part, text in zip(("year", "month", "day"), parts, strict=False):
                typed[f"{field.name}-{part}"] = text if part == "year" else str(int(text))
        elif field.kind is Kind.SOME_OF:
            chosen[field.name] = [str(one) for one in value]
        else:
            typed[field.name] = str(value)
    return Form(typed, chosen)
