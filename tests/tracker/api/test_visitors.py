"""Who gets in: with a token that stands, or a browser's session that a page of the service uses."""

import logging
import sqlite3

import httpx
import pytest

from tests.serving import PATIENCE
from tests.statements import each_statement
from tests.tracker.api.program import SECRET, Program, session_of, token_of
from tests.tracker.everything import contents
from tests.tracker.walking import CONTROL, LATER, person
from tracker.api.app import ADDRESS
from tracker.database import unit_of_work
from tracker.loading.leaving import end_person
from tracker.people import sessions
from tracker.people.queries import person_by_email
from tracker.people.tokens import end_token
from tracker.policy import SIGNED_IN, doors
from tracker.serving import build_whole
from tracker.settings import Installation

FACTS = {"due_on": "2021-10-31", "reason": "Half term"}
DEED = "/actions/A1/deeds/move-due-date"
HERE = {"sec-fetch-site": "same-origin"}


def test_every_way_in_is_for_people_who_are_signed_in(world, stranger):
    whole = build_whole(Installation("", "", "http://127.0.0.1", LATER), world, SECRET)

    ours = [door for door in doors(whole) if door.path.startswith(f"{ADDRESS}/")]

    answers = {
        (door.path, method): stranger.http.request(method, door.path.removeprefix(ADDRESS).replace("{ref}", "A1"))
        for door in ours
        for method in door.methods
    }
    assert {door.policy for door in ours} == {SIGNED_IN}
    assert len(answers) > 60
    assert {(answer.status_code, answer.json()["code"]) for answer in answers.values()} == {(401, "sign_in_needed")}


@pytest.mark.parametrize(
    "given",
    ["Bearer", "Bearer ltp_never", "Basic Y29udHJvbDp4", "Bearer\tx", "ltp_never", "", "Bearer é", "Bearer x y"],
)
def test_token_that_is_none_lets_nobody_in(base, given):
    answer = httpx.get(f"{base}/api/cases", headers={"authorization": given.encode()}, timeout=PATIENCE)

    assert (answer.status_code, answer.headers["www-authenticate"]) == (
        401,
        'Bearer realm="Learning tracker", error="invalid_token"',
    )
    assert answer.json()["detail"] == "The token is not known, or it has ended. Make another one."


def test_token_opens_what_its_person_sees(as_):
    program = as_("owner")

    assert [row["reference"] for row in program.asks("/actions").json()] == ["A1", "A2", "A3", "A90"]
    assert program.asks("/cases").json() == []


def test_token_opens_what_its_person_sees_also_while_its_use_cannot_be_noted(world, as_, caplog):
    def busy(sql, _values):
        if str(sql).startswith("UPDATE personal_token"):
            raise sqlite3.OperationalError("database is locked")

    with each_statement(world, busy):
        answer = as_("owner").asks("/cases")

    assert (answer.status_code, answer.json()) == (200, [])
    assert "That a token was used could not be noted: The database is busy with another writer" in caplog.messages


def test_token_that_was_ended_lets_nobody_in(world, as_):
    program = as_("coordinator")
    with unit_of_work(world) as session:
        end_token(session, person_by_email(session, person("coordinator")).id, "the tests", LATER)

    assert program.asks("/cases").status_code == 401


def test_token_of_somebody_who_left_lets_nobody_in(world, as_):
    program = as_("coordinator")
    with unit_of_work(world) as session:
        end_person(session, person("coordinator"), CONTROL, LATER)

    assert program.asks("/cases").status_code == 401
    assert program.does(DEED, FACTS).status_code == 401


def test_browser_session_reads_and_does_deeds_from_a_page_of_the_service(world, base):
    with Program(base, session=session_of(world, CONTROL)) as browser:
        assert browser.asks("/actions/A1").status_code == 200
        assert browser.http.post(DEED, json=FACTS, headers=HERE).status_code == 200
        origin = base.replace("/api", "")
        assert (
            browser.http.post(DEED, json=FACTS | {"due_on": "2021-11-01"}, headers={"origin": origin}).status_code
            == 200
        )


@pytest.mark.parametrize(
    "headers", [{}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}, {"origin": "http://evil.example"}]
)
def test_what_another_site_has_a_browser_send_is_refused(world, base, headers):
    with Program(base, session=session_of(world, CONTROL)) as browser:
        answer = browser.http.post(DEED, json=FACTS, headers=headers)

        assert (answer.status_code, answer.json()["code"]) == (403, "forged")
        assert browser.asks("/actions/A1").json()["due"] == "2021-09-30"


def test_session_without_its_second_factor_lets_nobody_in(world, base):
    with Program(base, session=session_of(world, CONTROL, is_whole=False)) as browser:
        assert browser.asks("/cases").status_code == 401


def test_whoever_brings_a_token_is_judged_by_it_alone(world, base):
    with Program(base, token="ltp_never", session=session_of(world, CONTROL)) as both:
        assert both.asks("/cases").status_code == 401
        assert both.http.post(DEED, json=FACTS, headers=HERE).status_code == 401


def test_message_for_the_next_page_waits_for_a_page(world, base):
    token = session_of(world, CONTROL)
    with unit_of_work(world) as session:
        found = sessions.find(session, token, LATER, sessions.SEEN_EVERY, sessions.SEEN_EVERY)
        sessions.leave_message(session, found.session_id, "The case is open.")

    with Program(base, session=token) as browser:
        browser.asks("/cases")

    with unit_of_work(world) as session:
        found = sessions.find(session, token, LATER, sessions.SEEN_EVERY, sessions.SEEN_EVERY)
    assert found.message == "The case is open."


def test_answers_have_the_headers_of_every_answer(as_, stranger):
    for answer in (as_("coordinator").asks("/cases"), stranger.asks("/cases"), stranger.asks("/nowhere")):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'; ")
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_token_is_kept_as_a_digest_and_stands_in_no_log(world, base, caplog):
    caplog.set_level(logging.DEBUG)
    token = token_of(world, CONTROL)

    with Program(base, token) as program:
        program.asks("/cases/AT-REVIEW")
        program.does(DEED, {"due_on": "never"})
        program.does("/cases/AT-AGREED/deeds/publish", {"on": "2021-06-02"})
        program.asks("/nowhere")

    assert len(token) > 40
    assert token not in repr(contents(world))
    assert token not in caplog.text
