"""City & Hackney: the decision on Child Q against the national Panel's advice, ratified by five partners."""

from typing import Any

from tracker.demo.cast import PARTNERS
from tracker.demo.teller import Teller

DANA, IRIS, ROSA = "coordinator@chscp.example", "commissioner@chscp.example", "rapid.review@chscp.example"
ANSWERING = (
    "hackney@chscp.example",
    "city@chscp.example",
    "nhs@chscp.example",
    "met@chscp.example",
    "city.police@chscp.example",
)
METHODS = ["partner_authored_report", "family_child_engagement"]


def tell_child_q(story: Teller) -> None:
    """Tell the decision as the published review has it, on a case of its own."""
    published = _as_published(story)
    _to_the_panel(story)
    _decision(story, published)
    _ratification(story)


def _as_published(story: Teller) -> str:
    """Show the loaded review in one line, and give the reason that it states for the decision."""
    case = story.shown("case", "chscp-child-q")
    findings, recommendations = case["findings"], case["recommendations"]
    story.tells(
        f"The published review is there as {case['reference']}, “{case['public_label']}”: {findings['stated']} "
        f"findings stated and {findings['recorded']} recorded, {recommendations['stated']} recommendations stated "
        f"and {recommendations['recorded']} recorded. Its decision is told here on a new case; "
        "the days, and who objected, are invented."
    )
    return str(case["decision"]["reason"])


def _to_the_panel(story: Teller) -> None:
    story.turns_to("2021-09-06")
    words = "opens a case under the process of City & Hackney, notified today by the local authority."
    known = {"known_on": "2021-09-01", "notified_on": "2021-09-06", "harm": "serious_harm"}
    story.opens(DANA, words, partnership="chscp", themes=["police_powers", "racism"], **known)
    story.day("2021-09-08")
    story.does(DANA, "convene_panel", "convenes the rapid review.", on="2021-09-08")
    words = "names Rosa Marsh, who chairs it, on the case."
    story.does(DANA, "give_access", words, person=ROSA, reason="Chairs the rapid review")
    story.day("2021-09-20")
    words = "wants to send the overview to the national Panel, before anything was intended."
    story.refused(DANA, "send_to_national_panel", words, on="2021-09-20")
    learning = {"outcome": "review", "immediate_learning": "Put safeguarding first when police come into a school"}
    words = "recommends a review, with its immediate learning."
    story.does(ROSA, "record_recommendation", words, on="2021-09-20", **learning)
    story.day("2021-09-24")
    words = "sends the overview with the intended actions to the national Panel."
    story.does(DANA, "send_to_national_panel", words, on="2021-09-24")
    story.day("2021-10-11")
    advice = {"kind": "advises_against", "text": "Think again whether a review is needed"}
    words = "records that the national Panel advises against a review."
    story.does(DANA, "record_panel_response", words, on="2021-10-11", **advice)


def _decision(story: Teller, reason: str) -> None:
    story.day("2021-10-18")
    decision: dict[str, Any] = {"on": "2021-10-18", "outcome": "review", "methods": METHODS}
    words = "decides to begin a review all the same, and gives no reason."
    story.refused(IRIS, "record_decision", words, **decision)
    words = f"gives the reason that the review states: {reason}."
    story.does(IRIS, "record_decision", words, **decision, reason=reason)
    against = story.shown("case", story.case)["decision"]["against_panel_advice"]
    if against:
        story.consequence("The record says that this goes against the national Panel's advice.")


def _ratification(story: Teller) -> None:
    story.tells("The five safeguarding partners ratify, each for itself.")
    story.day("2021-10-25")
    yes = {"on": "2021-10-25", "answer": "yes"}
    _ratifies(story, 0, "answers yes.", **yes)
    no: dict[str, Any] = {"on": "2021-10-25", "answer": "no"}
    words = "objects, and gives no reason."
    story.refused(ANSWERING[1], "record_ratification", words, partner=PARTNERS[1], **no)
    _ratifies(story, 1, "objects with a reason.", **no, reason="The Panel sees no need for a review")
    story.day("2021-11-01")
    resolved: dict[str, Any] = {
        "outcome": "The review goes on; its terms name each partner's part",
        "participants": ["Iris Cole", "Beth Lowe"],
    }
    words = "meets the partner who objected, and records how the difference was resolved."
    story.does(IRIS, "record_resolution", words, on="2021-11-01", **resolved)
    for number in (2, 3, 4):
        story.day(f"2021-11-0{number}")
        _ratifies(story, number, "answers yes.", on=f"2021-11-0{number}", answer="yes")
    story.tells("Nobody had to move the case on after the last answer: the process did it by itself.")


def _ratifies(story: Teller, number: int, words: str, **facts: Any) -> None:
    story.does(ANSWERING[number], "record_ratification", words, partner=PARTNERS[number], **facts)
