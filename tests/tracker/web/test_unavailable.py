"""A database that does not answer: said in plain words on the page, and in its own words in the log."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from tests.make import NOON, make_case
from tests.make import shown as make_shown
from tests.statements import each_statement
from tests.tracker.reminders.post import add
from tests.tracker.web.signing import PASSWORD, give_proofs
from tests.tracker.web.test_owner_links import link_of
from tests.tracker.web.visitor import served, signed_in
from tracker.web.deed_forms import UNAVAILABLE


@pytest.fixture(autouse=True)
def case(world):
    """Give a case that was notified."""
    make_case(world, "TH-2021-001", known_on="2021-05-03", notified_on="2021-05-04", now="2021-05-04T10:00")


def test_page_whose_records_cannot_be_reached_gives_a_number_and_no_technical_words(world, as_, caplog):
    coordinator = as_("coordinator")
    with world.begin() as connection:
        connection.execute(text("DROP TABLE escalation_response"))

    page = coordinator.opens("/escalations")

    assert (page.status, page.heading) == (503, "Sorry, the service cannot reach its records")
    assert ("database" in page.words, "tracker upgrade" in page.words) == (False, False)
    number = page.words.partition("Number: ")[2].split()[0]
    [record] = [record for record in caplog.records if record.name == "tracker.web"]
    [line] = record.getMessage().splitlines()
    said = "The database has no tables yet, or old ones. Run `tracker upgrade` first. ("
    assert line.startswith(f"Fault {number} at GET /escalations: {said}")
    assert record.exc_info is None


def test_watcher_who_is_signed_in_is_answered_also_without_a_database(world, as_):
    coordinator = as_("coordinator")
    with world.begin() as connection:
        connection.execute(text("ALTER TABLE sign_in RENAME TO gone"))

    answers = [coordinator.http.get(path) for path in ("/today", "/health/live", "/health/ready")]

    assert [answer.status_code for answer in answers] == [503, 200, 200]


def test_form_that_cannot_be_recorded_keeps_what_was_typed(world, as_):
    full = "CREATE TRIGGER full BEFORE INSERT ON hold BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    with world.begin() as connection:
        connection.execute(text(full))

    day = {"look_again_on-day": "1", "look_again_on-month": "7", "look_again_on-year": "2021"}
    answer = as_("coordinator").sends("/cases/TH-2021-001/steps/hold-case", reason="An inquest", **day)

    assert (answer.status, answer.title[:6], UNAVAILABLE in answer.words) == (503, "Error:", True)
    assert answer.forms[-1]["fields"]["reason"] == "An inquest"


def test_pages_are_read_while_nothing_can_be_noted_of_it(world, closing, caplog):
    add(world)
    link, later = link_of(world), NOON + timedelta(minutes=10)
    base = closing.enter_context(served(world, later))
    visitor = closing.enter_context(signed_in(world, base, "coordinator"))
    event.listen(world, "begin", _only_reads)

    pages = [visitor.opens(path) for path in ("/today", "/actions", "/cases", "/actions/A1", link)]

    case = visitor.opens("/cases/TH-2021-001")
    stays = visitor.http.get("/account/still-here.svg")

    event.remove(world, "begin", _only_reads)
    said = [record.getMessage() for record in caplog.records if record.name == "tracker.database"]
    assert [page.status for page in pages] == [200] * 5
    # Who reads a case is always written down; and who could not be noted does not stay signed in for longer.
    assert (case.status, stays.status_code) == (503, 503)
    assert 'data-rests="1200"' in pages[0].text
    assert {line.partition(":")[0] for line in said} == {
        "That somebody was here could not be noted",
        "That a link was opened could not be noted",
    }


def _only_reads(connection):
    connection.connection.driver_connection.execute("PRAGMA query_only = 1")


NOTES = ("UPDATE sign_in", "DELETE FROM unsent_form", "INSERT INTO link_visit")


def _busy_for_notes(sql, _values):
    if str(sql).startswith(NOTES):
        raise sqlite3.OperationalError("database is locked")


def test_what_is_recorded_is_not_said_to_have_failed_where_only_its_note_did(world, as_, stranger, caplog):
    add(world)
    link, coordinator = link_of(world), as_("coordinator")

    with each_statement(world, _busy_for_notes):
        sent = stranger.sends(f"{link}/A1", report="at_risk", text="6 of 8 moves were shared in time")
        done = coordinator.sends("/actions/A1/edit-action", title="Share every record")

    shown = make_shown(world, "A1", kind="action")
    assert ("/sent?action=A1" in sent.address, sent.status, done.status) == (True, 200, 200)
    assert (shown["title"], [one["text"] for one in shown["updates"]]) == (
        "Share every record",
        ["6 of 8 moves were shared in time"],
    )
    said = {record.getMessage() for record in caplog.records if record.name == "tracker.database"}
    assert said == {
        f"{what} could not be noted: The database is busy with another writer"
        for what in (
            "That a link was opened",
            "That a form was sent",
            "That a link was answered by",
            "The message about what was done",
        )
    }


def test_recovery_code_that_is_used_up_lets_its_holder_in_whatever_can_be_said_of_it(world, stranger):
    code, *_ = give_proofs(world)
    stranger.sends("/sign-in", 0, email="coordinator@thscp.example", password=PASSWORD)

    with each_statement(world, lambda sql, _: _busy_for_message(sql)):
        entered = stranger.sends("/sign-in/recovery", 0, code=code)

    assert (entered.status, entered.heading) == (200, "What needs you today")


def _busy_for_message(sql):
    if str(sql).startswith("UPDATE sign_in SET message"):
        raise sqlite3.OperationalError("database is locked")
