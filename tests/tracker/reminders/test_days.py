"""On which mornings an owner is reminded; every day here was counted on a calendar."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from notifications import outbox
from tests.make import act, make_world
from tests.tracker.reminders.post import OWNER, Post, add, setting
from tracker.actions.models import Action
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from workflows.dates import PartialDate


@pytest.fixture
def world(engine, tmp_path):
    make_world(engine)
    return Post(engine, tmp_path / "mail")


def days(first, last):
    """Give every day from one to another."""
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [(start + timedelta(days=ahead)).isoformat() for ahead in range((end - start).days + 1)]


def asked(by, reference="A1", to=OWNER):
    """Give how an email that asks about one action looks."""
    return f"{to}: 1 action needs an update by {by}: {reference}"


def test_owner_is_told_of_a_new_action_then_reminded_eight_times_and_then_no_more(world):
    add(world.engine)
    first_week = days("2021-06-01", "2021-06-08")
    around_wednesdays = [
        day for day in days("2021-06-14", "2021-08-20") if date.fromisoformat(day).weekday() in (1, 2, 3)
    ]

    sent = world.runs(first_week + around_wednesdays)

    # 30 June 2021 is a Wednesday, and so is every reminder.
    assert sent == {
        "2021-06-02": [f"{OWNER}: 1 new action for you: A1"],
        "2021-06-16": [asked("30 June 2021")],
        "2021-06-23": [asked("7 July 2021")],
        "2021-06-30": [asked("14 July 2021")],
        "2021-07-07": [asked("21 July 2021")],
        "2021-07-14": [asked("28 July 2021")],
        "2021-07-21": [asked("4 August 2021")],
        "2021-07-28": [asked("11 August 2021")],
        "2021-08-04": [asked("18 August 2021")],
    }


@pytest.mark.parametrize(
    ("due", "earlier", "goes_on"),
    [
        ("2021-05-31", "2021-05-27", "2021-05-28"),  # spring bank holiday, a Monday: the Friday
        ("2021-04-05", "2021-03-31", "2021-04-01"),  # Easter Monday: Good Friday is none either, so the Thursday
        ("2021-04-04", "2021-03-31", "2021-04-01"),  # Easter Sunday
        ("2021-07-04", "2021-07-01", "2021-07-02"),  # a Sunday: the Friday
        ("2021-12-28", "2021-12-23", "2021-12-24"),  # the substitute for Boxing Day, a Tuesday: the Friday before
        ("2021-12-25", "2021-12-23", "2021-12-24"),  # a Saturday
        ("2022-06-03", "2022-05-31", "2022-06-01"),  # the jubilee's Friday, after the moved Thursday: the Wednesday
        ("2022-09-19", "2022-09-15", "2022-09-16"),  # the late Queen's funeral, a Monday: the Friday
        ("2023-05-08", "2023-05-04", "2023-05-05"),  # the coronation's Monday: the Friday
        ("2024-02-29", "2024-02-28", "2024-02-29"),  # a leap day, a Thursday
    ],
)
def test_reminder_of_a_day_that_is_no_working_day_goes_on_the_working_day_before(world, due, earlier, goes_on):
    setting(world.engine, "reminders.before", [])
    setting(world.engine, "reminders.tell_new_owner", False)
    setting(world.engine, "reminders.then_every", None)
    add(world.engine, now=f"{earlier}T00:30", due_on=due)

    sent = world.runs([earlier, *days(goes_on, due)])

    assert list(sent) == [goes_on]


@pytest.mark.parametrize(
    ("due", "just_before", "at_eight"),
    [
        ("2021-03-26", "2021-03-26T07:59+00:00", "2021-03-26T08:00+00:00"),  # the last Friday before summer time
        ("2021-03-29", "2021-03-29T06:59+00:00", "2021-03-29T07:00+00:00"),  # the first Monday of summer time
        ("2021-10-29", "2021-10-29T06:59+00:00", "2021-10-29T07:00+00:00"),  # its last Friday
        ("2021-11-01", "2021-11-01T07:59+00:00", "2021-11-01T08:00+00:00"),  # the first Monday of winter
    ],
)
def test_reminder_goes_at_eight_in_london_and_never_before(world, due, just_before, at_eight):
    add(world.engine, now=f"{due}T00:30", due_on=due)

    sent = [world.run(just_before), world.run(at_eight), world.run(at_eight)]

    with reading(world.engine) as session:
        moments = [(message.due_at, message.sent_at) for message in outbox.messages(session)]
    assert [len(emails) for emails in sent] == [0, 1, 0]
    assert moments == [(moment_from(at_eight), moment_from(at_eight))]


def test_late_reminder_keeps_the_moment_at_which_it_was_due(world):
    add(world.engine, now="2021-06-16T07:00")

    world.run("2021-06-23T11:20")

    with reading(world.engine) as session:
        [message] = outbox.messages(session)
        moments = (message.due_at, message.sent_at, message.routine)
    assert moments == (moment_from("2021-06-23T07:00+00:00"), moment_from("2021-06-23T10:20+00:00"), True)


def test_reminder_missed_for_three_days_goes_once_late(world):
    add(world.engine)
    world.run("2021-06-02T08:00")

    sent = [world.run(now) for now in ("2021-06-26T10:00", "2021-06-28T10:00", "2021-06-28T10:05", "2021-06-29T08:00")]

    # The 23rd was missed and the 26th is a Saturday; on Monday the newest goes, and the one of the 16th never.
    assert sent == [[], [asked("12 July 2021")], [], []]


def test_long_outage_leaves_one_reminder_and_no_flood(world):
    add(world.engine)

    sent = world.runs(["2021-07-16", "2021-07-19", "2021-07-20", "2021-07-21"])

    # New for her and five reminders were missed: one email, of the 14th; the next on its day.
    assert sent == {"2021-07-16": [asked("30 July 2021")], "2021-07-21": [asked("4 August 2021")]}


def test_action_made_inside_a_window_skips_the_reminders_that_passed_before(world):
    add(world.engine, now="2021-06-18T12:00")

    sent = world.runs(days("2021-06-18", "2021-06-24"))

    assert sent == {
        "2021-06-21": [f"{OWNER}: 1 new action for you: A1"],  # made on a Friday: Monday
        "2021-06-23": [asked("7 July 2021")],
    }


def test_action_made_on_the_day_of_a_reminder_is_not_asked_about_that_day(world):
    add(world.engine, now="2021-06-16T10:00")

    sent = [world.run("2021-06-16T10:05"), world.run("2021-06-17T08:00"), world.run("2021-06-23T08:00")]

    assert sent == [[], [f"{OWNER}: 1 new action for you: A1"], [asked("7 July 2021")]]


def test_action_due_on_the_day_it_is_made_is_asked_about_that_day(world):
    add(world.engine, now="2021-06-30T10:00")

    assert world.run("2021-06-30T10:05") == [asked("14 July 2021")]


def test_month_is_reminded_of_by_its_last_day_and_overdue_when_it_is_over(world):
    add(world.engine, due_on="2021-06")

    sent = world.runs(
        ["2021-06-15", "2021-06-16", "2021-06-17", "2021-06-23", "2021-06-30", "2021-07-01", "2021-07-07"]
    )
    lines = [text.split("\n\n")[3] for text in world.texts()]

    assert list(sent) == ["2021-06-15", "2021-06-16", "2021-06-23", "2021-06-30", "2021-07-07"]
    assert lines[1:] == [
        "1. DUE SOON. It is due in June 2021.\n   Share records\n   A1. Last update: none yet",
        "1. DUE SOON. It is due in June 2021.\n   Share records\n   A1. Last update: none yet",
        "1. DUE SOON. It is due in June 2021.\n   Share records\n   A1. Last update: none yet",
        "1. OVERDUE. It was due in June 2021.\n   Share records\n   A1. Last update: none yet",
    ]


def test_continuing_action_is_brought_up_on_its_review_date_and_weekly_until_it_is_reviewed(world):
    add(world.engine, due_on=None, timescale="On-going", review_on="2021-06-20")

    sent = world.runs(["2021-06-02", *days("2021-06-14", "2021-06-26")])
    act(world.engine, "review_action", "A1", on="2021-06-28", next_review_on="2021-09-30", now="2021-06-28T09:00")
    later = world.runs(["2021-06-29", "2021-07-02", "2021-07-09"])

    # 20 June 2021 is a Sunday: the Friday before. 27 June is one too.
    assert sent == {
        "2021-06-02": [f"{OWNER}: 1 new action for you: A1"],
        "2021-06-18": [f"{OWNER}: 1 action is due for review: A1"],
        "2021-06-25": [f"{OWNER}: 1 action is due for review: A1"],
    }
    assert later == {}


def test_as_identified_is_never_reminded(world):
    add(world.engine, due_on=None, timescale="As identified")

    assert list(world.runs(["2021-06-02", "2021-06-16", "2021-06-30", "2021-07-07"])) == ["2021-06-02"]


def test_date_beyond_every_calendar_stops_nobody_elses_reminders(world):
    add(world.engine)
    add(world.engine)
    with unit_of_work(world.engine) as session:
        # Nobody can plan so far ahead any more; a loaded plan, or one of earlier days, may have it.
        session.exec(select(Action).where(Action.reference == "A1")).one().due = PartialDate(2150, 1, 31)

    sent = world.runs(["2021-06-02", "2021-06-16"])

    assert sent == {
        "2021-06-02": [f"{OWNER}: 2 new actions for you"],
        "2021-06-16": [asked("30 June 2021", "A2")],
    }


def test_nothing_goes_before_a_changed_hour_however_much_was_missed(world):
    add(world.engine)
    world.run("2021-06-02T08:00")
    setting(world.engine, "reminders.before", [10, 1], now="2021-06-03T09:00")
    setting(world.engine, "reminders.on_the_day", False, now="2021-06-03T09:00")
    setting(world.engine, "reminders.then_every", 3, now="2021-06-03T09:00")
    setting(world.engine, "reminders.at", "16:30", now="2021-06-03T09:00")

    early = world.runs(["2021-06-18", "2021-06-29", "2021-06-30", "2021-07-02", "2021-07-06", "2021-07-07"], at="16:29")
    sent = world.runs(days("2021-07-07", "2021-07-07"), at="16:30")

    # Nobody swept after the hour for weeks: the newest goes, that of 6 July.
    assert (early, sent) == ({}, {"2021-07-07": [asked("21 July 2021")]})


def test_changed_hour_is_kept_to_the_minute_on_the_days_of_the_changed_offsets(world):
    add(world.engine)
    world.run("2021-06-02T08:00")
    setting(world.engine, "reminders.before", [10, 1], now="2021-06-03T09:00")
    setting(world.engine, "reminders.on_the_day", False, now="2021-06-03T09:00")
    setting(world.engine, "reminders.then_every", 3, now="2021-06-03T09:00")
    setting(world.engine, "reminders.at", "16:30", now="2021-06-03T09:00")

    sent = world.runs(days("2021-06-16", "2021-07-07"), at="16:30")

    # 10 days before is Sunday the 20th, so Friday the 18th; 1 day before; then 3 July, a Saturday, so the 2nd; the 6th.
    assert list(sent) == ["2021-06-18", "2021-06-29", "2021-07-02", "2021-07-06"]


def test_local_closure_moves_a_reminder_to_the_working_day_before(world):
    add(world.engine)
    world.run("2021-06-02T08:00")
    act(world.engine, "add_closure", on="2021-06-16", name="Away day", partnership="thscp", now="2021-06-03T09:00")

    assert list(world.runs(days("2021-06-14", "2021-06-22"))) == ["2021-06-15"]
