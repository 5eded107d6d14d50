"""Where a loaded case stands: the furthest of its stages that is done or under way, in the words of its definition."""

from collections.abc import Mapping, Sequence

from tracker.loading.forms import CaseForm
from workflows.definition import Definition
from workflows.vocabulary import CaseStatus, Event, Outcome

S = CaseStatus

# For each stage of a file the statuses it may stand for, the best first; a definition has some of them.
_UNDER_WAY: Mapping[str, Sequence[CaseStatus]] = {
    "notification": (S.NOTIFIED,),
    "rapid_review": (S.RAPID_REVIEW,),
    "learning_review": (S.REVIEW_IN_PROGRESS,),
    "review": (S.REVIEW_IN_PROGRESS,),
    "thematic_review": (S.REVIEW_IN_PROGRESS,),
    "practitioner_workshop": (S.REVIEW_IN_PROGRESS,),
    "practitioner_workshops": (S.REVIEW_IN_PROGRESS,),
    "audit_of_new_cases": (S.REVIEW_IN_PROGRESS,),
    "audit": (S.REVIEW_IN_PROGRESS,),
    "assurance_review": (S.ASSURANCE, S.REVIEW_IN_PROGRESS),
    "improvement_programme": (S.IMPROVEMENT_PROGRAMME, S.ASSURANCE),
    "learning_actions": (S.LEARNING_ACTIONS, S.NO_REVIEW),
    # A plan follows a report; where there is none, it is the learning that is carried out without a review.
    "action_plan": (S.MONITORED, S.REPORT_AGREED, S.LEARNING_ACTIONS),
}
_DONE: Mapping[str, Sequence[CaseStatus]] = {
    **_UNDER_WAY,
    "rapid_review": (S.RECOMMENDED, S.SENT_TO_PANEL, S.RAPID_REVIEW),
    "learning_review": (S.REPORT_AGREED, S.COMPLETED, S.REVIEW_IN_PROGRESS),
    "review": (S.REPORT_AGREED, S.COMPLETED, S.REVIEW_IN_PROGRESS),
    "audit": (S.REPORT_AGREED, S.COMPLETED, S.LEARNING_ACTIONS),
    "publication": (S.PUBLISHED,),
    "published": (S.PUBLISHED,),
    "learning_seminars": (S.LEARNING_SHARED, S.PUBLISHED),
    "learning_workshop": (S.LEARNING_SHARED, S.PUBLISHED),
    "six_month_reflection": (S.REFLECTED_6M, S.REFLECTED),
    "one_year_reflection": (S.REFLECTED,),
    "update_report": (S.UPDATED,),
    "learning_identified": (S.LEARNING_ACTIONS, S.NO_REVIEW),
}
_DECIDED: Mapping[Outcome, Mapping[str, Sequence[CaseStatus]]] = {
    Outcome.REVIEW: {"decision": (S.DECISION_MADE, S.REVIEW_IN_PROGRESS), "ratification": (S.REVIEW_IN_PROGRESS,)},
    Outcome.NO_REVIEW: {
        "decision": (S.DECISION_MADE, S.NO_REVIEW),
        "ratification": (S.LEARNING_ACTIONS, S.NO_REVIEW, S.RATIFIED),
    },
}
# A case without a review has come no further than one that is reviewed: these two stand before the review.
_ORDER: list[CaseStatus] = [status for status in S if status not in (S.NO_REVIEW, S.LEARNING_ACTIONS)]
_ORDER[_ORDER.index(S.REVIEW_IN_PROGRESS) : _ORDER.index(S.REVIEW_IN_PROGRESS)] = [S.NO_REVIEW, S.LEARNING_ACTIONS]

_DAYS_OF_STAGES: Mapping[str, Sequence[Event]] = {
    "notification": (Event.NOTIFICATION,),
    "rapid_review": (Event.NOTIFICATION, Event.SENT_TO_PANEL),
    "published": (Event.SENT_BEFORE_PUBLICATION, Event.PUBLICATION),
    "publication": (Event.SENT_BEFORE_PUBLICATION, Event.PUBLICATION),
    "update_report": (Event.UPDATE_REPORT,),
}


def status_of(form: CaseForm, definition: Definition) -> str:
    """Give the furthest status that the stages of a file reach; before all of them, the definition's first one."""
    known = [status.value for status in definition.statuses]
    reached = [_first_known(_meant(form, stage.stage, stage.state), known) for stage in form.stages]
    statuses = [CaseStatus(status) for status in reached if status is not None]
    return max(statuses, key=_ORDER.index).value if statuses else known[0]


def outcome_of(form: CaseForm) -> Outcome | None:
    """Read what was decided: no review, or one of the many kinds of review."""
    if form.decision is None:
        return None
    return Outcome.NO_REVIEW if form.decision.outcome.startswith("no_") else Outcome.REVIEW


def events_done(form: CaseForm) -> set[Event]:
    """Give the events that certainly happened, because their stage is done, also where no day is stated."""
    return {event for stage in form.stages if stage.state == "done" for event in _DAYS_OF_STAGES.get(stage.stage, ())}


def _meant(form: CaseForm, stage: str, state: str) -> Sequence[CaseStatus]:
    if state not in ("done", "in_progress", "ongoing", "complete"):
        return ()
    if stage in ("decision", "executive_decision", "ratification"):
        return _DECIDED[outcome_of(form) or Outcome.REVIEW][stage.removeprefix("executive_")]
    under_way = state in ("in_progress", "ongoing")
    return (_UNDER_WAY if under_way else _DONE).get(stage, ())


def _first_known(meant: Sequence[CaseStatus], known: Sequence[str]) -> str | None:
    return next((status.value for status in meant if status.value in known), None)
