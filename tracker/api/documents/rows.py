"""The lines of lists as they are answered; those of actions stand beside the action itself."""

from datetime import date, datetime

from tracker.api.documents.case import Clock
from tracker.api.documents.parts import Count, Document, Hour, KnownDate
from workflows.action import ActionStatus
from workflows.escalation import EscalationStatus
from workflows.vocabulary import CaseStatus, ClockKind


class CaseRow(Document):
    """A case as a line of a list: where it stands, what is late, what comes next."""

    reference: str
    partnership: str
    pseudonym: str
    public_label: str | None
    kind: str
    status: CaseStatus
    stage: int
    year: str | None
    on_hold: bool
    late: Count
    next_due: KnownDate | None
    version: int


class EscalationRow(Document):
    """An escalation as a line of a list."""

    reference: str
    group: str
    level: str
    title: str
    status: EscalationStatus
    raised_on: date
    age_days: int
    answer: str | None
    told_on: date | None
    about: list[str]


class MeetingRow(Document):
    """A meeting as a line of a list."""

    reference: str
    partnership: str
    group: str
    on: date
    at: Hour
    first_on: date
    status: str
    days_left: int | None


class ClockRow(Clock):
    """An open clock, and the case whose it is."""

    case: str
    partnership: str


class JobRow(Document):
    """Something that waits for somebody, by when, and the deed that does it."""

    sentence: str
    deed: str
    code: str
    partnership: str
    case: str | None
    action: str | None
    due: KnownDate | None
    kind: ClockKind
    working_days_left: int | None
    late_by: int | None
    words: str | None


class ReviewsOfYear(Document):
    """How many reviews of a year bear on a theme."""

    year: str
    reviews: Count


class ActionsOfAgency(Document):
    """How the actions of an agency stand that have a theme."""

    agency: str
    open: Count
    late: Count
    complete: Count
    ended: Count


class ThemeRow(Document):
    """A theme with its cases and actions, as far as the reader sees them."""

    code: str
    label: str
    cases: Count
    actions: Count
    open: Count
    late: Count
    complete: Count
    ended: Count
    reviews: Count
    first_year: str | None
    last_year: str | None
    years: list[ReviewsOfYear]
    agencies: list[ActionsOfAgency]


class BusinessPlanRow(Document):
    """An action as an outcome of its objective, its timescale and progress in the words in which they came."""

    reference: str
    partnership: str
    objective: str
    ref: str | None
    outcome: str
    timescale: str
    progress: str
    status: ActionStatus
    rag: str


class DueInMonth(Document):
    """How many open actions fall due in a month."""

    month: str
    open: Count


class LoadRow(Document):
    """The open actions of an agency by the months in which they fall due."""

    agency: str
    open: Count
    earlier: Count
    months: list[DueInMonth]
    later: Count
    no_date: Count


class OwnerlessRow(Document):
    """Open actions of one owner that nobody answers for, or about which no reminder reaches anybody, and why."""

    partnership: str
    owner: str | None
    why: str
    words: str
    open: Count
    late: Count
    actions: list[str]


class EmailRow(Document):
    """An email: to whom, about what, when it is due and when it went."""

    kind: str
    to: str
    subject: str | None
    about: str
    due_at: datetime
    sent_at: datetime | None
    state: str


class PartnershipRow(Document):
    """A partnership in which the reader has a part."""

    reference: str
    code: str
    name: str
    version: int
