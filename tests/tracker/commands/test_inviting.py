"""`tracker people invite`: an email with a link; what it needs, and whom it refuses."""

import pytest
from sqlmodel import select

from notifications.outbox import Message
from tests import make
from tests.tracker.command_line import CommandLine
from tests.tracker.web.signing import give_proofs
from tracker.database import reading, unit_of_work
from tracker.groups.models import Partnership
from tracker.history import lines_about
from tracker.people.queries import person_by_email

SECRET = "0123456789-0123456789-0123456789"
CASEY = "coordinator@thscp.example"


@pytest.fixture
def tracker(engine, database_url, monkeypatch, capsys):
    make.make_world(engine)
    monkeypatch.setenv("TRACKER_SECRET", SECRET)
    return CommandLine(monkeypatch, capsys, database_url)


def waiting(engine):
    """Give the kinds and addresses of the emails that wait, and of those that were taken back."""
    with reading(engine) as session:
        return [(row.kind, row.to_address, row.state) for row in session.exec(select(Message).order_by(Message.id))]


def test_invitation_is_put_into_the_outbox_and_stands_in_the_history(tracker, engine):
    answer = tracker("people", "invite", "Coordinator@THSCP.example")

    said = "Casey Morgan is invited. The email goes with what is due next, by `tracker run-due`.\n"
    assert (answer.status, answer.out, answer.err) == (0, said, "")
    assert waiting(engine) == [("invitation", CASEY, "queued")]
    with reading(engine) as session:
        code = session.exec(select(Partnership.code)).one()
        assert lines_about(session, code)[-1]["what"] == "Casey Morgan was invited to sign in."


def test_invitation_needs_the_secret(tracker, engine):
    tracker.monkeypatch.delenv("TRACKER_SECRET")

    answer = tracker("people", "invite", CASEY)

    sentence = "There is no secret to sign links with. Set TRACKER_SECRET to the one of `tracker serve`.\n"
    assert (answer.status, answer.out, answer.err, waiting(engine)) == (1, "", sentence, [])


def test_nobody_unknown_is_invited(tracker, engine):
    answer = tracker("people", "invite", "nobody@thscp.example")

    assert (answer.status, waiting(engine)) == (1, [])
    assert answer.err.startswith("There is nobody with the address nobody@thscp.example.")


def test_whoever_has_left_is_not_invited(tracker, engine):
    with unit_of_work(engine) as session:
        person = person_by_email(session, CASEY)
        person.ended_on = make.LONG_AGO
        session.add(person)

    answer = tracker("people", "invite", CASEY)

    said = "Casey Morgan has left, or is a post. Nothing was sent.\n"
    assert (answer.status, answer.err, waiting(engine)) == (1, said, [])


def test_whoever_has_a_password_is_invited_only_anew(tracker, engine):
    give_proofs(engine)

    answers = [tracker("people", "invite", CASEY), tracker("people", "invite", CASEY, "--anew")]

    assert [answer.status for answer in answers] == [1, 0]
    assert answers[0].err.startswith("Casey Morgan has chosen a password already.")
    assert waiting(engine) == [("invitation", CASEY, "queued")]


def test_emails_are_listed_without_anything_that_opens(tracker):
    tracker("people", "invite", CASEY)

    [row] = tracker("list", "emails", "--json").document

    assert (row["kind"], row["about"], row["to"]) == ("invitation", "sign-in", CASEY)
