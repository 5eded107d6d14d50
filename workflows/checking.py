"""Checks a definition that was read: can every case get in, on and out, and can every step and clock ever happen?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from workflows.arrangement import COORDINATOR, NEW, Definition, Step
from workflows.vocabulary import CaseStatus, Do, Event, Outcome
from workflows.wording import listed


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a definition, and on which line."""

    line: int
    why: str


# Each kind of reflection records a day of its own.
EVENT_OF_REFLECTION: Mapping[str, Event] = {
    "6m": Event.REFLECTION_6M,
    "12m": Event.REFLECTION_12M,
    "update": Event.UPDATE_REPORT,
}

# Which outcomes of a deed may be steps of their own.
OUTCOMES_OF: Mapping[Do, tuple[str, ...]] = {
    Do.OPEN_CASE: ("notified", "considered"),
    Do.RECORD_DECISION: tuple(Outcome),
    Do.RECORD_REFLECTION: tuple(EVENT_OF_REFLECTION),
}

# Which days a deed records; a reflection records that of its own kind.
EVENTS_OF: Mapping[Do, tuple[Event, ...]] = {
    Do.OPEN_CASE: (Event.INCIDENT_KNOWN,),
    Do.RECORD_NOTIFICATION: (Event.NOTIFICATION,),
    Do.CONVENE_PANEL: (Event.PANEL_CONVENED,),
    Do.RECORD_RECOMMENDATION: (Event.RECOMMENDATION,),
    Do.SEND_TO_NATIONAL_PANEL: (Event.SENT_TO_PANEL,),
    Do.RECORD_PANEL_RESPONSE: (Event.PANEL_RESPONSE,),
    Do.RECORD_DECISION: (Event.DECISION,),
    Do.RECORD_RATIFICATION: (Event.RATIFICATION,),
    Do.RECORD_RESOLUTION: (Event.RESOLUTION,),
    Do.RECORD_METHOD_DONE: (Event.AUDIT_HELD,),
    Do.AGREE_REPORT: (Event.REPORT_AGREED,),
    Do.RECORD_EVALUATION: (Event.EVALUATION,),
    Do.PLAN_PUBLICATION: (Event.PUBLICATION_PLANNED,),
    Do.RECORD_SENT_BEFORE_PUBLICATION: (Event.SENT_BEFORE_PUBLICATION,),
    Do.PUBLISH: (Event.PUBLICATION,),
    Do.RECORD_LEARNING_SESSION: (Event.LEARNING_SESSION, Event.AUDIT_FOLLOW_UP),
    Do.CLOSE_CASE: (Event.CLOSURE,),
}


def check(definition: Definition) -> Fault | None:
    """Give the first fault of a definition, in the order of its file, or nothing when it can be used."""
    faults = [*_of_bodies(definition), *_of_statuses(definition), *_of_steps(definition), *_of_clocks(definition)]
    # What a step misspells is told before what that leaves without a way.
    return faults[0] if faults else next(iter(_of_ways(definition)), None)


def _of_bodies(definition: Definition) -> Iterator[Fault]:
    named = (definition.recommended_by, definition.decided_by, definition.plan_held_by, *definition.plan_oversight)
    for code in named:
        if code not in {*definition.bodies, COORDINATOR}:
            yield Fault(1, f"[decision] or [plan] names {code!r}, whom nobody knows: add it as a [[body]]")


def _of_statuses(definition: Definition) -> Iterator[Fault]:
    seen: set[str] = set()
    for status in definition.statuses:
        if status.value in seen:
            yield Fault(status.line, f"status {status.value!r} stands here a second time")
        seen.add(status.value)
    if CaseStatus.CLOSED not in seen:
        yield Fault(1, "no status is 'closed', so no case could ever end")


def _of_steps(definition: Definition) -> Iterator[Fault]:
    known = {NEW, *(status.value for status in definition.statuses)}
    taken: set[tuple[Do | None, str, str]] = set()
    for step in definition.steps:
        yield from _of_step(definition, step, known)
        for source in step.sources:
            way = (step.do, step.branch if step.do else step.to or "", source)
            if way in taken:
                yield Fault(step.line, f"{step.label!r} from {source!r} stands here a second time")
            taken.add(way)


def _of_step(definition: Definition, step: Step, known: set[str]) -> Iterator[Fault]:
    for status in (*step.sources, *([step.to] if step.to else [])):
        if status not in known:
            yield Fault(step.line, f"status {status!r} is not one of this definition's")
    if step.do is not None and not step.by:
        yield Fault(step.line, f"nobody may take the step {step.label!r}: name who in `by`")
    for code in step.by:
        if code not in {*definition.bodies, COORDINATOR}:
            yield Fault(step.line, f"nobody is {code!r}, who is to take the step {step.label!r}: add it as a [[body]]")
    allowed = OUTCOMES_OF.get(step.do, ()) if step.do else ()
    if step.branch and step.branch not in allowed:
        there_are = listed(allowed, "or") or "none"
        yield Fault(step.line, f"the step {step.label!r} has no outcome {step.branch!r} (there are: {there_are})")
    for code in step.stops:
        if code not in {clock.code for clock in definition.clocks}:
            yield Fault(step.line, f"clock {code!r} is not one of this definition's")


def _of_clocks(definition: Definition) -> Iterator[Fault]:
    recorded = set(_recorded_days(definition.steps))
    seen: set[str] = set()
    for clock in definition.clocks:
        if clock.code in seen:
            yield Fault(clock.line, f"clock {clock.code!r} stands here a second time")
        seen.add(clock.code)
        if clock.start not in recorded:
            yield Fault(clock.line, f"clock {clock.code!r} never starts: no deed here records {clock.start.words}")
        if clock.met_by is not None and clock.met_by not in recorded:
            yield Fault(clock.line, f"clock {clock.code!r} is never met: no deed here records {clock.met_by.words}")


def _recorded_days(steps: Iterable[Step]) -> Iterator[Event]:
    for step in steps:
        if step.do is Do.RECORD_REFLECTION:
            yield from (
                [EVENT_OF_REFLECTION[step.branch]]
                if step.branch in EVENT_OF_REFLECTION
                else EVENT_OF_REFLECTION.values()
            )
        elif step.do is not None:
            yield from EVENTS_OF.get(step.do, ())


def _of_ways(definition: Definition) -> Iterator[Fault]:
    """Find a status that no case reaches, that has no way on, or from which none leads to the end."""
    moves = [(source, step.to) for step in definition.steps if step.to for source in step.sources]
    if not any(source == NEW for source, _ in moves):
        yield Fault(1, 'no step opens a case: one needs `from = "new"`')
    reached = _reached(NEW, moves)
    ended = _reached(CaseStatus.CLOSED, [(to, source) for source, to in moves])
    left = {source for source, _ in moves}
    for status in definition.statuses:
        if status.value not in reached:
            yield Fault(status.line, f"no step leads to status {status.value!r}")
        if status.value not in left and status.value != CaseStatus.CLOSED:
            yield Fault(status.line, f"status {status.value!r} has no way on")
        elif status.value not in ended:
            yield Fault(status.line, f"status {status.value!r} never leads to 'closed'")


def _reached(start: str, moves: Iterable[tuple[str, str]]) -> set[str]:
    reached, ahead = {start}, [start]
    while ahead:
        here = ahead.pop()
        further = {to for source, to in moves if source == here} - reached
        reached |= further
        ahead.extend(further)
    return reached
