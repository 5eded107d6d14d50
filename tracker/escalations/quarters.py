"""Escalations by quarter: how many were raised and answered, how long answers took, and what waited at the end."""

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from sqlmodel import Session, col, select

from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.queries import SETTLING, may_see_escalation
from tracker.groups.bodies import groups_by_id
from tracker.people.doer import Doer

Document = dict[str, Any]

# Two years stand side by side.
MOST = 8


def escalation_quarters(session: Session, partnership_id: int, reader: Doer | None, today: date) -> list[Document]:
    """Give the figures of the last two years by quarter, the newest last, each also by group; from the first raised.

    An escalation is answered when its first answer settles it; what a conflict bars from the reader is not counted.
    """
    question = select(Escalation).where(Escalation.partnership_id == partnership_id, may_see_escalation(reader))
    found = session.exec(question.order_by(col(Escalation.id))).all()
    if not found:
        return []
    answered = _first_answers(session, [one.id for one in found])
    groups = groups_by_id(session, [one.group_id for one in found])
    first = _quarter_of(min(one.raised_on for one in found))
    starts = [_quarter_of(today)]
    while len(starts) < MOST and starts[0] > first:
        starts.insert(0, _quarter_of(starts[0] - timedelta(days=1)))
    made = []
    for start in starts:
        by_group = {
            groups[number].code: _figures([one for one in found if one.group_id == number], answered, start)
            | {"name": groups[number].name}
            for number in sorted({one.group_id for one in found})
        }
        made.append(
            {
                "quarter": _name(start),
                "from": start.isoformat(),
                "to": _end(start).isoformat(),
                **_figures(found, answered, start),
                "groups": by_group,
            }
        )
    return made


def _first_answers(session: Session, ids: Sequence[int]) -> dict[int, date]:
    question = select(EscalationResponse).where(
        col(EscalationResponse.escalation_id).in_(ids), col(EscalationResponse.answer).in_(SETTLING)
    )
    rows = session.exec(question.order_by(col(EscalationResponse.id).desc()))
    return {row.escalation_id: row.on.last for row in rows}


def _figures(found: Sequence[Escalation], answered: dict[int, date], start: date) -> Document:
    end = _end(start)
    settled = [one for one in found if one.id in answered and start <= answered[one.id] <= end]
    days = [max(0, (answered[one.id] - one.raised_on).days) for one in settled]
    waiting = [one for one in found if one.raised_on <= end and not _is_over(one, answered, end)]
    return {
        "raised": sum(start <= one.raised_on <= end for one in found),
        "answered": len(settled),
        "withdrawn": sum(one.withdrawn_on is not None and start <= one.withdrawn_on <= end for one in found),
        "median_days": _plainly(median(days)) if days else None,
        "waiting": len(waiting),
    }


def _plainly(number: float) -> float:
    """Give a whole number as one: 163, and 12.5."""
    return int(number) if number == int(number) else number


def _is_over(one: Escalation, answered: dict[int, date], end: date) -> bool:
    was_answered = one.id in answered and answered[one.id] <= end
    return was_answered or (one.withdrawn_on is not None and one.withdrawn_on <= end)


def _quarter_of(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _end(start: date) -> date:
    return _quarter_of(start + timedelta(days=100)) - timedelta(days=1)


def _name(start: date) -> str:
    """Name a quarter as reports do: January to March 2021."""
    return f"{start:%B} to {_end(start):%B %Y}"
