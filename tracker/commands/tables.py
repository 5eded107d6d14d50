"""Lists in words: a table with a heading for each kind of record, its columns in line, and the count below."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from tracker.clock import london_day, uk_clock
from tracker.commands.saying import on_one_line
from workflows.dates import PartialDate, uk_date
from workflows.vocabulary import CaseStatus, ClockKind

Document = Mapping[str, Any]
Cell = Callable[[Document], str]

KINDS = {kind.value: kind.words for kind in ClockKind}


def rows_in_words(kind: str, rows: Sequence[Document]) -> str:
    """Write a list as a table for somebody who reads it in a terminal."""
    if not rows:
        return f"No {kind} match."
    count = f"{len(rows)} {kind if len(rows) > 1 else kind.removesuffix('s')}"
    late = sum(bool(_is_late(row)) for row in rows)
    return "\n".join([*table(_COLUMNS[kind], rows), "", f"{count}, {late} late." if late else f"{count}."])


def table(columns: Mapping[str, Cell], rows: Sequence[Document]) -> list[str]:
    """Write rows under their headings, each column as wide as its widest cell; the last one is as long as it is."""
    lines = [list(columns), *([on_one_line(cell(row)) for cell in columns.values()] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines]


def day(text: str | None) -> str:
    """Write an ISO date as a reader says it; nothing where there is none."""
    return uk_date(PartialDate.parse(text)) if text else ""


def moment(text: str | None) -> str:
    """Write an ISO moment with its London day and time; nothing where there is none."""
    if not text:
        return ""
    at = datetime.fromisoformat(text)
    return f"{uk_date(london_day(at))}, {uk_clock(at)}"


def plain(code: str | None) -> str:
    """Write a code in words: action_reminder as action reminder."""
    return (code or "").replace("_", " ")


def _is_late(row: Document) -> bool:
    flags = row.get("flags") or {}
    return bool(row.get("late_by") is not None or row.get("late") or flags.get("overdue"))


def _called(case: Document) -> str:
    return f"{case['pseudonym']} ({case['public_label']})" if case["public_label"] else str(case["pseudonym"])


def _stands(case: Document) -> str:
    words = CaseStatus(case["status"]).words
    return f"{case['stage']} of 9: {words}" + (", on hold" if case["on_hold"] else "")


def _dates_late(case: Document) -> str:
    return f"{case['late']} {'date' if case['late'] == 1 else 'dates'} late" if case["late"] else ""


def _colour(action: Document) -> str:
    rag = action["rag"]
    return f"{rag['word']}: {rag['reason']}" if rag["reason"] else str(rag["word"])


def _owner(action: Document) -> str:
    return action["owner"]["name"] if action["owner"] else "no owner"


def _reviews(theme: Document) -> str:
    first, last = theme["first_year"], theme["last_year"]
    return f"{theme['reviews']}" + (f", {first}" if first else "") + (f" to {last}" if last != first else "")


def _days(number: int | None) -> str:
    return "" if number is None else f"{number} {'day' if number == 1 else 'days'}"


_COLUMNS: Mapping[str, Mapping[str, Cell]] = {
    "cases": {
        "Case": lambda row: row["reference"],
        "Late": _dates_late,
        "Next date": lambda row: day(row["next_due"]),
        "Stage": _stands,
        "Called": _called,
    },
    "actions": {
        "Action": lambda row: row["reference"],
        "Due": lambda row: day(row["due"]),
        "How it stands": _colour,
        "Owner": _owner,
        "What": lambda row: row["title"] or row["text"],
    },
    "escalations": {
        "Escalation": lambda row: row["reference"],
        "Status": lambda row: plain(row["status"]),
        "Age": lambda row: _days(row["age_days"]),
        "Raised": lambda row: day(row["raised_on"]),
        "By": lambda row: row["group_name"],
        "What": lambda row: row["title"],
    },
    "meetings": {
        "Meeting": lambda row: row["reference"],
        "When": lambda row: day(row["on"]) + (f", {row['at']}" if row["at"] else ""),
        "Status": lambda row: plain(row["status"]),
        "In": lambda row: _days(row["days_left"]),
        "Of": lambda row: row["group_name"],
    },
    "clocks": {
        "Case": lambda row: row["case"],
        "Due": lambda row: day(row["due"]),
        "How it stands": lambda row: row["words"],
        "Kind": lambda row: KINDS[row["kind"]],
        "Clock": lambda row: row["name"],
    },
    "jobs": {
        "About": lambda row: row["case"] or row["action"] or "",
        "How it stands": lambda row: row["words"] or "",
        "Due": lambda row: day(row["due"]),
        "Kind": lambda row: KINDS[row["kind"]] if row["due"] else "",
        "What to do": lambda row: f"{row['sentence']} ({row['deed']})",
    },
    "themes": {
        "Cases": lambda row: str(row["cases"]),
        "Actions": lambda row: str(row["actions"]),
        "Open": lambda row: str(row["open"]),
        "Late": lambda row: str(row["late"]),
        "Complete": lambda row: str(row["complete"]),
        "Reviews": _reviews,
        "Theme": lambda row: f"{row['label']} ({row['code']})",
    },
    "business-plan": {
        "Action": lambda row: row["reference"],
        "Objective": lambda row: row["objective"][:40],
        "Outcome": lambda row: " ".join(filter(None, (row["ref"], row["outcome"])))[:70],
        "Timescale": lambda row: row["timescale"],
        "Progress": lambda row: row["progress"],
    },
    "load": {
        "Open": lambda row: str(row["open"]),
        "Earlier": lambda row: str(row["earlier"]),
        "By month": lambda row: "  ".join(f"{one['month']} {one['open']}" for one in row["months"] if one["open"]),
        "Later": lambda row: str(row["later"]),
        "No date": lambda row: str(row["no_date"]),
        "Agency": lambda row: row["agency"],
    },
    "ownerless": {
        "Open": lambda row: str(row["open"]),
        "Late": lambda row: str(row["late"]),
        "Owner": lambda row: row["owner"] or "Nobody",
        "Why": lambda row: row["words"],
        "Actions": lambda row: ", ".join(row["actions"][:8]) + (" and more" if len(row["actions"]) > 8 else ""),
    },
    "emails": {
        "Sent": lambda row: moment(row["sent_at"]),
        "State": lambda row: plain(row["state"]),
        "Kind": lambda row: plain(row["kind"]),
        "To": lambda row: row["to"],
        "Subject": lambda row: row["subject"] or "",
    },
}
