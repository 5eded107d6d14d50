"""What a step may require before it is taken: a code, a sentence for whoever is refused, and the deed that cures it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflows.subject import Subject
from workflows.vocabulary import Do, Event, Outcome
from workflows.wording import listed


@dataclass(frozen=True, slots=True)
class Unmet:
    """A requirement that is not met: why not, what cures it, and from which day it would be."""

    code: str
    sentence: str
    cured_by: str | None
    from_day: date | None = None


@dataclass(frozen=True, slots=True)
class Requirement:
    """Something that must be so before a step; called by the state machine, asked for its sentence when it refuses.

    `of_facts`: it speaks of the facts given with the step, so that it stands in no list of what blocks a step.
    """

    code: str
    words: str
    cured_by: Do | str | None
    why_not: Callable[[Subject], str | None]
    of_facts: bool = False
    from_day: Callable[[Subject], date | None] | None = None

    def unmet(self, subject: Subject) -> Unmet | None:
        """Say why the requirement is not met, or nothing when it is."""
        sentence = self.why_not(subject)
        if sentence is None:
            return None
        cure = self.cured_by.deed if isinstance(self.cured_by, Do) else self.cured_by
        return Unmet(self.code, sentence, cure, self.from_day(subject) if self.from_day else None)


def _if(wrong: object, sentence: str) -> str | None:
    return sentence if wrong else None


def _too_few_methods(case: Subject) -> str | None:
    if case.proposed_methods >= case.methods_at_least:
        return None
    return f"Choose {case.methods_at_least} or more methods."


def _late_copy(case: Subject) -> str | None:
    if case.sent_early_enough:
        return None
    return (
        "The full report has to be with the national Panel and the Secretary of State 7 working days before "
        "publication: record the sending, choose a later day, or give the reason in override_reason."
    )


_ALL: Sequence[Requirement] = (
    Requirement(
        "notification_date",
        "the day of the notification is recorded",
        Do.RECORD_NOTIFICATION,
        lambda case: _if(not case.notified, "Record the day of the notification first."),
    ),
    Requirement(
        "immediate_learning",
        "the immediate learning is said, or that there is none",
        Do.RECORD_RECOMMENDATION,
        lambda case: _if(
            not case.immediate_learning, "Say what the immediate learning is, or write none if there is none."
        ),
        of_facts=True,
    ),
    Requirement(
        "intended_actions",
        "the intended actions are recorded",
        "add-action",
        lambda case: _if(
            not case.intended_actions,
            "Record the intended actions first: add an action of this case, or record the immediate learning.",
        ),
    ),
    Requirement(
        "methods",
        "enough methods are chosen",
        Do.RECORD_DECISION,
        _too_few_methods,
        of_facts=True,
    ),
    Requirement(
        "reason",
        "a reason is given",
        None,
        lambda case: _if(not (case.reason or "").strip(), "Give the reason."),
        of_facts=True,
    ),
    Requirement(
        "all_ratified",
        "every safeguarding partner has answered yes, or its objection is settled",
        Do.RECORD_RATIFICATION,
        lambda case: _if(
            case.partners_to_answer or case.objections,
            f"Wait for the answer of {listed([*case.partners_to_answer, *case.objections])}.",
        ),
    ),
    Requirement(
        "objection",
        "a safeguarding partner has said no",
        Do.RECORD_RATIFICATION,
        lambda case: _if(not case.objections, "No safeguarding partner objects."),
    ),
    Requirement(
        "objections_settled",
        "no objection is open",
        Do.RECORD_RESOLUTION,
        lambda case: _if(case.objections, f"Settle the objection of {listed(case.objections)} first."),
    ),
    Requirement(
        "partners_to_answer",
        "a safeguarding partner has not answered yet",
        Do.RECORD_RATIFICATION,
        lambda case: _if(not case.partners_to_answer, "Every safeguarding partner has answered."),
    ),
    Requirement(
        "outcome_review",
        "the decision is to review",
        None,
        lambda case: _if(case.outcome != Outcome.REVIEW, "The decision is against a review."),
    ),
    Requirement(
        "outcome_no_review",
        "the decision is against a review",
        None,
        lambda case: _if(case.outcome != Outcome.NO_REVIEW, "The decision is to review."),
    ),
    Requirement(
        "only_audits",
        "the decision asks for assurance only",
        None,
        lambda case: _if(not case.only_audits, "The decision asks for more than assurance."),
    ),
    Requirement(
        "more_than_audits",
        "the decision asks for more than assurance",
        None,
        lambda case: _if(case.only_audits, "The decision asks for assurance only."),
    ),
    Requirement(
        "questions_asked",
        "questions were put to the partners",
        "ask-return",
        lambda case: _if(not case.returns_asked, "Put the questions to the partners first: ask each for its return."),
    ),
    Requirement(
        "returns_received",
        "every agency that was asked has answered",
        "record-return",
        lambda case: _if(case.returns_outstanding, f"Record the return of {listed(case.returns_outstanding)} first."),
    ),
    Requirement(
        "leads_named",
        "every method that needs a named lead has one",
        Do.APPOINT_LEAD,
        lambda case: _if(case.methods_without_lead, f"Appoint a lead for {listed(case.methods_without_lead)} first."),
    ),
    Requirement(
        "leads_independent",
        "the independence of every lead is confirmed",
        Do.APPOINT_LEAD,
        lambda case: _if(
            case.leads_not_confirmed,
            f"Confirm that {listed(case.leads_not_confirmed)} had no direct involvement in the case, "
            "or appoint somebody else.",
        ),
    ),
    Requirement(
        "findings",
        "findings are recorded",
        Do.AGREE_REPORT,
        lambda case: _if(not case.findings, "Record the findings of the report first."),
    ),
    Requirement(
        "recommendations",
        "recommendations are recorded",
        Do.AGREE_REPORT,
        lambda case: _if(not case.recommendations, "Record the recommendations of the report first."),
    ),
    Requirement(
        "report_agreed",
        "the report is agreed",
        Do.AGREE_REPORT,
        lambda case: _if(not case.report_agreed, "Agree the report first."),
    ),
    Requirement(
        "sent_before_publication",
        "the full report went to the national Panel and the Secretary of State in time",
        Do.RECORD_SENT_BEFORE_PUBLICATION,
        _late_copy,
        from_day=lambda case: case.publication_possible_from,
    ),
    Requirement(
        "learning_session_held",
        "the learning session is held",
        Do.RECORD_LEARNING_SESSION,
        lambda case: _if(case.day_of(Event.LEARNING_SESSION) is None, "Hold and record the learning session first."),
    ),
    Requirement(
        "each_answered",
        "each recommendation or action has an answer",
        Do.RECORD_REFLECTION,
        lambda case: _if(case.unanswered, f"Answer for {listed(case.unanswered)} as well."),
        of_facts=True,
    ),
    Requirement(
        "actions_ended",
        "each action is complete, or closed with a reason",
        "complete-action",
        lambda case: _if(
            case.open_actions,
            f"Complete {listed(case.open_actions)}, or end {'it' if len(case.open_actions) == 1 else 'them'} "
            "with a reason, first.",
        ),
    ),
    Requirement(
        "action_plan",
        "the case has an action plan",
        "add-action",
        lambda case: _if(not case.actions, "Add the actions of the plan first."),
    ),
    Requirement(
        "grade",
        "the grade is recorded",
        Do.RECORD_EVALUATION,
        lambda case: _if(not case.graded, "Record the grade first."),
    ),
)

REQUIREMENTS: Mapping[str, Requirement] = {requirement.code: requirement for requirement in _ALL}
