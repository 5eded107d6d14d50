"""The forms of the learning review: who leads its methods, what is done, its agreed report, its grade."""

from tracker.web.fields import NO_NAMES, Choice, Field, Kind
from tracker.web.step_forms.form import At, Repeat, StepForm
from tracker.web.step_forms.questions import day, line, one_of, select, themes, words

LEVELS = (
    Choice("senior", "Senior"),
    Choice("operational", "Operational"),
)
INVOLVEMENT = (
    Choice("none", "Yes: no direct involvement, and manages nobody involved"),
    Choice("direct", "No"),
    Choice(
        "not_known",
        "Not known yet: ask them by email",
        "The review can start. The report cannot be signed off until they answer.",
    ),
)
A_PERSON = "A work email address, like name@agency.example; or the name, for somebody who has none here."


def _methods(at: At, *, done: bool = True) -> list[Choice]:
    methods = [row for row in at.case["methods"] if done or row["done_on"] is None]
    return [Choice(row["code"], row["label"]) for row in methods]


def _no_method(at: At) -> str | None:
    return None if _methods(at) else "No method is chosen yet: the decision chooses the methods."


def _all_done(at: At) -> str | None:
    return _no_method(at) or (None if _methods(at, done=False) else "Every method is done.")


def _lead(at: At) -> list[Field]:
    return [
        select("method", "Which method?", _methods(at), missing="Choose the method"),
        line("person", "Who leads it?", hint=A_PERSON, missing="Say who leads the method"),
        select("agency", "Agency (optional)", at.agencies),
        one_of("level", "At which level do they work?", LEVELS),
        one_of(
            "involvement",
            "Are they independent of the case?",
            INVOLVEMENT,
            missing="Say whether they are independent of the case",
        ),
        words(
            "declaration",
            "Interest to declare (optional)",
            hint="Only for somebody who took part in the decision.",
            rows=3,
        ),
    ]


def _withdrawn(at: At) -> list[Field]:
    return [
        select("method", "Which method?", _methods(at), missing="Choose the method"),
        line("person", "Whose declaration? (only if several people lead it)", hint=A_PERSON),
        words("reason", "Why is it withdrawn?", missing="Say why the declaration is withdrawn"),
    ]


def _unanswered(at: At) -> list[Choice]:
    """Give the methods of which a lead has not said yet whether they are independent."""
    open_ones = [row for row in at.case["methods"] if any(lead["involvement"] == "not_known" for lead in row["leads"])]
    return [Choice(row["code"], row["label"]) for row in open_ones]


def _all_known(at: At) -> str | None:
    return None if _unanswered(at) else "Nobody is asked about independence: every lead’s answer is known."


def _independence(at: At) -> list[Field]:
    said = (INVOLVEMENT[0], Choice("direct", "No", "Their appointment ends where the partnership’s rule says so."))
    return [
        select("method", "Which method?", _unanswered(at), missing="Choose the method"),
        one_of("involvement", "Are they independent of the case?", said, missing="Choose yes or no"),
        line("person", "Who? (only if several people lead it)", hint=A_PERSON),
    ]


def _done(at: At) -> list[Field]:
    return [
        select("method", "Which method is done?", _methods(at, done=False), missing="Choose the method"),
        day("When was it done?", missing="Enter the date on which it was done"),
        words("note", "Note (optional)", rows=3),
    ]


def _report(at: At) -> list[Field]:
    kinds = [kind for kind in at.standing.definition.review_kinds if kind != "rapid_review"]
    choices = [Choice(kind, kind.replace("_", " ").capitalize()) for kind in kinds]
    asked = [select("kind", "Kind of review (optional)", choices)] if len(choices) > 1 else []
    return [day("When was the report agreed?", missing="Enter the date on which the report was agreed"), *asked]


def _learning(at: At) -> list[Repeat]:
    finding = (words("text", "What was found", missing="Say what was found", rows=3), *themes(at.themes))
    recommended = (
        words("text", "What is recommended", missing="Say what is recommended", rows=3),
        line("addressee", "For whom? (optional)", hint="An agency, a group or a post."),
        *themes(at.themes),
    )
    hint = "In the words of the report. Leave a part empty if you do not need it."
    return [
        Repeat("findings", "What did the review find?", "Finding", finding, hint, "Add another finding", 2),
        Repeat(
            "recommendations",
            "What does it recommend?",
            "Recommendation",
            recommended,
            hint,
            "Add another recommendation",
            2,
        ),
    ]


def _evaluation(at: At) -> list[Field]:
    grades = [Choice(grade, grade.capitalize()) for grade in at.standing.definition.grades]
    missing = "Choose the grade" if grades else "Write the grade"
    label = "Which grade did the review get?"
    asked = one_of("grade", label, grades, missing=missing) if grades else line("grade", label, missing=missing)
    return [day("When was the review evaluated?", missing="Enter the date of the evaluation"), asked]


def _linked(at: At) -> list[Field]:
    recommended = [(str(row["number"]), row["text"]) for row in at.case["recommendations"]["rows"]]
    found = [(str(row["number"]), row["text"]) for row in at.case["findings"]["rows"]]
    return [
        Field(
            "recommendation",
            Kind.ONE_OF,
            "Which recommendation is it about?",
            missing="Choose the recommendation",
            choices=[Choice(number, f"{number}. {text}") for number, text in recommended],
            as_fact=int,
        ),
        Field(
            "findings",
            Kind.SOME_OF,
            "Which findings does it answer?",
            choices=[Choice(number, f"{number}. {text}") for number, text in found],
            as_fact=lambda numbers: [int(number) for number in numbers],
        ),
    ]


def _nothing_to_link(at: At) -> str | None:
    both = at.case["recommendations"]["rows"] and at.case["findings"]["rows"]
    return None if both else "There are no findings and recommendations to link yet. They come with the report."


FORMS = (
    StepForm(
        "link_recommendation",
        "Say which findings a recommendation answers",
        "Save the link",
        "said which findings a recommendation answers",
        _linked,
        why_not=_nothing_to_link,
    ),
    StepForm(
        "appoint_lead",
        "Appoint a lead",
        "Appoint the lead",
        "appointed a lead",
        _lead,
        why_not=_no_method,
        intro="A method may have several leads. If it was not known whether a lead is independent, appoint them again "
        "with the answer.",
    ),
    StepForm(
        "withdraw_declaration",
        "Withdraw a declaration of independence",
        "Withdraw the declaration",
        "withdrew a declaration of independence",
        _withdrawn,
        why_not=_no_method,
        intro="The appointment ends, and somebody else has to be chosen.",
    ),
    StepForm(
        "declare_independence",
        "Record a lead’s answer about independence",
        "Record the answer",
        "recorded a lead’s answer about independence",
        _independence,
        why_not=_all_known,
        intro="Every lead answers for themselves, by email; record here what you were told.",
    ),
    StepForm(
        "record_method_done",
        "Record that a method is done",
        "Record it as done",
        "recorded that a method is done",
        _done,
        why_not=_all_done,
    ),
    StepForm(
        "agree_report",
        "Agree the report",
        "Agree the report",
        "recorded that the report is agreed",
        _report,
        repeats=_learning,
        intro=f"Each recommendation needs an action in the plan afterwards. {NO_NAMES}",
    ),
    StepForm(
        "record_evaluation",
        "Record the evaluation",
        "Record the evaluation",
        "recorded the evaluation",
        _evaluation,
    ),
)
