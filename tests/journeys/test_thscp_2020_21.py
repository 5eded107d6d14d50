"""Tower Hamlets 2020-21: the Executive chooses at least two methods, and looks at each action after six months."""

from sqlalchemy import Engine

from tests.journeys.story import Story


def test_case_of_tower_hamlets_goes_from_christmas_to_its_six_month_workshop(engine: Engine) -> None:
    story = Story(engine, "thscp")

    _to_the_decision(story)
    _to_the_report(story)
    _to_the_publication(story)
    _to_the_workshop(story)
    _to_the_end(story)

    assert story.statuses() == [
        "incident", "notified", "rapid_review", "recommended", "review_in_progress", "report_agreed", "published",
        "reflected", "closed",
    ]  # fmt: skip
    assert story.clocks() == {
        "notify_panel": ("2020-12-24", "met"),
        "rapid_review": ("2021-01-14", "met"),
        "publish_review": ("2021-07-15", "met"),
        "audit_follow_up": ("2021-09-01", "met"),
        "send_before_publication": ("2021-07-02", "met"),
        "keep_public": ("2022-07-13", "running"),
        "reflection_6m": ("2022-01-13", "met"),
    }


def _to_the_decision(story: Story) -> None:
    """Fifteen working days from Monday 21 December leave out Christmas Day, 28 December and New Year's Day."""
    story.opens("2020-12-17")
    assert story.case()["definition"] == "thscp/2020-21"
    assert story.clocks() == {"notify_panel": ("2020-12-24", "running")}
    story.day("2020-12-21")
    story.does("record-notification", notified_on="2020-12-21")
    assert story.clocks()["rapid_review"] == ("2021-01-14", "running")
    story.day("2021-01-05")
    story.does("convene-panel", on="2021-01-05")
    story.day("2021-01-08")
    assert story.refused("record-recommendation", by="rrp", on="2021-01-08", outcome="review") == (
        "Cannot record the recommendation: Say what the immediate learning is, or write none if there is none."
    )
    story.does("record-recommendation", by="rrp", on="2021-01-08", outcome="review", immediate_learning="none")
    story.day("2021-01-12")
    story.does("send-to-national-panel", on="2021-01-12")
    story.day("2021-01-15")
    audit, workshop = "multi_agency_audit", "partner_led_workshop"
    decided = {"on": "2021-01-15", "outcome": "review"}
    assert story.refused("record-decision", by="exec", **decided, methods=[audit]) == (
        "Cannot record the decision: Choose 2 or more methods."
    )
    assert story.refused("record-decision", by="exec", **decided | {"on": "2021-01-07"}, methods=[audit, workshop]) == (
        "The date of the decision must be on or after the recommendation, 8 January 2021."
    )
    assert story.refused("record-decision", **decided, methods=[audit, workshop]) == (
        "Casey Morgan may not record the decision: it is for the Executive Group."
    )
    story.does("record-decision", by="exec", **decided, methods=[audit, workshop])
    assert story.clocks()["publish_review"] == ("2021-07-15", "running")


def _to_the_report(story: Story) -> None:
    """Whoever leads is senior and was not involved; the audit's follow-up comes six months after the audit."""
    workshop = {"method": "partner_led_workshop"}
    operational = {"person": "Dan Marsh", "level": "operational", "involvement": "direct"}
    assert story.refused("appoint-lead", by="exec", **workshop, **operational) == (
        "Cannot appoint a lead: Dan Marsh works at operational level: appoint somebody else. "
        "Dan Marsh was directly involved in the case: appoint somebody else. "
        "The rule: Everyone chosen to carry out a task of the review is at senior management level "
        "and has no direct involvement in the case."
    )
    story.day("2021-03-01")
    story.does("record-method-done", method="multi_agency_audit", on="2021-03-01")
    assert story.clocks()["audit_follow_up"] == ("2021-09-01", "running")
    story.day("2021-06-01")
    report = {
        "on": "2021-06-01",
        "findings": [{"text": "Agencies worked apart"}],
        "recommendations": [{"text": "Share records within a day"}, {"text": "Train every school"}],
    }
    assert story.refused("agree-report", by="exec", **report) == (
        "Cannot agree the report: Appoint a lead for Partner-led Workshop first."
    )
    senior = {"person": "reviewer@thscp.example", "level": "senior"}
    story.does("appoint-lead", by="exec", **workshop, **senior, involvement="not_known")
    assert story.refused("agree-report", by="exec", **report) == (
        "Cannot agree the report: Confirm that Rene Viner had no direct involvement in the case, "
        "or appoint somebody else."
    )
    story.does("appoint-lead", by="exec", **workshop, person="reviewer@thscp.example", involvement="none")
    story.does("agree-report", by="exec", **report)
    assert [row["gap"] for row in story.case()["recommendations"]["rows"]] == [True, True]


def _to_the_publication(story: Story) -> None:
    """Seven working days before Monday 12 July is Thursday 1 July; what went on 2 July can be published on 13 July."""
    story.does("plan-publication", on="2021-07-12")
    assert story.clocks()["send_before_publication"] == ("2021-07-01", "running")
    story.day("2021-07-02")
    story.does("record-sent-before-publication", on="2021-07-02")
    assert story.clocks()["send_before_publication"] == ("2021-07-01", "met_late")
    story.day("2021-07-12")
    assert story.refused("publish", by="exec", on="2021-07-12", public_label="Case Plover") == (
        "Cannot publish the report: The full report has to be with the national Panel and the Secretary of State "
        "7 working days before publication: record the sending, choose a later day, "
        "or give the reason in override_reason."
    )
    publish = next(step for step in story.case()["steps"] if step["deed"] == "publish")
    assert [blocker["from"] for blocker in publish["blockers"]] == ["2021-07-13"]
    story.does("plan-publication", on="2021-07-13")
    assert story.clocks()["send_before_publication"] == ("2021-07-02", "met")
    story.day("2021-07-13")
    story.does("publish", by="exec", on="2021-07-13", public_label="Case Plover")
    assert story.clocks()["publish_review"] == ("2021-07-15", "met")
    assert story.clocks()["reflection_6m"] == ("2022-01-13", "running")
    reference, story.reference = story.reference, "case  PLOVER"
    assert story.case()["reference"] == reference
    story.reference = reference


def _to_the_workshop(story: Story) -> None:
    """Each action has an answer after six months; a gap makes an action, and what is complete becomes embedded."""
    first = story.does("add-action", text="Share records", sources=["CASE-1/1"], due_on="2021-11-30")
    second = story.does("add-action", text="Train schools", sources=["CASE-1/2"], due_on="2021-11-30")
    assert [row["gap"] for row in story.case()["recommendations"]["rows"]] == [False, False]
    story.day("2021-07-20")
    story.does("record-learning-session", on="2021-07-20", attendance={"Metropolitan Police Service": 12})
    story.day("2021-08-27")
    story.does("record-learning-session", on="2021-08-27", follows="audit")
    story.day("2021-10-01")
    story.does("complete-action", about=first, on="2021-10-01", evidence="The protocol of September")
    story.day("2022-01-12")
    embedded = {"of": first, "answer": "embedded"}
    assert story.refused("record-reflection", on="2022-01-12", answers=[embedded]) == (
        f"Cannot record the reflection: Answer for {second} as well."
    )
    gap = {"of": second, "answer": "gap", "text": "Two schools have not been trained"}
    story.does("record-reflection", on="2022-01-12", answers=[embedded, gap])
    assert [(row["reference"], row["status"], row["text"]) for row in story.case()["actions"]] == [
        ("A1", "embedded", "Share records"),
        ("A2", "planned", "Train schools"),
        ("A3", "planned", "Two schools have not been trained"),
    ]


def _to_the_end(story: Story) -> None:
    """A case is closed when each action is complete, or closed with a reason."""
    story.day("2022-03-01")
    assert story.refused("close-case", by="exec", reason="All is done") == (
        "Cannot close the case: Complete A2 and A3, or end them with a reason, first."
    )
    story.does("complete-action", about="A2", on="2022-03-01", evidence="The list of schools")
    story.does("end-action", about="A3", how="done_differently", reason="Trained with the borough")
    story.does("close-case", by="exec", reason="All is done")
    assert story.case()["steps"] == []
    assert story.refused("close-case", by="exec", reason="All is done") == (
        "Cannot close the case: the case is closed. Evan Reed did close-case at 10am."
    )
