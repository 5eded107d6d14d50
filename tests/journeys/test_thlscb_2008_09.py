"""Tower Hamlets 2008-09: the Board decides, Ofsted grades, one plan for each review is monitored until complete."""

from sqlalchemy import Engine

from tests.journeys.story import Story
from tests.make import make_agency
from tracker.database import unit_of_work
from tracker.groups.queries import partnership_by_code


def test_considered_case_becomes_a_review_that_is_completed_evaluated_and_monitored(engine: Engine) -> None:
    story = Story(engine, "thlscb")
    with unit_of_work(engine) as session:
        make_agency(session, partnership_by_code(session, "thlscb"), "Probation")
    story.opens("2008-05-06", by="crsg", kind="considered")
    method = {"method": "partner_authored_report"}

    story.does(
        "record-decision", by="main", on="2008-05-20", outcome="review", methods=[*method.values()], reason="Harm"
    )
    story.does("ask-return", agency="Probation", due_on="2008-07-01")
    outside = {"person": "Jo Author", "level": "senior", "involvement": "none"}
    unready = story.refused("agree-report", by="main", on="2008-11-03")
    story.does("appoint-lead", by="main", **method, **outside)
    story.day("2008-06-30")
    story.does("record-return", agency="Probation", on="2008-06-30")
    story.day("2008-11-03")
    story.does("agree-report", by="main", on="2008-11-03", recommendations=[{"text": "Share what is known"}])
    completed = story.status
    story.day("2009-02-02")
    unknown = story.refused("record-evaluation", on="2009-02-02", grade="excellent")
    story.does("record-evaluation", on="2009-02-02", grade="good")
    evaluated = story.status
    story.does("add-action", text="Share what is known", sources=["CASE-1/1"], timescale="On-going")
    monitored = story.status
    twice = story.refused("record-evaluation", on="2009-02-03", grade="adequate")
    open_still = story.refused("close-case", by="crsg", reason="Complete")
    story.does("complete-action", about="A1", on="2009-02-02", evidence="The protocol")
    story.does("close-case", by="crsg", reason="Complete")

    assert unready == (
        "Cannot agree the report: Record the return of Probation first. "
        "Appoint a lead for Partner Authored Report first."
    )
    assert (completed, evaluated, monitored) == ("completed", "evaluated", "monitored")
    assert unknown == (
        "Cannot record the evaluation: There is no grade 'excellent'. "
        "Grades are outstanding, good, adequate and inadequate."
    )
    assert twice == "The review was evaluated on 2 February 2009."
    assert open_still == "Cannot close the case: Complete A1, or end it with a reason, first."
    assert story.status == "closed"
    assert story.clocks() == {}


def test_plan_that_stands_already_is_monitored_as_soon_as_the_review_is_completed(engine: Engine) -> None:
    story = Story(engine, "thlscb")
    story.opens("2008-05-06", kind="considered")
    story.does("add-action", text="Warn the schools", due_on="2009-01")
    story.does("record-decision", by="main", on="2008-05-20", outcome="review", reason="Harm")

    story.does("agree-report", by="main", on="2008-11-03")
    story.does("record-evaluation", on="2009-02", grade="outstanding")

    assert story.statuses() == ["considered", "review_in_progress", "completed", "monitored"]
    assert story.case()["events"]["evaluation"] == {"date": "2009-02", "precision": "month"}


def test_considered_case_becomes_a_contribution_to_another_boards_review(engine: Engine) -> None:
    story = Story(engine, "thlscb")
    story.opens("2008-05-06", kind="considered")

    story.does("start-contribution", by="crsg", with_whom="The Board of another borough")
    story.does("close-case", by="crsg", reason="The other Board has published")

    assert story.statuses() == ["considered", "contributing", "closed"]
    begun = next(line for line in story.case()["history"] if line["deed"] == "start_contribution")
    assert begun["with_whom"] == "The Board of another borough"


def test_board_decides_that_the_threshold_is_not_met(engine: Engine) -> None:
    story = Story(engine, "thlscb")
    story.opens("2008-05-06", kind="considered")

    by_subgroup = story.refused("record-decision", by="crsg", on="2008-05-20", outcome="no_review", reason="Not met")
    story.does("record-decision", by="main", on="2008-05-20", outcome="no_review", reason="Not met")

    assert by_subgroup == "Chris Ray may not record the decision: it is for the Main Board."
    assert story.statuses() == ["considered", "closed"]
    assert story.case()["closed_at"] == "2008-05-06T09:00:00+00:00"
