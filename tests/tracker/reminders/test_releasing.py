"""What letting an email go that was kept back does: when it goes, and whether its reader has two that day."""

import pytest

from notifications import by_hand, outbox
from tests.make import make_world
from tests.tracker.reminders.post import Post, add, setting
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.reminders.planning import plan_reminders
from tracker.reminders.releasing import goes_when, is_second_today

AT_ONCE = "The email goes within a minute or two."
WITH_THE_MORNING = "The email goes with the reminders of the next working day’s morning."


@pytest.fixture
def held(engine, tmp_path):
    """Give the post in which a reminder of Wednesday 16 June is kept back."""
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", False)
    add(engine)
    plan_reminders(engine, moment_from("2021-06-16T08:00"))
    with unit_of_work(engine) as session:
        [message] = outbox.messages(session)
        by_hand.hold(session, message.id)
    return Post(engine, tmp_path / "mail")


def says(post, now):
    """Give what is said of the letting go at a moment."""
    with reading(post.engine) as session:
        [message] = outbox.messages(session, state="held")
        return goes_when(session, message, moment_from(now)), is_second_today(session, message, moment_from(now))


def test_reminder_of_an_earlier_day_goes_with_the_next_morning(held):
    said = [says(held, f"2021-06-{now}") for now in ("16T12:00", "17T07:59", "19T12:00")]
    held.run("2021-06-17T08:00")

    assert [*said, says(held, "2021-06-17T08:01")] == [
        (AT_ONCE, False),
        (WITH_THE_MORNING, False),
        (WITH_THE_MORNING, False),
        (AT_ONCE, False),
    ]


def test_reminder_let_go_after_the_morning_in_which_its_reader_had_one_is_a_second(held):
    add(held.engine, title="Second", due_on="2021-07-01")
    held.run("2021-06-17T08:00")

    assert [says(held, f"2021-06-{now}") for now in ("17T09:00", "18T07:00")] == [
        (AT_ONCE, True),
        (WITH_THE_MORNING, False),
    ]
