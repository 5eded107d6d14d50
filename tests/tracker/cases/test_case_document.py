"""A case as `show case` prints it: everything at its end, what blocks a step, and what a definition kept."""

import json

import pytest
from sqlalchemy import Engine

from tests.make import act
from tests.tracker.stages import AUDIT, REPORT, agreed, decided, published
from tracker.errors import NotFound


def test_document_of_a_whole_case_has_every_part(engine: Engine) -> None:
    story = published(engine, "Ask twice")
    story.does("add-action", text="Train every school", sources=["CASE-1/1"], due_on="2022-01-31")
    story.does("record-impact", about="A1", text="Fewer missed visits")

    document = story.case()

    assert set(document) == set(
        """reference version partnership definition kind status stage pseudonym public_label harm area summary
        contributing themes opened_at closed_at hold holds events clocks steps jobs returns recommendation
        panel_response decision ratifications resolution methods findings recommendations impact measures
        scrutiny_areas briefing reflections comments actions history""".split()
    )
    assert document["recommendations"] == {
        "stated": None,
        "recorded": 1,
        "rows": [
            {
                "number": 1,
                "text": "Ask twice",
                "addressee": None,
                "themes": [],
                "findings": [],
                "actions": ["A1"],
                "gap": False,
            }
        ],
    }
    assert document["actions"] == [
        {
            "reference": "A1",
            "title": None,
            "text": "Train every school",
            "status": "planned",
            "report": None,
            "due": "2022-01-31",
        }
    ]
    assert document["impact"] == ["Fewer missed visits"]
    assert json.loads(json.dumps(document)) == document


def test_step_that_is_blocked_says_by_what_and_what_cures_it(engine: Engine) -> None:
    story = decided(engine)

    step = next(step for step in story.case()["steps"] if step["deed"] == "agree-report")

    assert step == {
        "deed": "agree-report",
        "label": "Agree the report",
        "outcome": None,
        "to": "report_agreed",
        "roles": ["Executive Group"],
        "ready": False,
        "choices": {},
        "needs": [
            "every method that needs a named lead has one",
            "the independence of every lead is confirmed",
        ],
        "blockers": [
            {
                "code": "leads_named",
                "sentence": "Appoint a lead for Partner Authored Report first.",
                "deed": "appoint-lead",
                "from": None,
            }
        ],
    }


def test_step_that_waits_for_a_day_says_from_which(engine: Engine) -> None:
    """Seven working days after Tuesday 5 October 2021 are over on Thursday 14 October."""
    story = agreed(engine)
    story.day("2021-10-05")
    story.does("plan-publication", on="2021-10-11")
    story.does("record-sent-before-publication", on="2021-10-05")

    step = next(step for step in story.case()["steps"] if step["deed"] == "publish")

    assert (step["ready"], [(blocker["code"], blocker["from"]) for blocker in step["blockers"]]) == (
        False,
        [("sent_before_publication", "2021-10-14")],
    )


def test_steps_offer_what_there_is_to_choose(engine: Engine) -> None:
    story = decided(engine)

    choices = {step["deed"]: step["choices"] for step in story.case()["steps"] if step["choices"]}

    methods = [
        {"code": REPORT, "label": "Partner Authored Report"},
        {"code": AUDIT, "label": "Multi Agency Audit"},
    ]
    assert choices == {"appoint-lead": {"methods": methods}, "record-method-done": {"methods": methods}}


def test_history_is_one_sequence_over_all_records(engine: Engine) -> None:
    story = agreed(engine, "Ask twice")
    story.does("add-action", text="Train every school", sources=["CASE-1/1"])
    story.does("record-sent-before-publication", on="2021-10-04")

    numbers = [line["seq"] for line in story.case()["history"]]

    assert numbers == [1, 2, 3, 4, 5, 6, 8]


def test_version_that_was_seen_is_refused_when_the_case_has_moved_on(engine: Engine) -> None:
    story = decided(engine)
    seen = story.case()["version"]
    story.does("hold-case", by="exec", reason="Proceedings", look_again_on="2021-09-01")

    assert story.refused("record-delay-notice", seen=seen, on="2021-06-15", to="national Panel") == (
        "CASE-1 has moved on since you looked at it. Evan Reed did hold-case at 10am. Look again, then decide."
    )


def test_deed_that_is_repeated_under_its_intent_answers_as_the_first_time(engine: Engine) -> None:
    story = decided(engine)
    hold = {"reason": "Proceedings", "look_again_on": "2021-09-01"}
    by = {"by": "exec@thscp.example", "now": story.now, "intent": "hold-once"}

    first, second = (act(engine, "hold_case", "CASE-1", **by, **hold) for _ in range(2))

    assert first == second
    assert len(story.case()["holds"]) == 1


def test_case_that_there_is_not_and_case_that_she_may_not_open_are_one_sentence(engine: Engine) -> None:
    story = decided(engine)
    sentences = []

    for reference in ("CASE-1", "CASE-9"):
        story.reference = reference
        with pytest.raises(NotFound) as refusal:
            story.case(by="reviewer")
        sentences.append(str(refusal.value).replace(reference, "X"))

    assert sentences == ["There is no case with the reference X that you can open. Ask the business unit."] * 2
