"""Reflections and learning sessions: an answer for each recommendation or action, and an action for each gap."""

import pytest
from sqlalchemy import Engine

from tests.journeys.story import Story
from tests.make import shown
from tests.tracker.stages import agreed, changes, published
from workflows.lifecycle import StepRefused


def shared(engine: Engine, *recommendations: str) -> Story:
    """Give a case of a partnership that starts today, whose learning was shared on Monday 15 November 2021."""
    story = published(engine, *recommendations, partnership="northmoor")
    story.day("2021-11-15")
    story.does("record-learning-session", on="2021-11-15")
    return story


def with_actions(engine: Engine, *texts: str) -> Story:
    """Give a published case of Tower Hamlets with actions, which its workshop looks at one by one."""
    story = published(engine)
    for text in texts:
        story.does("add-action", about="CASE-1", text=text, due_on="2022-01-31")
    story.day("2022-04-29")
    return story


def test_reflection_is_recorded_and_a_gap_makes_an_action(engine: Engine) -> None:
    """The report was published on 1 November 2021: the reflection is due on 1 May 2022, a Sunday (K2, K3)."""
    story = shared(engine, "Ask twice", "Listen")
    story.day("2022-04-29")
    answers = [
        {"of": 1, "answer": "embedded"},
        {"of": "2", "answer": "gap", "text": "Two schools have not been trained"},
    ]

    changed = changes(story, "record-reflection", on="2022-04-29", answers=answers)

    assert changed["events"]["reflection_6m"] == {"date": "2022-04-29", "precision": "day"}
    assert {key: value for key, value in changed.items() if key not in ("events", "steps", "recommendations")} == {
        "status": "reflected_6m",
        "stage": 8,
        "clocks": {"reflection_6m": ("2022-05-01", "met")},
        "reflections": [
            {
                "which": "6m",
                "on": "2022-04-29",
                "answers": [
                    {"of": "1", "answer": "embedded", "text": None, "action": None},
                    {"of": "2", "answer": "gap", "text": "Two schools have not been trained", "action": "A1"},
                ],
            }
        ],
        "actions": [
            {
                "reference": "A1",
                "title": None,
                "text": "Two schools have not been trained",
                "status": "planned",
                "report": None,
                "due": None,
            }
        ],
        "history": [
            (
                "Casey Morgan",
                "coordinator",
                "record_reflection",
                "Six-month reflection on 29 April 2022",
                "learning_shared",
                "reflected_6m",
            )
        ],
    }
    assert [row["actions"] for row in changed["recommendations"]["rows"]] == [[], ["A1"]]
    action = shown(engine, "A1", kind="action", now=story.now)
    assert action["sources"] == [
        {"kind": "reflection", "case": "CASE-1", "recommendation": 2, "finding": None, "words": "6m"}
    ]
    assert [(line["deed"], line["by"], line["what"]) for line in action["history"]] == [
        ("add_action", "Casey Morgan", "Added for a gap that the reflection on CASE-1 found")
    ]


def test_everything_that_is_wrong_with_the_answers_is_said_at_once(engine: Engine) -> None:
    story = shared(engine, "Ask twice", "Listen", "Write it down")
    answers = [
        {"of": 1, "answer": "gap"},
        {"of": 1, "answer": "embedded"},
        {"of": 9, "answer": "embedded"},
    ]

    with pytest.raises(StepRefused) as refusal:
        story.does("record-reflection", on="2021-11-15", answers=answers)

    assert str(refusal.value) == (
        "Cannot record the reflection: Answer for recommendation 2 and recommendation 3 as well. "
        "Say what is missing for recommendation 1: a gap makes an action. Answer once for recommendation 1. "
        "This case has no recommendation 9. There are 1, 2 and 3."
    )
    assert [(blocker.code, blocker.cured_by) for blocker in refusal.value.blockers] == [
        ("each_answered", "record-reflection"),
        ("answers", "record-reflection"),
        ("answers", "record-reflection"),
        ("answers", "record-reflection"),
    ]
    assert (story.status, story.case()["actions"]) == ("learning_shared", [])


def test_reflection_is_refused(engine: Engine) -> None:
    story = shared(engine)

    not_yet = story.refused("record-reflection", on="2021-11-15", which="12m")
    too_early = story.refused("record-reflection", on="2021-10-29")
    not_hers = story.refused("record-reflection", by="exec", on="2021-11-15")
    none_there = story.refused("record-reflection", on="2021-11-15", answers=[{"of": 1, "answer": "embedded"}])
    no_answer = story.refused("record-reflection", on="2021-11-15", answers=[{"of": 1, "answer": "maybe"}])

    assert not_yet == (
        "Cannot record the reflection as 12m: what the case can have now is 6m. "
        "Casey Morgan did record-learning-session at 10am."
    )
    assert too_early == ("The date of the six-month reflection must be on or after the publication, 1 November 2021.")
    assert not_hers == "Evan Reed may not record the reflection: it is for the coordinator."
    assert none_there == "Cannot record the reflection: This case has no recommendation 1. There are none."
    assert no_answer == (
        "The facts do not fit record-reflection: answers.0.answer: choose 'embedded', 'in_progress' or 'gap'."
    )


def test_reflection_on_a_case_that_is_not_published_is_refused(engine: Engine) -> None:
    story = agreed(engine)

    sentence = story.refused("record-reflection", on="2021-10-04")

    assert sentence.startswith(
        "Cannot record the reflection: the case is report agreed. What can be done now: publish, "
    )


def test_reflection_on_a_recommendation_leaves_its_actions_as_they_are(engine: Engine) -> None:
    story = shared(engine, "Ask twice")
    story.does("add-action", about="CASE-1", text="Train", sources=["CASE-1/1"], due_on="2022-01-31")
    story.does("complete-action", about="A1", on="2021-11-15", evidence="The register")

    story.does("record-reflection", on="2021-11-15", answers=[{"of": 1, "answer": "embedded"}])

    assert [row["status"] for row in story.case()["actions"]] == ["complete"]


def test_one_year_reflection_follows_the_six_month_one(engine: Engine) -> None:
    """The report was published on 1 November 2021: the one-year reflection is due on 1 November 2022."""
    story = shared(engine, "Ask twice")
    story.day("2022-05-03")
    story.does("record-reflection", on="2022-05-03", answers=[{"of": 1, "answer": "in_progress"}])
    story.day("2022-11-01")

    too_early = story.refused("record-reflection", on="2022-05-02", answers=[{"of": 1, "answer": "embedded"}])
    story.does("record-reflection", on="2022-11-01", answers=[{"of": 1, "answer": "embedded"}])

    assert too_early == (
        "The date of the one-year reflection must be on or after the six-month reflection, 3 May 2022."
    )
    clocks = story.clocks()
    assert (story.status, clocks["reflection_6m"], clocks["reflection_12m"]) == (
        "reflected",
        ("2022-05-01", "met_late"),
        ("2022-11-01", "met"),
    )


def test_workshop_on_actions_embeds_what_is_complete_and_makes_an_action_for_a_gap(engine: Engine) -> None:
    story = with_actions(engine, "Share records", "Train schools", "Write it down")
    for reference in ("A1", "A2"):
        story.does("complete-action", about=reference, on="2022-04-29", evidence="The protocol")
    answers = [
        {"of": "a1", "answer": "embedded"},
        {"of": "A2", "answer": "gap", "text": "Two schools are missing"},
        {"of": "A3", "answer": "embedded"},
    ]

    story.does("record-reflection", on="2022-04-29", answers=answers)

    assert [(row["reference"], row["status"]) for row in story.case()["actions"]] == [
        ("A1", "embedded"),
        ("A2", "complete"),
        ("A3", "planned"),
        ("A4", "planned"),
    ]
    lines = [shown(engine, name, kind="action", now=story.now)["history"][-1] for name in ("A1", "A4")]
    assert [(line["deed"], line["what"], line["old"]) for line in lines] == [
        ("record_impact", "Embedded, as the reflection on CASE-1 found", "complete"),
        ("add_action", "Added for a gap that the reflection on CASE-1 found", None),
    ]


def test_workshop_on_actions_asks_for_each_of_them(engine: Engine) -> None:
    story = with_actions(engine, "Share records", "Train schools")

    sentence = story.refused("record-reflection", on="2022-04-29", answers=[{"of": "A7", "answer": "in_progress"}])

    assert sentence == (
        "Cannot record the reflection: Answer for A1 and A2 as well. This case has no action A7. There are A1 and A2."
    )


def test_learning_session_moves_the_case_on_and_says_who_came(engine: Engine) -> None:
    """Two weeks after the agreement on Monday 4 October 2021 is 18 October; 15 November is 28 days later."""
    story = published(engine, partnership="northmoor")
    story.day("2021-11-15")

    changed = changes(
        story, "record-learning-session", on="2021-11-15", attendance={"Northmoor Police": 12, "GPs": False}
    )

    assert (changed["status"], changed["events"]["learning_session"]["date"], changed["clocks"]) == (
        "learning_shared",
        "2021-11-15",
        {"learning_session": ("2021-10-18", "met_late")},
    )
    line = story.case()["history"][-1]
    assert (line["what"], line["attendance"]) == (
        "Learning session on 15 November 2021",
        {"Northmoor Police": 12, "GPs": False},
    )


def test_session_before_the_publication_lets_the_case_move_on_by_itself_afterwards(engine: Engine) -> None:
    story = agreed(engine, partnership="northmoor")
    story.does("record-learning-session", on="2021-10-04")

    story.does("publish", by="exec", on="2021-10-05", override_reason="The inquest was public")

    assert story.statuses()[-2:] == ["published", "learning_shared"]


def test_first_of_several_sessions_ends_the_clock(engine: Engine) -> None:
    story = agreed(engine, partnership="northmoor")
    story.does("record-learning-session", on="2021-10-04")
    story.day("2021-10-20")

    changed = changes(story, "record-learning-session", on="2021-10-20")

    assert ("clocks" in changed, story.clocks()["learning_session"]) == (False, ("2021-10-18", "met"))


def test_learning_session_is_refused(engine: Engine) -> None:
    story = published(engine)

    too_early = story.refused("record-learning-session", on="2021-10-01")
    no_audit = story.refused("record-learning-session", on="2021-11-01", follows="audit")
    not_hers = story.refused("record-learning-session", by="exec", on="2021-11-01")
    nobody_came = story.refused("record-learning-session", on="2021-11-01", attendance={"GPs": -1})

    assert too_early == (
        "The date of the learning session must be on or after the agreement of the report, 4 October 2021."
    )
    assert no_audit == "No multi-agency audit is recorded: record-method-done comes first."
    assert not_hers == "Evan Reed may not record the learning session: it is for the coordinator."
    assert nobody_came.startswith("The facts do not fit record-learning-session: attendance.GPs")
