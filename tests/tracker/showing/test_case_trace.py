"""The chain of a case: each gap is named, and closing the case closes none of its actions."""

import pytest

from tests import make
from tests.tracker.walking import does
from tracker.errors import Refused

CASE = "AT-PUBLISHED"


@pytest.fixture
def world(walk):
    does(walk, "add_action", CASE, text="See earlier", sources=["1"])
    does(walk, "add_action", CASE, text="Train staff", sources=["F1"], owner="owner@thscp.example")
    return walk


def trace(engine):
    return make.shown(engine, CASE, kind="trace", now="2021-06-10T12:00")


def gaps(engine):
    return [(gap["about"], gap["code"]) for gap in trace(engine)["gaps"]]


def test_what_is_missing_is_named(world):
    document = trace(world)

    assert [(row["number"], row["actions"], row["gap"]) for row in document["findings"]] == [(1, ["A5"], None)]
    assert [(row["number"], row["actions"], row["gap"]) for row in document["recommendations"]] == [(1, ["A4"], None)]
    assert [(gap["about"], gap["sentence"]) for gap in document["gaps"]] == [("A4", "Nobody owns it.")]


def test_a_finding_and_a_recommendation_without_anything_are_gaps(walk):
    assert gaps(walk) == [("finding 1", "finding_unanswered"), ("recommendation 1", "recommendation_unanswered")]


def test_a_linked_recommendation_answers_its_finding(walk):
    does(walk, "link_recommendation", CASE, recommendation=1, findings=[1])

    assert trace(walk)["findings"][0]["recommendations"] == [1]
    assert gaps(walk) == [("recommendation 1", "recommendation_unanswered")]


def test_a_finding_that_there_is_not_is_refused(walk):
    with pytest.raises(Refused) as refused:
        does(walk, "link_recommendation", CASE, recommendation=1, findings=[9])

    assert str(refused.value) == "The review has no finding 9. Give the numbers as they are recorded."


def test_what_is_complete_says_what_changed(world):
    does(world, "complete_action", "A5", on="2021-06-01", evidence="Register")
    before = gaps(world)

    does(world, "record_impact", "A5", text="Staff ask")

    assert (before, gaps(world)) == ([("A4", "no_owner"), ("A5", "no_impact")], [("A4", "no_owner")])


def test_closing_a_case_closes_none_of_its_actions(engine):
    make.make_world(engine)
    case = make.act(engine, "open_case", partnership="thscp", known_on="2021-05-28").reference
    make.act(engine, "add_action", case, text="Ring the schools", due_on="2021-06-10")

    make.act(engine, "close_case", case, reason="It was no serious incident")

    document = make.shown(engine, "A1", kind="action", now="2021-06-15T12:00")
    assert (document["status"], document["overdue_days"], document["sources"][0]["case"]) == ("planned", 5, case)
