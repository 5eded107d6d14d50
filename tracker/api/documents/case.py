"""A case as it is answered: where it stands, its clocks, its steps, and everything recorded about it."""

from datetime import date, datetime
from typing import Any

from tracker.api.documents.parts import (
    Blocker,
    Count,
    Document,
    HistoryLine,
    Hold,
    KnownDate,
    OpenTask,
    Precision,
    StandingHold,
)
from tracker.api.documents.sharing import Briefing, Comment, Reflection
from workflows.deadlines import ClockState
from workflows.vocabulary import CaseStatus, ClockKind


class Event(Document):
    """When something happened, as far as it is known."""

    date: KnownDate
    precision: Precision


class LeftOut(Document):
    """A day that a clock does not count, and why."""

    on: date
    why: str


class Clock(Document):
    """A clock with its working: from when it counts, when it is due, how it stands."""

    code: str
    name: str
    kind: ClockKind
    start: KnownDate
    due: KnownDate
    original_due: KnownDate
    precision: Precision
    state: ClockState
    words: str
    met_on: KnownDate | None
    working_days_left: int | None
    late_by: int | None
    unit: str | None
    excluded: list[LeftOut]


class Step(Document):
    """A step that may come next: its deed, whose it is, and what stands in its way."""

    deed: str
    label: str
    roles: list[str]
    ready: bool
    choices: dict[str, Any]
    blockers: list[Blocker]


class Recommended(Document):
    """What the body that looked first recommends."""

    on: KnownDate | None
    outcome: str | None
    reason: str | None
    immediate_learning: str | None


class PanelAnswer(Document):
    """What the national Panel answered."""

    on: KnownDate | None
    kind: str | None
    text: str | None


class Dissenter(Document):
    """A partner who did not agree, and why."""

    partner: str
    reason: str | None


class Decision(Document):
    """What was decided, by whom, and who dissented; the earlier decisions of the case."""

    on: KnownDate | None
    outcome: str
    reason: str | None
    scrutineer_said: str | None
    agreed_by: list[str]
    dissent: list[Dissenter]
    methods: list[str]
    earlier: list[dict[str, Any]]


class Ratification(Document):
    """What a partner answered to the decision; `open` while she has not."""

    partner: str
    answer: str
    on: KnownDate | None
    reason: str | None


class Lead(Document):
    """Who leads a method."""

    name: str
    agency: str | None
    level: str | None
    involvement: str | None


class MethodOfCase(Document):
    """A method that was chosen, and who leads it."""

    code: str
    label: str
    needs_named_lead: bool
    lead: Lead | None
    leads: list[Lead]
    lead_missing: bool
    done_on: KnownDate | None


class Findings(Document):
    """How many findings are stated, how many recorded, and these."""

    stated: int | None
    recorded: Count
    rows: list[dict[str, Any]]


class Recommendation(Document):
    """A recommendation with its actions; one without any is a gap."""

    number: int
    text: str | None
    themes: list[str]
    findings: list[int]
    actions: list[str]
    gap: bool


class Recommendations(Document):
    """How many recommendations are stated, how many recorded, and these."""

    stated: int | None
    recorded: Count
    rows: list[Recommendation]


class ActionOfCase(Document):
    """An action that comes from the case."""

    reference: str
    title: str | None
    text: str
    status: str
    due: KnownDate | None


class Case(Document):
    """A case with everything recorded about it."""

    reference: str
    version: int
    partnership: str
    definition: str
    kind: str
    status: CaseStatus
    stage: int
    pseudonym: str
    public_label: str | None
    themes: list[str]
    opened_at: datetime
    closed_at: datetime | None
    hold: StandingHold | None
    holds: list[Hold]
    events: dict[str, Event]
    clocks: list[Clock]
    steps: list[Step]
    jobs: list[OpenTask]
    recommendation: Recommended | None
    panel_response: PanelAnswer | None
    decision: Decision | None
    ratifications: list[Ratification]
    methods: list[MethodOfCase]
    findings: Findings
    recommendations: Recommendations
    briefing: Briefing | None
    reflections: list[Reflection]
    comments: list[Comment]
    actions: list[ActionOfCase]
    impact: list[str]
    measures: list[Any]
    scrutiny_areas: list[str]
    history: list[HistoryLine]
