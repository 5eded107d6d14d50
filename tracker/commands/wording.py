"""Records in words, as the command line prints them: a case in the words of the pages, everything else by its keys."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.commands.saying import on_one_line
from tracker.commands.tables import KINDS, day, moment, plain
from workflows.vocabulary import CaseStatus, Method

Document = Mapping[str, Any]

_NEWEST = 10


def in_words(kind: str, document: Document) -> str:
    """Write one record for somebody who reads it in a terminal."""
    head = _case(document) if kind == "case" else _by_keys(document)
    return "\n".join(on_one_line(line) for line in [*head, *_history(document.get("history", []))])


def _case(case: Document) -> list[str]:
    lines = [
        f"{case['reference']}  {case['pseudonym']}" + (f"  ({case['public_label']})" if case["public_label"] else ""),
        f"Stage {case['stage']} of 9: it is {CaseStatus(case['status']).words}. {case['definition']}, {case['kind']}.",
    ]
    if case["hold"]:
        hold = case["hold"]
        lines.append(f"On hold since {day(hold['since'])}: {hold['reason']}. Look again {day(hold['look_again_on'])}.")
    lines += section("Clocks", [line for clock in case["clocks"] for line in _clock(clock)])
    lines += section("Steps", [line for step in case["steps"] for line in _step(step)])
    lines += section("Jobs", [job["sentence"] for job in case["jobs"]])
    lines += section("Returns", [_return(asked) for asked in case["returns"]])
    lines += section("Decision", _decided(case))
    lines += section("Learning", _learnt(case))
    return lines + section("Actions", [_action(action) for action in case["actions"]])


def _clock(clock: Document) -> list[str]:
    left_out = ", ".join(f"{day(left['on'])} ({left['why']})" for left in clock["excluded"])
    working = f"    from {day(clock['start'])}, {clock['length']} {clock['direction']}: due {day(clock['due'])}"
    if clock["due"] != clock["original_due"]:
        working += f", first {day(clock['original_due'])}"
    met = f" on {day(clock['met_on'])}" if clock["state"] == "met" and clock["met_on"] else ""
    first = f"{clock['name']}  [{KINDS[clock['kind']]}]  {clock['words']}{met}"
    return [first, working + (f"; left out {left_out}" if left_out else "")]


def _step(step: Document) -> list[str]:
    outcome = f" ({step['outcome']})" if step["outcome"] else ""
    blockers = step["blockers"]
    state = "Ready" if step["ready"] else f"{len(blockers)} {'thing' if len(blockers) == 1 else 'things'} to do first"
    line = f"{step['label']}: {step['deed']}{outcome}, by {', '.join(step['roles'])}. {state}"
    return [line, *(f"    - {blocker['sentence']}" for blocker in blockers)]


def _return(asked: Document) -> str:
    answered = f"returned {day(asked['returned_on'])}" if asked["returned_on"] else f"due {day(asked['due_on'])}"
    return f"{asked['agency']}: {answered}"


def _decided(case: Document) -> list[str]:
    lines = []
    if case["recommendation"]:
        lines.append(_said("Recommended", case["recommendation"]))
    if case["panel_response"]:
        given = case["panel_response"]
        lines.append(f"The national Panel, {day(given['on'])}: {plain(given['kind'])}")
    if case["decision"]:
        lines.append(_said("Decided", case["decision"]))
        against = [("recommendation", "the recommendation"), ("panel_advice", "the national Panel's advice")]
        lines += [f"    against {words}" for key, words in against if case["decision"][f"against_{key}"]]
    lines += [f"{given['partner']}: {given['answer']}" for given in case["ratifications"]]
    return lines + [_method(method) for method in case["methods"]]


def _said(word: str, given: Document) -> str:
    reason = f": {given['reason']}" if given["reason"] else ""
    return f"{word} {day(given['on'])}, {plain(given['outcome'])}{reason}"


def _method(method: Document) -> str:
    leads = ", ".join(lead["name"] for lead in method["leads"])
    done = f", done {day(method['done_on'])}" if method["done_on"] else ""
    return f"{Method(method['code']).label}: {f'led by {leads}' if leads else 'no lead yet'}{done}"


def _learnt(case: Document) -> list[str]:
    lines = []
    for name in ("findings", "recommendations"):
        learnt = case[name]
        if learnt["recorded"] or learnt["stated"]:
            stated = "" if learnt["stated"] is None else f", {learnt['stated']} stated in the report"
            lines.append(f"{name.capitalize()}: {learnt['recorded']} recorded here{stated}")
        lines += [f"    {_numbered(row)}" for row in learnt["rows"]]
    return lines


def _numbered(row: Document) -> str:
    actions = ", ".join(row["actions"]) if row.get("actions") else "no action yet" if row.get("gap") else ""
    return f"{row['number']}. {row['text']}" + (f"  [{actions}]" if actions else "")


def _action(action: Document) -> str:
    words = action["title"] or action["text"] or ""
    due = f"  due {day(action['due'])}" if action["due"] else ""
    return f"{action['reference']}  {words}  [{plain(action['status'])}]{due}"


def _history(history: Sequence[Document]) -> list[str]:
    newest = history[-_NEWEST:]
    heading = "History" if len(newest) == len(history) else f"History: the newest {_NEWEST} of {len(history)} lines"
    return section(heading, [_happened(line) for line in newest])


def _happened(line: Document) -> str:
    who = f"  ({line['by']}{', ' + line['role'] if line['role'] else ''})" if line["by"] else ""
    return f"{moment(line['at'])}  {line['what']}{who}"


def section(heading: str, lines: Sequence[str]) -> list[str]:
    """Set lines under a heading; nothing where there are none."""
    return ["", heading, *(f"  {line}" for line in lines)] if lines else []


def _by_keys(document: Document, indent: str = "") -> list[str]:
    lines: list[str] = []
    for key, value in document.items():
        name = f"{indent}{plain(key)}"
        if value is None or value in ([], {}, "") or key == "history":
            continue
        if isinstance(value, Mapping):
            lines += [f"{name}:", *_by_keys(value, indent + "  ")]
        elif isinstance(value, list):
            lines += [f"{name}:", *(f"{indent}  - {_one_line(part)}" for part in value)]
        else:
            lines.append(f"{name}: {_cell(value)}")
    return lines


def _one_line(value: object) -> str:
    if not isinstance(value, Mapping):
        return _cell(value)
    shown = ((plain(key), _cell(part)) for key, part in value.items() if part not in (None, [], {}, ""))
    return ", ".join(f"{name}: {cell}" for name, cell in shown)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return _one_line(value)
    if isinstance(value, list):
        return ", ".join(_one_line(part) for part in value)
    return str(value)
