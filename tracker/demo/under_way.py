"""Tower Hamlets on the day on which the demonstration ends: two cases under way, so that every page has something."""

from tracker.demo.cast import HOSPITALS, POLICE, SOCIAL_CARE
from tracker.demo.teller import Teller
from tracker.demo.tower_hamlets import AUDIT, CASEY, EVAN, LEE, NADIA, PRIYA, RENE, REPORT, TOM


def tell_what_is_under_way(story: Teller) -> None:
    """Tell how two more cases begin, and leave them where they stand: with things to do for everybody."""
    _rapid_review(story)
    overdue = _learning_at_once(story)
    _review(story)
    _another_case(story)
    _questions(story, overdue)
    story.day("2025-03-18", every_morning=True)
    story.tells("Here the story stops, with work that waits: the service goes on from this day.")


def _rapid_review(story: Teller) -> None:
    story.turns_to("2025-02-03")
    known = {"known_on": "2025-01-29", "notified_on": "2025-02-03", "harm": "serious_harm"}
    words = "opens a case, notified to the national Panel today."
    story.opens(CASEY, words, partnership="thscp", themes=["neglect"], **known)
    story.day("2025-02-04")
    story.does(CASEY, "convene_panel", "convenes the Rapid Review Panel.", on="2025-02-04")
    story.day("2025-02-17")
    learning = "Tell the school nurse of every discharge"
    review = {"on": "2025-02-17", "outcome": "review", "reason": "Two services closed the case in the same month"}
    words = "recommends a review, with its immediate learning."
    story.does(PRIYA, "record_recommendation", words, **review, immediate_learning=learning)


def _learning_at_once(story: Teller) -> str:
    story.day("2025-02-18")
    discharge = {"text": "Send every discharge letter to the school nurse too", "title": "Tell the school nurse"}
    facts = {"sources": [story.case], "agency": HOSPITALS, "owner": NADIA}
    words = "adds an action, for Nadia Brook, by 14 March."
    overdue = story.makes(PRIYA, "add_action", words, **discharge, **facts, due_on="2025-03-14")
    audit = {"text": "Look through 20 discharges of the spring", "title": "Look through 20 discharges"}
    words = "adds another one for her, by 30 May."
    story.makes(PRIYA, "add_action", words, **audit, **facts, due_on="2025-05-30")
    closing = {"text": "Ask the other services before a case is closed", "title": "Ask before closing"}
    given = {"sources": [story.case], "agency": SOCIAL_CARE, "owner": TOM}
    words = "adds an action, for Tom Ellery, by 28 March."
    checked = story.makes(PRIYA, "add_action", words, **closing, **given, due_on="2025-03-28")
    story.day("2025-02-20")
    words = "sends the rapid review to the national Panel."
    story.does(CASEY, "send_to_national_panel", words, on="2025-02-20")
    story.day("2025-02-27", every_morning=True)
    evidence = "The new page of the closing form, in use since 24 February"
    words = "reports his action done. The update waits to be checked."
    story.does(TOM, "update_action", words, about=checked, report="done", evidence=evidence)
    return overdue


def _review(story: Teller) -> None:
    story.day("2025-02-28", every_morning=True)
    agrees = {"on": "2025-02-28", "kind": "agrees", "text": "The Panel agrees that a review is needed"}
    story.does(CASEY, "record_panel_response", "records that the national Panel agrees.", **agrees)
    story.day("2025-03-04", every_morning=True)
    decision = {"on": "2025-03-04", "outcome": "review"}
    words = "records the Executive's decision: a review by a multi-agency audit and a reviewer's report."
    story.does(EVAN, "record_decision", words, **decision, methods=[AUDIT, REPORT])
    story.day("2025-03-11", every_morning=True)
    words = "appoints Rene Viner to lead the report. Whether she is independent, the service asks her by email."
    story.does(EVAN, "appoint_lead", words, method=REPORT, person=RENE, level="senior")
    story.post()


def _another_case(story: Teller) -> None:
    story.turns_to("2025-03-12")
    known = {"known_on": "2025-03-10", "notified_on": "2025-03-12", "harm": "serious_harm"}
    words = "opens a case, notified to the national Panel today."
    story.opens(CASEY, words, partnership="thscp", themes=["information_sharing"], **known)
    story.day("2025-03-13", every_morning=True)
    story.does(CASEY, "convene_panel", "convenes the Rapid Review Panel.", on="2025-03-13")
    for agency in (SOCIAL_CARE, HOSPITALS, POLICE):
        words = f"asks {agency} for its return by 21 March."
        story.does(CASEY, "ask_return", words, agency=agency, due_on="2025-03-21")


def _questions(story: Teller, overdue: str) -> None:
    story.day("2025-03-17", every_morning=True)
    own = {"agency": SOCIAL_CARE, "on": "2025-03-17"}
    story.does(LEE, "record_return", "sends the return of children's social care.", **own)
    words = "schedules the Executive's next meeting, Thursday 27 March at 10am."
    meeting = story.makes(CASEY, "schedule_meeting", words, group="exec", on="2025-03-27", at="10:00")
    question = {
        "title": "Who answers for discharge letters of other hospitals?",
        "ask": "Name who answers for the discharge letters that come from hospitals outside the borough",
        "why": "A third of the letters come from there",
    }
    words = "asks the Executive, on behalf of the quality group, who answers for letters of other hospitals."
    story.makes(CASEY, "raise_escalation", words, group="qap", about=[overdue], meeting=meeting, **question)
