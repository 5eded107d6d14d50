"""Escalations, meetings and digests as they are answered."""

from datetime import date, datetime
from typing import Any

from tracker.api.documents.parts import DigestOf, Document, Figure, HistoryLine, Hour, KnownDate
from workflows.escalation import EscalationStatus


class Response(Document):
    """What the body above answered."""

    on: KnownDate
    at: datetime
    by: str
    answer: str
    text: str | None
    by_whom: str | None
    by_when: KnownDate | None
    until: KnownDate | None


class Escalation(Document):
    """An escalation: what was asked, what was answered, and the path it took."""

    reference: str
    version: int
    partnership: str
    group: str
    level: str
    title: str
    ask: str
    why: str | None
    about: list[str]
    meeting: str | None
    status: EscalationStatus
    raised_on: date
    raised_by: str
    age_days: int
    response: Response | None
    responses: list[Response]
    told_on: date | None
    history: list[HistoryLine]


class Section(Document):
    """A section of an agenda with its rows."""

    code: str
    title: str
    standing: bool
    count: int
    rows: list[dict[str, Any]]


class MeetingSeries(Document):
    """The rhythm of a series of meetings: every so many weeks, from its first day to its last."""

    every_weeks: int
    first_on: date
    until: date


class Meeting(Document):
    """A meeting with its agenda, and what became of it."""

    reference: str
    version: int
    partnership: str
    group: str
    on: date
    at: Hour
    first_on: date
    proposed_on: date | None
    proposed_why: str | None
    status: str
    place: str | None
    chair: str | None
    series: MeetingSeries | None
    agenda: list[Section]
    packs: list[dict[str, Any]]
    digest: DigestOf | None
    key_points: str | None
    attendance: dict[str, Any]
    history: list[HistoryLine]


class EscalationFigures(Document):
    """What waits for the body that decides, parted by its last meeting, and what was settled since."""

    open: Figure
    carried_over: Figure
    new: Figure
    answered: Figure
    withdrawn: Figure
    oldest_days: int | None


class ActionFigures(Document):
    """The actions that are overdue, and those whose review date has passed."""

    overdue: Figure
    review_dates_passed: Figure


class CaseFigures(Document):
    """The cases that wait for the body that decides."""

    for_decision: Figure
    ratifications_open: Figure
    in_resolution: Figure
    on_hold: Figure
    reviews_overdue: Figure


class Digest(DigestOf):
    """The digest of a meeting: as it was sent, or with the figures of this moment."""

    meeting: str
    group: str
    on: date
    at: Hour
    escalations: EscalationFigures
    actions: ActionFigures
    cases: CaseFigures
