"""Tower Hamlets 2022-23: a learning session within two weeks of the report, and a reflection after one year."""

from sqlalchemy import Engine

from tests.journeys.story import Story


def test_case_of_tower_hamlets_has_its_session_in_two_weeks_and_its_reflection_after_a_year(engine: Engine) -> None:
    story = Story(engine, "thscp")

    _to_the_report(story)
    _to_the_publication(story)
    _to_the_reflection(story)

    assert story.statuses() == [
        "notified", "rapid_review", "recommended", "rapid_review", "recommended", "review_in_progress",
        "report_agreed", "published", "reflected", "closed",
    ]  # fmt: skip
    assert story.clocks() == {
        "notify_panel": ("2022-11-08", "met"),
        "rapid_review": ("2022-11-24", "met_late"),
        "publish_review": ("2023-05-28", "met"),
        "learning_session": ("2023-05-16", "met_late"),
        "send_before_publication": ("2023-05-17", "met"),
        "keep_public": ("2024-05-26", "met"),
        "reflection_12m": ("2024-05-26", "met_late"),
    }


def _to_the_report(story: Story) -> None:
    """The Executive sends the case back once; six months from 28 November is a Sunday, and stays one (K3)."""
    story.opens("2022-11-03", known_on="2022-11-01", notified_on="2022-11-03")
    assert story.case()["definition"] == "thscp/2022-23"
    story.does("convene-panel", on="2022-11-07")
    story.day("2022-11-10")
    recommends = {"by": "rrp", "outcome": "no_review", "immediate_learning": "Check the rota"}
    story.does("record-recommendation", on="2022-11-10", **recommends)
    assert story.refused("record-decision", by="exec", on="2022-11-14", outcome="send_back") == (
        "Cannot record the decision: Give the reason."
    )
    story.day("2022-11-14")
    story.does("record-decision", by="exec", on="2022-11-14", outcome="send_back", reason="The school was not heard")
    story.does("record-recommendation", on="2022-11-25", **recommends | {"outcome": "review"})
    story.day("2022-11-25")
    story.does("send-to-national-panel", on="2022-11-25")
    story.day("2022-11-28")
    methods = ["commissioned_independent_reviewer_report", "cyp_workshop"]
    story.does("record-decision", by="exec", on="2022-11-28", outcome="review", methods=methods)
    sent_back = {"on": "2022-11-14", "outcome": "send_back", "reason": "The school was not heard"}
    assert story.case()["decision"]["earlier"] == [sent_back | {"scrutineer_said": None}]
    lead = {"person": "Jo Author", "level": "senior", "involvement": "none"}
    story.does("appoint-lead", by="exec", method=methods[0], **lead)
    story.day("2023-05-02")
    recommendations = [{"text": "Share records within a day"}, {"text": "Train every school"}]
    story.does("agree-report", by="exec", on="2023-05-02", recommendations=recommendations)


def _to_the_publication(story: Story) -> None:
    """Two weeks from 2 May end on 16 May; seven working days before Friday 26 May is Wednesday 17 May."""
    assert story.clocks()["learning_session"] == ("2023-05-16", "running")
    story.day("2023-05-17")
    assert story.refused("record-learning-session", on="2023-04-28") == (
        "The date of the learning session must be on or after the agreement of the report, 2 May 2023."
    )
    story.does("record-learning-session", on="2023-05-17")
    session = next(clock for clock in story.case()["clocks"] if clock["code"] == "learning_session")
    assert (session["late_by"], session["unit"]) == (1, "days")
    story.does("plan-publication", on="2023-05-26")
    story.does("record-sent-before-publication", on="2023-05-16")
    story.day("2023-05-26")
    story.does("publish", by="exec", on="2023-05-26")


def _to_the_reflection(story: Story) -> None:
    """The reflection answers for each recommendation; one year from 26 May 2023 is 26 May 2024."""
    story.day("2024-05-28")
    answers = [
        {"of": 1, "answer": "embedded"},
        {"of": "2", "answer": "gap", "text": "Two schools have not been trained"},
    ]
    assert story.refused("record-reflection", on="2024-05-28", answers=[*answers, {"of": 3, "answer": "embedded"}]) == (
        "Cannot record the reflection: This case has no recommendation 3. There are 1 and 2."
    )
    assert story.refused("record-reflection", on="2024-05-28", answers=answers[:1]) == (
        "Cannot record the reflection: Answer for recommendation 2 as well."
    )
    assert story.refused("record-reflection", on="2024-05-28", which="6m", answers=answers) == (
        "Cannot record the reflection as 6m: what the case can have now is 12m. "
        "Evan Reed did publish at 10am on 26 May 2023."
    )
    story.does("record-reflection", on="2024-05-28", answers=answers)
    assert [row["actions"] for row in story.case()["recommendations"]["rows"]] == [[], ["A1"]]
    story.does("end-action", about="A1", how="not_taken_forward", reason="The schools closed")
    story.does("close-case", by="exec", reason="All is done")


def test_running_case_keeps_the_process_it_began_with(engine: Engine) -> None:
    story = Story(engine, "thscp")

    story.opens("2022-03-31", reference="OLD-1")
    old = story.case()["definition"]
    story.opens("2022-04-01", reference="NEW-1")
    new = story.case()["definition"]
    story.opens("2022-04-02", reference="NEW-2", version="2020-21")
    chosen = story.case()["definition"]

    assert (old, new, chosen) == ("thscp/2020-21", "thscp/2022-23", "thscp/2020-21")
