"""The post after a restore: nothing goes before a person releases it, and then each email once, or not at all."""

import pytest
from sqlmodel import select, update

from notifications.outbox import Message
from tests.make import NOON, address, make_partnership, make_team
from tests.tracker.command_line import CommandLine
from tests.tracker.reminders.post import Post, add
from tracker.clock import moment_from
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
def restore(post, elsewhere, tmp_path, monkeypatch, capsys):
    """Give what restores a backup of the evening before at a moment, and the command line of where it came back."""

    def restore_at(now):
        file = tmp_path / "evening.backup"
        tracker = CommandLine(monkeypatch, capsys, post.engine.url.render_as_string(hide_password=False))
        tracker.at("2021-06-15T21:00")
        assert tracker("backup", str(file)).status == 0
        monkeypatch.setenv("TRACKER_DATABASE_URL", elsewhere.url.render_as_string(hide_password=False))
        monkeypatch.setenv("TRACKER_MAIL", f"folder:{tmp_path}/mail")
        tracker.at(now)
        tracker.restored = tracker("restore", str(file))
        return tracker

    return restore_at


@pytest.fixture
def restored(restore):
    """Give the command line of a store into which a backup of the evening before was restored in the afternoon."""
    return restore(RESTORED)


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


# The morning of the 16th is lost: before the next one's hour, and at the weekend.
@pytest.mark.parametrize("now", ["2021-06-17T07:00", "2021-06-19T12:00"])
def test_what_was_due_on_the_last_morning_may_have_gone_and_is_dropped(restore, now):
    tracker = restore(now)

    said = tracker.restored.out.splitlines()[-1]
    tracker.do("release-post", None, COORDINATOR, drop_waiting=True)
    tracker.at("2021-06-21T08:00")

    assert "1 email waits. 1 of them was due before that, and may have gone already" in said
    assert tracker("run-due", "--json").document == COUNTS | {"waiting": 0}


def test_reminder_of_a_morning_while_the_post_is_held_goes_without_what_may_have_gone_before(post, restore):
    add(post.engine, title="Second", due_on="2021-07-01")
    tracker = restore(RESTORED)

    tracker.at("2021-06-17T08:00")
    held = tracker("run-due", "--json")
    tracker.do("release-post", None, COORDINATOR, drop_waiting=True)
    sent = tracker("run-due", "--json")

    assert (held.document, sent.document) == (COUNTS, COUNTS | {"reminders": 1, "sent": 1, "waiting": 0})
    assert [str(mail["Subject"]) for mail in post.new()] == ["1 action needs an update by 1 July 2021: A2"]


def test_doubt_from_before_is_counted_and_does_not_go_once_more_when_it_is_dropped(post, restore):
    post.run("2021-06-15T08:00")
    since = moment_from("2021-06-15T08:00")
    in_doubt = {"state": "uncertain", "sent_at": None, "critical": True, "doubtful_since": since}
    with unit_of_work(post.engine) as session:
        session.exec(update(Message).values(in_doubt))

    tracker = restore("2021-06-15T22:00")
    said = tracker.restored.out.splitlines()[-1]
    tracker.do("release-post", None, COORDINATOR, drop_waiting=True)
    tracker.at("2021-06-15T23:00")

    assert "0 emails wait. 0 of them were due" in said
    assert "1 email stands in doubt from before, and may go once more." in said
    assert tracker("run-due", "--json").document == COUNTS | {"waiting": 0}


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
