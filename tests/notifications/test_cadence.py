"""Which reminder goes when; every day here was counted on a calendar."""

from datetime import date, timedelta

from notifications.cadence import Rung, newest_rung

HOLIDAYS = {date(2020, 12, 25), date(2020, 12, 28), date(2021, 1, 1), date(2021, 4, 2), date(2021, 4, 5)}


def working_day(day: date) -> date:
    """Give the working day on or before a day: no weekend, none of the holidays above."""
    while day.weekday() > 4 or day in HOLIDAYS:
        day -= timedelta(days=1)
    return day


def newest(due: date, today: date, **settings: object) -> Rung | None:
    """Give the newest reminder on a day, with the first values of a partnership's settings."""
    reach = today
    while working_day(reach + timedelta(days=1)) <= today:
        reach += timedelta(days=1)
    first_values = {"before": (14, 7), "on_the_day": True, "then_every": 7, "on_or_before": working_day}
    return newest_rung(due, reach, **{**first_values, **settings})


def ladder(due: date, most: int = 8, **settings: object) -> list[Rung]:
    """Walk through the days around a due date and give each reminder when it is the newest first, so many at most."""
    days = [due + timedelta(days=number) for number in range(-60, 120)]
    found = [newest(due, day, **settings) for day in days]
    return list(dict.fromkeys(rung for rung in found if rung is not None))[:most]


def test_eight_reminders_go_two_before_one_on_the_day_and_five_after():
    reminders = ladder(date(2021, 2, 17))

    assert reminders == [
        Rung("before-14", date(2021, 2, 3)),
        Rung("before-7", date(2021, 2, 10)),
        Rung("due", date(2021, 2, 17)),
        Rung("after-7", date(2021, 2, 24)),
        Rung("after-14", date(2021, 3, 3)),
        Rung("after-21", date(2021, 3, 10)),
        Rung("after-28", date(2021, 3, 17)),
        Rung("after-35", date(2021, 3, 24)),
    ]


def test_calendar_is_not_asked_about_a_day_before_reminders_count():
    def nobody_knows(day: date) -> date:
        raise ValueError(day)

    found = newest(
        date(1927, 3, 1), date(2021, 3, 1), then_every=None, since=date(2021, 1, 4), on_or_before=nobody_knows
    )

    assert found is None


def test_an_action_due_on_a_monday_is_reminded_that_monday():
    reminders = ladder(date(2021, 1, 18), most=3)

    assert reminders == [
        Rung("before-14", date(2021, 1, 4)),
        Rung("before-7", date(2021, 1, 11)),
        Rung("due", date(2021, 1, 18)),
    ]


def test_three_days_before_a_monday_is_the_friday():
    reminders = ladder(date(2021, 1, 18), before=(3, 2, 1), then_every=None)

    assert reminders == [
        # Those of Friday, Saturday and Sunday all go on the Friday: it is told of once, by the newest.
        Rung("before-1", date(2021, 1, 15)),
        Rung("due", date(2021, 1, 18)),
    ]


def test_a_reminder_of_a_sunday_goes_on_the_friday():
    reminders = ladder(date(2021, 1, 31), before=(), most=2)

    assert reminders == [Rung("due", date(2021, 1, 29)), Rung("after-7", date(2021, 2, 5))]


def test_a_reminder_on_easter_monday_goes_on_the_thursday_before():
    reminders = ladder(date(2021, 4, 5), before=(3,), most=2)

    assert reminders == [Rung("due", date(2021, 4, 1)), Rung("after-7", date(2021, 4, 12))]


def test_a_reminder_on_the_christmas_substitute_goes_on_christmas_eve():
    reminders = ladder(date(2021, 1, 4), before=(7, 3), then_every=None)

    assert reminders == [
        Rung("before-7", date(2020, 12, 24)),
        Rung("before-3", date(2020, 12, 31)),
        Rung("due", date(2021, 1, 4)),
    ]


def test_a_partnership_without_following_reminders_stops_on_the_day():
    reminders = ladder(date(2021, 2, 17), then_every=None)

    assert [rung.name for rung in reminders] == ["before-14", "before-7", "due"]


def test_offsets_go_in_their_order_whatever_the_order_of_the_setting():
    reminders = ladder(date(2021, 2, 17), before=(1, 14, 7, 7), on_the_day=False, then_every=None)

    assert [rung.name for rung in reminders] == ["before-14", "before-7", "before-1"]


def test_an_action_made_inside_a_window_skips_what_passed_before_it_existed():
    reminders = ladder(date(2021, 2, 17), most=2, since=date(2021, 2, 5))

    assert reminders == [Rung("before-7", date(2021, 2, 10)), Rung("due", date(2021, 2, 17))]


def test_a_new_owner_starts_the_count_anew():
    reminders = ladder(date(2021, 2, 17), most=2, since=date(2021, 3, 4))

    assert reminders == [Rung("after-21", date(2021, 3, 10)), Rung("after-28", date(2021, 3, 17))]


def test_a_reminder_of_the_very_day_on_which_the_count_begins_is_counted():
    reminders = ladder(date(2021, 2, 17), most=1, since=date(2021, 3, 10))

    assert reminders == [Rung("after-21", date(2021, 3, 10))]


def test_nothing_is_newest_before_the_first_day():
    assert newest(date(2021, 2, 17), date(2021, 2, 2)) is None


def test_each_reminder_is_newest_from_its_day_until_the_next():
    days = [date(2021, 2, 3), date(2021, 2, 9), date(2021, 2, 10), date(2021, 2, 17), date(2021, 3, 30)]

    found = [newest(date(2021, 2, 17), day, then_every=None) for day in days]

    assert [rung.name for rung in found] == ["before-14", "before-14", "before-7", "due", "due"]


def test_after_an_outage_of_three_days_the_missed_reminder_is_found():
    assert newest(date(2021, 2, 17), date(2021, 2, 12)) == Rung("before-7", date(2021, 2, 10))


def test_after_an_outage_of_a_month_only_the_newest_is_found():
    assert newest(date(2021, 2, 17), date(2021, 3, 5)) == Rung("after-14", date(2021, 3, 3))


def test_an_action_made_after_its_first_reminder_is_not_reminded_of_the_past():
    assert newest(date(2021, 2, 17), date(2021, 2, 5), since=date(2021, 2, 4)) is None


def test_days_stay_whole_across_both_clock_changes():
    over_spring = ladder(date(2021, 3, 30), before=(7,), most=3)
    over_autumn = ladder(date(2021, 11, 2), before=(7,), most=3)

    assert [rung.day for rung in over_spring] == [date(2021, 3, 23), date(2021, 3, 30), date(2021, 4, 6)]
    assert [rung.day for rung in over_autumn] == [date(2021, 10, 26), date(2021, 11, 2), date(2021, 11, 9)]


def test_date_far_ahead_or_long_past_asks_no_calendar_that_it_does_not_know():
    def known(day: date) -> date:
        if not 1990 <= day.year <= 2100:
            raise ValueError(day)
        return working_day(day)

    far, past = date(2150, 1, 31), date(1900, 1, 31)
    since, today = date(2021, 6, 1), date(2021, 6, 8)

    assert newest(far, today, on_or_before=known, since=since) is None
    # Every 7 days from Wednesday 31 January 1900: 2 June 2021 is 6331 weeks later, and 9 June has not come.
    assert newest(past, today, on_or_before=known, since=since) == Rung("after-44317", date(2021, 6, 2))
