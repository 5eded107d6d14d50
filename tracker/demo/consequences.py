"""What a deed brought about, read off the case before and after it: its status, its clocks, what is to do now."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tracker.commands.tables import KINDS, day
from workflows.deadlines import counted
from workflows.vocabulary import CaseStatus

Document = Mapping[str, Any]


def consequences(before: Document | None, after: Document) -> list[str]:
    """Say in sentences what is different in a case."""
    return [*_status(before, after), *_clocks(before, after), *_jobs(before, after)]


def _status(before: Document | None, after: Document) -> Iterator[str]:
    for line in _new(before, after, "history"):
        if line["deed"] == "moved_on":
            yield line["what"]
    if before is None or before["status"] != after["status"]:
        yield f"Stage {after['stage']} of 9: {CaseStatus(after['status']).words}."


def _clocks(before: Document | None, after: Document) -> Iterator[str]:
    known = {clock["code"]: clock for clock in before["clocks"]} if before else {}
    for clock in after["clocks"]:
        earlier = known.get(clock["code"])
        if earlier is None:
            yield _begun(clock)
        elif earlier["due"] != clock["due"]:
            yield f"Clock dated anew: {clock['name']}, due {day(clock['due'])} instead of {day(earlier['due'])}."
        if (earlier["state"] if earlier else "running") != clock["state"]:
            yield _turned(clock)


def _begun(clock: Document) -> str:
    return f"Clock starts ({KINDS[clock['kind']].lower()}): {clock['name']}, due {day(clock['due'])}."


def _turned(clock: Document) -> str:
    """Say what became of a clock: met in time or late, passed while on hold, stopped."""
    state, name = clock["state"], clock["name"]
    if state == "met":
        return f"Clock met: {name}, on {day(clock['met_on'])}; it was due {day(clock['due'])}."
    if state == "stopped":
        return f"Clock stopped: {name}, because {clock['stopped_why']}."
    if state == "met_late" and clock["met_on"] <= clock["due"]:
        return (
            f"Clock met: {name}, on {day(clock['met_on'])}; the date agreed was {day(clock['due'])}, "
            f"the first one {day(clock['original_due'])}."
        )
    late = counted(clock["late_by"] or 0, clock["unit"] or "days")
    return {
        "met_late": f"Clock met {late} late: {name}.",
        "late": f"Clock passed: {name}, {late} late.",
        "explained": f"Clock passed while on hold: {name}, {late} over, explained.",
        "running": f"Clock runs again: {name}, due {day(clock['due'])}.",
    }[state]


def _jobs(before: Document | None, after: Document) -> Iterator[str]:
    for job in _new(before, after, "jobs"):
        yield f"To do: {job['sentence']}"


def _new(before: Document | None, after: Document, key: str) -> Sequence[Document]:
    known = before[key] if before else []
    return [one for one in after[key] if one not in known]
