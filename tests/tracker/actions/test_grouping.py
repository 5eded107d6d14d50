"""The plan seen by one thing: counted by the database as the list counts, and in the trackers each action once."""

import pytest

from tests import make
from tracker.actions.grouping import BY, heaps_of
from tracker.actions.listing import list_actions
from tracker.actions.paging import plan_for
from tracker.actions.wanted import Wanted
from tracker.clock import moment_from
from tracker.database import reading
from tracker.people.doer import doer_by_email

CASE = "TH-2021-001"
NOW = moment_from("2021-06-15T12:00")


@pytest.fixture
def world(engine):
    make.make_world(engine)
    make.make_case(engine)
    audit = {"kind": "audit", "words": "Neglect, 2020"}
    plans = (
        (CASE, {"level": "multi_agency", "due_on": "2021-06-01", "themes": ["neglect", "supervision"]}),
        (CASE, {"level": "single_agency", "sources": [audit], "owner": "owner@thscp.example"}),
        ("thscp", {"level": "single_agency", "sources": [{"kind": "Inspection", "words": "Ofsted"}], "group": "qap"}),
        ("thscp", {"level": "national", "outside_body": "The Home Office", "asked_on": "2021-06-01"}),
    )
    for reference, facts in plans:
        made = make.act(engine, "add_action", reference, text="Share the records", **facts)
    make.act(engine, "ask_outside", made.reference, on="2021-06-01")
    return engine


def heaps(engine, by, **wanted):
    with reading(engine) as session:
        reader = doer_by_email(session, "coordinator@thscp.example", NOW.date())
        found = heaps_of(plan_for(session, reader, NOW), Wanted(**wanted), by)
        return {heap.key: dict(heap.counts) for heap in found}


def test_each_action_stands_in_one_tracker_and_no_action_in_two(world):
    found = heaps(world, "level")

    with reading(world) as session:
        listed = {level: list_actions(session, {"level": level}, None, NOW) for level in found}
    references = [row["reference"] for rows in listed.values() for row in rows]
    assert sorted(references) == sorted(set(references)) == ["A1", "A2", "A3", "A4"]
    assert {level: sum(counts.values()) for level, counts in found.items()} == {
        level: len(rows) for level, rows in listed.items()
    }


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("review", {CASE: {"grey": 1, "red": 1}, "none": {"green": 1, "grey": 1}}),
        ("theme", {"none": {"green": 1, "grey": 2}, "neglect": {"red": 1}, "supervision": {"red": 1}}),
        ("owner", {"owner@thscp.example": {"grey": 1}, "none": {"green": 1, "grey": 1, "red": 1}}),
        ("group", {"qap": {"grey": 1}, "none": {"green": 1, "grey": 1, "red": 1}}),
        (
            "source",
            {"case": {"grey": 1, "red": 1}, "audit": {"grey": 1}, "inspection": {"grey": 1}, "none": {"green": 1}},
        ),
        ("due", {"overdue": {"red": 1}, "none": {"green": 1, "grey": 2}}),
        ("agency", {"none": {"green": 1, "grey": 2, "red": 1}}),
    ],
)
def test_the_plan_is_seen_by_each_thing(world, by, expected):
    assert heaps(world, by) == expected


@pytest.mark.parametrize("by", BY)
def test_each_way_to_see_the_plan_keeps_the_filters(world, by):
    found = heaps(world, by, level="national")

    assert [sum(counts.values()) for counts in found.values()] == [1]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"source": "inspection"}, ["A3"]),
        ({"source": "review"}, ["A1", "A2"]),
        ({"group": "qap"}, ["A3"]),
        ({"level": "national"}, ["A4"]),
        ({"flag": "no_owner"}, ["A1", "A3"]),
    ],
)
def test_the_list_has_the_same_filters(world, where, expected):
    with reading(world) as session:
        assert [row["reference"] for row in list_actions(session, where, None, NOW)] == expected
