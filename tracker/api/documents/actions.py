"""Actions as they are answered, as a line of a list and whole."""

from datetime import datetime
from typing import Any

from tracker.api.documents.parts import (
    Count,
    Document,
    HistoryLine,
    Hold,
    KnownDate,
    OpenTask,
    Precision,
    StandingHold,
)
from tracker.files.kinds import FileKind
from workflows.action import ActionStatus, Level, Report, SourceKind, TimescaleKind
from workflows.colour import Colour


class Rag(Document):
    """The colour of an action, the word that stands beside it, and why."""

    colour: Colour
    word: str
    reason: str


class Flags(Document):
    """What stands beside the colour."""

    overdue: bool
    blocked: bool
    on_hold: bool


class Source(Document):
    """Where an action comes from; a case that the reader may not open is not named."""

    kind: SourceKind
    case: str | None
    recommendation: int | None
    finding: int | None
    words: str | None


class Owner(Document):
    """Whose an action is, and who answers where that is somebody else."""

    name: str
    email: str | None
    answers: str | None


class Outside(Document):
    """What is asked of a body outside, and what it answered; `days` since it was asked, while it has not."""

    body: str
    asked_on: KnownDate | None
    answered_on: KnownDate | None
    answer: str | None
    days: Count | None


class ActionRow(Document):
    """An action as a line of a list."""

    reference: str
    version: int
    partnership: str
    title: str | None
    text: str
    status: ActionStatus
    report: Report | None
    rag: Rag
    flags: Flags
    overdue_days: Count
    sources: list[Source]
    level: Level | None
    agency: str | None
    owner: Owner | None
    due: KnownDate | None
    precision: Precision | None
    review_on: KnownDate | None
    group: str | None
    first_due: KnownDate | None
    moves: Count
    outside: Outside | None
    themes: list[str]


class Met(Document):
    """One of its dates that was met, and when."""

    due: KnownDate | None
    on: KnownDate | None


class Moved(Document):
    """A date to which an action was moved: why, when, who recorded it, and who agreed it."""

    due: KnownDate | None
    reason: str | None
    at: datetime
    by: str | None
    agreed_with: str | None


class Reopened(Document):
    """That an action was opened again: why, when and by whom, and when it had been complete."""

    due: KnownDate | None
    reason: str | None
    at: datetime
    by: str | None
    was_complete_on: KnownDate | None


class Timescale(Document):
    """By when, as it was meant: one date, a rhythm, no end, on an occasion, or several dates."""

    kind: TimescaleKind
    words: str | None
    every: str | None
    next: KnownDate | None
    dates: list[KnownDate]
    met: list[Met]


class File(Document):
    """A file, without what it holds; under its number it is downloaded."""

    number: Count
    name: str
    kind: FileKind
    size: Count
    sha256: str


class Evidence(Document):
    """What shows that something was done: in words, or as a file, whose name stands in the words."""

    text: str
    file: File | None
    on: KnownDate | None
    given_by: str | None


class Impact(Document):
    """What has changed because of an action."""

    on: KnownDate | None
    text: str
    measure: str | None
    embedded: bool


class Update(Document):
    """What an owner said of her action, and what became of it."""

    at: datetime
    by: str
    report: Report
    text: str | None
    expected_on: KnownDate | None
    state: str
    evidence: list[str]
    files: list[File]
    answers: list[dict[str, Any]]


class Joined(Document):
    """An action that was joined with the one that is shown: how it stood, by whom it was joined, and why."""

    reference: str
    title: str | None
    text: str
    status: ActionStatus
    owner: str | None
    due: KnownDate | None
    into: str
    at: datetime
    by: str
    reason: str


class LooksLike(Document):
    """An action that is likely the same in other words, and how alike the two are; 1 says the same."""

    reference: str
    title: str | None
    text: str
    alike: float


class Action(ActionRow):
    """An action with everything recorded about it."""

    helpers: list[str]
    timescale: Timescale
    moved: list[Moved]
    reopened: list[Reopened]
    hold: StandingHold | None
    holds: list[Hold]
    evidence: list[Evidence]
    impact: list[Impact]
    updates: list[Update]
    joined_into: str | None
    joined: list[Joined]
    linked: list[str]
    looks_like: list[LooksLike]
    jobs: list[OpenTask]
    history: list[HistoryLine]
