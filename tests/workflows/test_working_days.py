"""Working days in England and Wales, against a table written by hand and two oracles (K1, K3)."""

import re
from datetime import date, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st

from workflows.working_days import LAST_PROCLAIMED_YEAR, LeftOut, WorkingDays, by_rule_only

ENGLAND = WorkingDays({})

# Every weekday on which banks in England and Wales are shut, written out as month-day. What is out of the ordinary:
# 2020 the early May holiday on Friday the 8th (75 years of VE Day); 2022 the spring holiday on 2 June, the Platinum
# Jubilee on 3 June and the Queen's funeral on 19 September; 2023 the King's coronation on 8 May. Substitutes for a
# weekend: 28 Dec 2020, 27 and 28 Dec 2021, 3 Jan and 27 Dec 2022, 2 Jan 2023, 28 Dec 2026, 27 and 28 Dec 2027,
# 3 Jan 2028.
SHUT = {
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
    2028: "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2029: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2030: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2031: "01-01 04-11 04-14 05-05 05-26 08-25 12-25 12-26",
}

days = st.dates(date(1995, 1, 1), date(2095, 12, 31))
working_days = days.map(ENGLAND.on_or_before)
few = st.integers(0, 80)


def table_of(year):
    return [date.fromisoformat(f"{year}-{written}") for written in SHUT[year].split()]


def shut_weekdays(calendar, year):
    every_day = (date(year, 1, 1) + timedelta(days=passed) for passed in range(366))
    weekdays = (day for day in every_day if day.year == year and day.isoweekday() <= 5)
    return [day for day in weekdays if not calendar.is_working_day(day)]


def easter_sunday(year):
    """The anonymous Gregorian algorithm (Meeus, Jones and Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), g = divmod(b, 4), (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def monday_from(day):
    return day + timedelta(days=(-day.weekday()) % 7)


def by_rule(year):
    """The holidays of the Act of 1971, their substitutes, and what was proclaimed otherwise."""
    shut = {
        easter_sunday(year) - timedelta(days=2),
        easter_sunday(year) + timedelta(days=1),
        monday_from(date(year, 5, 1)),
        monday_from(date(year, 5, 25)),
        monday_from(date(year, 8, 25)),
    }
    for feast in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        # With Christmas on a Sunday its substitute is the Tuesday; taking the Monday for it shuts the same two days.
        substitute = feast
        while substitute.weekday() >= 5 or substitute in shut:
            substitute += timedelta(days=1)
        shut.add(substitute)
    moved = {2020: {date(2020, 5, 4)}, 2022: {date(2022, 5, 30)}}
    extra = {
        2020: {date(2020, 5, 8)},
        2022: {date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)},
        2023: {date(2023, 5, 8)},
    }
    return sorted(shut - moved.get(year, set()) | extra.get(year, set()))


@pytest.mark.parametrize("year", SHUT)
def test_banks_are_shut_on_the_weekdays_of_the_table_and_no_others(year):
    assert shut_weekdays(ENGLAND, year) == table_of(year)


@pytest.mark.parametrize("year", SHUT)
def test_the_table_follows_from_the_rules_and_the_proclamations(year):
    assert by_rule(year) == table_of(year)


@pytest.mark.parametrize("year", range(2012, LAST_PROCLAIMED_YEAR + 1))
def test_the_government_publishes_the_same_days(year):
    published = BankHolidays(use_cached_holidays=True).get_holidays(division=BankHolidays.ENGLAND_AND_WALES)

    assert shut_weekdays(ENGLAND, year) == [each["date"] for each in published if each["date"].year == year]


@pytest.mark.parametrize("year", range(LAST_PROCLAIMED_YEAR + 1, 2101))
def test_beyond_what_is_proclaimed_the_rules_alone_decide(year):
    assert shut_weekdays(ENGLAND, year) == by_rule(year)


def test_a_day_is_by_rule_only_after_the_last_proclaimed_year():
    assert [by_rule_only(day) for day in (date(2028, 12, 31), date(2029, 1, 1))] == [False, True]


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 4, 6), "Easter Monday"),
        (date(2026, 12, 28), "Boxing Day (substitute day)"),
        (date(2022, 6, 3), "Platinum Jubilee of Elizabeth II"),
        (date(2022, 9, 19), "State Funeral of Queen Elizabeth II"),
        (date(2023, 5, 8), "Coronation of Charles III"),
        (date(2021, 12, 25), None),  # a Saturday
        (date(2026, 4, 7), None),
    ],
)
def test_a_holiday_on_a_weekday_has_a_name(day, name):
    assert ENGLAND.name_of_closure(day) == name


@pytest.mark.parametrize(
    ("trigger", "fifth", "fifteenth"),
    [
        (date(2026, 3, 30), date(2026, 4, 8), date(2026, 4, 22)),
        (date(2026, 12, 17), date(2026, 12, 24), date(2027, 1, 12)),
        (date(2026, 8, 28), date(2026, 9, 7), date(2026, 9, 21)),
        (date(2026, 8, 29), date(2026, 9, 7), date(2026, 9, 21)),
        (date(2027, 5, 24), date(2027, 6, 1), date(2027, 6, 15)),
        # Over the Christmas of two substitutes: 24, 29, 30, 31 December, then 4 January.
        (date(2021, 12, 23), date(2022, 1, 4), date(2022, 1, 18)),
        # Over the long weekend of the Jubilee: 31 May, 1, 6, 7, 8 June.
        (date(2022, 5, 30), date(2022, 6, 8), date(2022, 6, 22)),
        # Over the funeral: 16, 20, 21, 22, 23 September.
        (date(2022, 9, 15), date(2022, 9, 23), date(2022, 10, 7)),
        # Over both May holidays of 2023: 2, 3, 4, 5, 9 May.
        (date(2023, 4, 28), date(2023, 5, 9), date(2023, 5, 23)),
    ],
)
def test_the_day_of_the_event_is_day_nought(trigger, fifth, fifteenth):
    assert (ENGLAND.after(trigger, 5), ENGLAND.after(trigger, 15)) == (fifth, fifteenth)


@pytest.mark.parametrize(
    ("trigger", "a_day_too_early"),
    [
        (date(2026, 3, 30), date(2026, 4, 21)),
        (date(2026, 12, 17), date(2027, 1, 11)),
        (date(2026, 8, 28), date(2026, 9, 18)),
        (date(2027, 5, 24), date(2027, 6, 14)),
    ],
)
def test_counting_the_day_of_the_event_as_the_first_would_give_the_fourteenth(trigger, a_day_too_early):
    assert ENGLAND.after(trigger, 14) == a_day_too_early


@pytest.mark.parametrize(
    ("publication", "seventh_before"),
    [
        (date(2026, 12, 31), date(2026, 12, 18)),
        (date(2026, 4, 10), date(2026, 3, 30)),
        (date(2026, 9, 3), date(2026, 8, 24)),
        (date(2026, 9, 5), date(2026, 8, 26)),  # a Saturday: 4, 3, 2, 1 September, 28, 27, 26 August
    ],
)
def test_counted_backwards_the_day_of_publication_is_day_nought(publication, seventh_before):
    assert ENGLAND.before(publication, 7) == seventh_before


def test_no_working_days_from_a_sunday_is_that_sunday():
    sunday = date(2026, 8, 30)

    assert (ENGLAND.after(sunday, 0), ENGLAND.before(sunday, 0)) == (sunday, sunday)


@pytest.mark.parametrize(
    ("planned", "sent"),
    [
        (date(2026, 8, 28), date(2026, 8, 28)),  # a Friday
        (date(2026, 8, 29), date(2026, 8, 28)),  # Saturday
        (date(2026, 8, 30), date(2026, 8, 28)),  # Sunday
        (date(2026, 8, 31), date(2026, 8, 28)),  # bank holiday
        (date(2026, 4, 6), date(2026, 4, 2)),  # Easter Monday goes to Maundy Thursday
        (date(2022, 1, 3), date(2021, 12, 31)),  # the substitute for New Year goes to the old year
    ],
)
def test_what_is_planned_for_a_day_off_is_sent_on_the_working_day_before(planned, sent):
    assert ENGLAND.on_or_before(planned) == sent


@pytest.mark.parametrize(
    ("start", "end", "counted"),
    [
        (date(2026, 12, 17), date(2027, 1, 12), 15),
        (date(2027, 1, 12), date(2026, 12, 17), -15),
        (date(2026, 12, 24), date(2026, 12, 28), 0),
        (date(2026, 12, 28), date(2026, 12, 24), 0),
        (date(2026, 12, 24), date(2026, 12, 29), 1),
        (date(2026, 12, 29), date(2026, 12, 24), -1),
        (date(2026, 12, 24), date(2026, 12, 24), 0),
    ],
)
def test_the_first_day_is_not_counted_and_the_last_is(start, end, counted):
    assert ENGLAND.count_after(start, end) == counted


def test_the_working_shows_every_day_left_out_and_why():
    christmas = [
        LeftOut(date(2026, 12, 25), "Christmas Day"),
        LeftOut(date(2026, 12, 26), "Saturday"),
        LeftOut(date(2026, 12, 27), "Sunday"),
        LeftOut(date(2026, 12, 28), "Boxing Day (substitute day)"),
    ]

    assert ENGLAND.left_out(date(2026, 12, 23), date(2026, 12, 29)) == christmas
    assert ENGLAND.left_out(date(2026, 12, 29), date(2026, 12, 23)) == christmas
    assert ENGLAND.left_out(date(2026, 12, 25), date(2026, 12, 26)) == [LeftOut(date(2026, 12, 26), "Saturday")]


def test_a_late_proclaimed_holiday_moves_what_is_counted_over_it():
    proclaimed = WorkingDays({date(2026, 12, 24): "Day of Thanks"})

    counted = (proclaimed.after(date(2026, 12, 17), 5), proclaimed.before(date(2026, 12, 29), 1))

    assert counted == (date(2026, 12, 29), date(2026, 12, 23))
    assert proclaimed.left_out(date(2026, 12, 23), date(2026, 12, 24)) == [
        LeftOut(date(2026, 12, 24), "Day of Thanks"),
    ]


def test_a_closure_of_one_partnership_leaves_the_days_of_others_alone():
    closed_day = date(2026, 7, 1)
    closed = WorkingDays({closed_day: "Moving house"})

    assert (closed.is_working_day(closed_day), ENGLAND.is_working_day(closed_day)) == (False, True)


def test_a_closure_on_a_holiday_or_a_weekend_changes_nothing():
    closed = WorkingDays({date(2026, 12, 25): "Shut", date(2026, 12, 26): "Shut"})

    assert [closed.name_of_closure(date(2026, 12, day)) for day in (25, 26)] == ["Christmas Day", None]
    assert closed.after(date(2026, 12, 24), 1) == date(2026, 12, 29)


def test_closures_added_to_the_mapping_later_do_not_reach_a_calendar_already_made():
    closures = {}
    calendar = WorkingDays(closures)

    closures[date(2026, 7, 1)] = "Moving house"

    assert calendar.is_working_day(date(2026, 7, 1)) is True


@pytest.mark.parametrize("day", [date(1989, 12, 29), date(2101, 1, 3)])
def test_a_year_without_known_holidays_is_refused_with_a_sentence(day):
    sentence = f"Working days can be counted from 1990 to 2100, not in {day.year}. Check the year."

    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        ENGLAND.is_working_day(day)


def test_counting_over_the_last_known_year_is_refused():
    with pytest.raises(ValueError, match="not in 2101"):
        ENGLAND.after(date(2100, 12, 31), 1)


@pytest.mark.parametrize("count", [ENGLAND.after, ENGLAND.before])
def test_a_number_below_nought_is_refused(count):
    with pytest.raises(ValueError, match="from 0 up"):
        count(date(2026, 7, 1), -1)


def test_the_weekends_on_which_clocks_change_count_as_any_other():
    spring = (ENGLAND.after(date(2026, 3, 27), 1), ENGLAND.before(date(2026, 3, 30), 1))
    autumn = (ENGLAND.after(date(2026, 10, 23), 1), ENGLAND.before(date(2026, 10, 26), 1))

    assert spring == (date(2026, 3, 30), date(2026, 3, 27))
    assert autumn == (date(2026, 10, 26), date(2026, 10, 23))


@given(working_days, few)
def test_as_many_days_back_as_forwards_leads_home(day, n):
    assert ENGLAND.before(ENGLAND.after(day, n), n) == day
    assert ENGLAND.after(ENGLAND.before(day, n), n) == day


@given(days, few)
def test_one_more_working_day_is_always_later(day, n):
    assert ENGLAND.after(day, n) < ENGLAND.after(day, n + 1)
    assert ENGLAND.before(day, n) > ENGLAND.before(day, n + 1)


@given(days, few)
def test_counting_agrees_with_stepping(day, n):
    assert ENGLAND.count_after(day, ENGLAND.after(day, n)) == n


@given(days, st.integers(1, 80))
def test_a_step_ends_on_a_working_day(day, n):
    ends = (ENGLAND.after(day, n), ENGLAND.before(day, n))

    assert [ENGLAND.is_working_day(end) for end in ends] == [True, True]


@given(days, st.integers(-200, 200))
def test_counted_and_left_out_together_are_all_days_between(start, apart):
    end = start + timedelta(days=apart)

    counted, left_out = ENGLAND.count_after(start, end), ENGLAND.left_out(start, end)

    assert abs(counted) + len(left_out) == abs(apart)
    assert counted == -ENGLAND.count_after(end, start)


@given(days, st.sets(st.integers(1, 60), max_size=8), st.integers(1, 30))
def test_a_closure_never_brings_a_deadline_forward(day, shut_after, n):
    closed = WorkingDays({day + timedelta(days=passed): "Closed" for passed in shut_after})

    assert closed.after(day, n) >= ENGLAND.after(day, n)
    assert ENGLAND.count_after(day, closed.after(day, n)) - n == sum(
        ENGLAND.is_working_day(day + timedelta(days=passed))
        for passed in shut_after
        if day + timedelta(days=passed) <= closed.after(day, n)
    )
