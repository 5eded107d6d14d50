"""The chain of a case as it is answered: findings, recommendations, actions, what shows them, and what is missing."""

from tracker.api.documents.actions import Owner, Rag
from tracker.api.documents.parts import Count, Document
from workflows.action import ActionStatus


class Missing(Document):
    """What is missing at one action of the chain."""

    code: str
    sentence: str


class Gap(Missing):
    """The same with what it is missing of."""

    about: str


class TracedFinding(Document):
    """A finding with the recommendations and actions that answer it."""

    number: int
    text: str
    recommendations: list[int]
    actions: list[str]
    gap: str | None


class TracedRecommendation(Document):
    """A recommendation with the findings that it answers and the actions that were made of it."""

    number: int
    text: str
    addressee: str | None
    findings: list[int]
    actions: list[str]
    gap: str | None


class TracedAction(Document):
    """An action of the chain: whose it is, how many pieces of evidence show it, and what changed."""

    reference: str
    title: str | None
    text: str
    status: ActionStatus
    rag: Rag
    owner: Owner | None
    outside: str | None
    ended_why: str | None
    evidence: Count
    impact: list[str]
    gaps: list[Missing]


class TraceFigures(Document):
    """How many links of each kind the chain has, and how many of them are whole."""

    findings: Count
    findings_answered: Count
    recommendations: Count
    recommendations_with_action: Count
    actions: Count
    actions_owned: Count
    complete: Count
    complete_with_evidence: Count
    complete_with_impact: Count
    ended_otherwise: Count


class Trace(Document):
    """The chain of a case from its findings to what changed; `others` are actions that name no link of it."""

    reference: str
    findings: list[TracedFinding]
    recommendations: list[TracedRecommendation]
    others: list[str]
    actions: dict[str, TracedAction]
    figures: TraceFigures
    gaps: list[Gap]
