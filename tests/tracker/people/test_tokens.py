"""Personal tokens: made at the keyboard, shown once, told apart by their names, and ended."""

from datetime import timedelta

import pytest
from sqlmodel import select

from tests.make import NOON, address, make_world
from tests.tracker.command_line import CommandLine
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.loading.leaving import end_person
from tracker.people.sessions import digest
from tracker.people.sign_in_models import PersonalToken
from tracker.people.tokens import LASTS, holder_of

OWNER = address("owner")


@pytest.fixture
def tracker(sqlite_engine, monkeypatch, capsys):
    """Give the command line on a team of Tower Hamlets."""
    make_world(sqlite_engine)
    keyboard = CommandLine(monkeypatch, capsys, str(sqlite_engine.url))
    keyboard.at("2021-06-01T12:00")
    return keyboard


def kept(engine):
    """Give what is kept of every token."""
    with reading(engine) as session:
        return [(row.name, row.token_digest, row.ended_at) for row in session.exec(select(PersonalToken))]


def holder(engine, token, now=NOON):
    with reading(engine) as session:
        found = holder_of(session, token, now)
        return None if found is None else found.email


def test_token_is_printed_alone_and_kept_as_its_digest(tracker, sqlite_engine):
    answer = tracker("token", OWNER)

    token = answer.out.removesuffix("\n")
    assert (answer.status, token[:4], len(token)) == (0, "ltp_", 47)
    assert answer.err == (
        "Keep it like a password: it is not shown again, and works for a year. "
        f"`tracker token {OWNER} --end` ends it.\n"
    )
    assert kept(sqlite_engine) == [("token", digest(token), None)]
    assert holder(sqlite_engine, token) == OWNER


def test_tokens_are_told_apart_by_their_names(tracker, sqlite_engine):
    figures = tracker("token", OWNER, "--name", "figures", "--json").document
    tracker("token", OWNER)

    again = tracker("token", OWNER, "--name", "figures")

    assert (again.status, again.err) == (
        1,
        "There is a token 'figures' already: end it first, or choose another name.\n",
    )
    assert sorted(figures) == ["name", "token"]
    assert tracker("token", OWNER, "--list").out == (
        "figures  made 2021-06-01, works until 2022-06-01, never used\n"
        "token  made 2021-06-01, works until 2022-06-01, never used\n"
    )


def test_ended_token_is_nobodys_and_its_name_is_free_again(tracker, sqlite_engine):
    token = tracker("token", OWNER).out.strip()

    ended = tracker("token", OWNER, "--end")

    assert (ended.status, ended.out) == (0, "The token 'token' has ended.\n")
    assert holder(sqlite_engine, token) is None
    assert tracker("token", OWNER, "--list").out == "There is no token.\n"
    assert tracker("token", OWNER).status == 0


def test_token_that_there_is_not_cannot_be_ended(tracker):
    answer = tracker("token", OWNER, "--end")

    assert (answer.status, answer.err) == (1, "There is no token 'token' that has not ended.\n")


@pytest.mark.parametrize("email", ["nobody@thscp.example", "left@thscp.example"])
def test_nobody_gets_no_token(tracker, sqlite_engine, email):
    if email.startswith("left"):
        email = OWNER
        with unit_of_work(sqlite_engine) as session:
            end_person(session, OWNER, address("coordinator"), NOON)

    answer = tracker("token", email)

    assert (answer.status, answer.out, kept(sqlite_engine)) == (1, "", [])


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "a\nb", "a\u202eb"])
def test_name_that_cannot_be_read_is_refused(tracker, sqlite_engine, name):
    answer = tracker("token", OWNER, "--name", name)

    assert (answer.status, answer.err, kept(sqlite_engine)) == (
        2,
        "Write the name of the token on one line, with 100 characters or fewer.\n",
        [],
    )


def test_token_runs_out_after_the_last_day_that_is_named(tracker, sqlite_engine):
    token = tracker("token", OWNER).out.strip()
    made = moment_from("2021-06-01T12:00")
    last_moment = moment_from("2022-06-01T23:59")

    holders = [holder(sqlite_engine, token, now) for now in (made, last_moment, last_moment + timedelta(minutes=1))]

    assert (LASTS, holders) == (timedelta(days=365), [OWNER, OWNER, None])
    tracker.at("2022-06-02T00:00")
    assert tracker("token", OWNER, "--list").out == "There is no token.\n"
    assert tracker("token", OWNER).status == 0
