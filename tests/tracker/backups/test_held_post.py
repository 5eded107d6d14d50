"""The post after a restore: nothing goes before a person releases it, and then each email once, or not at all."""

import pytest
from sqlmodel import select

from tests.make import NOON, address, make_partnership, make_team
from tests.tracker.command_line import CommandLine
from tests.tracker.reminders.post import Post, add
from tracker.database import reading, unit_of_work
from tracker.history import HistoryLine
from tracker.reminders.models import PostHold

COORDINATOR = address("coordinator")
# An action due on 30 June is told of 14 days before, at eight in the morning.
MORNING, RESTORED, NEXT = "2021-06-16T08:00", "2021-06-16T15:00", "2021-06-23T08:00"
HELD = (
    "The post is held since 16 June 2021 at 3pm: The backup of 15 June 2021 at 9pm was restored. 1 email waits. 1 of "
    "them was due before that, and may have gone already: what was sent after the backup was made is not known. "
    "Release it with `tracker do release-post --by EMAIL`."
)
COUNTS = {"reminders": 0, "digests": 0, "sent": 0, "superseded": 0, "failed": 0, "uncertain": 0, "waiting": 1}


@pytest.fixture
def post(engine, tmp_path):
    with unit_of_work(engine) as session:
        make_team(session, "thscp")
    add(engine)
    return Post(engine, tmp_path / "mail")


@pytest.fixture
def restored(post, elsewhere, tmp_path, monkeypatch, capsys):
    """Give the command line of a store into which a backup of the evening before was restored in the afternoon."""
    source, target = post.engine, elsewhere
    file = tmp_path / "evening.backup"
    tracker = CommandLine(monkeypatch, capsys, source.url.render_as_string(hide_password=False))
    tracker.at("2021-06-15T21:00")
    assert tracker("backup", str(file)).status == 0
    monkeypatch.setenv("TRACKER_DATABASE_URL", target.url.render_as_string(hide_password=False))
    monkeypatch.setenv("TRACKER_MAIL", f"folder:{tmp_path}/mail")
    tracker.at(RESTORED)
    tracker.restored = tracker("restore", str(file))
    return tracker


def test_nothing_goes_before_the_release_and_everything_once_after_it(post, restored):
    assert (restored.restored.status, restored.restored.out.splitlines()[-1]) == (0, HELD)

    held = restored("run-due", "--json")
    assert (held.status, held.err, held.document) == (1, f"{HELD}\n", COUNTS)
    assert post.new() == []

    assert restored.do("release-post", None, COORDINATOR).status == 0
    again = [restored("run-due", "--json").document for _ in range(2)]

    assert again == [COUNTS | {"sent": 1, "waiting": 0}, COUNTS | {"waiting": 0}]
    assert [str(mail["To"]) for mail in post.new()] == [address("owner")]


def test_what_may_have_gone_is_dropped_when_that_is_asked_and_the_next_reminder_goes(post, restored):
    restored.do("release-post", None, COORDINATOR, drop_waiting=True)

    assert restored("run-due", "--json").document == COUNTS | {"waiting": 0}
    restored.at(NEXT)
    assert restored("run-due", "--json").document == COUNTS | {"reminders": 1, "sent": 1, "waiting": 0}


def test_post_that_is_not_held_cannot_be_released(post, database_url, monkeypatch, capsys):
    tracker = CommandLine(monkeypatch, capsys, database_url)

    answer = tracker.do("release-post", None, COORDINATOR)

    assert (answer.status, answer.err) == (1, "The post is not held: emails go as they are due.\n")


def test_history_of_every_partnership_says_who_released_the_post(engine, database_url, monkeypatch, capsys):
    with unit_of_work(engine) as session:
        make_team(session, "thscp")
        make_partnership(session, "chscp")
        session.add(PostHold(since=NOON, reason="A backup was restored."))
    tracker = CommandLine(monkeypatch, capsys, database_url)

    answers = [tracker.do("release-post", None, address(who)).status for who in ("owner", "coordinator", "coordinator")]

    with reading(engine) as session:
        lines = session.exec(select(HistoryLine).where(HistoryLine.deed == "release_post")).all()
        [hold] = session.exec(select(PostHold)).all()
    assert answers == [1, 0, 1]
    assert [(line.about, line.role) for line in lines] == [("thscp", "coordinator"), ("chscp", "coordinator")]
    assert hold.released_at is not None
