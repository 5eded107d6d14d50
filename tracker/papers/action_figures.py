"""The figures of a partnership's actions that a meeting is shown: what is overdue, which review dates have passed."""

from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.queries import PastADate, actions_past_a_date
from tracker.papers.readership import counted
from tracker.people.models import Agency
from workflows.action import WITHOUT_DATE
from workflows.dates import PartialDate, iso_text

Document = dict[str, Any]


def action_figures(session: Session, partnership_id: int, today: date) -> Document:
    """Give the open actions past their date, and those whose date to be reviewed has passed, the oldest first."""
    actions = actions_past_a_date(session, partnership_id, today)
    agencies = _agency_names(session, {action.agency_id for action in actions if action.agency_id is not None})
    overdue = [
        _row(action, agencies, "due", action.due, today)
        for action in actions
        if action.timescale_kind not in WITHOUT_DATE and action.due is not None and action.due.overdue_on(today)
    ]
    passed = [
        _row(action, agencies, "review_on", action.review_on, today)
        for action in actions
        if action.review_on is not None and action.review_on.overdue_on(today)
    ]
    return {
        "overdue": counted(sorted(overdue, key=_oldest_first)),
        "review_dates_passed": counted(sorted(passed, key=_oldest_first)),
    }


def _oldest_first(row: Document) -> int:
    return -int(row["age_days"])


def _agency_names(session: Session, ids: set[int]) -> dict[int, str]:
    question = select(Agency.id, Agency.name).where(col(Agency.id).in_(ids))
    return dict(session.exec(question).all())


def _row(action: PastADate, agencies: dict[int, str], key: str, day: PartialDate | None, today: date) -> Document:
    agency = agencies.get(action.agency_id) if action.agency_id is not None else action.agency_name
    return {
        "reference": action.reference,
        "title": action.title,
        "agency": agency,
        "status": action.status,
        key: iso_text(day),
        "age_days": 0 if day is None else (today - day.last).days,
    }
