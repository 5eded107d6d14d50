"""Links in emails to pages behind the sign-in: to answer, to read the answer, to decide."""

import re

import pytest
from sqlalchemy import Engine

from notifications import outbox
from tests.make import act, make_case, make_world
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.people.links import LinkMaker
from tracker.reminders.letters import compose_for
from tracker.reminders.planning import plan_digests, plan_reminders

LINKS = LinkMaker("https://tracker.example", "of the tests, and of nothing else: 0123456789")


@pytest.fixture
def world(sqlite_engine: Engine) -> Engine:
    make_world(sqlite_engine)
    act(sqlite_engine, "schedule_meeting", group="exec", on="2021-03-08", now="2021-02-01T09:00")
    act(sqlite_engine, "raise_escalation", group="qap", title="Should beds wait?", ask="Two", now="2021-02-01T09:00")
    return sqlite_engine


def _addresses(world: Engine, to: str, now: str) -> list[str]:
    """Give the addresses in the text of the newest email to somebody."""
    with unit_of_work(world) as session:
        message = [row for row in outbox.messages(session) if row.to_address == to][-1]
        mail = compose_for(session, message, moment_from(now), LINKS)
    return [] if mail is None else re.findall(r"https://\S+", mail.text)


def test_digest_leads_to_the_form_of_each_answer_and_to_the_papers(world: Engine) -> None:
    plan_digests(world, moment_from("2021-03-01T08:00"))

    asked, copied = (_addresses(world, f"{who}@thscp.example", "2021-03-01T08:00") for who in ("exec", "coordinator"))

    papers = [f"https://tracker.example/meetings/M1/papers{ending}" for ending in ("", ".pdf")]
    assert (asked, copied) == (["https://tracker.example/escalations/E1/respond", *papers], papers)


def test_group_that_asked_is_led_to_the_answer(world: Engine) -> None:
    act(
        world,
        "respond_to_escalation",
        "E1",
        by="exec@thscp.example",
        on="2021-03-01",
        answer="agreed",
        now="2021-03-01T09:00",
    )

    assert _addresses(world, "qap@thscp.example", "2021-03-01T09:00") == ["https://tracker.example/escalations/E1"]


def test_coordinator_is_led_from_a_statutory_date_to_the_page_of_the_day(world: Engine) -> None:
    make_case(world, known_on="2021-03-01", notified_on="2021-03-01", now="2021-03-01T09:00")

    plan_reminders(world, moment_from("2021-03-16T08:00"))

    found = _addresses(world, "coordinator@thscp.example", "2021-03-16T08:00")
    # The other one leads to where she stops these emails.
    assert [address for address in found if not address.endswith("/emails")] == ["https://tracker.example/today"]
