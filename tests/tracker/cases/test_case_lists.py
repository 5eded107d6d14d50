"""The lists over all cases that a reader may see: where each stands, and the clocks that are open."""

import pytest
from sqlalchemy import Engine

from tests.make import address, make_case, make_world
from tests.tracker.stages import decided, in_rapid_review
from tracker.clock import london_day, moment_from
from tracker.database import reading
from tracker.errors import FactsWrong, NotFound
from tracker.people.doer import doer_by_email
from tracker.showing.lists import list_rows


def listed(engine, what, now, *keys, by=None, **where):
    """Give what somebody's list says under the keys, each row as a tuple."""
    moment = moment_from(f"{now}T10:00")
    with reading(engine) as session:
        reader = None if by is None else doer_by_email(session, address(by), london_day(moment))
        rows = list_rows(session, what, {key.rstrip("_"): value for key, value in where.items()}, reader, moment)
    return [tuple(row[key] for key in keys) for row in rows]


@pytest.fixture
def two(engine: Engine) -> Engine:
    """Give one case that is reviewed since 15 June 2021, and one that became known on 1 July."""
    story = decided(engine)
    story.does("hold-case", by="exec", reason="Proceedings", look_again_on="2021-09-01")
    make_case(engine, "CASE-2", known_on="2021-07-01", now="2021-07-01T10:00", themes=["neglect"])
    return engine


def test_cases_say_where_they_stand_and_what_comes_next(two):
    """What passed its date of 22 June on hold is not late; five working days from 1 July end on 8 July."""
    keys = ("reference", "status", "stage", "on_hold", "late", "next_due")

    assert listed(two, "cases", "2021-07-12", *keys) == [
        ("CASE-1", "review_in_progress", 4, True, 0, "2021-06-22"),
        ("CASE-2", "incident", 1, False, 1, "2021-07-08"),
    ]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({}, ["CASE-1", "CASE-2"]),
        ({"status": "incident"}, ["CASE-2"]),
        ({"theme": "neglect"}, ["CASE-2"]),
        ({"flag": "on_hold"}, ["CASE-1"]),
        ({"flag": "overdue"}, ["CASE-2"]),
        ({"kind": "considered"}, []),
        ({"case": "case-2"}, ["CASE-2"]),
        ({"partnership": "thscp", "flag": "on_hold", "status": "incident"}, []),
    ],
)
def test_cases_are_filtered_and_filters_are_joined(two, where, found):
    assert [reference for (reference,) in listed(two, "cases", "2021-07-09", "reference", **where)] == found


def test_clocks_stand_late_first_and_law_before_our_own_targets(two):
    keys = ("case", "code", "kind", "due", "state", "late_by")

    assert listed(two, "clocks", "2021-07-09", *keys) == [
        ("CASE-2", "notify_panel", "statutory", "2021-07-08", "late", 1),
        ("CASE-1", "rapid_review", "guidance", "2021-06-22", "explained", 13),
        ("CASE-1", "publish_review", "statutory", "2021-12-15", "running", None),
    ]


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ({"flag": "overdue"}, ["notify_panel"]),
        ({"state": "running"}, ["publish_review"]),
        ({"kind": "guidance"}, ["rapid_review"]),
        ({"to": "2021-07-08"}, ["notify_panel", "rapid_review"]),
        ({"from_": "2021-07-08"}, ["notify_panel", "publish_review"]),
        ({"from_": "2021-07", "to": "2021-07"}, ["notify_panel"]),
        ({"case": "CASE-2"}, ["notify_panel"]),
    ],
)
def test_clocks_are_filtered(two, where, found):
    assert [code for (code,) in listed(two, "clocks", "2021-07-09", "code", **where)] == found


def test_clocks_that_are_met_or_stopped_are_in_no_list(engine):
    story = in_rapid_review(engine)
    story.does("send-to-national-panel", on="2021-06-02")

    assert listed(engine, "clocks", "2021-06-02", "code") == []


@pytest.mark.parametrize("kind", ["cases", "clocks"])
@pytest.mark.parametrize(("by", "sees"), [("exec", {"CASE-1", "CASE-2"}), ("rrp", {"CASE-1"}), ("reviewer", set())])
def test_everybody_sees_the_cases_that_are_hers(two, kind, by, sees):
    key = "reference" if kind == "cases" else "case"

    assert {name for (name,) in listed(two, kind, "2021-07-01", key, by=by)} == sees


@pytest.mark.parametrize("kind", ["cases", "clocks"])
def test_filter_that_names_what_there_is_not_is_refused(two, kind):
    refusals = {}
    for where in ({"status": "asleep"}, {"partnership": "atlantis"}, {"case": "CASE-9"}, {"colour": "red"}):
        with pytest.raises((FactsWrong, NotFound)) as refusal:
            listed(two, kind, "2021-07-01", "code", **where)
        refusals[next(iter(where))] = str(refusal.value)

    assert refusals["status"].startswith("There is no status 'asleep'. There are: incident, considered, ")
    assert refusals["partnership"] == "There is no partnership 'atlantis'. There are: thscp."
    assert refusals["case"] == ("There is no case with the reference CASE-9 that you can open. Ask the business unit.")
    assert refusals["colour"].startswith(f"{kind.capitalize()} are not listed by colour, but by: ")


def test_outsider_of_another_partnership_sees_none(two):
    make_world(two, "northmoor")

    assert listed(two, "cases", "2021-07-01", "reference", by="coordinator@northmoor.example") == []
