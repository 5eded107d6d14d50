"""City & Hackney 2021-22: the Commissioner decides, five partners ratify, a difference is resolved."""

from sqlalchemy import Engine

from tests.journeys.story import Story

PARTNERS = (
    "Hackney Council",
    "City of London Corporation",
    "NHS North East London",
    "Metropolitan Police Service",
    "City of London Police",
)


def test_review_against_the_national_panels_advice_is_ratified_by_five_partners(engine: Engine) -> None:
    story = Story(engine, "chscp")

    _to_the_national_panel(story)
    _to_the_decision(story)
    _to_the_ratification(story)
    _to_the_publication(story)
    _to_the_update_report(story)

    assert story.statuses() == [
        "notified", "rapid_review", "sent_to_panel", "decision_made", "in_resolution", "decision_made", "ratified",
        "review_in_progress", "published", "updated", "closed",
    ]  # fmt: skip
    assert story.clocks() == {
        "notify_panel": ("2021-09-08", "met"),
        "rapid_review": ("2021-09-27", "met"),
        "publish_review": ("2022-04-18", "met"),
        "send_before_publication": ("2022-03-04", "met"),
        "keep_public": ("2023-03-15", "running"),
        "update_report": ("2023-03-15", "met"),
    }


def _to_the_national_panel(story: Story) -> None:
    """Fifteen working days from Monday 6 September end on Monday 27 September."""
    story.opens("2021-09-06", known_on="2021-09-01", notified_on="2021-09-06")
    story.day("2021-09-08")
    story.does("convene-panel", on="2021-09-08")
    story.day("2021-09-24")
    assert story.refused("send-to-national-panel", on="2021-09-24") == (
        "Cannot send the rapid review to the national Panel: Record the intended actions first: "
        "add an action of this case, or record the immediate learning."
    )
    learning = {"outcome": "no_review", "immediate_learning": "Ask who else was in the room"}
    story.does("record-recommendation", by="rrm", on="2021-09-20", **learning)
    story.does("send-to-national-panel", on="2021-09-24")
    story.day("2021-10-11")
    story.does("record-panel-response", on="2021-10-11", kind="advises_against", text="Not notifiable")


def _to_the_decision(story: Story) -> None:
    """The Commissioner decides, against recommendation and advice, with a reason; six months from it end at Easter."""
    story.day("2021-10-18")
    decision = {"on": "2021-10-18", "outcome": "review", "methods": ["commissioned_independent_reviewer_report"]}
    assert story.refused("record-decision", by="exec", **decision, reason="Harm") == (
        "Evan Reed may not record the decision: it is for the Independent Safeguarding Children Commissioner."
    )
    assert story.refused("record-decision", by="iscc", **decision) == "Cannot record the decision: Give the reason."
    story.does("record-decision", by="iscc", **decision, reason="The harm, and the public's interest in it")
    shown = story.case()["decision"]
    assert (shown["against_recommendation"], shown["against_panel_advice"]) == (True, True)
    assert story.clocks()["publish_review"] == ("2022-04-18", "running")


def _to_the_ratification(story: Story) -> None:
    """One objection goes to resolution, and back to the partners who have not answered; then the review begins."""
    story.day("2021-10-25")
    yes = {"on": "2021-10-25", "answer": "yes"}
    story.does("record-ratification", by="partner1", partner=PARTNERS[0], **yes)
    assert story.refused("record-ratification", by="partner1", partner=PARTNERS[1], **yes) == (
        "Partner A answers for Hackney Council, not for City of London Corporation."
    )
    no = {"partner": PARTNERS[1], "on": "2021-10-25", "answer": "no"}
    assert story.refused("record-ratification", by="partner2", **no) == (
        "Cannot record a partner's ratification: Say why City of London Corporation objects."
    )
    story.does("record-ratification", by="partner2", **no, reason="The criteria are not met")
    assert story.status == "in_resolution"
    story.day("2021-11-01")
    both = ["Iris Cole", "Partner B"]
    story.does("record-resolution", by="iscc", on="2021-11-01", outcome="The review goes on", participants=both)
    assert story.status == "decision_made"
    for partner in PARTNERS[2:4]:
        story.does("record-ratification", partner=partner, **yes | {"on": "2021-11-01"})
    assert story.status == "decision_made"
    story.does("record-ratification", by="partner5", partner=PARTNERS[4], **yes | {"on": "2021-11-01"})
    assert story.status == "review_in_progress"
    assert [(row["answer"], row["resolved"]) for row in story.case()["ratifications"]] == [
        ("yes", False), ("no", True), ("yes", False), ("yes", False), ("yes", False),
    ]  # fmt: skip
    assert story.clocks()["publish_review"] == ("2022-04-18", "running")


def _to_the_publication(story: Story) -> None:
    """The Commissioner may write the review, the interest declared; seven working days before 15 March is 4 March."""
    method = {"method": "commissioned_independent_reviewer_report", "level": "senior", "involvement": "none"}
    assert story.refused("appoint-lead", by="crsg", **method, person="iscc@chscp.example") == (
        "Cannot appoint a lead: Iris Cole took part in the decision: record the declaration of this interest. "
        "The rule: Whoever leads a review is independent of operational work; "
        "whoever took the decision declares the interest."
    )
    declared = {"person": "iscc@chscp.example", "declaration": "Took the decision to begin the review"}
    story.does("appoint-lead", by="crsg", **method, **declared)
    story.day("2022-02-21")
    assert story.refused("agree-report", by="partner1", on="2022-02-21") == (
        "Cannot agree the report: Record the findings of the report first. "
        "Record the recommendations of the report first."
    )
    learning = {"findings": [{"text": "Nobody asked"}], "recommendations": [{"text": "Ask"}, {"text": "Listen"}]}
    story.does("agree-report", by="partner1", on="2022-02-21", **learning)
    assert story.status == "review_in_progress"
    assert story.refused("agree-report", by="partner1", on="2022-02-21", **learning) == (
        "The report was agreed on 21 February 2022."
    )
    story.does("plan-publication", on="2022-03-15")
    story.day("2022-03-04")
    story.does("record-sent-before-publication", on="2022-03-04")
    story.day("2022-03-15")
    assert story.refused("publish", by="crsg", on="2022-03-15") == (
        "Chris Ray may not publish the report: it is for the Safeguarding partners."
    )
    story.does("publish", by="partner1", on="2022-03-15", public_label="Child Q")


def _to_the_update_report(story: Story) -> None:
    """The update report came after ten months of the twelve."""
    story.day("2023-01-20")
    answers = [{"of": 1, "answer": "in_progress"}, {"of": 2, "answer": "embedded"}]
    story.does("record-reflection", by="iscc", on="2023-01-20", answers=answers)
    assert story.status == "updated"
    story.does("close-case", by="crsg", reason="The learning is in place")


def test_case_without_a_review_is_closed_only_after_its_learning_actions(engine: Engine) -> None:
    story = Story(engine, "chscp")
    story.opens("2021-09-06", notified_on="2021-09-06")
    story.does("convene-panel", on="2021-09-08")
    story.does("record-recommendation", by="rrm", on="2021-09-20", outcome="no_review", immediate_learning="Six points")
    story.does("send-to-national-panel", on="2021-09-24")
    story.day("2021-10-18")
    story.does("record-decision", by="iscc", on="2021-10-18", outcome="no_review", reason="The criteria are not met")

    for partner in PARTNERS:
        story.does("record-ratification", partner=partner, on="2021-10-25", answer="yes")
    learning = story.status
    story.does("add-action", text="Teach the six points", due_on="2022-01-31")
    too_early = story.refused("close-case", by="crsg", reason="Learnt")
    story.does("complete-action", about="A1", on="2021-10-18", evidence="The register of the course")
    story.does("close-case", by="crsg", reason="Learnt")

    assert learning == "learning_actions"
    assert too_early == "Cannot close the case: Complete A1, or end it with a reason, first."
    assert story.status == "closed"
    assert story.clocks() == {"notify_panel": ("2021-09-13", "met"), "rapid_review": ("2021-09-27", "met")}


def test_resolution_that_turns_the_decision_round_stops_the_clock_of_the_review(engine: Engine) -> None:
    story = Story(engine, "chscp")
    story.opens("2021-09-06", notified_on="2021-09-06")
    story.does("convene-panel", on="2021-09-08")
    story.does("record-recommendation", by="rrm", on="2021-09-20", outcome="review", immediate_learning="none")
    story.does("send-to-national-panel", on="2021-09-24")
    story.does("record-decision", by="iscc", on="2021-10-18", outcome="review", methods=["cyp_workshop"], reason="Harm")
    for partner in PARTNERS[:4]:
        story.does("record-ratification", partner=partner, on="2021-10-25", answer="yes")
    story.does("record-ratification", partner=PARTNERS[4], on="2021-10-25", answer="no", reason="Not met")

    story.does("record-resolution", by="iscc", on="2021-11-01", outcome="no_review", reason="Agreed by all")

    assert story.status == "learning_actions"
    assert story.clocks()["publish_review"] == ("2022-04-18", "stopped")
    assert story.case()["decision"]["outcome"] == "review"


def test_case_considered_without_notification_is_closed_with_a_reason(engine: Engine) -> None:
    story = Story(engine, "chscp")
    story.opens("2021-09-06", kind="considered")

    without = story.refused("close-case", by="crsg", reason=" ")
    by_somebody_else = story.refused("close-case", by="exec", reason="No rapid review is needed")
    story.does("close-case", by="crsg", reason="No rapid review is needed")

    assert without == "The facts do not fit close-case: reason: it is empty, write at least one word."
    assert by_somebody_else == "Evan Reed may not close the case: it is for the Case Review Sub-Group."
    assert story.statuses() == ["considered", "closed"]
    assert story.clocks() == {"notify_panel": ("2021-09-13", "stopped")}
