"""`tracker schedule`: what it says, what it needs, and how it ends in the middle of a slow delivery."""

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from notifications import outbox
from tests.make import act, make_world
from tests.notifications.smtp_server import Act, Play, SmtpServer
from tests.tracker.command_line import CommandLine
from tests.waiting import until
from tracker.commands.schedule import way_in_words
from tracker.database import reading

LINES = "from tracker.cli import main; main()"
SECRET = "of the tests, and of nothing else: 0123456789"
ANSWERS = 3
# Letter by letter: the answer to the first email takes more than a second.
SLOWLY = Act(says="250 2.0.0 Ok: queued as 4F1A2B", pace=0.06)


@pytest.fixture
def mail_server():
    server = SmtpServer()
    yield server
    server.close()


def emails_wait(engine):
    """Let answers to escalations wait to be sent to the group that asked."""
    make_world(engine)
    for number in range(1, ANSWERS + 1):
        act(engine, "raise_escalation", group="qap", title=f"Beds {number}", ask="May we?")
        answer = {"on": "2021-06-01", "answer": "agreed"}
        act(engine, "respond_to_escalation", f"E{number}", by="exec@thscp.example", **answer)


def states(engine):
    with reading(engine) as session:
        return Counter(message.state for message in outbox.messages(session))


@contextmanager
def running(url: str, mail: str, folder: object, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command that goes on, with a way for its post."""
    post = {"TRACKER_MAIL": mail, "TRACKER_MAIL_FROM": "post@thscp.example"}
    setting = os.environ | post | {"TRACKER_DATABASE_URL": url, "TRACKER_SECRET": SECRET}
    process = subprocess.Popen(
        [sys.executable, "-c", LINES, *words],
        env=setting,
        cwd=str(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=120)


def on_this_machine(server: SmtpServer) -> str:
    """Give the way to a mail server of the tests."""
    return f"smtp://127.0.0.1:{server.port}?starttls=off"


def _ended_in_the_middle(url, mail_server, folder, sign, *words):
    """Let the first email be taken slowly, give the sign of the end meanwhile; give exit status and what was said."""
    record = mail_server.plays(Play({"dot": [SLOWLY]}))
    with running(url, on_this_machine(mail_server), folder, *words) as process:
        until(lambda: record.taken or process.poll() is not None)
        process.send_signal(sign)
        said, _ = process.communicate(timeout=120)
        return process.returncode, said, record


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_schedule_that_is_ended_in_a_slow_delivery_finishes_the_email_in_hand(
    engine, database_url, mail_server, tmp_path, monkeypatch, capsys, sign
):
    emails_wait(engine)
    [waiting] = states(engine).values()

    status, said, record = _ended_in_the_middle(database_url, mail_server, tmp_path, sign, "schedule")

    assert (status, len(record.taken)) == (0, 1), said
    assert states(engine) == {"sent": 1, "queued": waiting - 1}
    assert said.splitlines()[0] == (
        "Planning reminders and digests and delivering the post, every minute. Stop it with Ctrl+C."
    )
    assert "Emails go by SMTP, to 127.0.0.1." in said
    assert f"Emails that wait: {waiting}, the oldest since 1 June 2021 at midday." in said
    assert said.splitlines()[-1] == "Stopped. What was in hand is finished; what waits goes when it is started again."
    tracker = CommandLine(monkeypatch, capsys, database_url)
    monkeypatch.setenv("TRACKER_MAIL", on_this_machine(mail_server))
    monkeypatch.setenv("TRACKER_MAIL_FROM", "post@thscp.example")
    tracker.at("2021-06-02T12:00")
    assert tracker("run-due").status == 0
    names = Counter(re.search(rb"Message-ID: (\S+)", one.content)[1] for one in record.taken)
    assert (states(engine), set(names.values()), len(names)) == ({"sent": waiting}, {1}, waiting)


def test_serve_that_is_ended_in_a_slow_delivery_finishes_the_email_in_hand(sqlite_engine, mail_server, tmp_path):
    emails_wait(sqlite_engine)
    [waiting] = states(sqlite_engine).values()
    url = str(sqlite_engine.url)

    status, said, record = _ended_in_the_middle(url, mail_server, tmp_path, signal.SIGTERM, "serve", "--port", "0")

    assert (status, len(record.taken)) == (0, 1), said
    assert states(sqlite_engine) == {"sent": 1, "queued": waiting - 1}


def test_schedule_refuses_a_clock_that_stands_still(sqlite_engine, monkeypatch, capsys):
    tracker = CommandLine(monkeypatch, capsys, str(sqlite_engine.url))

    answer = tracker("schedule")

    assert (answer.status, answer.out) == (1, "")
    assert answer.err == (
        "The clock stands still at TRACKER_NOW, so nothing would ever become due. Take TRACKER_NOW away, or do "
        "what is due at that moment once with `tracker run-due`.\n"
    )


def test_schedule_says_where_the_post_goes_and_keeps_its_password_to_itself(sqlite_engine, tmp_path):
    mail = "smtps://canary-user:canary-password@mail.example:465"
    with running(str(sqlite_engine.url), mail, tmp_path, "schedule") as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(5)]
        process.terminate()
        rest, _ = process.communicate(timeout=30)

    assert said == [
        "Planning reminders and digests and delivering the post, every minute. Stop it with Ctrl+C.\n",
        f"Database: the file {sqlite_engine.url.database}.\n",
        "Emails go by SMTPS, to mail.example.\n",
        "No scheduler has run on this database yet.\n",
        "Emails that wait: 0.\n",
    ]
    assert (process.returncode, "canary" in rest) == (0, False)


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        ("folder:out/mail", "Emails are written into the folder out/mail."),
        ("smtp://post:canary@mail.example:2525?starttls=off", "Emails go by SMTP, to mail.example."),
        ("SMTPS://mail.example", "Emails go by SMTPS, to mail.example."),
        ("notify:", "Emails go by GOV.UK Notify."),
    ],
)
def test_way_of_the_emails_is_said_without_anything_that_is_secret(mail, words):
    assert way_in_words(mail) == words
