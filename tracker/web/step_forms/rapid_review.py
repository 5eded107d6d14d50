"""The forms of the first stages: the notification, the returns, the panel and its advice, the national Panel."""

from tracker.web.fields import Choice, Field
from tracker.web.step_forms.form import At, StepForm
from tracker.web.step_forms.questions import day, line, one_of, select, themes, whole_day, words
from workflows.vocabulary import Event, PanelResponse
from workflows.wording import capital

RECOMMENDED = (
    Choice("review", "Hold a local child safeguarding practice review"),
    Choice("no_review", "No further review"),
)
ANSWERS = tuple(Choice(one.value, f"It {one.words[:1].lower()}{one.words[1:]}") for one in PanelResponse)


def _notification(_at: At) -> list[Field]:
    label = "When did the local authority notify the national Panel?"
    return [day(label, "notified_on", "Enter the date of the notification")]


def _asked(at: At) -> list[Field]:
    return [
        select("agency", "Which agency is asked?", at.agencies, missing="Choose the agency"),
        whole_day("By when is it to answer?", "due_on", "Enter the date by which the agency is to answer"),
    ]


def _answered(at: At) -> list[Field]:
    return [
        select("agency", "Which agency has answered?", _outstanding(at), missing="Choose the agency"),
        day("When did its return come?", missing="Enter the date on which the return came"),
    ]


def _outstanding(at: At) -> list[Choice]:
    waiting = [row for row in at.case["returns"] if row["returned_on"] is None]
    return [Choice(row["agency"], row["agency"]) for row in waiting]


def _nobody_asked(at: At) -> str | None:
    return None if _outstanding(at) else "No agency is waited for. Ask an agency for its return first."


def _the_only_one(at: At) -> dict[str, str]:
    waiting = _outstanding(at)
    return {"agency": waiting[0].value} if len(waiting) == 1 else {}


def _recommendation(at: At) -> list[Field]:
    return [
        day("When did the panel decide what to recommend?", missing="Enter the date of the recommendation"),
        one_of("outcome", "What does the panel recommend?", RECOMMENDED, missing="Choose what the panel recommends"),
        words("reason", "Why? (optional)"),
        words(
            "immediate_learning",
            "What has to be learnt at once?",
            hint="Write none if there is none.",
            missing="Say what the immediate learning is, or write none",
        ),
        *themes(at.themes),
    ]


def _response(_at: At) -> list[Field]:
    return [
        day("When did the national Panel answer?", missing="Enter the date of the answer"),
        one_of("kind", "What did it answer?", ANSWERS, missing="Choose what the national Panel answered"),
        words("text", "What did it say? (optional)"),
    ]


def _contribution(_at: At) -> list[Field]:
    return [
        line("with_whom", "Which area leads the review?", missing="Say which area leads the review"),
        day("When did the contribution begin? (optional)"),
    ]


def _correction(at: At) -> list[Field]:
    known = [Choice(name, capital(Event(name).words)) for name in at.case["events"]]
    return [
        select("event", "Which date is wrong?", known, missing="Choose the date that is wrong"),
        day("What is the right date?", missing="Enter the right date"),
        words("reason", "Why was it wrong?", missing="Say why the date was wrong"),
    ]


FORMS = (
    StepForm(
        "record_notification",
        "Record the notification",
        "Record the notification",
        "recorded the notification",
        _notification,
        intro="The clock of the rapid review runs from this day.",
    ),
    StepForm(
        "correct_event",
        "Correct a date",
        "Correct the date",
        "corrected a date",
        _correction,
        intro="The old date stays in the timeline, with your reason. Clocks that run from it are worked out again.",
    ),
    StepForm(
        "ask_return",
        "Ask an agency for its return",
        "Ask for the return",
        "asked for a return",
        _asked,
        intro="The agency’s lead may open the case from then on. If you ask again, the new date counts.",
    ),
    StepForm(
        "record_return",
        "Record the return of an agency",
        "Record the return",
        "recorded a return",
        _answered,
        known=_the_only_one,
        why_not=_nobody_asked,
    ),
    StepForm(
        "convene_panel",
        "Convene the panel",
        "Record that the panel met",
        "convened the panel",
        lambda _at: [day("When did the panel meet?", missing="Enter the date on which the panel met")],
        intro="The members of the panel may open the case from then on.",
    ),
    StepForm(
        "record_recommendation",
        "Record the recommendation",
        "Record the recommendation",
        "recorded the recommendation",
        _recommendation,
    ),
    StepForm(
        "send_to_national_panel",
        "Record that the rapid review was sent",
        "Record the sending",
        "recorded that the rapid review was sent to the national Panel",
        lambda _at: [day("When did it go to the national Panel?", missing="Enter the date on which it was sent")],
        intro="This ends the clock of the rapid review. The national Panel is the Child Safeguarding Practice Review "
        "Panel.",
    ),
    StepForm(
        "record_panel_response",
        "Record what the national Panel answered",
        "Record the answer",
        "recorded the answer of the national Panel",
        _response,
        intro="The Child Safeguarding Practice Review Panel advises; the partnership decides.",
    ),
    StepForm(
        "start_contribution",
        "Contribute to another area’s review",
        "Record the contribution",
        "recorded a contribution to another area’s review",
        _contribution,
    ),
)
