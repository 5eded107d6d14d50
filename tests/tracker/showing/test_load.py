"""What falls due, agency by month; a year falls due with its last month, and what has no date stands apart."""

import pytest

from tests import make
from tracker.database import reading
from tracker.errors import FactsWrong
from tracker.people.doer import doer_by_email
from tracker.showing.lists import list_rows

CARE = "Children's Social Care"


@pytest.fixture
def world(engine):
    """Actions due before June 2021, in June and July, in the year 2021, later, and without a date."""
    make.make_world(engine)
    make.make_case(engine)
    for due in ("2021-06-30", "2021-06", "2021-07-01", "2021", "2023-01-05", None, "2021-06-02"):
        dated = {} if due is None else {"due_on": due}
        make.act(engine, "add_action", "thscp", text="Do it", agency=CARE, **dated)
    make.act(engine, "add_action", "TH-2021-001", text="Do it", agency=CARE, due_on="2021-07-02")
    return engine


def load(engine, by="coordinator@thscp.example", **where):
    with reading(engine) as session:
        reader = doer_by_email(session, by, make.NOON.date())
        rows = list_rows(session, "load", where, reader, make.NOON)
    return [
        (
            row["agency"],
            row["earlier"],
            {one["month"]: one["open"] for one in row["months"] if one["open"]},
            row["later"],
        )
        for row in rows
    ]


def test_open_actions_are_counted_by_agency_and_month(world):
    months = {"2021-06": 3, "2021-07": 2, "2021-12": 1}

    assert load(world) == [(CARE, 0, months, 1)]
    assert load(world, **{"from": "2022-12"}) == [(CARE, 6, {"2023-01": 1}, 0)]
    assert load(world, **{"from": "2200-12"}) == [(CARE, 7, {}, 0)]
    with pytest.raises(FactsWrong):
        load(world, **{"from": "20222"})


def test_what_is_barred_is_in_no_count(world):
    scrutineer = "scrutineer@thscp.example"
    make.act(world, "declare_conflict", "TH-2021-001", person=scrutineer, reason="Knows the family")

    assert load(world, scrutineer) == [(CARE, 0, {"2021-06": 3, "2021-07": 1, "2021-12": 1}, 1)]
