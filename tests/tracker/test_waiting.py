"""Two deeds that need the same rows wait for each other in one order: a case before its clocks, actions and numbers."""

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from tests.make import act, make_action, make_case, make_world, shown
from tracker.database import unit_of_work
from tracker.groups.queries import partnership_by_code
from tracker.reviews.models import Recommendation, Review, ReviewCase
from tracker.rows import write

_LONGEST_SECONDS = 120


@pytest.fixture
def postgresql_engine(postgresql_engine: Engine) -> Engine:
    """Give an engine that waits as long as the test: what counts is that nobody waits for ever."""

    @event.listens_for(postgresql_engine, "connect")
    def _is_patient(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = '{_LONGEST_SECONDS}s'")
        connection.commit()

    postgresql_engine.dispose()
    return postgresql_engine


def reviewed(engine: Engine, partnership: str, status: str) -> None:
    """Make a case whose review recommends one thing, with one complete action, in a status."""
    make_world(engine, partnership)
    by, known = f"coordinator@{partnership}.example", {"partnership": partnership, "notified_on": "2021-06-01"}
    make_case(engine, "CASE-1", by=by, **known)
    with unit_of_work(engine) as session:
        make_action(session, partnership_by_code(session, partnership), cases=["CASE-1"], status="complete")
        review = write(session, Review(kind="local_learning_review"))
        write(session, ReviewCase(review_id=review.id, case_id=1))
        write(session, Recommendation(review_id=review.id, number=1, text="Ask twice"))
        session.connection().execute(text("UPDATE case_record SET status = :status"), {"status": status})


@contextmanager
def held(engine: Engine, row: str) -> Iterator[None]:
    """Hold a row, so that whoever needs it waits, until the block is left."""
    with engine.connect() as connection:
        connection.execute(text(f"SELECT 1 FROM {row} FOR UPDATE"))
        yield


def wait_until_waiting(engine: Engine, how_many: int) -> None:
    """Wait until so many units of work wait for a row."""
    question = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    ends_at = time.monotonic() + _LONGEST_SECONDS
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        while connection.execute(question).scalar_one() < how_many:
            assert time.monotonic() < ends_at, "nobody waits for the row that is held"
            time.sleep(0.02)


def both(engine: Engine, row: str, first: dict, second: dict) -> None:
    """Let two deeds come to the row that is held, one after the other, and then go on; both have to end well."""
    with ThreadPoolExecutor(2) as pool:
        with held(engine, row):
            running: list[Future] = []
            for number, deed in enumerate((first, second), 1):
                running.append(pool.submit(act, engine, deed.pop("deed"), deed.pop("about", None), **deed))
                wait_until_waiting(engine, number)
        for ended in running:
            ended.result(_LONGEST_SECONDS)


def reflecting(**answer: str | int) -> dict:
    return {"deed": "record_reflection", "about": "CASE-1", "on": "2021-06-01", "answers": [answer]}


def test_action_added_while_a_reflection_makes_one_for_its_gap(postgresql_engine: Engine) -> None:
    reviewed(postgresql_engine, "northmoor", "learning_shared")
    by = "coordinator@northmoor.example"
    adding = {"deed": "add_action", "about": "CASE-1", "by": by, "text": "Train every school"}
    gap = {"of": 1, "answer": "gap", "text": "Two schools are missing"}

    both(postgresql_engine, "counter WHERE name = 'action'", adding, reflecting(**gap) | {"by": by})

    document = shown(postgresql_engine, "CASE-1")
    texts = [row["text"] for row in document["actions"]]
    assert (document["status"], texts[1:]) == ("reflected_6m", ["Train every school", "Two schools are missing"])


def test_action_gets_another_source_while_a_reflection_embeds_it(postgresql_engine: Engine) -> None:
    reviewed(postgresql_engine, "thscp", "published")
    editing = {"deed": "edit_action", "about": "A1", "sources": ["CASE-1/1"]}

    both(postgresql_engine, "action WHERE reference = 'A1'", editing, reflecting(of="A1", answer="embedded"))

    document = shown(postgresql_engine, "A1", kind="action")
    assert (document["status"], len(document["sources"])) == ("embedded", 2)


def test_closure_redates_a_clock_that_a_deed_of_its_case_ends(postgresql_engine: Engine) -> None:
    """Fifteen working days from Tuesday 1 June end on Tuesday 22 June; without 8 June on Wednesday 23 June."""
    reviewed(postgresql_engine, "thscp", "rapid_review")
    closing = {"deed": "add_closure", "on": "2021-06-08", "name": "A day of mourning", "partnership": "thscp"}
    sending = {"deed": "send_to_national_panel", "about": "CASE-1", "on": "2021-06-01"}

    both(postgresql_engine, "clock WHERE code = 'rapid_review'", closing, sending)

    clock = next(clock for clock in shown(postgresql_engine, "CASE-1")["clocks"] if clock["code"] == "rapid_review")
    assert (clock["due"], clock["state"]) == ("2021-06-23", "met")


def test_two_actions_get_a_case_that_may_move_as_a_source(postgresql_engine: Engine) -> None:
    make_world(postgresql_engine, "thlscb")
    by = "coordinator@thlscb.example"
    known = {"partnership": "thlscb", "known_on": "2021-06-01", "kind": "considered"}
    make_case(postgresql_engine, "CASE-1", by="crsg@thlscb.example", **known)
    with unit_of_work(postgresql_engine) as session:
        partnership = partnership_by_code(session, "thlscb")
        for reference in ("A1", "A2"):
            make_action(session, partnership, reference=reference)
        session.connection().execute(text("UPDATE case_record SET status = 'completed'"))
    editing = [{"deed": "edit_action", "about": about, "by": by, "sources": ["CASE-1"]} for about in ("A1", "A2")]

    both(postgresql_engine, "case_record WHERE reference = 'CASE-1'", *editing)

    document = shown(postgresql_engine, "CASE-1")
    assert (document["status"], [row["reference"] for row in document["actions"]]) == ("monitored", ["A1", "A2"])
    assert [line["deed"] for line in document["history"]] == ["open_case", "moved_on"]


def test_case_that_moves_while_an_action_is_added_moves_on_by_that_action(postgresql_engine: Engine) -> None:
    """The action is added to a case that is reviewed still, by somebody who waits for the end of the review."""
    make_world(postgresql_engine, "thlscb")
    known = {"partnership": "thlscb", "known_on": "2021-06-01", "kind": "considered"}
    make_case(postgresql_engine, "CASE-1", by="crsg@thlscb.example", **known)
    main, coordinator = "main@thlscb.example", "coordinator@thlscb.example"
    act(postgresql_engine, "record_decision", "CASE-1", by=main, on="2021-06-01", outcome="review", reason="Harm")
    agreeing = {"deed": "agree_report", "about": "CASE-1", "by": main, "on": "2021-06-01"}
    adding = {"deed": "add_action", "about": "CASE-1", "by": coordinator, "text": "Share what is known"}

    both(postgresql_engine, "history_head", agreeing, adding)

    assert shown(postgresql_engine, "CASE-1")["status"] == "monitored"
