"""London's time in every season, and what the database keeps of a moment (K6)."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from sqlalchemy import Column, Engine, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from tracker.clock import london_day, london_moment, machine_now, moment_from, uk_clock
from tracker.database import UtcDateTime


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# The last Sundays of March: 1 March was a Wednesday in 2000, a Sunday in 2020, a Monday in 2021, a Friday in 2024 and
# 2030, and will be a Sunday in 2026.
SPRING = ["2000-03-26", "2020-03-29", "2021-03-28", "2024-03-31", "2026-03-29", "2030-03-31"]
# The last Sundays of October: 1 October was a Sunday in 2000, a Thursday in 2020 and 2026, a Friday in 2021, a Tuesday
# in 2024 and 2030.
AUTUMN = ["2000-10-29", "2020-10-25", "2021-10-31", "2024-10-27", "2026-10-25", "2030-10-27"]


@pytest.mark.parametrize("sunday", SPRING)
@pytest.mark.parametrize(
    ("shown", "in_utc"),
    [
        ("00:30", "00:30"),  # still winter time
        ("00:59", "00:59"),
        ("01:30", "01:30"),  # left out: London's clocks show 02:30 then
        ("02:00", "01:00"),  # the first minute of summer time
        ("08:00", "07:00"),
    ],
)
def test_hour_of_the_spring_change_is_that_moment(sunday: str, shown: str, in_utc: str) -> None:
    moment = london_moment(date.fromisoformat(sunday), time.fromisoformat(shown))

    assert (moment, moment.tzinfo) == (utc(f"{sunday}T{in_utc}"), UTC)


@pytest.mark.parametrize("sunday", AUTUMN)
@pytest.mark.parametrize(
    ("shown", "hours_after_midnight_in_utc"),
    [
        ("00:30", -0.5),  # still summer time: in UTC it is the evening before
        ("01:30", 0.5),  # shown twice: the first of them
        ("02:00", 2),  # winter time
        ("08:00", 8),
    ],
)
def test_hour_of_the_autumn_change_is_that_moment(sunday: str, shown: str, hours_after_midnight_in_utc: float) -> None:
    moment = london_moment(date.fromisoformat(sunday), time.fromisoformat(shown))

    assert moment == utc(f"{sunday}T00:00") + timedelta(hours=hours_after_midnight_in_utc)


@pytest.mark.parametrize(
    ("day", "in_utc"),
    [
        ("2026-03-28", "08:00"),
        ("2026-03-29", "07:00"),
        ("2026-10-24", "07:00"),
        ("2026-10-25", "08:00"),
        ("2027-03-27", "08:00"),
        ("2027-03-28", "07:00"),
        ("2027-10-30", "07:00"),
        ("2027-10-31", "08:00"),
    ],
)
def test_eight_in_the_morning_is_eight_in_london_on_both_sides_of_a_change(day: str, in_utc: str) -> None:
    assert london_moment(date.fromisoformat(day), time(8)) == utc(f"{day}T{in_utc}")


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        # The day of the spring change begins in winter time and ends in summer time: it has 23 hours.
        ("2020-03-28T23:59", "2020-03-28"),
        ("2020-03-29T00:00", "2020-03-29"),
        ("2020-03-29T22:59", "2020-03-29"),
        ("2020-03-29T23:00", "2020-03-30"),
        # The day of the autumn change has 25.
        ("2020-10-24T22:59", "2020-10-24"),
        ("2020-10-24T23:00", "2020-10-25"),
        ("2020-10-25T23:59", "2020-10-25"),
        ("2020-10-26T00:00", "2020-10-26"),
        ("2026-06-30T23:30", "2026-07-01"),
        ("2026-12-31T23:59", "2026-12-31"),
        ("2027-01-01T00:00", "2027-01-01"),
    ],
)
def test_day_of_a_moment_is_the_one_that_london_writes(moment: str, day: str) -> None:
    assert london_day(utc(moment)) == date.fromisoformat(day)


def test_day_does_not_depend_on_the_zone_in_which_a_moment_is_given() -> None:
    evening_in_new_york = datetime(2026, 7, 1, 20, 0, tzinfo=timezone(timedelta(hours=-4)))

    assert london_day(evening_in_new_york) == date(2026, 7, 2)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2021-01-04T09:30", "2021-01-04T09:30"),
        ("2021-07-05T09:30", "2021-07-05T08:30"),
        ("2021-07-05", "2021-07-04T23:00"),
        ("2021-07-05T09:30Z", "2021-07-05T09:30"),
        ("2021-07-05T09:30+02:00", "2021-07-05T07:30"),
        ("2020-03-29T01:30", "2020-03-29T01:30"),
        ("2020-10-25T01:30", "2020-10-25T00:30"),
        ("2020-10-25T01:30+00:00", "2020-10-25T01:30"),
    ],
)
def test_moment_without_a_zone_is_read_as_london_time(text: str, moment: str) -> None:
    read = moment_from(text)

    assert (read, read.tzinfo) == (utc(moment), UTC)


@pytest.mark.parametrize(
    "text", ["", "tomorrow", "2021-02-29T10:00", "2021-01-04T25:00", "9999-12-31T23:30-01:00", "0001-01-01T00:30+01:00"]
)
def test_moment_that_there_is_not_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(ValueError) as refused:
        moment_from(text)

    assert str(refused.value) == f"{text!r} is no moment. Write it like 2021-01-04T09:30."


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2021-01-04T14:05", "2:05pm"),
        ("2021-01-04T09:00", "9am"),
        ("2021-07-04T13:00", "2pm"),
        ("2021-07-05T11:00", "midday"),
        ("2021-07-05T11:01", "12:01pm"),
        ("2021-07-04T23:00", "midnight"),
        ("2021-07-04T23:01", "12:01am"),
        ("2020-10-25T00:30", "1:30am"),
        ("2020-10-25T01:30", "1:30am"),
    ],
)
def test_moment_is_written_as_london_says_it(moment: str, words: str) -> None:
    assert uk_clock(utc(moment)) == words


def test_clock_of_the_machine_is_in_utc() -> None:
    assert machine_now().tzinfo is UTC


NOTES = Table("note", MetaData(), Column("at", UtcDateTime))


@pytest.mark.parametrize("given", ["2020-10-25T01:30+01:00", "2020-10-25T00:30+00:00", "2020-10-24T20:30-04:00"])
def test_database_keeps_a_moment_and_gives_it_back_in_utc(engine: Engine, given: str) -> None:
    with engine.begin() as connection:
        NOTES.create(connection)
        connection.execute(insert(NOTES), {"at": datetime.fromisoformat(given)})

    with engine.connect() as connection:
        kept = connection.execute(select(NOTES.c.at)).scalar_one()

    assert (kept, kept.utcoffset()) == (utc("2020-10-25T00:30"), timedelta(0))


def test_database_tells_the_two_half_past_ones_of_autumn_apart(engine: Engine) -> None:
    first, second = utc("2020-10-25T00:30"), utc("2020-10-25T01:30")
    with engine.begin() as connection:
        NOTES.create(connection)
        connection.execute(insert(NOTES), [{"at": second}, {"at": first}])

    with engine.connect() as connection:
        kept = connection.execute(select(NOTES.c.at).order_by(NOTES.c.at)).scalars().all()

    assert (kept, [uk_clock(moment) for moment in kept]) == ([first, second], ["1:30am", "1:30am"])


def test_database_refuses_a_moment_without_a_zone(engine: Engine) -> None:
    naive = datetime(2021, 1, 4, 9, 30)

    with engine.begin() as connection:
        NOTES.create(connection)
    with engine.connect() as connection, pytest.raises(StatementError) as refused:
        connection.execute(insert(NOTES), {"at": naive})

    assert str(refused.value.orig) == f"A moment needs a time zone: {naive!r}"
