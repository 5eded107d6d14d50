"""Records in words, as the command line prints them: a case in the words of the pages, everything else by its keys."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from workflows.dates import PartialDate, uk_date
from workflows.vocabulary import CaseStatus

Document = Mapping[str, Any]

_KINDS = {"statutory": "Statutory", "guidance": "Statutory guidance", "local": "Local target"}


def in_words(kind: str, document: Document, today: date) -> str:
    """Write one record for somebody who reads it in a terminal."""
    return "\n".join(_case(document, today) if kind == "case" else _by_keys(document))


def rows_in_words(kind: str, rows: Sequence[Document]) -> str:
    """Write a list, one line for each row."""
    if not rows:
        return f"No {kind} match."
    return "\n".join(_row(row) for row in rows)


def clock_in_words(clock: Document, today: date) -> str:
    """Say how a clock stands: 8 working days left, 2 days late, Met on 12 January 2021."""
    state, late = clock["state"], _amount(clock["late_by"], clock["unit"])
    if state == "running":
        left = clock["working_days_left"]
        return "Due today" if clock["due"] == today.isoformat() else f"{_amount(left, 'working_days')} left"
    if state == "met":
        return f"Met on {_day(clock['met_on'])}" if clock["met_on"] else "Met"
    return {
        "met_late": f"Met {late} late",
        "late": f"{late} late",
        "explained": f"On hold: {late} over, explained",
        "stopped": f"Stopped: {clock['stopped_why']}",
    }[state]


def _case(case: Document, today: date) -> list[str]:
    lines = [
        f"{case['reference']}  {case['pseudonym']}" + (f"  ({case['public_label']})" if case["public_label"] else ""),
        f"Stage {case['stage']} of 9: it is {CaseStatus(case['status']).words}. {case['definition']}, {case['kind']}.",
    ]
    if case["hold"]:
        hold = case["hold"]
        lines.append(
            f"On hold since {_day(hold['since'])}: {hold['reason']}. Look again {_day(hold['look_again_on'])}."
        )
    lines += _section("Clocks", [line for clock in case["clocks"] for line in _clock(clock, today)])
    lines += _section("Steps", [line for step in case["steps"] for line in _step(step)])
    lines += _section("Jobs", [job["sentence"] for job in case["jobs"]])
    lines += _section("Actions", [_action(action) for action in case["actions"]])
    return lines + _section("History", [f"{line['at'][:16]}  {line['what']}" for line in case["history"][-8:]])


def _clock(clock: Document, today: date) -> list[str]:
    left_out = ", ".join(f"{_day(day['on'])} ({day['why']})" for day in clock["excluded"])
    working = f"    from {_day(clock['start'])}, {clock['length']} {clock['direction']}: due {_day(clock['due'])}"
    if clock["due"] != clock["original_due"]:
        working += f", first {_day(clock['original_due'])}"
    first = f"{clock['name']}  [{_KINDS[clock['kind']]}]  {clock_in_words(clock, today)}"
    return [first, working + (f"; left out {left_out}" if left_out else "")]


def _step(step: Document) -> list[str]:
    outcome = f" ({step['outcome']})" if step["outcome"] else ""
    blockers = step["blockers"]
    state = "Ready" if step["ready"] else f"{len(blockers)} {'thing' if len(blockers) == 1 else 'things'} to do first"
    line = f"{step['label']}: {step['deed']}{outcome}, by {', '.join(step['roles'])}. {state}"
    return [line, *(f"    - {blocker['sentence']}" for blocker in blockers)]


def _action(action: Document) -> str:
    words = action.get("title") or action.get("text") or ""
    due = f"  due {_day(action['due'])}" if action.get("due") else ""
    return f"{action['reference']}  {words}  [{str(action['status']).replace('_', ' ')}]{due}"


def _section(heading: str, lines: Sequence[str]) -> list[str]:
    return ["", heading, *(f"  {line}" for line in lines)] if lines else []


def _amount(number: int | None, unit: str | None) -> str:
    words = (unit or "days").replace("_", " ")
    return f"{number} {words.removesuffix('s') if number == 1 else words}"


def _day(text: str) -> str:
    return uk_date(PartialDate.parse(text))


def _by_keys(document: Document, indent: str = "") -> list[str]:
    lines: list[str] = []
    for key, value in document.items():
        name = f"{indent}{key.replace('_', ' ')}"
        if value is None or value in ([], {}, ""):
            continue
        if isinstance(value, Mapping):
            lines += [f"{name}:", *_by_keys(value, indent + "  ")]
        elif isinstance(value, list):
            lines += [f"{name}:", *(f"{indent}  - {_one_line(part)}" for part in value)]
        else:
            lines.append(f"{name}: {value}")
    return lines


def _one_line(value: object) -> str:
    return _row(value) if isinstance(value, Mapping) else str(value)


def _row(row: Document) -> str:
    shown = [_cell(value) for value in row.values()]
    return "  ".join(cell for cell in shown if cell)


def _cell(value: object) -> str:
    if value is None or value is False or value in ([], {}):
        return ""
    if isinstance(value, Mapping):
        return _row(value)
    if isinstance(value, list):
        return ", ".join(_one_line(part) for part in value)
    return str(value)
