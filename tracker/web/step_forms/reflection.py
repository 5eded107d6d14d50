"""The forms of the last stages: the learning session, the reflections, and the closing of the case."""

import re
from collections.abc import Sequence
from typing import Any

from tracker.web.fields import Choice, Field, Kind
from tracker.web.forms import Form
from tracker.web.step_forms.form import At, Blocks, Repeat, StepForm
from tracker.web.step_forms.questions import day, line, one_of, select, words
from workflows.arrangement import ReflectsOn

STANDS = (
    Choice("embedded", "Embedded", "It is how people work now, and something shows it."),
    Choice("in_progress", "In progress"),
    Choice("gap", "Gap", "Something is missing. Say what: it becomes an action."),
)


def _session(at: At) -> list[Field]:
    held = day("When was the session held?", missing="Enter the date of the session")
    if "audit_held" not in at.case["events"]:
        return [held]
    follows = (Choice("review", "The review"), Choice("audit", "The multi-agency audit"))
    return [held, one_of("follows", "What does the session follow?", follows, missing="Choose what it follows")]


def _attendance(at: At) -> list[Repeat]:
    fields = (
        select("agency", "Which agency?", at.agencies),
        line("came", "How many came?", hint="Leave it empty if only that somebody came is known.", width=4),
    )
    return [
        Repeat(
            "attendance",
            "Who came? (optional)",
            "Agency",
            fields,
            add="Add another agency",
            at_first=3,
            as_fact=_numbers,
        )
    ]


def _numbers(form: Form, blocks: Blocks) -> dict[str, int | bool]:
    """Give for each agency how many came; what is no number, or has no agency, is said beside its field."""
    found: dict[str, int | bool] = {}
    for fields, values in blocks:
        agency, came = str(values.get("agency", "")), str(values.get("came", ""))
        is_number = came.isascii() and came.isdigit() and len(came) <= 5
        if not agency:
            form.says(fields["agency"].name, "Choose the agency from which they came")
        elif agency in found:
            form.says(fields["agency"].name, f"{agency} is named twice. Add the numbers up")
        elif came and not is_number:
            form.says(fields["came"].name, "Write how many came as a whole number, like 12")
        else:
            found[agency] = int(came) if came else True
    return found


def _reflection(_at: At) -> list[Field]:
    return [day("When was it held?", missing="Enter the date on which it was held")]


def _answers(at: At) -> list[Repeat]:
    """Ask about each recommendation, or each action where the definition says so."""
    on_actions = at.standing.definition.reflection_answers == ReflectsOn.ACTIONS
    if on_actions:
        about = [(f"Action {row['reference']}", row["title"] or row["text"]) for row in at.case["actions"]]
        known = [str(row["reference"]) for row in at.case["actions"]]
    else:
        rows = at.case["recommendations"]["rows"]
        about = [(f"Recommendation {row['number']}", row["text"]) for row in rows]
        known = [str(row["number"]) for row in rows]
    if not about:
        return []
    fields = (
        one_of("answer", "Where does it stand?", STANDS, missing="Choose where it stands"),
        words("text", "What shows it, or what is missing?", rows=3),
    )

    def placed(form: Form, blocks: Blocks) -> list[dict[str, Any]]:
        _tell_of_what_is_gone(form, known)
        return [{"of": _key(part), **values} for part, values in blocks]

    legend = "What has been embedded?"
    return [Repeat("answers", legend, "Answer", fields, titles=about, keys=known, as_fact=placed, homes=_homes)]


def _tell_of_what_is_gone(form: Form, known: Sequence[str]) -> None:
    """Refuse answers about what is not asked about any more, such as an action that was joined meanwhile."""
    answered = {match[1] for name in form.typed if form.text(name) and (match := _ANSWER.fullmatch(name))}
    gone = [key for key in answered if key not in known]
    if gone:
        said = " ".join(f"{key}: “{form.text(f'answers-{key}-text')}”." for key in sorted(gone))
        form.says("form", f"What is asked about has changed since you opened this page. You had written about {said}")


def _homes(blocks: Blocks) -> dict[str, Field]:
    """Say beside the first part without an answer that one is missing, and beside the first gap that it lacks words."""
    found: dict[str, Field] = {}
    for fields, values in blocks:
        if "answer" not in values:
            found.setdefault("each_answered", fields["answer"])
        elif values["answer"] == "gap" and "text" not in values:
            found.setdefault("answers", fields["text"])
    return found


def _key(fields: Any) -> str:  # the fields of one block, by their names
    return str(fields["answer"].name.split("-")[1])


_ANSWER = re.compile(r"answers-(\w+)-(?:answer|text)")


def _closing(_at: At) -> list[Field]:
    return [
        words("reason", "Why is the case closed?", missing="Say why the case is closed"),
        Field("on", Kind.DATE, "When was it closed? (optional)", hint="Leave it empty for today."),
    ]


FORMS = (
    StepForm(
        "record_learning_session",
        "Record the learning session",
        "Record the session",
        "recorded the learning session",
        _session,
        repeats=_attendance,
    ),
    StepForm(
        "record_reflection",
        "Record the reflection",
        "Record the reflection",
        "recorded the reflection",
        _reflection,
        repeats=_answers,
        intro="Has the learning been embedded, and what is still missing? A gap becomes an action.",
    ),
    StepForm(
        "close_case",
        "Close the case",
        "Close the case",
        "closed the case",
        _closing,
        warning="Once closed, a case cannot be opened again: its clocks stop, and nothing more can be recorded on it.",
    ),
)
