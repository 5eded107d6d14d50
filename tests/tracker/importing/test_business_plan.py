"""The plan of an old Board: objective, outcomes, timescale and progress, without a column for the review."""

from pathlib import Path

import pytest
import xlsxwriter

from tests import make
from tracker.database import reading
from tracker.importing.plans import Wishes, import_plan
from tracker.showing.lists import list_rows

COORDINATOR = "coordinator@thscp.example"
ROWS = (
    ("1. Consolidate its core function", "1.2 Work plans will be reviewed", "Annual (April)", "Completed Action"),
    ("", "1.4 The budget will be reviewed", "6 monthly", "On going task"),
    ("", "1.10 Be prepared for the Joint Area Review", "2008 & 2011", "Recommendations implemented"),
    ("2. Communicate effectively", "2.1 A strategy will be developed", "May 2008", "Outstanding Task"),
    ("", "3.1 Sub-groups will report", "As identified", "Achieved"),
)


@pytest.fixture
def plan(tmp_path):
    """Write the plan as a workbook, the cell of an objective blank where it goes on."""
    path = tmp_path / "plan.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Plan")
        sheet.write(0, 0, "3 Year Overarching Business Plan 2007-2010")
        sheet.write_row(2, 0, ("Objective:", "Outcomes:", "Timescale:", "Progress Update:"))
        for number, row in enumerate(ROWS, 3):
            sheet.write_row(number, 0, row)
    return path


@pytest.fixture
def world(engine):
    for code in ("thscp", "chscp"):
        make.make_world(engine, code)
    make.make_case(engine)
    return engine


def bring_in(engine, path: Path, *, by=COORDINATOR, **wishes):
    return import_plan(engine, path, email=by, dry_run=False, now=make.NOON, wishes=Wishes(**wishes))


def outcomes(report):
    return [(row.judged.outcome.value, row.judged.reasons) for row in report.rows]


def test_each_outcome_becomes_an_action_that_comes_from_its_objective(world, plan):
    report = bring_in(world, plan)

    assert outcomes(report) == [
        ("flag", ("recurring", "complete_without_date", "no_owner")),
        ("flag", ("recurring", "no_owner")),
        ("flag", ("vague_date", "unclear_status", "no_owner")),
        ("flag", ("no_owner",)),
        ("flag", ("triggered", "complete_without_date", "no_owner")),
    ]
    with reading(world) as session:
        found = list_rows(session, "actions", {"source": "priority"}, None, make.NOON)
    by_reference = sorted((row["reference"], row["sources"][0]["words"], row["status"]) for row in found)
    assert by_reference == [
        ("A1", "1. Consolidate its core function", "complete"),
        ("A2", "1. Consolidate its core function", "ongoing"),
        ("A3", "1. Consolidate its core function", "planned"),
        ("A4", "2. Communicate effectively", "in_progress"),
        ("A5", "2. Communicate effectively", "complete"),
    ]


def test_the_same_plan_again_changes_nothing_and_another_partnership_has_its_own(world, plan):
    bring_in(world, plan)

    again = bring_in(world, plan)
    of_others = bring_in(world, plan, by="coordinator@chscp.example")

    assert {outcome for outcome, _ in outcomes(again)} == {"recognised"}
    assert {outcome for outcome, _ in outcomes(of_others)} == {"flag"}


def test_without_saying_whose_plan_it_is_nothing_comes_in_and_a_review_may_be_named(world, plan):
    with make.unit_of_work(world) as session:
        other = session.exec(make.select(make.Partnership).where(make.Partnership.code == "chscp")).one()
        person = session.exec(make.select(make.Person).where(make.Person.email == COORDINATOR)).one()
        holding = {"person_id": person.id, "partnership_id": other.id, "role": "coordinator"}
        make.write(session, make.RoleHolding(**holding, from_on=make.LONG_AGO))

    unclear = bring_in(world, plan)
    named = bring_in(world, plan, review="TH-2021-001")

    assert set(outcomes(unclear)) == {("refuse", ("whose_plan",))}
    assert {row.case for row in named.rows} == {"TH-2021-001"}
    with reading(world) as session:
        assert len(list_rows(session, "actions", {"case": "TH-2021-001"}, None, make.NOON)) == len(ROWS)
