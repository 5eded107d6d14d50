"""City & Hackney: Baby Z, where the learning went on without a review."""

from tracker.demo.cast import PARTNERS
from tracker.demo.child_q import ANSWERING, DANA, IRIS, ROSA
from tracker.demo.teller import Teller

CHRIS, FEMI = "case.review@chscp.example", "femi.okafor@chscp.example"


def tell_baby_z(story: Teller) -> None:
    """Tell a decision against a review as the published one has it, on a case of its own, and what lives on."""
    reason = _as_published(story)
    _decision(story, reason)
    _ratification(story)
    _learning(story)


def _as_published(story: Teller) -> str:
    case = story.shown("case", "chscp-baby-z")
    story.tells(
        f"The published rapid review is there as {case['reference']}, “{case['public_label']}”: "
        f"{case['recommendations']['recorded']} recommendations and {len(case['actions'])} actions recorded. "
        "Its decision is told here on a new case, with invented days, and with one of its learning actions."
    )
    return str(case["decision"]["reason"])


def _decision(story: Teller, reason: str) -> None:
    story.turns_to("2021-11-15")
    words = "opens a case, notified today by the local authority."
    known = {"known_on": "2021-11-10", "notified_on": "2021-11-15", "harm": "serious_harm"}
    story.opens(DANA, words, partnership="chscp", themes=["think_family", "infant_feeding"], **known)
    story.day("2021-11-17")
    story.does(DANA, "convene_panel", "convenes the rapid review.", on="2021-11-17")
    words = "names Rosa Marsh, who chairs it, on the case."
    story.does(DANA, "give_access", words, person=ROSA, reason="Chairs the rapid review")
    story.day("2021-11-29")
    learning = {"outcome": "no_review", "immediate_learning": "Give families one message on making up feeds"}
    words = "recommends no review, with its immediate learning."
    story.does(ROSA, "record_recommendation", words, on="2021-11-29", **learning)
    story.day("2021-12-03")
    words = "sends the overview with the intended actions to the national Panel."
    story.does(DANA, "send_to_national_panel", words, on="2021-12-03")
    story.day("2021-12-13")
    words = "records that the national Panel agrees."
    story.does(DANA, "record_panel_response", words, on="2021-12-13", kind="agrees")
    story.day("2021-12-15")
    words = f"decides against a review, with the reason that was published: {reason}."
    story.does(IRIS, "record_decision", words, on="2021-12-15", outcome="no_review", reason=reason)


def _ratification(story: Teller) -> None:
    story.day("2021-12-16")
    yes = {"on": "2021-12-16", "answer": "yes"}
    for who, partner in zip(ANSWERING, PARTNERS, strict=True):
        story.does(who, "record_ratification", "answers yes.", partner=partner, **yes)


def _learning(story: Teller) -> None:
    story.day("2021-12-17")
    facts = {
        "text": "Find the best way to tell families not to make up feeds with bottled water",
        "title": "One message on making up feeds",
        "sources": [story.case],
        "owner": FEMI,
        "due_on": "2022-02-28",
    }
    words = "adds a learning action, for Femi Okafor, by 28 February."
    action = story.makes(DANA, "add_action", words, **facts)
    story.day("2022-01-10")
    reason = "The learning lives on in the plan"
    story.refused(CHRIS, "close_case", "tries to close the case: there is no review, after all.", reason=reason)
    story.day("2022-02-21")
    evidence = "The leaflet, given out in both maternity units"
    story.does(FEMI, "update_action", "reports the action done.", about=action, report="done", evidence=evidence)
    story.day("2022-02-22")
    story.does(DANA, "accept_update", "accepts the update.", about=action)
    story.day("2022-03-01")
    story.does(CHRIS, "close_case", "closes the case.", reason="The learning is done")
