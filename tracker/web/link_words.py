"""What an owner reads of her actions behind a link: the action and its words, never a case or anybody else's action."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.actions.models import ActionUpdate
from tracker.actions.reading import ActionRead, rag_document
from tracker.web.pages import counted, day, how_far
from workflows.action import WITHOUT_DATE, ActionStatus, Report, why_closed

Shown = dict[str, Any]


def action_shown(read: ActionRead, today: date) -> Shown:
    """Give what the page of one action says of it."""
    action = read.action
    return {
        "reference": action.reference,
        "heading": action.title or f"Action {action.reference}",
        "text": None if action.text == action.title else action.text,
        "due": due_words(read, today),
        "is_late": read.overdue_days > 0,
        "done_means": action.success_measure,
        "version": action.version,
        "held_since": None if read.hold is None else read.hold.since,
        "closed": None if read.is_open else why_closed("This action", ActionStatus(action.status)),
    }


def due_words(read: ActionRead, today: date) -> str:
    """Say when an action is due, and how far away that is where the day is known."""
    due = read.action.due
    if due is None:
        return read.action.timescale_words or "No date is set"
    if read.overdue_days:
        far = counted(read.overdue_days, "day")
        return f"{day(due)}, {far} ago" if due.precision == "day" else f"{day(due)}, over for {far}"
    ahead = None if due.day_or_none is None else (due.day_or_none - today).days
    if ahead is None or ahead < 0 or read.action.timescale_kind in WITHOUT_DATE:
        return day(due)
    return f"{day(due)}, {how_far(due.first, today)}"


def listed_beside(read: ActionRead, reads: Sequence[ActionRead]) -> Shown:
    """Give the list of her open actions beside one of them: which it is, and which comes next."""
    references = [one.action.reference for one in reads]
    here = read.action.reference
    place = references.index(here) if here in references else None
    after = None if place is None or place + 1 == len(references) else references[place + 1]
    rows = [{"reference": one.action.reference, "rag": _with_its_date(one)} for one in reads]
    return {"rows": rows, "number": None if place is None else place + 1, "count": len(rows), "next": after}


def _with_its_date(read: ActionRead) -> Shown:
    rag, due = rag_document(read), read.action.due
    notes = (rag.get("note"), f"Due {day(due)}" if due else None)
    return rag | {"note": ". ".join(note for note in notes if note)}


def said(update: ActionUpdate) -> str:
    """Say in a few words what an update reported: `at risk, expected 29 January 2027`."""
    report = Report(update.report)
    if report in (Report.DONE, Report.NOT_MINE) or update.expected_on is None:
        return report.words
    return f"{report.words}, expected {day(update.expected_on)}"
