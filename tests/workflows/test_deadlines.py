"""Due dates and how their clocks stand, with every day reckoned by hand (K1 to K5, K8)."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.dates import PartialDate
from workflows.deadlines import (
    ClockReading,
    ClockState,
    Direction,
    Length,
    Unit,
    deadline,
    earliest_day,
    in_words,
    read_clock,
)
from workflows.working_days import LeftOut, OutsideTheCalendar, WorkingDays

ENGLAND = WorkingDays({})

FIFTEEN_WORKING_DAYS = Length(15, Unit.WORKING_DAYS)
SIX_MONTHS = Length(6, Unit.MONTHS)

# Forty years later is still in the calendar, which ends with 2100.
days = st.dates(date(1995, 1, 1), date(2059, 12, 31))
lengths = st.builds(Length, st.integers(0, 40), st.sampled_from(Unit))

# Thursday 17 December 2026 and the fifteenth working day after it, Tuesday 12 January 2027, with what lies between.
NOTIFIED = PartialDate(2026, 12, 17)
CHRISTMAS_DUE = PartialDate(2027, 1, 12)
CHRISTMAS_LEFT_OUT = (
    LeftOut(date(2026, 12, 19), "Saturday"),
    LeftOut(date(2026, 12, 20), "Sunday"),
    LeftOut(date(2026, 12, 25), "Christmas Day"),
    LeftOut(date(2026, 12, 26), "Saturday"),
    LeftOut(date(2026, 12, 27), "Sunday"),
    LeftOut(date(2026, 12, 28), "Boxing Day (substitute day)"),
    LeftOut(date(2027, 1, 1), "New Year's Day"),
    LeftOut(date(2027, 1, 2), "Saturday"),
    LeftOut(date(2027, 1, 3), "Sunday"),
    LeftOut(date(2027, 1, 9), "Saturday"),
    LeftOut(date(2027, 1, 10), "Sunday"),
)

# Decided on 31 August 2026: six months later is Sunday 28 February 2027.
DECIDED = PartialDate(2026, 8, 31)
PUBLISH_BY = PartialDate(2027, 2, 28)
AGREED_LATER = PartialDate(2027, 4, 30)


def due(start, amount, unit, direction=Direction.AFTER, calendar=ENGLAND):
    return str(deadline(PartialDate.parse(start), Length(amount, unit), direction, calendar))


def rapid_review(today, *, met_on=None, stopped=False, on_hold=False):
    return read_clock(
        start=NOTIFIED,
        due=CHRISTMAS_DUE,
        original_due=CHRISTMAS_DUE,
        length=FIFTEEN_WORKING_DAYS,
        met_on=met_on,
        stopped=stopped,
        on_hold=on_hold,
        today=today,
        calendar=ENGLAND,
    )


def publication(today, *, start=DECIDED, due=PUBLISH_BY, original_due=PUBLISH_BY, met_on=None, on_hold=False):
    return read_clock(
        start=start,
        due=due,
        original_due=original_due,
        length=SIX_MONTHS,
        met_on=met_on,
        stopped=False,
        on_hold=on_hold,
        today=today,
        calendar=ENGLAND,
    )


def rapid_review_reading(state, *, left=None, late_by=None):
    return ClockReading(state, left, late_by, "working_days", CHRISTMAS_LEFT_OUT)


def publication_reading(state, *, left=None, late_by=None):
    return ClockReading(state, left, late_by, "days", ())


@pytest.mark.parametrize(
    ("trigger", "fifth", "fifteenth"),
    [
        ("2026-03-30", "2026-04-08", "2026-04-22"),
        ("2026-12-17", "2026-12-24", "2027-01-12"),
        ("2026-08-28", "2026-09-07", "2026-09-21"),
        ("2026-08-29", "2026-09-07", "2026-09-21"),
        ("2027-05-24", "2027-06-01", "2027-06-15"),
    ],
)
def test_working_days_after_leave_out_weekends_and_holidays(trigger, fifth, fifteenth):
    assert (due(trigger, 5, Unit.WORKING_DAYS), due(trigger, 15, Unit.WORKING_DAYS)) == (fifth, fifteenth)


@pytest.mark.parametrize(
    ("publish_on", "send_by"),
    [("2026-12-31", "2026-12-18"), ("2026-04-10", "2026-03-30"), ("2026-09-03", "2026-08-24")],
)
def test_working_days_before_leave_out_weekends_and_holidays(publish_on, send_by):
    assert due(publish_on, 7, Unit.WORKING_DAYS, Direction.BEFORE) == send_by


@pytest.mark.parametrize(
    ("start", "six_months", "twelve_months"),
    [("2026-08-31", "2027-02-28", "2027-08-31"), ("2024-02-29", "2024-08-29", "2025-02-28")],
)
def test_months_end_on_the_same_day_number_or_the_last_of_the_month(start, six_months, twelve_months):
    assert (due(start, 6, Unit.MONTHS), due(start, 12, Unit.MONTHS)) == (six_months, twelve_months)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2024-02-29", 1, Unit.YEARS, "2025-02-28"),
        ("2024-02-29", 4, Unit.YEARS, "2028-02-29"),
        ("2096-02-29", 4, Unit.YEARS, "2100-02-28"),  # 2100 is no leap year
        ("2023-08-31", 6, Unit.MONTHS, "2024-02-29"),
        ("2026-03-31", 1, Unit.MONTHS, "2026-04-30"),
        ("2026-02-28", 6, Unit.MONTHS, "2026-08-28"),  # the last day of a month is not drawn to the end of another
        ("2026-12-31", 2, Unit.MONTHS, "2027-02-28"),
        ("2026-11-30", 1, Unit.MONTHS, "2026-12-30"),
        ("2028-02-15", 14, Unit.DAYS, "2028-02-29"),
        ("2026-12-24", 2, Unit.WEEKS, "2027-01-07"),
        ("2026-07-01", 0, Unit.DAYS, "2026-07-01"),
    ],
)
def test_days_weeks_months_and_years_after(start, amount, unit, expected):
    assert due(start, amount, unit) == expected


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2027-03-31", 1, Unit.MONTHS, "2027-02-28"),
        ("2027-02-28", 6, Unit.MONTHS, "2026-08-28"),
        ("2027-01-15", 1, Unit.MONTHS, "2026-12-15"),
        ("2024-02-29", 1, Unit.YEARS, "2023-02-28"),
        ("2028-03-01", 1, Unit.DAYS, "2028-02-29"),
        ("2027-01-07", 2, Unit.WEEKS, "2026-12-24"),
    ],
)
def test_days_weeks_months_and_years_before(start, amount, unit, expected):
    assert due(start, amount, unit, Direction.BEFORE) == expected


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2026-06-25", 6, Unit.MONTHS, "2026-12-25"),  # Christmas Day
        ("2026-08-31", 6, Unit.MONTHS, "2027-02-28"),  # a Sunday
        ("2026-08-17", 14, Unit.DAYS, "2026-08-31"),  # a bank holiday
        ("2025-08-29", 1, Unit.YEARS, "2026-08-29"),  # a Saturday
    ],
)
def test_a_deadline_in_days_months_or_years_stays_on_a_day_off(start, amount, unit, expected):
    assert due(start, amount, unit) == expected


@pytest.mark.parametrize(
    ("start", "amount", "unit", "direction", "expected"),
    [
        ("2020-12", 6, Unit.MONTHS, Direction.AFTER, "2021-06"),
        ("2020-12", 1, Unit.YEARS, Direction.AFTER, "2021-12"),
        ("2020-12", 15, Unit.WORKING_DAYS, Direction.AFTER, "2021-01"),
        ("2020-12", 2, Unit.WEEKS, Direction.AFTER, "2021-01"),
        ("2020-08", 6, Unit.MONTHS, Direction.AFTER, "2021-02"),
        ("2020", 6, Unit.MONTHS, Direction.AFTER, "2021"),
        ("2020", 1, Unit.YEARS, Direction.AFTER, "2021"),
        ("2021-03", 1, Unit.MONTHS, Direction.BEFORE, "2021-02"),
        ("2021-03", 7, Unit.WORKING_DAYS, Direction.BEFORE, "2021-03"),
        ("2021", 1, Unit.YEARS, Direction.BEFORE, "2020"),
    ],
)
def test_what_is_reckoned_from_a_month_or_a_year_is_a_month_or_a_year(start, amount, unit, direction, expected):
    assert due(start, amount, unit, direction) == expected


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2027-03-27", 1, Unit.DAYS, "2027-03-28"),
        ("2027-03-24", 1, Unit.WEEKS, "2027-03-31"),
        ("2027-09-30", 1, Unit.MONTHS, "2027-10-30"),
        ("2027-10-30", 2, Unit.DAYS, "2027-11-01"),
        ("2027-10-29", 1, Unit.WORKING_DAYS, "2027-11-01"),
    ],
)
def test_a_change_of_the_clocks_costs_and_gives_no_day(start, amount, unit, expected):
    assert due(start, amount, unit) == expected


def test_a_closure_moves_a_deadline_in_working_days_and_no_other():
    closed = WorkingDays({date(2026, 12, 24): "Day of Thanks"})

    dues = [due("2026-12-17", 5, Unit.WORKING_DAYS, calendar=closed), due("2026-12-17", 7, Unit.DAYS, calendar=closed)]

    assert dues == ["2026-12-29", "2026-12-24"]


@pytest.mark.parametrize("amount", [-1, 10_001])
def test_a_length_that_no_clock_can_have_is_refused(amount):
    sentence = f"A length is a whole number from 0 to 10000, not {amount}."

    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        Length(amount, Unit.DAYS)


# Of 10,000 weeks, 191 years and 240 days; of 10,000 months, 833 years and 4 months.
@pytest.mark.parametrize(
    ("unit", "direction", "year"),
    [
        (Unit.WEEKS, Direction.AFTER, 2218),
        (Unit.WEEKS, Direction.BEFORE, 1835),
        (Unit.MONTHS, Direction.AFTER, 2860),
        (Unit.MONTHS, Direction.BEFORE, 1193),
        (Unit.YEARS, Direction.AFTER, 12026),
        (Unit.YEARS, Direction.BEFORE, -7974),
    ],
)
def test_a_deadline_outside_every_calendar_is_refused(unit, direction, year):
    with pytest.raises(OutsideTheCalendar) as refused:
        due("2026-12-17", 10_000, unit, direction)

    assert str(refused.value) == f"Working days can be counted from 1990 to 2100, not in {year}. Check the year."


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (Length(15, Unit.WORKING_DAYS), "15 working days"),
        (Length(1, Unit.WORKING_DAYS), "1 working day"),
        (Length(1, Unit.YEARS), "1 year"),
        (Length(2, Unit.WEEKS), "2 weeks"),
    ],
)
def test_a_length_is_written_as_a_reader_says_it(length, words):
    assert str(length) == words


@pytest.mark.parametrize(
    ("sent_on", "amount", "unit", "earliest"),
    [
        (date(2026, 12, 18), 7, Unit.WORKING_DAYS, date(2026, 12, 31)),
        (date(2026, 3, 30), 7, Unit.WORKING_DAYS, date(2026, 4, 10)),
        (date(2026, 8, 24), 7, Unit.WORKING_DAYS, date(2026, 9, 3)),
        (date(2026, 8, 22), 7, Unit.WORKING_DAYS, date(2026, 9, 3)),  # sent on a Saturday
        (date(2026, 8, 26), 7, Unit.WORKING_DAYS, date(2026, 9, 5)),  # counted full on Friday: the Saturday would do
        (date(2026, 8, 24), 14, Unit.DAYS, date(2026, 9, 7)),
        (date(2027, 1, 31), 1, Unit.MONTHS, date(2027, 3, 1)),  # a month before 28 February is 28 January: too early
        (date(2026, 8, 24), 0, Unit.WORKING_DAYS, date(2026, 8, 24)),
    ],
)
def test_the_earliest_day_to_publish_follows_from_the_day_of_sending(sent_on, amount, unit, earliest):
    assert earliest_day(sent_on, Length(amount, unit), ENGLAND) == earliest


@pytest.mark.parametrize(
    ("today", "left"),
    [
        (date(2026, 12, 17), 15),
        (date(2026, 12, 24), 10),
        (date(2026, 12, 28), 10),
        (date(2027, 1, 8), 2),
        (date(2027, 1, 11), 1),
        (date(2027, 1, 12), 0),
    ],
)
def test_a_clock_runs_up_to_and_on_its_last_day(today, left):
    assert rapid_review(today) == rapid_review_reading(ClockState.RUNNING, left=left)


@pytest.mark.parametrize(("today", "late_by"), [(date(2027, 1, 13), 1), (date(2027, 1, 16), 3), (date(2027, 1, 22), 8)])
def test_a_clock_of_working_days_is_late_by_working_days_from_the_day_after(today, late_by):
    assert rapid_review(today) == rapid_review_reading(ClockState.LATE, late_by=late_by)


@pytest.mark.parametrize(
    ("state", "late_by", "words"),
    [
        (ClockState.MET_LATE, 0, "Met late"),
        (ClockState.MET_LATE, 1, "Met 1 working day late"),
        (ClockState.LATE, 0, "Late"),
        (ClockState.LATE, 2, "2 working days late"),
        (ClockState.EXPLAINED, 0, "On hold: over, explained"),
        (ClockState.EXPLAINED, 8, "On hold: 8 working days over, explained"),
    ],
)
def test_a_clock_that_passed_its_date_on_a_weekend_is_late_by_no_number(state, late_by, words):
    reading = rapid_review_reading(state, late_by=late_by)

    assert in_words(reading, PartialDate(2027, 1, 12), date(2027, 1, 16)) == words


def test_a_hold_explains_a_clock_that_has_passed_its_date():
    assert rapid_review(date(2027, 1, 22), on_hold=True) == rapid_review_reading(ClockState.EXPLAINED, late_by=8)


def test_a_hold_does_not_stop_a_clock_before_its_date():
    assert rapid_review(date(2027, 1, 12), on_hold=True) == rapid_review_reading(ClockState.RUNNING, left=0)


@pytest.mark.parametrize("met_on", [date(2026, 12, 18), date(2027, 1, 12)])
def test_a_clock_is_met_up_to_and_on_its_last_day(met_on):
    reading = rapid_review(date(2027, 3, 1), met_on=PartialDate.of(met_on))

    assert reading == rapid_review_reading(ClockState.MET)


def test_a_clock_met_a_day_late_says_so_for_good():
    reading = rapid_review(date(2027, 3, 1), met_on=PartialDate(2027, 1, 13), on_hold=True)

    assert reading == rapid_review_reading(ClockState.MET_LATE, late_by=1)


def test_a_stopped_clock_is_never_late():
    assert rapid_review(date(2027, 3, 1), stopped=True) == rapid_review_reading(ClockState.STOPPED)


def test_a_clock_that_was_met_before_it_was_stopped_stays_met():
    reading = rapid_review(date(2027, 3, 1), met_on=PartialDate(2027, 1, 4), stopped=True)

    assert reading == rapid_review_reading(ClockState.MET)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 2, 19), publication_reading(ClockState.RUNNING, left=5)),
        (date(2027, 2, 28), publication_reading(ClockState.RUNNING, left=0)),
        (date(2027, 3, 1), publication_reading(ClockState.LATE, late_by=1)),
        (date(2027, 3, 28), publication_reading(ClockState.LATE, late_by=28)),
    ],
)
def test_a_clock_of_months_is_late_by_days(today, expected):
    assert publication(today) == expected


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        # March has 21 working days over Easter, April 22.
        (date(2027, 2, 28), publication_reading(ClockState.RUNNING, left=43)),
        (date(2027, 3, 1), publication_reading(ClockState.EXPLAINED, late_by=1)),
        (date(2027, 4, 30), publication_reading(ClockState.EXPLAINED, late_by=61)),
        (date(2027, 5, 1), publication_reading(ClockState.LATE, late_by=62)),
    ],
)
def test_a_revised_date_explains_the_overrun_until_it_passes_too(today, expected):
    assert publication(today, due=AGREED_LATER) == expected


def test_a_clock_past_its_revised_date_is_explained_again_by_a_hold():
    reading = publication(date(2027, 5, 1), due=AGREED_LATER, on_hold=True)

    assert reading == publication_reading(ClockState.EXPLAINED, late_by=62)


def test_a_clock_met_by_its_revised_date_was_met_late():
    reading = publication(date(2027, 6, 1), due=AGREED_LATER, met_on=PartialDate(2027, 4, 30))

    assert reading == publication_reading(ClockState.MET_LATE, late_by=61)


def test_a_clock_whose_revised_date_is_earlier_is_late_from_that():
    reading = publication(date(2027, 2, 3), due=PartialDate(2027, 1, 31))

    assert reading == publication_reading(ClockState.LATE, late_by=3)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2021, 6, 30), publication_reading(ClockState.RUNNING, left=0)),
        (date(2021, 7, 1), publication_reading(ClockState.LATE, late_by=1)),
    ],
)
def test_a_clock_due_in_a_month_is_late_when_the_month_is_over(today, expected):
    month = PartialDate(2021, 6)

    assert publication(today, start=PartialDate(2020, 12), due=month, original_due=month) == expected


@pytest.mark.parametrize(
    ("met_on", "expected"),
    [
        ("2021-06", publication_reading(ClockState.MET)),
        ("2021-06-30", publication_reading(ClockState.MET)),
        ("2021", publication_reading(ClockState.MET)),
        ("2021-07", publication_reading(ClockState.MET_LATE, late_by=1)),
        ("2022", publication_reading(ClockState.MET_LATE, late_by=185)),  # 30 June to 1 January
    ],
)
def test_a_clock_is_called_late_only_where_that_is_certain(met_on, expected):
    month = PartialDate(2021, 6)

    reading = publication(
        date(2023, 1, 1),
        start=PartialDate(2020, 12),
        due=month,
        original_due=month,
        met_on=PartialDate.parse(met_on),
    )

    assert reading == expected


def test_a_clock_of_working_days_from_a_month_lists_no_days_left_out():
    reading = read_clock(
        start=PartialDate(2020, 12),
        due=PartialDate(2021, 1),
        original_due=PartialDate(2021, 1),
        length=FIFTEEN_WORKING_DAYS,
        met_on=None,
        stopped=False,
        on_hold=False,
        today=date(2021, 1, 27),
        calendar=ENGLAND,
    )

    assert reading == ClockReading(ClockState.RUNNING, 2, None, "working_days", ())


def test_a_clock_that_counts_backwards_is_met_by_sending_on_its_last_day():
    reading = read_clock(
        start=PartialDate(2026, 9, 3),
        due=PartialDate(2026, 8, 24),
        original_due=PartialDate(2026, 8, 24),
        length=Length(7, Unit.WORKING_DAYS),
        met_on=PartialDate(2026, 8, 24),
        stopped=False,
        on_hold=False,
        today=date(2026, 9, 3),
        calendar=ENGLAND,
    )

    left_out = (
        LeftOut(date(2026, 8, 29), "Saturday"),
        LeftOut(date(2026, 8, 30), "Sunday"),
        LeftOut(date(2026, 8, 31), "Late Summer Bank Holiday"),
    )
    assert reading == ClockReading(ClockState.MET, None, None, "working_days", left_out)


@given(days, lengths)
def test_back_from_a_deadline_one_never_lands_after_the_start(start, length):
    after = deadline(PartialDate.of(start), length, Direction.AFTER, WorkingDays({}))

    back = deadline(after, length, Direction.BEFORE, WorkingDays({}))

    # Clamped to a short month some days are lost on the way; in days and weeks none are.
    assert back.first <= start
    assert back.first == start or length.unit not in (Unit.DAYS, Unit.WEEKS)


@given(days, lengths)
def test_a_later_event_never_has_an_earlier_deadline(start, length):
    next_day = start + timedelta(days=1)

    dues = [deadline(PartialDate.of(day), length, Direction.AFTER, ENGLAND) for day in (start, next_day)]

    assert dues == sorted(dues)


@given(days, st.integers(0, 40), st.sampled_from(Unit))
def test_a_longer_clock_never_ends_earlier_and_backwards_never_begins_later(start, amount, unit):
    event = PartialDate.of(start)

    after = [deadline(event, Length(each, unit), Direction.AFTER, ENGLAND) for each in (amount, amount + 1)]
    before = [deadline(event, Length(each, unit), Direction.BEFORE, ENGLAND) for each in (amount, amount + 1)]

    assert after[0] < after[1]
    assert before[0] > before[1]


@given(days, lengths)
def test_no_day_before_the_earliest_would_do(sent_on, length):
    earliest = earliest_day(sent_on, length, ENGLAND)

    by = [
        deadline(PartialDate.of(day), length, Direction.BEFORE, ENGLAND).first
        for day in (earliest - timedelta(days=1), earliest)
    ]

    assert by[0] < sent_on <= by[1]


@given(days, lengths, st.sampled_from(["month", "year"]))
def test_a_deadline_is_known_as_precisely_as_its_event(day, length, precision):
    event = PartialDate.of(day, precision)

    assert deadline(event, length, Direction.AFTER, ENGLAND).precision == precision
