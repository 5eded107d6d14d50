"""Barking and Dagenham 2020-21: audits and nothing else make an assurance exercise, which ends in a programme."""

from sqlalchemy import Engine

from tests.journeys.story import Story


def test_decision_for_audits_only_becomes_an_assurance_exercise_and_then_a_programme(engine: Engine) -> None:
    story = Story(engine, "bdscp")
    story.opens("2020-10-05", by="pdl")
    story.does("record-notification", notified_on="2020-10-08")
    story.day("2020-10-12")
    without = story.refused("record-decision", by="exec", on="2020-10-12", outcome="review")
    audit = {"methods": ["single_agency_audit_and_assurance"], "reason": "Neglect is seen too late"}

    story.does("record-decision", by="exec", on="2020-10-12", outcome="review", **audit)
    begun = story.status
    for agency in ("Metropolitan Police", "NEL Clinical Commissioning Group"):
        story.does("ask-return", agency=agency, due_on="2020-11-30")
    story.day("2020-11-20")
    story.does("record-return", agency="Metropolitan Police", on="2020-11-20")
    half = story.status
    story.does("record-return", agency="NEL Clinical Commissioning Group", on="2020-11-20")
    programme = story.status
    not_published = story.refused("publish", by="exec", on="2020-11-20")
    story.does("close-case", by="exec", reason="The programme has ended")

    assert without == "Cannot record the decision: Give the reason."
    assert (begun, half, programme) == ("assurance", "assurance", "improvement_programme")
    assert not_published == (
        "Cannot publish the report: the case is in an improvement programme. "
        "What can be done now: close-case, record-learning-session, hold-case. "
        "Casey Morgan did record-return at 10am."
    )
    assert story.statuses() == ["rapid_review", "decision_made", "assurance", "improvement_programme", "closed"]
    assert story.clocks() == {
        "notify_panel": ("2020-10-12", "met"),
        "rapid_review": ("2020-10-29", "stopped"),
        "publish_review": ("2021-04-12", "stopped"),
    }


def test_decision_for_more_than_audits_becomes_a_review_that_anybody_may_lead(engine: Engine) -> None:
    story = Story(engine, "bdscp")
    story.opens("2020-10-05", by="pdl")
    methods = ["single_agency_audit_and_assurance", "partner_authored_report"]
    story.does("record-decision", by="exec", on="2020-10-12", outcome="review", methods=methods, reason="Two deaths")

    begun = story.status
    without_lead = story.refused("agree-report", by="exec", on="2021-02-01")
    story.does("appoint-lead", by="exec", method=methods[1], person="Dan Marsh", level="operational")
    story.does("agree-report", by="exec", on="2021-02-01", recommendations=[{"text": "Ask twice"}])
    story.day("2021-02-03")
    override = {"public_label": "Local learning review one", "override_reason": "The inquest was public already"}
    story.does("publish", by="exec", on="2021-02-03", **override)
    story.does("close-case", by="pdl", reason="Both trackers are done")

    assert begun == "review_in_progress"
    assert without_lead == "Cannot agree the report: Appoint a lead for Partner Authored Report first."
    assert story.statuses() == ["rapid_review", "decision_made", "review_in_progress", "published", "closed"]
    published = next(line for line in story.case()["history"] if line["deed"] == "publish")
    assert published["override_reason"] == "The inquest was public already"


def test_decision_against_a_review_leads_to_no_review_by_itself(engine: Engine) -> None:
    story = Story(engine, "bdscp")
    story.opens("2020-10-05", by="pdl")

    story.does("record-decision", by="exec", on="2020-10-12", outcome="no_review", reason="The learning is known")

    assert story.statuses() == ["rapid_review", "decision_made", "no_review"]
