"""What a panel or a case review group is shown at its meetings: the cases, and what has changed since the last one."""

import json
from datetime import date, datetime, time
from typing import Any

from sqlmodel import Session, col, select

from tracker import history
from tracker.cases.models import Case
from tracker.clock import london_day, london_moment
from tracker.groups.models import Group
from tracker.papers.plan_items import MOST_LISTED
from tracker.papers.sections import section
from workflows.vocabulary import CaseStatus

Document = dict[str, Any]

CHANGED, UNCHANGED = "changed_cases", "unchanged_cases"
_TITLES = {CHANGED: "Cases with what changed since the last meeting", UNCHANGED: "Cases without a change"}
# Who may read a case is nobody's business here.
_UNSAID = (*history.NO_WORK, "give_access")


def case_headings() -> dict[str, str]:
    """Give the headings of a group that looks at cases, by their codes."""
    return dict(_TITLES)


def case_items(
    session: Session, group: Group, barred: frozenset[str], *, last_on: date | None, today: date
) -> list[Document]:
    """Give the open cases of the group's partnership, those that changed with what was recorded, newest first.

    `barred`: what a conflict bars from the reader, by reference. Without a last meeting everything is a change.
    """
    here = (Case.partnership_id == group.partnership_id, Case.status != CaseStatus.CLOSED)
    question = select(Case).where(*here, col(Case.reference).not_in(barred)).order_by(col(Case.id).desc())
    cases = session.exec(question).all()
    changes = _changes(session, group.partnership_id, last_on)
    changed = [_row(case, today, changes[case.reference]) for case in cases if case.reference in changes]
    rest = [_row(case, today, []) for case in cases if case.reference not in changes]
    changed.sort(key=lambda row: str(row["changes"][-1]["on"]), reverse=True)
    return [
        section(code, _TITLES[code], rows[:MOST_LISTED], count=len(rows))
        for code, rows in ((CHANGED, changed), (UNCHANGED, rest))
    ]


def _changes(session: Session, partnership_id: int, last_on: date | None) -> dict[str, list[Document]]:
    question = (
        select(history.HistoryLine.about, history.HistoryLine.at, history.HistoryLine.deed, history.HistoryLine.body)
        .join(Case, col(Case.reference) == history.HistoryLine.about)
        .where(Case.partnership_id == partnership_id, Case.status != CaseStatus.CLOSED)
        .where(col(history.HistoryLine.deed).not_in(_UNSAID))
    )
    if last_on is not None:
        question = question.where(col(history.HistoryLine.at) >= london_moment(last_on, time()))
    found: dict[str, list[Document]] = {}
    for about, at, deed, body in session.exec(question.order_by(col(history.HistoryLine.seq))):
        found.setdefault(about, []).append(_change(at, deed, bytes(body)))
    return found


def _change(at: datetime, deed: str, body: bytes) -> Document:
    return {"on": london_day(at).isoformat(), "deed": deed, "what": json.loads(body).get("what") or ""}


def _row(case: Case, today: date, changes: list[Document]) -> Document:
    opened = london_day(case.opened_at)
    return {
        "reference": case.reference,
        "status": case.status,
        "since": opened.isoformat(),
        "age_days": (today - opened).days,
        "changes": changes,
    }
