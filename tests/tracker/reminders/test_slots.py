"""The morning of a partnership: its reminders are looked for once, whatever the clocks do and whatever runs again."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlmodel import select

from notifications.moments import LONDON
from tests.make import act, make_team, make_world
from tests.statements import each_statement
from tests.tracker.reminders.post import OWNER, Post, add, setting, slots
from tracker.clock import london_day, moment_from
from tracker.database import reading, unit_of_work
from tracker.reminders import planning
from tracker.reminders.models import JobSlot
from tracker.reminders.planning import plan_reminders
from tracker.reminders.slots import morning_come

ON_THE_DAY = "2021-06-16T08:00"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(engine, tmp_path):
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", False)
    return Post(engine, tmp_path / "mail")


def changes():
    """Give the moments at which London changes its clocks, 2026 to 2035: two in a year."""
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=ahead) for ahead in range(24 * 3652)]
    offsets = [moment.astimezone(LONDON).utcoffset() for moment in hours]
    return [hours[at] for at in range(1, len(hours)) if offsets[at] != offsets[at - 1]]


@pytest.mark.parametrize("at", [time(0, 30), time(1, 30), time(8), time(23, 59)])
def test_each_slot_comes_once_in_every_minute_around_the_clock_changes_of_ten_years(at):
    found = changes()

    begun = [(day, now) for change in found for day, now in mornings_around(change, at)]

    days = [london_day(change) + timedelta(days=ahead) for change in found for ahead in (-1, 0, 1)]
    late = Counter(now.astimezone(LONDON).replace(tzinfo=None) - datetime.combine(day, at) for day, now in begun)
    assert (len(found), Counter(day for day, _ in begun)) == (20, Counter(days))
    # The hour that spring leaves out comes an hour later by the clock on the wall.
    left_out = 10 if at == time(1, 30) else 0
    assert +late == +Counter({timedelta(): 60 - left_out, timedelta(hours=1): left_out})


def mornings_around(change, at):
    """Ask in every minute from the Friday before a change to the Monday after it; give what was begun, and when."""
    now = change - timedelta(hours=49)
    friday = london_day(now)
    done = {friday}
    while (today := london_day(now)) < friday + timedelta(days=4):
        day = morning_come(now, at, lambda _: True)
        assert day in (None, today)
        if day is not None and day not in done:
            done.add(day)
            yield day, now
        now += MINUTE


def test_morning_is_planned_once_and_costs_four_questions_after_that(world):
    add(world.engine)

    first = plan_reminders(world.engine, moment_from(ON_THE_DAY))
    asked = []
    with each_statement(world.engine, lambda sql, _: asked.append(sql)):
        second = plan_reminders(world.engine, moment_from("2021-06-16T08:01"))

    assert (first, second, slots(world.engine)) == (1, 0, [("reminders:1", "2021-06-16")])
    assert len([sql for sql in asked if sql.startswith("SELECT")]) <= 4


def test_weekend_holiday_and_the_hour_before_have_no_slot(world):
    moments = ("2021-06-16T07:59", "2021-06-19T08:00", "2021-06-20T12:00", "2021-08-30T08:00")

    for moment in moments:
        plan_reminders(world.engine, moment_from(moment))

    assert slots(world.engine) == []


def test_partnership_that_is_added_later_that_day_has_its_own_morning(world):
    add(world.engine)
    world.run(ON_THE_DAY)
    with unit_of_work(world.engine) as session:
        make_team(session, "chscp")
    setting(world.engine, "reminders.tell_new_owner", False, of="chscp")
    add(world.engine, at="chscp", by="coordinator@chscp.example", owner="agency_lead@thscp.example")

    sent = world.run("2021-06-16T12:00")

    assert [mail.partition(":")[0] for mail in sent] == ["agency_lead@thscp.example"]
    assert slots(world.engine) == [("reminders:1", "2021-06-16"), ("reminders:2", "2021-06-16")]


def test_morning_that_is_asked_to_end_on_the_way_is_begun_again(world, monkeypatch):
    monkeypatch.setattr(planning, "AT_ONCE", 1)
    add(world.engine)
    add(world.engine, owner="agency_lead@thscp.example")
    answers = iter([False, True])

    put = plan_reminders(world.engine, moment_from(ON_THE_DAY), lambda: next(answers))
    left = slots(world.engine)

    assert (put, left, plan_reminders(world.engine, moment_from("2021-06-16T08:01"))) == (1, [], 1)


def test_service_that_slept_three_days_sends_each_owner_one_email_with_the_newest_rung(world):
    add(world.engine, due_on="2021-06-30")
    add(world.engine, due_on="2021-07-01")
    before = world.run("2021-06-16T08:00")

    # Asleep from Wednesday evening to Saturday; the other action's first rung fell on the Thursday.
    sent = [world.run(moment) for moment in ("2021-06-19T12:00", "2021-06-21T08:00", "2021-06-21T08:01")]

    assert [before, *sent] == [
        [f"{OWNER}: 1 action needs an update by 30 June 2021: A1"],
        [],
        [f"{OWNER}: 1 action needs an update by 5 July 2021: A2"],
        [],
    ]


def test_monday_after_each_clock_change_has_its_morning_at_eight_in_london(world):
    act(world.engine, "change_setting", "thscp", by="coordinator@thscp.example", key="reminders.at", value="08:00")
    mondays = [date(2026, 3, 30), date(2026, 10, 26)]

    put = [
        plan_reminders(world.engine, moment_from(f"{day}T{at}"))
        for day in mondays
        for at in ("07:59", "08:00", "08:01")
    ]

    assert put == [0] * 6
    with reading(world.engine) as session:
        done = list(session.exec(select(JobSlot.done_at).order_by(JobSlot.slot)))
    assert done == [datetime(2026, 3, 30, 7, tzinfo=UTC), datetime(2026, 10, 26, 8, tzinfo=UTC)]
