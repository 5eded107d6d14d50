"""What became of what stood in an earlier pack and stands in this one no more."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.models import Action
from tracker.actions.reading import ActionRead, read_these
from tracker.cases.models import Case, Clock, Hold
from tracker.escalations.models import Escalation
from tracker.escalations.queries import newest_settling
from workflows.dates import iso_text, uk_date
from workflows.escalation import Answer, EscalationStatus
from workflows.vocabulary import CaseStatus
from workflows.wording import capital

Document = dict[str, Any]


def endings(session: Session, keys: Iterable[str], now: datetime) -> dict[str, Document]:
    """Give, by its key, how each stands now: `words`, `due`, and whether it `is_closed` or only stands elsewhere."""
    wanted: dict[str, list[str]] = {}
    for key in keys:
        wanted.setdefault(key.split(" ")[0], []).append(key)
    found: dict[str, Document] = {}
    for kind, some in wanted.items():
        found |= _OF_KIND[kind](session, some, now)
    return found


def _references(keys: Sequence[str]) -> dict[str, str]:
    return {key.split(" ")[1]: key for key in keys}


def _ending(words: str, due: str | None = None, *, is_closed: bool = True) -> Document:
    return {"words": capital(words), "due": due, "is_closed": is_closed}


def _actions(session: Session, keys: Sequence[str], now: datetime) -> dict[str, Document]:
    by_reference = _references(keys)
    ids = session.exec(select(Action.id).where(col(Action.reference).in_(by_reference))).all()
    return {by_reference[read.action.reference]: _action(read) for read in read_these(session, ids, None, now)}


def _action(read: ActionRead) -> Document:
    if not read.is_open:
        return _ending(str(read.action.status).replace("_", " "))
    due = f", due {uk_date(read.action.due)}" if read.action.due else ""
    return _ending(f"{read.rag.word}{due}", iso_text(read.action.due), is_closed=False)


def _escalations(session: Session, keys: Sequence[str], _now: datetime) -> dict[str, Document]:
    by_reference = _references(keys)
    rows = session.exec(select(Escalation).where(col(Escalation.reference).in_(by_reference))).all()
    settled = newest_settling(session, [row.id for row in rows])
    found = {}
    for row in rows:
        answer = settled.get(row.id)
        if row.status == EscalationStatus.WAITING:
            ending = _ending("Waits for the body above", is_closed=False)
        elif answer is None:
            ending = _ending(f"Withdrawn on {uk_date(row.withdrawn_on)}" if row.withdrawn_on else "Withdrawn")
        else:
            ending = _ending(f"{Answer(answer.answer).words}, {uk_date(answer.on)}")
        found[by_reference[row.reference]] = ending
    return found


def _clocks(session: Session, keys: Sequence[str], _now: datetime) -> dict[str, Document]:
    question = select(Case.reference, Clock).join(Clock, col(Clock.case_id) == Case.id)
    rows = session.exec(question.where(col(Case.reference).in_(_references(keys)))).all()
    return {key: _clock(one) for reference, one in rows if (key := f"clock {reference} {one.code}") in keys}


def _clock(clock: Clock) -> Document:
    if clock.met_on is not None:
        return _ending(f"Met on {uk_date(clock.met_on)}" if clock.met_on.day else f"Met, {uk_date(clock.met_on)}")
    if clock.stopped_on is not None:
        return _ending(f"Stopped on {uk_date(clock.stopped_on)}")
    return _ending(f"Due {uk_date(clock.due)}", str(clock.due), is_closed=False)


def _holds(session: Session, keys: Sequence[str], _now: datetime) -> dict[str, Document]:
    by_reference = _references(keys)
    question = select(Case.reference, Hold).join(Hold, col(Hold.case_id) == Case.id)
    rows = session.exec(question.where(col(Case.reference).in_(by_reference)).order_by(col(Hold.id)))
    return {by_reference[name]: _ending(f"Hold ended on {uk_date(one.until)}") for name, one in rows if one.until}


def _decisions(session: Session, keys: Sequence[str], _now: datetime) -> dict[str, Document]:
    by_reference = _references(keys)
    rows = session.exec(select(Case.reference, Case.status).where(col(Case.reference).in_(by_reference)))
    return {by_reference[reference]: _ending(CaseStatus(status).words) for reference, status in rows}


_OF_KIND: Mapping[str, Callable[[Session, Sequence[str], datetime], dict[str, Document]]] = {
    "action": _actions,
    "escalation": _escalations,
    "clock": _clocks,
    "hold": _holds,
    "decision": _decisions,
}
