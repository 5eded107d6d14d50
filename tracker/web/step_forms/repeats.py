"""The parts of a form that are filled in several times: as many as are shown, and what was filled in as facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tracker.web.fields import Field
from tracker.web.forms import Form
from tracker.web.step_forms.form import At, Repeat, StepForm

MOST = 60


@dataclass(frozen=True, slots=True)
class Block:
    """One part as it is shown: its heading, a text to read with it, and its fields by their names in the fact."""

    heading: str
    text: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A repeated part with its blocks."""

    repeat: Repeat
    blocks: Sequence[Block]

    @property
    def count_name(self) -> str:
        """Name the hidden field that says how many blocks were shown."""
        return f"{self.repeat.name}-count"


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that a form asks at one time: its fields, and its repeated parts."""

    fields: list[Field]
    repeated: list[Repeated]

    @property
    def all(self) -> list[Field]:
        """Give every field, also those of the repeated parts."""
        inner = [field for part in self.repeated for block in part.blocks for field in block.fields.values()]
        return [*self.fields, *inner]


def asked_by(step: StepForm, at: At, form: Form) -> Asked:
    """Give what a form asks, with as many parts as were shown before, and one more where that was asked for."""
    return Asked(step.fields(at), [Repeated(repeat, _blocks(repeat, form)) for repeat in step.repeats(at)])


def _blocks(repeat: Repeat, form: Form) -> list[Block]:
    if repeat.titles:
        keys = repeat.keys or [str(number) for number, _ in enumerate(repeat.titles, 1)]
        return [_block(repeat, key, *title) for key, title in zip(keys, repeat.titles, strict=True)]
    number = max(repeat.at_first, _counted(form.text(f"{repeat.name}-count")))
    number = min(number + (form.text("add") == repeat.name), MOST)
    return [_block(repeat, str(place), f"{repeat.one} {place}", "") for place in range(1, number + 1)]


def _counted(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0


def _block(repeat: Repeat, key: str, heading: str, text: str) -> Block:
    fields = {field.name: replace(field, name=f"{repeat.name}-{key}-{field.name}") for field in repeat.fields}
    return Block(heading, text, fields)


def facts_of_repeats(asked: Asked, form: Form) -> tuple[dict[str, Any], dict[str, Field]]:
    """Give the facts of the repeated parts, and by its place among the facts the field from which each came.

    A part that was left empty is passed over.
    """
    facts: dict[str, Any] = {}
    places: dict[str, Field] = {}
    for part in asked.repeated:
        filled = [(block.fields, _filled(block, form)) for block in part.blocks]
        used = [(fields, values) for fields, values in filled if values]
        places |= part.repeat.homes(filled) if part.repeat.homes else {}
        for place, (fields, _) in enumerate(used):
            places |= {f"{part.repeat.name}.{place}.{local}": field for local, field in fields.items()}
        made = part.repeat.as_fact(form, used) if part.repeat.as_fact else [values for _, values in used]
        if made:
            facts[part.repeat.name] = made
    return facts, places


def _filled(block: Block, form: Form) -> dict[str, str | list[str]]:
    found = {}
    for local, field in block.fields.items():
        typed = field.typed(form)
        if typed:
            found[local] = typed
    return found
