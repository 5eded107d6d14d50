"""The figures of a body's escalations: what waits for it, and what was answered or withdrawn since its last meeting."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from tracker.escalations.ageing import Ages
from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.queries import newest_holding, newest_settling
from tracker.groups.bodies import groups_by_id
from tracker.groups.models import Group
from tracker.papers.readership import counted
from workflows.dates import iso_text
from workflows.escalation import Answer, EscalationStatus

Document = dict[str, Any]


def escalation_figures(session: Session, level: Group, last_on: date | None, today: date) -> Document:
    """Give the escalations that wait at a body, parted by its last meeting, and those settled from that day on.

    Raised on the day of the last meeting is new; answered or withdrawn on it counts.
    """
    question = select(Escalation).where(Escalation.level_id == level.id)
    escalations = session.exec(question.order_by(col(Escalation.raised_on), col(Escalation.id))).all()
    rows = _Rows(session, escalations, today)
    waiting = [row for row in escalations if row.status == EscalationStatus.WAITING]
    carried = [row for row in waiting if last_on is not None and row.raised_on < last_on]
    open_rows = [rows.row(row, carried_over=row in carried) for row in waiting]
    answered = [row for row in escalations if rows.was_answered(row, last_on)]
    withdrawn = [row for row in escalations if row.withdrawn_on and (last_on is None or row.withdrawn_on >= last_on)]
    return {
        "open": counted(open_rows),
        "carried_over": counted([row for row in open_rows if row["carried_over"]]),
        "new": counted([row for row in open_rows if not row["carried_over"]]),
        "answered": counted([rows.row(row) for row in answered]),
        "withdrawn": counted([rows.row(row) for row in withdrawn]),
        "oldest_days": max((row["age_days"] for row in open_rows), default=None),
    }


class _Rows:
    """Escalations with what a row says of each, asked for together."""

    def __init__(self, session: Session, escalations: Sequence[Escalation], today: date) -> None:
        ids = [escalation.id for escalation in escalations]
        self.settled: dict[int, EscalationResponse] = newest_settling(session, ids)
        waiting = [escalation.id for escalation in escalations if escalation.status == EscalationStatus.WAITING]
        self._holding = newest_holding(session, waiting)
        self.groups = groups_by_id(session, [escalation.group_id for escalation in escalations])
        self._ages = Ages(session, escalations, today)

    def was_answered(self, escalation: Escalation, last_on: date | None) -> bool:
        """Say whether an escalation was answered since a meeting."""
        settled = self.settled.get(escalation.id)
        is_answered = escalation.status in (EscalationStatus.ANSWERED, EscalationStatus.TOLD)
        return is_answered and settled is not None and (last_on is None or settled.on.last >= last_on)

    def row(self, escalation: Escalation, **more: Any) -> Document:
        """Give one escalation as the digest shows it."""
        settled = self.settled.get(escalation.id)
        holding = self._holding.get(escalation.id)
        is_asked_back = holding is not None and holding.answer == Answer.ASKED_BACK
        return {
            "reference": escalation.reference,
            "title": escalation.title,
            "group": self.groups[escalation.group_id].code,
            "group_name": self.groups[escalation.group_id].name,
            "status": escalation.status,
            "raised_on": escalation.raised_on.isoformat(),
            **self._ages.of(escalation, settled),
            "deferred_until": iso_text(escalation.deferred_until),
            "asked_back_on": str(holding.on) if holding is not None and is_asked_back else None,
            "answer": None if settled is None else settled.answer,
            "answered_on": None if settled is None else str(settled.on),
            "told_on": iso_text(escalation.told_on),
            "withdrawn_on": iso_text(escalation.withdrawn_on),
            **more,
        }
