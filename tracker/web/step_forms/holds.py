"""The forms of waiting: a hold, its end, and telling those who have to know of a delay."""

from tracker.web.fields import Choice, Field
from tracker.web.step_forms.form import At, StepForm
from tracker.web.step_forms.questions import day, one_of, whole_day, words
from workflows.dates import PartialDate, uk_date


def _hold(_at: At) -> list[Field]:
    return [
        words("reason", "What does the case wait for?", missing="Say what the case waits for"),
        whole_day("When do you look at it again?", "look_again_on", "Enter the date to look again"),
    ]


def _is_held(at: At) -> str | None:
    hold = at.case["hold"]
    if hold is None:
        return None
    return f"The case is on hold already, since {uk_date(PartialDate.parse(hold['since']))}. Release it first."


def _is_not_held(at: At) -> str | None:
    return "The case is not on hold." if at.case["hold"] is None else None


def _released(_at: At) -> list[Field]:
    label = "By when is the review now to be published?"
    return [whole_day(label, "revised_due_on", "Enter the revised date of the publication")]


def _notice(_at: At) -> list[Field]:
    told = (
        Choice("national Panel", "The national Panel (the Child Safeguarding Practice Review Panel)"),
        Choice("Secretary of State", "The Secretary of State"),
    )
    return [
        one_of("to", "Who was told?", told, missing="Choose who was told"),
        day("When were they told?", missing="Enter the date on which they were told"),
    ]


FORMS = (
    StepForm(
        "hold_case",
        "Put the case on hold",
        "Put the case on hold",
        "put the case on hold",
        _hold,
        why_not=_is_held,
        intro="No clock stops. A clock that passes its date while the case is on hold counts as explained.",
    ),
    StepForm(
        "release_case",
        "Release the case",
        "Release the case",
        "released the case",
        _released,
        why_not=_is_not_held,
        intro="The original date stays beside the revised one.",
    ),
    StepForm(
        "record_delay_notice",
        "Record a notice of delay",
        "Record the notice",
        "recorded a notice of delay",
        _notice,
        intro="Record who was told that the review will be late, and when: one notice for each of them.",
    ),
)
