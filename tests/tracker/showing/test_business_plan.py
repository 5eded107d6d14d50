"""The plan as the old Boards kept it: objective, outcomes, timescale and progress, in the words in which they came."""

import csv
import io

import pytest

from tests import make
from tracker.database import reading
from tracker.showing.business_plan import by_objective
from tracker.showing.business_plan_files import as_csv
from tracker.showing.lists import list_rows

WEBSITE = "Communicate effectively with key stakeholders"


@pytest.fixture
def world(engine):
    make.make_world(engine)
    objective = [{"kind": "priority", "words": WEBSITE}]
    make.act(engine, "add_action", "thscp", text="Develop the website", sources=objective, timescale="6 monthly")
    make.act(engine, "add_action", "thscp", text="=Tell the schools", themes=["neglect"], due_on="2021-07")
    make.act(engine, "add_action", "thscp", text="Write a newsletter", sources=objective, timescale="Annual (April)")
    make.act(engine, "move_due_date", "A2", due_on="2021-09-01", reason="The holidays")
    make.act(engine, "update_action", "A3", report="stuck", text="Nobody to write it")
    return engine


def rows(engine, **where):
    with reading(engine) as session:
        return list_rows(session, "business-plan", where, None, make.NOON)


def test_outcomes_stand_under_their_objective_with_the_original_words(world):
    found = [
        (name, [(one["outcome"], one["timescale"], one["progress"]) for one in of])
        for name, of in by_objective(rows(world))
    ]

    assert found == [
        (WEBSITE, [
            ("Develop the website", "6 monthly", "Not started"),
            ("Write a newsletter", "Annual (April)", "Stuck: Nobody to write it"),
        ]),
        ("Neglect", [("=Tell the schools", "1 September 2021 (first July 2021)", "Not started")]),
    ]  # fmt: skip
    assert len(rows(world, source="priority")) == 2


def test_the_file_has_the_four_columns_and_no_formula(world):
    lines = list(csv.reader(io.StringIO(as_csv(rows(world)).decode("utf-8-sig"))))

    assert lines[0] == ["Objective", "Outcomes", "Timescale", "Progress Update"]
    assert lines[3][:2] == ["Neglect", "'=Tell the schools"]
