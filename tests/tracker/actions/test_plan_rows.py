"""The rows of the plan, given to one reader after the other in one process: each is shown what she may see that day."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests import make
from tracker.actions.models import Action
from tracker.actions.plan_rows import PlanRow, plan_rows
from tracker.clock import london_day
from tracker.database import reading
from tracker.people.doer import doer_by_email

CASE = "TH-2021-001"
COORDINATOR, EXECUTIVE = "coordinator@thscp.example", "exec@thscp.example"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make.make_world(engine)
    make.make_case(engine)
    facts = {"text": f"Share the records of {CASE}", "due_on": "2021-06-01", "agency": "Children's Social Care"}
    make.act(engine, "add_action", CASE, **facts)
    return engine


def row_for(engine: Engine, email: str, now: datetime = make.NOON) -> PlanRow:
    with reading(engine) as session:
        ids = session.exec(select(Action.id)).all()
        [row] = plan_rows(session, ids, doer_by_email(session, email, london_day(now)), now)
        return row


def test_row_names_the_case_only_to_who_may_open_it_whoever_read_it_before(world: Engine) -> None:
    seen = row_for(world, COORDINATOR)
    make.act(world, "declare_conflict", CASE, person=EXECUTIVE, reason="Knows the family")

    barred = row_for(world, EXECUTIVE)

    assert CASE in str(seen.sources)
    assert CASE in seen.text
    assert CASE not in str(barred)
    assert barred.sources[0].words == "a review"
    assert row_for(world, COORDINATOR) == seen


def test_row_of_the_next_day_counts_its_days_anew(world: Engine) -> None:
    days = [row_for(world, COORDINATOR, make.NOON + timedelta(days)).rag.reason for days in (0, 1, 2, 1)]

    assert days == [days[0], "1 day overdue", "2 days overdue", "1 day overdue"]


def test_row_says_what_was_changed_since_it_was_read(world: Engine) -> None:
    before = row_for(world, COORDINATOR)
    make.act(world, "move_due_date", "A1", due_on="2021-09-01", reason="The school is closed")

    after = row_for(world, COORDINATOR)

    assert (str(before.due), before.moves, str(after.due), after.moves) == ("2021-06-01", 0, "2021-09-01", 1)
