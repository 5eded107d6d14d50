"""A case that is nothing but what a test says of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from workflows.dates import PartialDate
from workflows.vocabulary import Event, Outcome


@dataclass
class PretendCase:
    """Whatever the process may ask of a case; unless said otherwise, nothing stands in the way of a deed's step."""

    state: str = "new"
    notified: bool = True
    returns_outstanding: Sequence[str] = ()
    returns_asked: bool = True
    immediate_learning: str | None = "none"
    intended_actions: bool = True
    outcome: Outcome | None = None
    methods: Sequence[str] = ()
    only_audits: bool = False
    proposed_methods: int = 2
    methods_at_least: int = 2
    reason: str | None = "because"
    partners_to_answer: Sequence[str] = ()
    objections: Sequence[str] = ()
    methods_without_lead: Sequence[str] = ()
    leads_not_confirmed: Sequence[str] = ()
    findings: int = 1
    recommendations: int = 1
    report_agreed: bool = True
    sent_early_enough: bool = True
    publication_possible_from: date | None = None
    unanswered: Sequence[str] = ()
    open_actions: Sequence[str] = ()
    actions: int = 1
    graded: bool = True
    days: dict[Event, PartialDate] = field(default_factory=dict)

    def day_of(self, event: Event) -> PartialDate | None:
        """Give the day of an event, if the test said one."""
        return self.days.get(event)


# What makes a requirement met, and what leaves it unmet.
READY = {
    "all_ratified": {"partners_to_answer": (), "objections": ()},
    "objection": {"objections": ("Hackney Council",)},
    "objections_settled": {"objections": ()},
    "partners_to_answer": {"partners_to_answer": ("City of London Police",)},
    "outcome_review": {"outcome": Outcome.REVIEW},
    "outcome_no_review": {"outcome": Outcome.NO_REVIEW},
    "only_audits": {"only_audits": True},
    "more_than_audits": {"only_audits": False},
    "learning_session_held": {"days": {Event.LEARNING_SESSION: PartialDate(2027, 3, 1)}},
}
UNREADY = {
    "notification_date": {"notified": False},
    "immediate_learning": {"immediate_learning": None},
    "intended_actions": {"intended_actions": False},
    "methods": {"proposed_methods": 1},
    "reason": {"reason": " "},
    "all_ratified": {"partners_to_answer": ("Hackney Council", "City of London Police")},
    "objection": {"objections": ()},
    "objections_settled": {"objections": ("Hackney Council",)},
    "partners_to_answer": {"partners_to_answer": ()},
    "outcome_review": {"outcome": Outcome.NO_REVIEW},
    "outcome_no_review": {"outcome": Outcome.REVIEW},
    "only_audits": {"only_audits": False},
    "more_than_audits": {"only_audits": True},
    "questions_asked": {"returns_asked": False},
    "returns_received": {"returns_outstanding": ("Housing", "Police")},
    "leads_named": {"methods_without_lead": ("Partner-led Workshop",)},
    "leads_independent": {"leads_not_confirmed": ("Ada Author",)},
    "findings": {"findings": 0},
    "recommendations": {"recommendations": 0},
    "report_agreed": {"report_agreed": False},
    "sent_before_publication": {"sent_early_enough": False, "publication_possible_from": date(2027, 6, 14)},
    "learning_session_held": {"days": {}},
    "each_answered": {"unanswered": ("recommendation 2",)},
    "actions_ended": {"open_actions": ("A1", "A2")},
    "action_plan": {"actions": 0},
    "grade": {"graded": False},
}


def ready(state: str, needs: Sequence[str], *, but: str = "") -> PretendCase:
    """Give a case for which everything a step needs is met, but one thing if wanted."""
    known: dict[str, object] = {}
    for code in needs:
        known.update(READY.get(code, {}))
    return PretendCase(state=state, **{**known, **UNREADY.get(but, {})})


def blocked(state: str, needs: Sequence[str]) -> PretendCase:
    """Give a case for which nothing that a step needs is met."""
    known: dict[str, object] = {}
    for code in needs:
        known.update(UNREADY[code])
    return PretendCase(state=state, **known)
