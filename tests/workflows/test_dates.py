"""Dates of day, month and year precision: reading, writing, order, overdue (K5, K8)."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from workflows.dates import PartialDate, iso_text, uk_date

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
partial_dates = st.builds(PartialDate.of, days, st.sampled_from(["day", "month", "year"]))


class Facts(BaseModel):
    on: PartialDate
    until: PartialDate | None = None


@pytest.mark.parametrize(
    ("text", "expected", "precision", "first", "last"),
    [
        ("2020-12-17", PartialDate(2020, 12, 17), "day", date(2020, 12, 17), date(2020, 12, 17)),
        ("2020-12", PartialDate(2020, 12), "month", date(2020, 12, 1), date(2020, 12, 31)),
        ("2024-02", PartialDate(2024, 2), "month", date(2024, 2, 1), date(2024, 2, 29)),
        ("2100-02", PartialDate(2100, 2), "month", date(2100, 2, 1), date(2100, 2, 28)),
        ("2020", PartialDate(2020), "year", date(2020, 1, 1), date(2020, 12, 31)),
        (" 2020-12 ", PartialDate(2020, 12), "month", date(2020, 12, 1), date(2020, 12, 31)),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(text, expected, precision, first, last):
    read = PartialDate.parse(text)

    assert (read, read.precision, read.first, read.last) == (expected, precision, first, last)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2021-06-31", "There is no 31 June 2021. Enter a real date, like 2027-01-29."),
        ("2023-02-29", "There is no 29 February 2023. Enter a real date, like 2027-01-29."),
        ("2021-06-00", "There is no 0 June 2021. Enter a real date, like 2027-01-29."),
        ("2021-13", "There is no month 13. Enter a real date, like 2027-01-29."),
        ("2021-00-10", "There is no month 0. Enter a real date, like 2027-01-29."),
        ("0021-06-01", "The year must be between 1900 and 2200. Enter a date like 2027-01-29."),
        ("1899", "The year must be between 1900 and 2200. Enter a date like 2027-01-29."),
        ("2201-01", "The year must be between 1900 and 2200. Enter a date like 2027-01-29."),
    ],
)
def test_an_impossible_date_is_refused_with_what_to_enter(text, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        PartialDate.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "21-06-30",
        "30/06/21",
        "30 June 2021",
        "2021-6-30",
        "20210630",
        "2021-06-30T09:00",
        "",
        "soon",
        "２０２１",
        "-2021",
    ],
)
def test_junk_and_a_year_of_two_digits_are_refused_with_how_to_write_it(text):
    sentence = (
        f"{text!r} is not a date. Write four digits for the year, then month and day if they are known: "
        "2027-01-29, 2027-01 or 2027."
    )

    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        PartialDate.parse(text)


def test_a_long_text_is_not_repeated_in_full():
    with pytest.raises(ValueError, match=r"^'the day after the da…' is not a date\. Write four digits"):
        PartialDate.parse("the day after " * 1000)


def test_a_day_without_its_month_is_refused():
    sentence = "A day needs its month. Enter a date like 2027-01-29."

    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        PartialDate(2021, day=5)


def test_a_known_day_can_be_taken_over_whole_or_cut():
    day = date(2020, 12, 17)

    taken = [PartialDate.of(day), PartialDate.of(day, "month"), PartialDate.of(day, "year")]

    assert taken == [PartialDate(2020, 12, 17), PartialDate(2020, 12), PartialDate(2020)]


def test_only_a_date_of_day_precision_is_a_day():
    given_days = [PartialDate.parse(text).day_or_none for text in ("2020-12-17", "2020-12", "2020")]

    assert given_days == [date(2020, 12, 17), None, None]


def test_a_month_stands_after_its_days_and_a_year_after_its_months():
    texts = ["2021", "2020", "2021-01-01", "2020-12", "2020-12-31", "2020-11", "2020-12-01", "2020-11-30", "2019"]

    ordered = [str(each) for each in sorted(PartialDate.parse(text) for text in texts)]

    assert ordered == [
        "2019", "2020-11-30", "2020-11", "2020-12-01", "2020-12-31", "2020-12", "2020", "2021-01-01", "2021",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("due", "today", "overdue"),
    [
        ("2021-06-30", date(2021, 6, 29), False),
        ("2021-06-30", date(2021, 6, 30), False),
        ("2021-06-30", date(2021, 7, 1), True),
        ("2021-06", date(2021, 6, 1), False),
        ("2021-06", date(2021, 6, 30), False),
        ("2021-06", date(2021, 7, 1), True),
        ("2024-02", date(2024, 2, 29), False),
        ("2024-02", date(2024, 3, 1), True),
        ("2021", date(2021, 12, 31), False),
        ("2021", date(2022, 1, 1), True),
    ],
)
def test_overdue_begins_the_day_after_the_day_the_month_or_the_year(due, today, overdue):
    assert PartialDate.parse(due).overdue_on(today) is overdue


@pytest.mark.parametrize(
    ("one", "other", "certain"),
    [
        ("2021-06-30", "2021-07-01", True),
        ("2021-06-30", "2021-06-30", False),
        ("2021-06-30", "2021-06", False),
        ("2021-05-31", "2021-06", True),
        ("2021-06", "2021-06-30", False),
        ("2021-06", "2021-07-01", True),
        ("2021-06", "2021", False),
        ("2020", "2021", True),
        ("2020", "2020-12-31", False),
    ],
)
def test_a_date_is_certainly_before_another_only_where_their_days_do_not_overlap(one, other, certain):
    assert PartialDate.parse(one).certainly_before(PartialDate.parse(other)) is certain


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 11, 20), "20 November 2026"),
        (date(2026, 5, 1), "1 May 2026"),
        (PartialDate(2026, 11, 20), "20 November 2026"),
        (PartialDate(2020, 12), "December 2020"),
        (PartialDate(2020), "2020"),
    ],
)
def test_a_reader_sees_no_more_than_is_known(value, words):
    assert uk_date(value) == words


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-12-17", PartialDate(2020, 12, 17)),
        ("2020-12", PartialDate(2020, 12)),
        (date(2020, 12, 17), PartialDate(2020, 12, 17)),
        (PartialDate(2020), PartialDate(2020)),
    ],
)
def test_facts_take_text_a_day_or_a_date_already_read(written, expected):
    facts = Facts(on=written)

    assert facts == Facts.model_construct(on=expected, until=None)


def test_facts_write_their_dates_as_text():
    facts = Facts(on="2020-12-17", until="2021-06")

    assert facts.model_dump() == {"on": "2020-12-17", "until": "2021-06"}
    assert facts.model_dump_json() == '{"on":"2020-12-17","until":"2021-06"}'


@pytest.mark.parametrize("written", [datetime(2020, 12, 17, 9, 30), 2020, 20201217, None, ["2020"]])
def test_facts_refuse_a_moment_or_a_number_for_a_date(written):
    with pytest.raises(ValidationError) as refused:
        Facts(on=written)

    sentence = "Value error, A date is written as text, like 2027-01-29, 2027-01 or 2027."
    assert [error["msg"] for error in refused.value.errors()] == [sentence]


def test_facts_refuse_an_impossible_day_with_the_same_sentence():
    with pytest.raises(ValidationError) as refused:
        Facts.model_validate_json('{"on": "2021-06-31"}')

    sentence = "Value error, There is no 31 June 2021. Enter a real date, like 2027-01-29."
    assert [(error["loc"], error["msg"]) for error in refused.value.errors()] == [(("on",), sentence)]


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_schema_says_how_a_date_is_written(mode):
    assert TypeAdapter(PartialDate).json_schema(mode=mode) == {
        "type": "string",
        "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$",
        "examples": ["2027-01-29", "2027-01", "2027"],
    }


@given(partial_dates)
def test_what_is_written_is_read_back_the_same(known):
    assert PartialDate.parse(str(known)) == known


@given(partial_dates, partial_dates)
def test_of_two_dates_one_comes_first_or_they_are_the_same(one, other):
    assert [one < other, one == other, one > other].count(True) == 1


@given(partial_dates, partial_dates)
def test_a_date_that_is_certainly_before_another_is_sorted_before_it(one, other):
    assert not one.certainly_before(other) or one < other


@given(partial_dates, days)
def test_a_day_stands_before_its_month_and_year_and_after_all_that_is_overdue_on_it(known, today):
    assert known.overdue_on(today) == known.certainly_before(PartialDate.of(today))


def test_a_date_is_given_as_a_day_only_where_the_day_is_known():
    known = [PartialDate(2020, 12, 17), PartialDate(2020, 12), PartialDate(2020)]

    assert [one.day_or_text for one in known] == [date(2020, 12, 17), "2020-12", "2020"]


def test_a_date_that_is_missing_has_no_text():
    assert [iso_text(one) for one in (date(2020, 12, 17), PartialDate(2020, 12), None)] == [
        "2020-12-17",
        "2020-12",
        None,
    ]
