"""The plan in the form of the old Boards: objective, outcomes, timescale and progress, each in its original words."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.imported import ImportedRow
from tracker.actions.listing import row_conditions
from tracker.actions.models import Action, ActionUpdate
from tracker.actions.queries import IS_NEWEST
from tracker.actions.reading import ActionRead, read_these
from tracker.among import among, listed
from tracker.groups.themes import vocabulary
from tracker.people.doer import Doer
from tracker.rows import Question
from workflows.action import Report, SourceKind, TimescaleKind
from workflows.dates import uk_date
from workflows.wording import capital

Row = dict[str, Any]

HEADER = ("Objective", "Outcomes", "Timescale", "Progress Update")
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}.*")
NO_OBJECTIVE = "No objective named"
FILTERS = ("partnership", "case", "agency", "theme", "status", "level", "source")


def list_business_plan(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Row]:
    """Give the actions that a reader sees as outcomes of their objectives, each objective together."""
    ids = session.exec(select(Action.id).where(*row_conditions(session, where, reader))).all()
    return business_plan(session, ids, reader, now)


def business_plan(session: Session, ids: Sequence[int], reader: Doer | None, now: datetime) -> list[Row]:
    """Give actions as outcomes of their objectives, in a fixed number of questions.

    An objective is the priority from which an action comes, else what its row said before it was imported, else its
    theme. Objectives stand in the order of their first actions.
    """
    wanted = listed(ids)
    originals = {number: json.loads(text) for number, text in _ORIGINALS.rows(session, ids=wanted)}
    updates = {number: (report, text) for number, report, text in _UPDATES.rows(session, ids=wanted)}
    labels = vocabulary(session).labels([None])
    found: dict[str, list[Row]] = {}
    for read in read_these(session, ids, reader, now):
        original = originals.get(read.action.id, {})
        row = _row(read, original, updates.get(read.action.id), labels)
        found.setdefault(" ".join(row["objective"].casefold().split()), []).append(row)
    without = found.pop(NO_OBJECTIVE.casefold(), [])
    return [row for rows in (*found.values(), without) for row in rows]


def by_objective(rows: Iterable[Row]) -> list[tuple[str, list[Row]]]:
    """Give the rows of each objective under it."""
    found: list[tuple[str, list[Row]]] = []
    for row in rows:
        if not found or found[-1][0].casefold() != row["objective"].casefold():
            found.append((row["objective"], []))
        found[-1][1].append(row)
    return found


def cells_of(row: Row) -> tuple[str, str, str, str]:
    """Give a row in the four columns of the plan."""
    return row["objective"], " ".join(filter(None, (row["ref"], row["outcome"]))), row["timescale"], row["progress"]


def _row(
    read: ActionRead, original: Mapping[str, str], update: tuple[str, str | None] | None, labels: Mapping[str, str]
) -> Row:
    action = read.action
    return {
        "reference": action.reference,
        "partnership": read.partnership,
        "objective": _objective(read, original, labels),
        "ref": " ".join(original.get("ref", "").split()) or None,
        "outcome": action.text,
        "timescale": _timescale(action),
        "progress": _progress(read, original, update),
        "status": action.status,
        "rag": read.rag.word,
    }


def _objective(read: ActionRead, original: Mapping[str, str], labels: Mapping[str, str]) -> str:
    priority = next((one.words for one in read.sources if one.kind == SourceKind.PRIORITY and one.words), None)
    named = priority or " ".join(original.get("theme", "").split())
    return named or (labels.get(read.themes[0], read.themes[0]) if read.themes else NO_OBJECTIVE)


def _timescale(action: Action) -> str:
    """Give the original words; a date that was moved since stands beside them."""
    words = action.timescale_words or ""
    due = uk_date(action.due) if action.due else ""
    if due and _ISO_DAY.fullmatch(words):
        # A cell that held a date has no words of its own.
        words = ""
    if action.due is None or action.due == action.first_due:
        return words or due
    if action.timescale_kind in (TimescaleKind.RECURRING, TimescaleKind.SEVERAL):
        return f"{words} (next {due})" if words else due
    return f"{due} (first {words or (uk_date(action.first_due) if action.first_due else 'without a date')})"


def _progress(read: ActionRead, original: Mapping[str, str], update: tuple[str, str | None] | None) -> str:
    """Give what was said last: the newest update, else what the row said, unless something was done since."""
    action = read.action
    if update is not None and read.is_open:
        report, text = update
        return capital(Report(report).words) + (f": {text}" if text else "")
    said = [" ".join(original[name].split()) for name in ("status", "progress") if original.get(name)]
    before = ". ".join(dict.fromkeys(one.rstrip(".") for one in said))
    if action.version == 1 and before:
        return before
    stands = read.rag.word + (f" on {uk_date(action.completed_on)}" if action.completed_on else "")
    ended = f": {action.ended_why}" if action.ended_why else ""
    return f"{stands}{ended}" + (f". Before: {before}" if before else "")


_ORIGINALS = Question(
    select(ImportedRow.action_id, ImportedRow.original)
    .where(among(col(ImportedRow.action_id), "ids"))
    .order_by(col(ImportedRow.id).desc())
)
_UPDATES = Question(
    select(ActionUpdate.action_id, ActionUpdate.report, ActionUpdate.text).where(
        among(col(ActionUpdate.action_id), "ids"), IS_NEWEST
    )
)
