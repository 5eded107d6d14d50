"""Reads a process from its TOML file and checks it; says in a sentence, with file and line, what is wrong with one."""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from workflows.deadlines import Direction, Length, Unit
from workflows.requirements import REQUIREMENTS, Requirement
from workflows.vocabulary import CaseStatus, ClockKind, Do, Event, Independence, Outcome

NEW = "new"
COORDINATOR = "coordinator"

Word = TypeVar("Word", bound=StrEnum)


class DefinitionWrong(Exception):
    """A definition that cannot be used; the sentence names the file, the line and what is wrong."""


@dataclass(frozen=True, slots=True)
class Status:
    """A status that a definition uses, and the stage it counts as."""

    value: str
    stage: int


@dataclass(frozen=True, slots=True)
class Step:
    """A transition: the deed that takes it (none: the case moves on by itself), whose it is, and what it needs.

    `to` is None for a record, which leaves the case where it stands. `branch` tells the outcomes of one deed apart.
    """

    do: Do | None
    branch: str
    sources: tuple[str, ...]
    to: str | None
    by: tuple[str, ...]
    needs: tuple[Requirement, ...]
    creates: tuple[str, ...]
    label: str
    basis: str

    @property
    def trigger(self) -> str:
        """Give the step's name on the machine."""
        if self.do is None:
            return f"by_itself:{self.sources[0]}:{self.to}"
        return f"{self.do.value}:{self.branch}" if self.branch else self.do.value


@dataclass(frozen=True, slots=True)
class ClockRule:
    """A clock that a definition runs: from which event, how long, and which event ends it."""

    code: str
    name: str
    kind: ClockKind
    start: Event
    length: Length
    direction: Direction
    met_by: Event | None
    only_for: Outcome | None
    basis: str


@dataclass(frozen=True, slots=True)
class Body:
    """A body that takes steps: a group of the partnership, everybody with a role, or both."""

    code: str
    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class Definition:
    """How one partnership takes a case through, in one version; the text it was read from goes with it."""

    name: str
    partnership: str
    label: str
    title: str
    in_force_from: str
    in_force_until: str | None
    source: str
    bodies: Mapping[str, Body]
    recommended_by: str
    decided_by: str
    ratified_by_partners: bool
    methods_at_least: int
    independence: Independence
    reflection_answers: str
    plan_held_by: str
    plan_views: tuple[str, ...]
    statuses: tuple[Status, ...]
    steps: tuple[Step, ...]
    clocks: tuple[ClockRule, ...]
    settings: Mapping[str, object]
    prefix: str
    text: str = field(repr=False)

    @property
    def sha256(self) -> str:
        """Give the fingerprint of the text, by which two versions are told apart."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def stage_of(self, status: str) -> int:
        """Give the stage, 1 to 9, that a status counts as."""
        return next(known.stage for known in self.statuses if known.value == status)

    def automatic_from(self, state: str) -> Iterator[Step]:
        """Give the steps that a case takes by itself from a status."""
        return (step for step in self.steps if step.do is None and state in step.sources)

    def body_named(self, code: str) -> Body:
        """Give a body by its code; a role counts as the body of everybody who has it."""
        return self.bodies.get(code, Body(code, code.replace("_", " "), code))


@cache
def shipped(name: str) -> Definition:
    """Read one of our own definitions by its name, like `thscp/2022-23`; raises `DefinitionWrong`."""
    file = files("workflows") / "definitions" / f"{name.replace('/', '-')}.toml"
    if not file.is_file():
        raise DefinitionWrong(f"There is no definition {name!r}. There are: {', '.join(shipped_names())}.")
    return read_definition(file.read_text(encoding="utf-8"), file.name)


@cache
def shipped_names() -> tuple[str, ...]:
    """Name our own definitions, in order."""
    folder = files("workflows") / "definitions"
    texts = (file.read_text(encoding="utf-8") for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(sorted(str(tomllib.loads(text)["name"]) for text in texts))


def read_definition(text: str, file: str) -> Definition:
    """Read a definition and check it; raises `DefinitionWrong` with file, line and what is wrong."""
    return _Reader(text, file).definition()


class _Reader:
    """Reads one file; keeps its name and text so that a complaint can say where."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        try:
            self._toml: dict[str, Any] = tomllib.loads(text)  # TOML is untyped until it is read below
        except tomllib.TOMLDecodeError as wrong:
            raise DefinitionWrong(f"{file}: {wrong}.") from None

    def definition(self) -> Definition:
        """Give the definition, checked."""
        from_top = self._top()
        definition = Definition(
            **from_top,
            bodies=self._bodies(),
            statuses=self._statuses(),
            steps=tuple(self._steps()),
            clocks=tuple(self._clocks()),
            text=self._text,
        )
        self._check(definition)
        return definition

    def _top(self) -> dict[str, Any]:
        decision = self._table("decision")
        plan = self._table("plan")
        return {
            "name": self._need("name"),
            "partnership": self._need("partnership"),
            "label": self._need("label"),
            "title": self._need("title"),
            "prefix": self._need("prefix"),
            "in_force_from": str(self._need("in_force_from")),
            "in_force_until": self._toml.get("in_force_until"),
            "source": self._need("source"),
            "recommended_by": decision.get("recommended_by", COORDINATOR),
            "decided_by": decision["decided_by"],
            "ratified_by_partners": bool(decision.get("ratified_by_partners", False)),
            "methods_at_least": int(decision.get("methods_at_least", 0)),
            "independence": self._word(Independence, decision.get("independence", "none"), "independence", "decision"),
            "reflection_answers": decision.get("reflection_answers", "recommendations"),
            "plan_held_by": plan.get("held_by", COORDINATOR),
            "plan_views": tuple(plan.get("views", ())),
            "settings": self._toml.get("settings", {}),
        }

    def _bodies(self) -> dict[str, Body]:
        rows = self._toml.get("body", [])
        return {row["code"]: Body(row["code"], row["name"], row.get("role")) for row in rows}

    def _statuses(self) -> tuple[Status, ...]:
        rows = []
        for number, row in enumerate(self._toml.get("status", [])):
            code = self._word(CaseStatus, row.get("code"), "status", "status", number)
            if row.get("stage") not in range(1, 10):
                raise self._wrong(f"status {code!r} needs a stage from 1 to 9", "status", number)
            rows.append(Status(code.value, row["stage"]))
        return tuple(rows)

    def _steps(self) -> Iterator[Step]:
        for kind in ("step", "record", "by_itself"):
            for number, row in enumerate(self._toml.get(kind, [])):
                yield self._step(kind, number, row)

    def _step(self, kind: str, number: int, row: Mapping[str, Any]) -> Step:
        do = None if kind == "by_itself" else self._word(Do, row.get("do"), "step", kind, number)
        source = row.get("from", row.get("during", NEW))
        sources = tuple(source) if isinstance(source, list) else (source,)
        for status in (*sources, *([row["to"]] if "to" in row else [])):
            if status != NEW and status not in self._known_statuses():
                raise self._wrong(f"status {status!r} is not one of this definition's", kind, number)
        by = tuple(row.get("by", ()))
        if do is not None and not by:
            raise self._wrong(f"nobody may {do.label.lower()}: name who in `by`", kind, number)
        return Step(
            do=do,
            branch=str(row.get("outcome", "")),
            sources=sources,
            to=None if kind == "record" else row["to"],
            by=by,
            needs=tuple(self._requirement(code, kind, number) for code in row.get("needs", ())),
            creates=tuple(row.get("creates", ())),
            label=row.get("label") or (do.label if do else f"move on to {row['to']}"),
            basis=row.get("basis", "inferred"),
        )

    def _clocks(self) -> Iterator[ClockRule]:
        for number, row in enumerate(self._toml.get("clock", [])):
            only_for = row.get("only_for")
            met_by = row.get("met_by")
            yield ClockRule(
                code=row["code"],
                name=row["name"],
                kind=self._word(ClockKind, row.get("kind"), "kind of clock", "clock", number),
                start=self._word(Event, row.get("from"), "event", "clock", number),
                length=Length(int(row["amount"]), self._word(Unit, row.get("unit"), "unit", "clock", number)),
                direction=self._word(Direction, row.get("direction", "after"), "direction", "clock", number),
                met_by=None if met_by is None else self._word(Event, met_by, "event", "clock", number),
                only_for=None if only_for is None else self._word(Outcome, only_for, "outcome", "clock", number),
                basis=row.get("basis", "seed"),
            )

    def _check(self, definition: Definition) -> None:
        """Refuse a status without a way in or on, and a body that is nowhere named."""
        ways_in = {step.to for step in definition.steps}
        ways_on = {source for step in definition.steps if step.to for source in step.sources}
        for number, status in enumerate(definition.statuses):
            if status.value not in ways_in:
                raise self._wrong(f"no step leads to status {status.value!r}", "status", number)
            if status.value not in ways_on and status.value != CaseStatus.CLOSED:
                raise self._wrong(f"status {status.value!r} has no way on", "status", number)
        if NEW not in ways_on:
            raise self._wrong('no step opens a case: one needs `from = "new"`', "step")
        self._check_bodies(definition)

    def _check_bodies(self, definition: Definition) -> None:
        known = {*definition.bodies, COORDINATOR}
        for step in definition.steps:
            for body in step.by:
                if body not in known:
                    raise DefinitionWrong(
                        f"{self._file}: nobody is {body!r}, who is to {step.label.lower()}: add it as a [[body]]."
                    )

    def _known_statuses(self) -> set[str]:
        return {row.get("code") for row in self._toml.get("status", [])}

    def _requirement(self, code: str, kind: str, number: int) -> Requirement:
        if code not in REQUIREMENTS:
            known = ", ".join(REQUIREMENTS)
            raise self._wrong(f"there is no requirement {code!r} (there are: {known})", kind, number)
        return REQUIREMENTS[code]

    def _word(self, words: type[Word], text: object, what: str, kind: str, number: int = 0) -> Word:
        try:
            return words(text)
        except ValueError:
            known = ", ".join(words)
            raise self._wrong(f"there is no {what} {text!r} (there are: {known})", kind, number) from None

    def _need(self, key: str) -> str:
        if key not in self._toml:
            raise DefinitionWrong(f"{self._file}: `{key}` is missing.")
        return str(self._toml[key])

    def _table(self, key: str) -> dict[str, Any]:
        found: dict[str, Any] = self._toml.get(key, {})
        if key == "decision" and "decided_by" not in found:
            raise self._wrong("[decision] does not say who decides: `decided_by` is missing", key)
        return found

    def _wrong(self, why: str, kind: str, number: int = 0) -> DefinitionWrong:
        headers = (f"[[{kind}]]", f"[{kind}]")
        lines = [at for at, line in enumerate(self._text.splitlines(), 1) if line.strip() in headers]
        place = f", line {lines[number]}" if number < len(lines) else ""
        return DefinitionWrong(f"{self._file}{place}: {why}.")


def in_force_on(definitions: Sequence[Definition], month: str) -> Definition:
    """Choose the definition in force in a month (`2021-06`); before the first one, the first."""
    begun = [definition for definition in definitions if definition.in_force_from <= month]
    if not begun:
        return min(definitions, key=lambda definition: definition.in_force_from)
    return max(begun, key=lambda definition: definition.in_force_from)
