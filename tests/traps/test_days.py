"""Traps in which other trackers fell, as tests with their numbers: weekends, holidays, clock changes, meetings."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.folder import FolderTransport
from tests.make import act, make_case, shown
from tests.tracker.reminders.post import COORDINATOR, OWNER, Post, add, setting
from tests.tracker.reminders.test_days import days
from tracker.reminders.jobs import run_due

EXECUTIVE = "exec@thscp.example"


def clocks(post: Post, case: str, now: str = "2021-06-02T12:00") -> dict[str, str]:
    return {clock["code"]: clock["due"] for clock in shown(post.engine, case, now=now)["clocks"]}


def test_trap_09_last_rung_before_a_monday_goes_on_the_friday(post):
    setting(post.engine, "reminders.before", [14, 1])
    setting(post.engine, "reminders.on_the_day", False)
    add(post.engine, due_on="2021-06-28")

    sent = post.runs(["2021-06-14", *days("2021-06-24", "2021-06-28")])

    # The day before is a Sunday.
    assert list(sent) == ["2021-06-14", "2021-06-25"]


@pytest.mark.parametrize(
    ("friday", "expected"),
    [
        # The clocks go forward in the night to 28 March 2021, and back in the night to 31 October.
        (datetime(2021, 3, 26, tzinfo=UTC), ["Fri, 26 Mar 2021 08:00:00 +0000", "Mon, 29 Mar 2021 08:00:00 +0100"]),
        (datetime(2021, 10, 29, tzinfo=UTC), ["Fri, 29 Oct 2021 08:00:00 +0100", "Mon, 01 Nov 2021 08:00:00 +0000"]),
    ],
)
def test_trap_09_night_of_a_clock_change_misses_no_run_doubles_none_and_keeps_the_hour(post, friday, expected):
    made = (friday - timedelta(days=20)).isoformat()
    for ahead in (0, 3):
        add(post.engine, now=made, due_on=(friday.date() + timedelta(days=ahead)).isoformat())
    act(post.engine, "change_setting", "thscp", key="reminders.before", value=[], now=made)

    # At every half hour of the world's time around eight on the two mornings, and all through the night between.
    for first, last in ((6, 9), (47, 52), (78, 81)):
        for half_hours in range(2 * first, 2 * last + 1):
            now = friday + timedelta(minutes=30 * half_hours)
            run_due(post.engine, FolderTransport(post.folder), now=now)

    assert [(mail["To"], mail["Date"]) for mail in post.new()] == [(OWNER, moment) for moment in expected]


def test_trap_10_bank_holiday_added_tomorrow_dates_open_clocks_anew_shows_the_list_and_leaves_closed_cases(post):
    make_case(post.engine, "OPEN", notified_on="2021-06-01")
    make_case(post.engine, "CLOSED")
    act(post.engine, "close_case", "CLOSED", reason="Not to be notified")
    add(post.engine, due_on="2021-06-17")
    before = {case: clocks(post, case) for case in ("OPEN", "CLOSED")}

    act(post.engine, "add_closure", on="2021-06-03", name="Late bank holiday", now="2021-06-02T12:00")

    [closure] = shown(post.engine, "thscp", kind="partnership", now="2021-06-02T12:00")["closures"]
    assert before["OPEN"]["rapid_review"] == "2021-06-22"
    assert {case: clocks(post, case) for case in before} == {
        "OPEN": before["OPEN"] | {"rapid_review": "2021-06-23"},
        "CLOSED": before["CLOSED"],
    }
    assert closure["redated"] == [{"case": "OPEN", "clock": "rapid_review", "old": "2021-06-22", "new": "2021-06-23"}]
    # The rung of Thursday the 3rd goes on the working day before, which is today.
    assert list(post.runs(days("2021-06-02", "2021-06-04"), at="12:30")) == ["2021-06-02"]


@pytest.mark.parametrize(
    ("known_on", "recorded_at", "due"),
    [
        ("2021-06-03", "2021-06-03T00:01", "2021-06-04"),
        ("2021-06-03", "2021-06-03T23:59", "2021-06-04"),
        # Friday to Monday over the night in which the clocks go forward: 71 hours of the world, one working day.
        ("2021-03-26", "2021-03-26T17:00", "2021-03-29"),
        # Thursday before Good Friday to the Tuesday after Easter.
        ("2021-04-01", "2021-04-01T23:59", "2021-04-06"),
        # A Saturday counts as day 0 like any other.
        ("2021-06-05", "2021-06-05T12:00", "2021-06-07"),
    ],
)
def test_trap_11_one_working_day_is_a_step_of_the_date_and_never_twenty_four_business_hours(
    post, known_on, recorded_at, due
):
    one = {"amount": 1, "unit": "working_days"}
    act(post.engine, "change_setting", "thscp", key="clock.notify_panel", value=one, now="2021-01-04T10:00")

    make_case(post.engine, "CASE-1", known_on=known_on, now=recorded_at)

    [clock] = [clock for clock in shown(post.engine, "CASE-1", now=recorded_at)["clocks"] if clock["start"]]
    assert (clock["code"], clock["start"], clock["due"]) == ("notify_panel", known_on, due)


def test_trap_13_digest_goes_also_when_nothing_is_open_on_a_working_day_and_never_on_a_sunday(post):
    # Five working days before Monday 28 June: Monday the 21st. A swept Sunday sends nothing.
    act(post.engine, "schedule_meeting", group="exec", on="2021-06-28", now="2021-06-01T09:00")

    post.run("2021-06-02T08:00")

    sent = post.runs(days("2021-06-18", "2021-06-22"))

    subject = "Executive meeting 28 June 2021: papers, nothing to respond to"
    assert {day: sorted(emails) for day, emails in sent.items()} == {
        "2021-06-21": [f"{COORDINATOR}: {subject}", f"{EXECUTIVE}: {subject}"]
    }


def test_trap_13_morning_mail_is_never_empty_and_a_reminder_missed_on_sunday_goes_on_a_working_day(post):
    add(post.engine, due_on="2021-06-27")
    add(post.engine, due_on="2021-06-27")
    early = post.runs(days("2021-06-11", "2021-06-13"))
    for action in ("A1", "A2"):
        act(post.engine, "complete_action", action, on="2021-06-14", evidence="Minutes", now="2021-06-14T12:00")

    # The day itself and fourteen and seven days before are Sundays: the Fridays stand for them.
    assert list(early) == ["2021-06-11"]
    assert post.runs(["2021-06-18", "2021-06-21", "2021-06-25", "2021-06-28"]) == {}
