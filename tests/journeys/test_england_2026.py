"""A partnership that starts today: nine stages, both reflections, the clocks of Working Together."""

from sqlalchemy import Engine

from tests.journeys.story import Story


def test_case_goes_through_all_nine_stages(engine: Engine) -> None:
    story = Story(engine, "northmoor")
    stages = []

    for part in (_incident, _notified, _rapid_review, _recommended, _decided, _agreed, _published):
        part(story)
        stages.append((story.status, story.case()["stage"]))
    for part in (_session, _six_months, _one_year, _closed):
        part(story)
        stages.append((story.status, story.case()["stage"]))

    assert stages == [
        ("incident", 1), ("notified", 1), ("rapid_review", 2), ("recommended", 3), ("review_in_progress", 4),
        ("report_agreed", 5), ("published", 6), ("learning_shared", 7), ("reflected_6m", 8), ("reflected", 9),
        ("closed", 9),
    ]  # fmt: skip
    assert story.clocks() == {
        "notify_panel": ("2026-01-12", "met"),
        "rapid_review": ("2026-01-30", "met"),
        "publish_review": ("2026-08-02", "met"),
        "learning_session": ("2026-06-15", "met_late"),
        "send_before_publication": ("2026-07-06", "met"),
        "keep_public": ("2027-07-15", "met"),
        "reflection_6m": ("2027-01-15", "met"),
        "reflection_12m": ("2027-07-15", "met_late"),
    }
    assert story.case()["closed_at"] == "2027-07-19T09:00:00+00:00"


def _incident(story: Story) -> None:
    story.opens("2026-01-05")


def _notified(story: Story) -> None:
    story.day("2026-01-09")
    story.does("record-notification", notified_on="2026-01-09")


def _rapid_review(story: Story) -> None:
    story.day("2026-01-14")
    story.does("convene-panel", on="2026-01-14")


def _recommended(story: Story) -> None:
    story.day("2026-01-23")
    story.does("record-recommendation", by="rrp", on="2026-01-23", outcome="review", immediate_learning="none")
    story.does("send-to-national-panel", on="2026-01-23")


def _decided(story: Story) -> None:
    story.day("2026-02-02")
    methods = ["partner_authored_report"]
    story.does("record-decision", by="exec", on="2026-02-02", outcome="review", methods=methods)


def _agreed(story: Story) -> None:
    lead = {"person": "reviewer@northmoor.example", "level": "senior", "involvement": "none"}
    story.does("appoint-lead", by="exec", method="partner_authored_report", **lead)
    story.day("2026-06-01")
    story.does("agree-report", by="exec", on="2026-06-01", recommendations=[{"text": "Visit within a day"}])


def _published(story: Story) -> None:
    """Seven working days before Wednesday 15 July is Monday 6 July."""
    story.does("plan-publication", on="2026-07-15")
    story.day("2026-07-06")
    story.does("record-sent-before-publication", on="2026-07-06")
    story.day("2026-07-15")
    story.does("publish", by="exec", on="2026-07-15")


def _session(story: Story) -> None:
    story.day("2026-07-20")
    story.does("record-learning-session", on="2026-07-20", attendance={"Northmoor Police": True, "Schools": 40})


def _six_months(story: Story) -> None:
    story.day("2027-01-14")
    not_yet = story.refused(
        "record-reflection", on="2027-01-14", which="12m", answers=[{"of": 1, "answer": "embedded"}]
    )
    assert not_yet == (
        "Cannot record the reflection as 12m: what the case can have now is 6m. "
        "Casey Morgan did record-learning-session at 10am on 20 July 2026."
    )
    story.does("record-reflection", on="2027-01-14", answers=[{"of": 1, "answer": "in_progress"}])


def _one_year(story: Story) -> None:
    story.day("2027-07-16")
    assert story.refused("record-reflection", on="2027-01-13", answers=[{"of": 1, "answer": "embedded"}]) == (
        "The date of the one-year reflection must be on or after the six-month reflection, 14 January 2027."
    )
    story.does("record-reflection", on="2027-07-16", answers=[{"of": 1, "answer": "embedded"}])


def _closed(story: Story) -> None:
    story.day("2027-07-19")
    story.does("close-case", by="exec", reason="Visits are made within a day")


def test_gap_at_the_reflection_keeps_the_case_open_until_its_action_is_done(engine: Engine) -> None:
    story = Story(engine, "northmoor")
    for part in (_incident, _notified, _rapid_review, _recommended, _decided, _agreed, _published, _session):
        part(story)
    story.day("2027-01-14")
    gap = {"of": 1, "answer": "gap", "text": "One team still visits after a week"}

    story.does("record-reflection", on="2027-01-14", answers=[gap])
    _one_year(story)
    open_still = story.refused("close-case", by="exec", reason="Visits are made within a day")
    story.does("complete-action", about="A1", on="2027-07-16", evidence="The rota of the team")
    _closed(story)

    assert open_still == "Cannot close the case: Complete A1, or end it with a reason, first."
    assert (story.status, story.case()["recommendations"]["rows"][0]["actions"]) == ("closed", ["A1"])
