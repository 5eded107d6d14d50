"""Reads a process from its TOML file and checks it; says in a sentence, with file and line, what is wrong with one."""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

from workflows.arrangement import (
    COORDINATOR,
    NEW,
    Anchor,
    Basis,
    Body,
    ClockRule,
    Definition,
    PlanModel,
    PlanView,
    ReflectsOn,
    Rhythm,
    Status,
    Step,
)
from workflows.checking import check
from workflows.deadlines import Direction, Length, Unit
from workflows.definition_file import DefinitionFile, DefinitionWrong, Row
from workflows.requirements import REQUIREMENTS, Requirement
from workflows.vocabulary import CaseStatus, ClockKind, Do, Event, Independence, Outcome

# Whoever needs a definition finds its parts here as well.
__all__ = ["NEW", "ClockRule", "Definition", "DefinitionWrong", "Step", "in_force_on", "read_definition"]
__all__ += ["shipped", "shipped_names"]

_TOP = (
    "name partnership label title prefix in_force_from in_force_until source review_kinds "
    "decision plan escalation evaluation settings body status step record by_itself clock rhythm"
)


@cache
def shipped(name: str) -> Definition:
    """Read one of our own definitions by its name, like `thscp/2022-23`; raises `DefinitionWrong`."""
    file = files("workflows") / "definitions" / f"{name.replace('/', '-')}.toml"
    if not file.is_file():
        raise DefinitionWrong(f"There is no definition {name!r}. There are: {', '.join(shipped_names())}.")
    return read_definition(file.read_text(encoding="utf-8"), file.name)


@cache
def shipped_names() -> tuple[str, ...]:
    """Name our own definitions, in order: each by the code of its partnership and its label, as its file is called."""
    folder = files("workflows") / "definitions"
    stems = (file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(sorted(stem.replace("-", "/", 1) for stem in stems))


def read_definition(text: str, file: str) -> Definition:
    """Read a definition and check it; raises `DefinitionWrong` with file, line and what is wrong."""
    definition = _arranged(DefinitionFile(text, file), text)
    fault = check(definition)
    if fault is not None:
        raise DefinitionWrong(f"{file}, line {fault.line}: {fault.why}.")
    return definition


def in_force_on(definitions: Sequence[Definition], month: str) -> Definition:
    """Choose the definition in force in a month (`2021-06`); before the first one, the first."""
    begun = [definition for definition in definitions if definition.in_force_from <= month]
    if not begun:
        return min(definitions, key=lambda definition: definition.in_force_from)
    return max(begun, key=lambda definition: definition.in_force_from)


def _arranged(file: DefinitionFile, text: str) -> Definition:
    top = file.top().only(_TOP)
    decision = file.table("decision").only(
        "recommended_by decided_by ratified_by_partners methods_at_least independence reflection_answers"
    )
    plan = file.table("plan").only("model held_by oversight views")
    escalation = file.table("escalation").only("path tracker")
    if "decided_by" not in decision:
        raise decision.wrong("[decision] does not say who decides: `decided_by` is missing")
    return Definition(
        name=top.text("name"),
        partnership=top.text("partnership"),
        label=top.text("label"),
        title=top.text("title"),
        in_force_from=top.text("in_force_from"),
        in_force_until=top.text("in_force_until") if "in_force_until" in top else None,
        source=top.text("source"),
        bodies={body.code: body for body in _bodies(file)},
        recommended_by=decision.text("recommended_by", COORDINATOR),
        decided_by=decision.text("decided_by"),
        ratified_by_partners=decision.is_true("ratified_by_partners"),
        methods_at_least=decision.whole("methods_at_least", 0),
        independence=decision.word(Independence, "independence", "rule of independence", "none"),
        reflection_answers=decision.word(ReflectsOn, "reflection_answers", "kind of answer", "recommendations"),
        review_kinds=top.texts("review_kinds"),
        grades=file.table("evaluation").only("grades").texts("grades"),
        plan_model=plan.word(PlanModel, "model", "model of a plan", "one_combined_plan"),
        plan_held_by=plan.text("held_by", COORDINATOR),
        plan_oversight=plan.texts("oversight"),
        plan_views=tuple(plan.as_word(PlanView, view, "views", "view of a plan") for view in plan.texts("views")),
        escalation_path=escalation.texts("path"),
        escalation_tracker=escalation.is_true("tracker"),
        statuses=tuple(_statuses(file)),
        steps=tuple(_steps(file)),
        clocks=tuple(_clocks(file)),
        rhythms=tuple(_rhythms(file)),
        settings=file.first_values(),
        prefix=top.text("prefix"),
        text=text,
    )


def _bodies(file: DefinitionFile) -> Iterator[Body]:
    for row in file.rows("body"):
        row.only("code name role")
        yield Body(row.text("code"), row.text("name"), row.text("role") if "role" in row else None)


def _statuses(file: DefinitionFile) -> Iterator[Status]:
    for row in file.rows("status"):
        code = row.only("code stage").word(CaseStatus, "code", "status")
        if row.whole("stage", 0) not in range(1, 10):
            raise row.wrong(f"status {code.value!r} needs a stage from 1 to 9", "stage")
        yield Status(code.value, row.whole("stage"), row.line)


def _steps(file: DefinitionFile) -> Iterator[Step]:
    for row in file.rows("step"):
        row.only("do outcome label from to by needs creates basis")
        yield _step(row, row.word(Do, "do", "deed"), "from", row.text("to"))
    for row in file.rows("record"):
        row.only("do outcome label during by needs creates basis")
        yield _step(row, row.word(Do, "do", "deed"), "during", None)
    for row in file.rows("by_itself"):
        row.only("label from to by needs creates stops basis")
        yield _step(row, None, "from", row.text("to"))


def _step(row: Row, do: Do | None, from_key: str, to: str | None) -> Step:
    sources = row.texts(from_key)
    if not sources:
        raise row.wrong(f"this step needs `{from_key}`, one status or more")
    return Step(
        do=do,
        branch=row.text("outcome") if "outcome" in row else "",
        sources=sources,
        to=to,
        by=row.texts("by"),
        needs=tuple(_requirement(row, code) for code in row.texts("needs")),
        creates=row.texts("creates"),
        label=row.text("label", do.label if do else f"Move on to {to}"),
        basis=row.word(Basis, "basis", "basis", "inferred"),
        stops=row.texts("stops"),
        line=row.line,
    )


def _requirement(row: Row, code: str) -> Requirement:
    if code not in REQUIREMENTS:
        raise row.wrong(f"there is no requirement {code!r} (there are: {', '.join(REQUIREMENTS)})", "needs")
    return REQUIREMENTS[code]


def _clocks(file: DefinitionFile) -> Iterator[ClockRule]:
    for row in file.rows("clock"):
        row.only("code name kind from amount unit direction met_by only_for basis")
        yield ClockRule(
            code=row.text("code"),
            name=row.text("name"),
            kind=row.word(ClockKind, "kind", "kind of clock"),
            start=row.word(Event, "from", "event"),
            length=_length(row),
            direction=row.word(Direction, "direction", "direction", "after"),
            met_by=row.word(Event, "met_by", "event") if "met_by" in row else None,
            only_for=row.word(Outcome, "only_for", "outcome") if "only_for" in row else None,
            basis=row.word(Basis, "basis", "basis", "seed"),
            line=row.line,
        )


def _rhythms(file: DefinitionFile) -> Iterator[Rhythm]:
    for row in file.rows("rhythm"):
        row.only("code name from amount unit month basis")
        length = _length(row) if "amount" in row else None
        month = row.text("month") if "month" in row else None
        anchor = row.word(Anchor, "from", "anchor")
        yield Rhythm(
            row.text("code"), row.text("name"), anchor, length, month, row.word(Basis, "basis", "basis", "seed")
        )


def _length(row: Row) -> Length:
    try:
        return Length(row.whole("amount"), row.word(Unit, "unit", "unit"))
    except ValueError as wrong:
        raise row.wrong(str(wrong).removesuffix("."), "amount") from None
