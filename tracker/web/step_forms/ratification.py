"""The forms that follow a decision where partners have a say: their answers, and how a difference was resolved."""

from typing import Any

from tracker.web.fields import Choice, Field
from tracker.web.forms import Form
from tracker.web.step_forms.form import At, Blocks, Repeat, StepForm
from tracker.web.step_forms.questions import day, line, one_of, words

OTHERWISE = "otherwise"
_OUTCOMES = (
    Choice("review", "A review is held"),
    Choice("no_review", "No review is held"),
    Choice(OTHERWISE, "In another way", "Say below how."),
)


def _ratification(at: At) -> list[Field]:
    return [
        one_of("partner", "Which safeguarding partner answers?", _to_answer(at), missing="Choose the partner"),
        day("When did it answer?", missing="Enter the date of the answer"),
        one_of(
            "answer",
            "Does it agree with the decision?",
            (Choice("yes", "Yes"), Choice("no", "No")),
            missing="Choose yes or no",
        ),
        words("reason", "Why does it object? (only if it does not agree)"),
    ]


def _to_answer(at: At) -> list[Choice]:
    waiting = [row for row in at.case["ratifications"] if row["answer"] != "yes" and not row["resolved"]]
    names = [str(row["partner"]) for row in waiting] or at.partners
    return [Choice(name, name) for name in names]


def _resolution(_at: At) -> list[Field]:
    return [
        day("When was it resolved?", missing="Enter the date of the resolution"),
        one_of("outcome", "How was it resolved?", _OUTCOMES, missing="Choose how it was resolved"),
        words("in_words", "How, in words (only if in another way)", rows=3),
        words("reason", "Why? (optional)"),
    ]


def _outcome(form: Form, _at: At) -> dict[str, Any]:
    if form.text("outcome") != OTHERWISE:
        return {"outcome": form.text("outcome")} if form.text("outcome") else {}
    if not form.text("in_words"):
        form.says("in_words", "Say how it was resolved")
    return {"outcome": form.text("in_words") or OTHERWISE}


def _names(_form: Form, blocks: Blocks) -> list[str]:
    return [str(values["name"]) for _, values in blocks]


def _participants(_at: At) -> list[Repeat]:
    return [
        Repeat(
            "participants",
            "Who took part? (optional)",
            "Participant",
            (line("name", "Name or post"),),
            add="Add another participant",
            at_first=2,
            as_fact=_names,
        )
    ]


FORMS = (
    StepForm(
        "record_ratification",
        "Record a partner’s ratification",
        "Record the answer",
        "recorded a partner’s answer to the decision",
        _ratification,
        intro="After the last yes the case moves on. A no goes to resolution.",
    ),
    StepForm(
        "record_resolution",
        "Record the resolution",
        "Record the resolution",
        "recorded the resolution",
        _resolution,
        repeats=_participants,
        more=_outcome,
        beside=frozenset({"outcome", "in_words"}),
        intro="The objections count as settled. A resolution for or against a review replaces the decision.",
    ),
)
