"""Clocks of a case on hold (K3): what passes its date meanwhile is explained, what was late before stays late."""

import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_world
from tracker.clock import moment_from
from tracker.database import reading
from tracker.showing.lists import list_rows


@pytest.fixture
def held(engine: Engine) -> Engine:
    """Give a case notified on Tuesday 1 June 2021, whose rapid review is due 15 working days later, on 22 June."""
    make_world(engine)
    make_case(engine, "HELD", known_on="2021-06-01", notified_on="2021-06-01", now="2021-06-01T12:00")
    return engine


def rapid_review(engine: Engine, moment: str) -> tuple[str, str]:
    with reading(engine) as session:
        clocks = list_rows(session, "clocks", {}, None, moment_from(moment))
    return next((clock["state"], clock["words"]) for clock in clocks if clock["code"] == "rapid_review")


def late_cases(engine: Engine, moment: str) -> list[tuple[str, int]]:
    with reading(engine) as session:
        rows = list_rows(session, "cases", {"flag": "overdue"}, None, moment_from(moment))
    return [(row["reference"], row["late"]) for row in rows]


def hold(engine: Engine, on: str) -> None:
    facts = {"reason": "Criminal proceedings", "look_again_on": "2021-09-01"}
    act(engine, "hold-case", "HELD", by="exec@thscp.example", now=f"{on}T12:00", **facts)


@pytest.mark.parametrize("on", ["2021-06-10", "2021-06-22"])
def test_clock_that_passes_its_date_on_hold_is_explained_and_not_late(held, on):
    hold(held, on)

    assert rapid_review(held, "2021-06-24T12:00") == ("explained", "On hold: 2 working days over, explained")
    assert late_cases(held, "2021-06-24T12:00") == []


def test_clock_that_was_late_before_the_hold_stays_late(held):
    hold(held, "2021-06-23")

    assert rapid_review(held, "2021-06-24T12:00") == ("late", "2 working days late")
    assert late_cases(held, "2021-06-24T12:00") == [("HELD", 1)]


def test_clock_is_late_again_once_the_hold_has_ended(held):
    hold(held, "2021-06-10")
    act(held, "release-case", "HELD", by="exec@thscp.example", now="2021-06-25T12:00", revised_due_on="2021-12-01")

    assert rapid_review(held, "2021-06-25T12:00") == ("late", "3 working days late")
    assert late_cases(held, "2021-06-25T12:00") == [("HELD", 1)]
