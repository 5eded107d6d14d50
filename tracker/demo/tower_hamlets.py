"""Tower Hamlets: one case from its notification before Christmas to the agreed report."""

from tracker.demo.cast import HOSPITALS, POLICE, SOCIAL_CARE
from tracker.demo.teller import Teller

CASEY, PRIYA = "coordinator@thscp.example", "panel@thscp.example"
EVAN, HANA, MARCUS = "council@thscp.example", "health@thscp.example", "police@thscp.example"
LEE, RENE = "social.care@thscp.example", "reviewer@thscp.example"
NADIA, TOM = "nadia.brook@thscp.example", "tom.ellery@thscp.example"
AUDIT, REPORT = "multi_agency_audit", "commissioned_independent_reviewer_report"


def tell_the_review(story: Teller) -> None:
    """Tell how the case is notified, looked at, decided on, held, and reviewed."""
    _rapid_review(story)
    _returns_and_recommendation(story)
    _decision(story)
    _leads(story)
    _hold(story)
    _report(story)


def _rapid_review(story: Teller) -> None:
    story.day("2022-12-15")
    known = {"known_on": "2022-12-12", "notified_on": "2022-12-15", "harm": "serious_harm"}
    words = "opens a case: known since Monday 12 December, notified to the national Panel today."
    story.opens(CASEY, words, partnership="thscp", themes=["neglect", "information_sharing"], **known)
    story.clock("rapid_review")
    story.day("2022-12-16")
    story.does(CASEY, "convene_panel", "convenes the Rapid Review Panel.", on="2022-12-16")
    for agency in (SOCIAL_CARE, HOSPITALS, POLICE):
        words = f"asks {agency} for its return by 4 January."
        story.does(CASEY, "ask_return", words, agency=agency, due_on="2023-01-04")


def _returns_and_recommendation(story: Teller) -> None:
    story.day("2023-01-03")
    own = {"agency": SOCIAL_CARE, "on": "2023-01-03"}
    story.does(LEE, "record_return", "sends the return of children's social care.", **own)
    story.day("2023-01-04")
    for agency in (HOSPITALS, POLICE):
        words = f"records the return of {agency}."
        story.does(CASEY, "record_return", words, agency=agency, on="2023-01-04")
    story.consequence("Every agency that was asked has answered.")
    story.day("2023-01-06")
    review = {"on": "2023-01-06", "outcome": "review", "reason": "Four services each knew a part of the story"}
    words = "recommends a review, and leaves the immediate learning out."
    story.refused(PRIYA, "record_recommendation", words, **review)
    learning = "Ask at every discharge who else cares for the child"
    words = "recommends a review, and says what has to be learnt at once."
    story.does(PRIYA, "record_recommendation", words, **review, immediate_learning=learning)
    words = "adds the immediate action, for Nadia Brook, by 27 January."
    facts = {"owner": NADIA, "agency": HOSPITALS, "due_on": "2023-01-27", "sources": [story.case]}
    text, title = "Change the discharge form on every ward", "Ask at discharge who else cares"
    action = story.makes(PRIYA, "add_action", words, text=text, title=title, **facts)
    story.day("2023-01-09")
    words = "sends the rapid review to the national Panel, one working day before its date."
    story.does(CASEY, "send_to_national_panel", words, on="2023-01-09")
    _immediate_action_done(story, action)


def _immediate_action_done(story: Teller, action: str) -> None:
    story.day("2023-01-18")
    agrees = {"on": "2023-01-18", "kind": "agrees", "text": "The Panel agrees that a review is needed"}
    story.does(CASEY, "record_panel_response", "records that the national Panel agrees.", **agrees)
    story.day("2023-01-20")
    evidence = "The new form, in use since 19 January"
    words = "reports the immediate action done, with the new form as evidence."
    story.does(NADIA, "update_action", words, about=action, report="done", evidence=evidence)
    story.day("2023-01-23")
    story.does(CASEY, "accept_update", "looks at the form and accepts the update.", about=action)


def _decision(story: Teller) -> None:
    story.day("2023-01-24")
    decision = {"on": "2023-01-24", "outcome": "review"}
    words = "tries to record the Executive's decision herself."
    story.refused(CASEY, "record_decision", words, **decision, methods=[AUDIT, REPORT])
    words = "records the decision with one method where the process asks for two."
    story.refused(EVAN, "record_decision", words, **decision, methods=[REPORT])
    words = "records the Executive's decision: a review by a multi-agency audit and a reviewer's report."
    story.does(EVAN, "record_decision", words, **decision, methods=[AUDIT, REPORT])


def _leads(story: Teller) -> None:
    story.day("2023-01-30")
    owen = {"person": "Owen Field", "agency": SOCIAL_CARE, "level": "operational", "involvement": "direct"}
    words = "proposes Owen Field, a team manager who knew the family, to lead the report."
    story.refused(EVAN, "appoint_lead", words, method=REPORT, **owen)
    words = "appoints Rene Viner, senior and not involved, to lead the report."
    story.does(EVAN, "appoint_lead", words, method=REPORT, person=RENE, level="senior", involvement="none")
    pia = {"person": "Pia Lindqvist", "agency": POLICE, "level": "senior", "involvement": "none"}
    story.does(EVAN, "appoint_lead", "appoints Pia Lindqvist to lead the audit.", method=AUDIT, **pia)
    story.day("2023-03-07")
    story.does(CASEY, "record_method_done", "records that the audit is done.", method=AUDIT, on="2023-03-07")


def _hold(story: Teller) -> None:
    story.day("2023-03-20")
    words = "puts the case on hold for criminal proceedings, to look again on 11 September. No clock stops."
    reason = "Criminal proceedings are under way"
    story.does(MARCUS, "hold_case", words, reason=reason, look_again_on="2023-09-11")
    story.day("2023-03-22")
    for reader in ("national Panel", "Secretary of State"):
        words = f"tells the {reader} that the review will be late, and why."
        story.does(CASEY, "record_delay_notice", words, on="2023-03-22", to=reader)
    story.day("2023-07-25")
    story.tells("The six months are over, and the case is still on hold: this is how the clock stands.")
    story.clock("publish_review")
    story.day("2023-09-11")
    words = "looks again: the proceedings have ended. The case is released, with a revised date."
    story.does(MARCUS, "release_case", words, revised_due_on="2023-11-30")


def _report(story: Teller) -> None:
    story.day("2023-10-02")
    story.does(RENE, "record_method_done", "hands in the report.", method=REPORT, on="2023-10-02")
    story.day("2023-10-17")
    findings = (
        "Each service asked about the child it saw, and none about the others at home",
        "What one service learnt reached the others after weeks",
        "Relatives who cared for the child were not asked what they saw",
    )
    recommendations = (
        "Every ward asks who else cares for the child, and writes it down",
        "Services share what they learn within one working day",
        "Every assessment hears the relatives who care for the child",
    )
    story.does(
        EVAN,
        "agree_report",
        "records that the Executive agrees the report: 3 findings, 3 recommendations.",
        on="2023-10-17",
        findings=[{"text": text} for text in findings],
        recommendations=[{"text": text, "findings": [no]} for no, text in enumerate(recommendations, start=1)],
    )
    gaps = [row for row in story.shown("case", story.case)["recommendations"]["rows"] if row["gap"]]
    story.consequence(f"{len(gaps)} recommendations have no action yet: each is shown as a gap.")
