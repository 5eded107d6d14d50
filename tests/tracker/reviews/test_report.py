"""The report of a review: agreed once with what it found, graded from outside, or written by another area."""

import pytest
from sqlalchemy import Engine

from tests.journeys.story import Story
from tests.make import PARTNERS
from tests.tracker.stages import LEAD, REPORT, agreed, changes, decided, recommended, waiting_for_ratification

LEARNING = {
    "findings": [{"text": "Nobody asked"}],
    "recommendations": [
        {"text": "Ask", "themes": ["neglect"], "addressee": "Every school"},
        {"text": "Listen"},
    ],
}


def led(engine: Engine) -> Story:
    """Give a case whose method has a lead."""
    story = decided(engine)
    story.does("appoint-lead", by="exec", method=REPORT, **LEAD)
    return story


def considered(engine: Engine) -> Story:
    """Give a case that the Board of Tower Hamlets considers."""
    story = Story(engine, "thlscb")
    story.opens("2008-05-06", kind="considered")
    return story


def completed(engine: Engine) -> Story:
    """Give a serious case review that was completed on Monday 3 November 2008."""
    story = considered(engine)
    story.does("record-decision", by="main", on="2008-05-20", outcome="review", reason="Harm")
    story.day("2008-11-03")
    story.does("agree-report", by="main", on="2008-11-03", recommendations=[{"text": "Share what is known"}])
    return story


def test_report_is_agreed_with_what_it_found_and_recommends(engine: Engine) -> None:
    story = led(engine)
    story.day("2021-10-04")

    changed = changes(story, "agree-report", by="exec", on="2021-10-04", recommendations_stated=3, **LEARNING)

    assert (changed.pop("events")["report_agreed"], changed) == (
        {"date": "2021-10-04", "precision": "day"},
        {
            "status": "report_agreed",
            "stage": 5,
            "findings": {
                "stated": None,
                "recorded": 1,
                "rows": [{"number": 1, "text": "Nobody asked", "themes": [], "recommendations": []}],
            },
            "recommendations": {
                "stated": 3,
                "recorded": 2,
                "rows": [
                    {
                        "number": 1,
                        "text": "Ask",
                        "addressee": "Every school",
                        "themes": ["neglect"],
                        "findings": [],
                        "actions": [],
                        "gap": True,
                    },
                    {
                        "number": 2,
                        "text": "Listen",
                        "addressee": None,
                        "themes": [],
                        "findings": [],
                        "actions": [],
                        "gap": True,
                    },
                ],
            },
            "steps": [
                "publish",
                "send-to-national-panel",
                "record-panel-response",
                "plan-publication",
                "record-sent-before-publication",
                "hold-case",
            ],
            "history": [
                (
                    "Evan Reed",
                    "Executive Group",
                    "agree_report",
                    "Agreed the report on 4 October 2021",
                    "review_in_progress",
                    "report_agreed",
                )
            ],
        },
    )


def test_report_is_not_agreed(engine: Engine) -> None:
    story = decided(engine)
    facts = {"on": "2021-06-15", **LEARNING}

    without_lead = story.refused("agree-report", by="exec", **facts)
    story.does("appoint-lead", by="exec", method=REPORT, **LEAD)
    too_early = story.refused("agree-report", by="exec", **facts | {"on": "2021-06-14"})
    not_hers = story.refused("agree-report", by="reviewer", **facts)
    no_theme = story.refused(
        "agree-report", by="exec", on="2021-06-15", findings=[{"text": "A", "themes": ["dragons"]}]
    )
    no_kind = story.refused("agree-report", by="exec", **facts, kind="saga")
    no_number = story.refused("agree-report", by="exec", **facts, findings_stated=-1)

    assert without_lead == "Cannot agree the report: Appoint a lead for Partner Authored Report first."
    assert too_early == ("The date of the agreement of the report must be on or after the decision, 15 June 2021.")
    assert not_hers == "Rene Viner may not agree the report: it is for the Executive Group."
    assert no_theme == "There is no theme dragons. `tracker list themes` shows all."
    assert no_kind == (
        "There is no kind of review 'saga'. Kinds are local_learning_review, thematic_review and serious_case_review."
    )
    assert no_number == ("The facts do not fit agree-report: findings_stated: it must be 0 or more.")


def test_report_is_agreed_once(engine: Engine) -> None:
    story = agreed(engine, "Ask twice")

    sentence = story.refused("agree-report", by="exec", on="2021-10-04", **LEARNING)

    assert sentence.startswith("Cannot agree the report: the case is report agreed. What can be done now: publish, ")


def test_report_of_a_case_that_is_not_decided_is_refused(engine: Engine) -> None:
    story = recommended(engine)

    sentence = story.refused("agree-report", by="exec", on="2021-06-08", **LEARNING)

    assert sentence.startswith("Cannot agree the report: the case is recommended. What can be done now: ")


def test_what_the_publication_needs_is_asked_for_when_the_report_is_agreed(engine: Engine) -> None:
    story = waiting_for_ratification(engine)
    for partner in PARTNERS["chscp"]:
        story.does("record-ratification", partner=partner, on="2021-10-18", answer="yes")
    story.does("appoint-lead", by="crsg", method=REPORT, **LEAD | {"person": "Jo Author"})

    without = story.refused("agree-report", by="partner1", on="2021-10-18")
    half = story.refused("agree-report", by="partner1", on="2021-10-18", findings=[{"text": "Nobody asked"}])
    story.does("agree-report", by="partner1", on="2021-10-18", **LEARNING)
    twice = story.refused("agree-report", by="partner1", on="2021-10-18", **LEARNING)

    assert without == (
        "Cannot agree the report: Record the findings of the report first. "
        "Record the recommendations of the report first."
    )
    assert half == "Cannot agree the report: Record the recommendations of the report first."
    assert twice == "The report was agreed on 18 October 2021."
    assert story.status == "review_in_progress"


def test_completed_review_is_monitored_as_soon_as_an_action_is_added(engine: Engine) -> None:
    story = completed(engine)
    version = story.case()["version"]

    story.does("add-action", about="CASE-1", text="Share what is known", sources=["CASE-1/1"])

    document = story.case()
    assert (document["status"], document["stage"], document["version"]) == ("monitored", 6, version + 1)
    line = document["history"][-1]
    assert (line["by"], line["deed"], line["what"], line["old"], line["new"]) == (
        "Casey Morgan",
        "moved_on",
        "The case moved on by itself: Monitor the action plan.",
        "completed",
        "monitored",
    )


@pytest.mark.parametrize("grade", ["outstanding", "good", "adequate", "inadequate"])
def test_review_is_graded_from_outside(engine: Engine, grade: str) -> None:
    story = completed(engine)
    story.day("2009-02-02")

    changed = changes(story, "record-evaluation", on="2009-02-02", grade=grade)

    assert (changed["status"], changed["events"]["evaluation"], changed["history"]) == (
        "evaluated",
        {"date": "2009-02-02", "precision": "day"},
        [
            (
                "Casey Morgan",
                "coordinator",
                "record_evaluation",
                f"Evaluated on 2 February 2009: {grade}",
                "completed",
                "evaluated",
            )
        ],
    )


def test_grade_is_refused(engine: Engine) -> None:
    story = completed(engine)
    facts = {"on": "2008-11-03", "grade": "good"}

    unknown = story.refused("record-evaluation", on="2008-11-03", grade="excellent")
    too_early = story.refused("record-evaluation", **facts | {"on": "2008-10-31"})
    not_hers = story.refused("record-evaluation", by="main", **facts)
    story.does("record-evaluation", **facts)
    twice = story.refused("record-evaluation", **facts)

    assert unknown == (
        "Cannot record the evaluation: There is no grade 'excellent'. "
        "Grades are outstanding, good, adequate and inadequate."
    )
    assert too_early == ("The date of the evaluation must be on or after the agreement of the report, 3 November 2008.")
    assert not_hers == "Mary North may not record the evaluation: it is for the coordinator."
    assert twice == "The review was evaluated on 3 November 2008."


def test_review_that_is_under_way_is_not_graded(engine: Engine) -> None:
    story = considered(engine)
    story.does("record-decision", by="main", on="2008-05-20", outcome="review", reason="Harm")

    sentence = story.refused("record-evaluation", on="2008-05-20", grade="good")

    assert sentence == (
        "Cannot record the evaluation: the case is review in progress. What can be done now: agree-report, "
        "appoint-lead, withdraw-declaration, record-method-done, hold-case. Mary North did record-decision at 10am."
    )


def test_case_becomes_a_contribution_to_the_review_of_another_area(engine: Engine) -> None:
    story = considered(engine)

    changed = changes(story, "start-contribution", by="crsg", with_whom="Another borough", on="2008-05-06")

    assert changed == {
        "status": "contributing",
        "stage": 4,
        "steps": ["close-case", "hold-case"],
        "history": [
            (
                "Chris Ray",
                "Case Review Subgroup",
                "start_contribution",
                "Contributes to the review of Another borough",
                "considered",
                "contributing",
            )
        ],
    }


def test_contribution_is_refused(engine: Engine) -> None:
    story = considered(engine)
    facts = {"with_whom": "Another borough"}

    too_early = story.refused("start-contribution", by="crsg", on="2008-05-05", **facts)
    not_hers = story.refused("start-contribution", by="main", **facts)
    nobody = story.refused("start-contribution", by="crsg", with_whom=" ")
    story.does("start-contribution", by="crsg", **facts)
    twice = story.refused("start-contribution", by="crsg", **facts)

    assert too_early == (
        "The date of the contribution must be on or after the day the incident became known, 6 May 2008."
    )
    assert not_hers == ("Mary North may not contribute to another area's review: it is for the Case Review Subgroup.")
    assert nobody == "The facts do not fit start-contribution: with_whom: it is empty, write at least one word."
    assert twice == (
        "Cannot contribute to another area's review: the case is a contribution to another area's review. "
        "What can be done now: close-case, hold-case. Chris Ray did start-contribution at 10am."
    )
