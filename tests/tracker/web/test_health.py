"""What watches the service asks it for: whether it lives, whether all is well; and the coordinator's banner."""

from datetime import timedelta

import pytest

from tests.make import NOON, act
from tests.tracker.web.visitor import served, signed_in
from tracker.database import unit_of_work
from tracker.reminders.models import JobRun, PostHold
from tracker.rows import write
from tracker.showing.health import health_of

LATE = timedelta(minutes=6)


def waits(engine):
    """Let an email wait from midday on."""
    act(engine, "raise_escalation", group="qap", title="Beds", ask="May we?")
    act(engine, "respond_to_escalation", "E1", by="exec@thscp.example", on="2021-06-01", answer="agreed")


def put(engine, row):
    with unit_of_work(engine) as session:
        write(session, row)


@pytest.fixture
def today(world, closing):
    """Give the words of a coordinator's page some time after midday."""

    def opened(after):
        address = closing.enter_context(served(world, NOON + after))
        return closing.enter_context(signed_in(world, address, "coordinator", now=NOON + after)).opens("/today").words

    return opened


def test_watcher_is_told_that_all_is_well_without_any_sign_in(world, stranger):
    live, ready = stranger.http.get("/health/live"), stranger.http.get("/health/ready")

    assert (live.status_code, live.json()) == (200, {"live": True})
    assert (ready.status_code, ready.json()) == (200, health_of(world, NOON).document())
    assert ready.headers["cache-control"] == "no-store"


def test_watcher_is_told_what_is_not_well(world, closing):
    waits(world)
    address = closing.enter_context(served(world, NOON + timedelta(minutes=31)))

    answer = closing.enter_context(signed_in(world, address, "coordinator")).http.get("/health/ready")

    assert (answer.status_code, answer.json()["well"]) == (503, False)
    assert answer.json()["post"]["oldest_waiting_since"] == "2021-06-01T11:00:00+00:00"
    assert "@" not in answer.text


def test_coordinator_reads_that_emails_are_not_going_out_when_one_waits_too_long(world, today):
    waits(world)

    assert "not going out" not in today(timedelta(minutes=30))
    found = today(timedelta(minutes=31)).replace("\xa0", " ")
    assert "Emails are not going out This has been so since 1 June 2021 at midday. Nothing is lost:" in found
    assert "Until then, ring whoever must hear of something today." in found


def test_coordinator_reads_that_emails_are_not_going_out_when_the_scheduler_stands(world, today):
    put(world, JobRun(job="plan", began_at=NOON))

    assert "not going out" not in today(timedelta(minutes=5))
    assert "Emails are not going out This has been so since 1 June 2021 at midday." in today(LATE).replace("\xa0", " ")


def test_coordinator_reads_that_emails_are_not_going_out_when_a_job_fails(world, today):
    put(world, JobRun(job="plan", began_at=NOON + LATE, failing_since=NOON, fault="ValueError"))

    assert "Emails are not going out This has been so since 1 June 2021 at midday." in today(LATE).replace("\xa0", " ")


def test_coordinator_reads_that_emails_are_held_until_somebody_releases_them(world, today):
    put(world, PostHold(since=NOON, reason="A backup was brought back"))
    held = today(LATE).replace("\xa0", " ")
    with unit_of_work(world) as session:
        session.get_one(PostHold, 1).released_at = NOON + LATE

    assert "Emails are held This has been so since 1 June 2021 at midday." in held
    assert "Emails are held" not in today(LATE)
