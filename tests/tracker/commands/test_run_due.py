"""`tracker run-due` where mail cannot go: it says why and what to do, loses nothing, and a later run sends."""

import pytest

from tests import make
from tests.notifications.certificates import make_certificates
from tests.notifications.real_smtp import running_real_server
from tests.tracker.command_line import CommandLine
from tracker.database import unit_of_work

COORDINATOR, OWNER = "coordinator@thscp.example", "owner@thscp.example"


@pytest.fixture
def tracker(engine, database_url, monkeypatch, capsys, tmp_path):
    with unit_of_work(engine) as session:
        make.make_team(session, "thscp")
    tracker = CommandLine(monkeypatch, capsys, database_url)
    for owner in (OWNER, COORDINATOR):
        tracker.do("add-action", "thscp", COORDINATOR, text="Do it", due_on="2021-02-01", owner=owner)
    (tmp_path / "file").touch()
    monkeypatch.setenv("TRACKER_MAIL", f"folder:{tmp_path}/file")
    tracker.at("2021-01-25T08:00")
    return tracker


WAITING = {"reminders": 2, "digests": 0, "sent": 0, "superseded": 0, "failed": 0, "uncertain": 0, "waiting": 2}
SENTENCE = (
    "2 emails wait: The mail folder cannot be written: {why}. Nothing is lost: put it right, or name another way in "
    "TRACKER_MAIL, and run `tracker run-due` again after 8:01am.\n"
)


@pytest.mark.parametrize(("folder", "why"), [("file", "File exists"), ("file/mail", "Not a directory")])
def test_mail_that_cannot_go_waits_with_a_reason_and_goes_later(tracker, tmp_path, folder, why):
    tracker.monkeypatch.setenv("TRACKER_MAIL", f"folder:{tmp_path}/{folder}")

    refused = tracker("run-due", "--json")
    tracker.monkeypatch.setenv("TRACKER_MAIL", f"folder:{tmp_path}/mail")
    tracker.at("2021-01-25T08:02")
    sent = tracker("run-due", "--json")

    assert (refused.status, refused.err, refused.document) == (1, SENTENCE.format(why=why), WAITING)
    assert (sent.status, sent.err, sent.document) == (0, "", WAITING | {"reminders": 0, "sent": 2, "waiting": 0})
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 2


def test_run_due_in_words_prints_its_counts_and_the_reason_apart(tracker):
    answer = tracker("run-due")

    assert (answer.status, answer.err) == (1, SENTENCE.format(why="File exists"))
    assert answer.out == (
        "     2  reminders\n     0  digests\n     0  sent\n     0  superseded\n     0  failed\n"
        "     0  uncertain\n     2  waiting\n"
    )


def test_mail_that_rests_is_still_a_reason_to_look(tracker, tmp_path):
    tracker("run-due")
    tracker.monkeypatch.setenv("TRACKER_MAIL", f"folder:{tmp_path}/mail")

    answer = tracker("run-due", "--json")

    assert (answer.status, answer.err) == (1, SENTENCE.format(why="File exists"))
    assert answer.document == WAITING | {"reminders": 0}


def test_a_mail_server_needs_a_sender(tracker):
    tracker.monkeypatch.setenv("TRACKER_MAIL", "smtp://joy:hunter2@mail.example")

    answer = tracker("run-due")

    assert (answer.status, answer.out, answer.err) == (
        1,
        "",
        "TRACKER_MAIL cannot be used: a mail server wants to know who writes: name the sender's address in "
        "TRACKER_MAIL_FROM.\n",
    )


def test_run_due_sends_by_the_mail_server_that_the_settings_name(tracker, tmp_path):
    certificates = make_certificates(tmp_path)
    tracker.monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    tracker.monkeypatch.setenv("TRACKER_MAIL_FROM", "reviews@thscp.example")

    with running_real_server(certificates.shown["right"]) as box:
        tracker.monkeypatch.setenv("TRACKER_MAIL", f"smtp://joy:p%40ss@localhost:{box.port}")
        answer = tracker("run-due", "--json")

    assert (answer.status, answer.err, answer.document) == (0, "", WAITING | {"sent": 2, "waiting": 0})
    assert sorted(taken[:2] for taken in box.taken) == [
        ("reviews@thscp.example", [COORDINATOR]),
        ("reviews@thscp.example", [OWNER]),
    ]
    assert box.sign_ins == [("PLAIN", "joy", "p@ss")]
