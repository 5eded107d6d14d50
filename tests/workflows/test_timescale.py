"""Every timescale word of the plans that were kept so far (K15)."""

from datetime import date

import pytest

from workflows.action import TimescaleKind
from workflows.dates import PartialDate
from workflows.deadlines import Length, Unit
from workflows.timescale import Timescale, length_from, next_round, read_timescale

TODAY = date(2021, 5, 20)


@pytest.mark.parametrize(
    ("words", "amount", "unit", "first"),
    [
        ("Weekly", 1, Unit.WEEKS, "2021-05-27"),
        ("Fortnightly", 2, Unit.WEEKS, "2021-06-03"),
        ("Monthly", 1, Unit.MONTHS, "2021-06-20"),
        ("Bi-monthly", 2, Unit.MONTHS, "2021-07-20"),
        ("bimonthly", 2, Unit.MONTHS, "2021-07-20"),
        ("Each month", 1, Unit.MONTHS, "2021-06-20"),
        ("Every other month", 2, Unit.MONTHS, "2021-07-20"),
        ("Quarterly", 3, Unit.MONTHS, "2021-08-20"),
        ("Quarterly from June 2022", 3, Unit.MONTHS, "2022-06"),
        ("Termly", 4, Unit.MONTHS, "2021-09-20"),
        ("6 monthly", 6, Unit.MONTHS, "2021-11-20"),
        ("9-monthly", 9, Unit.MONTHS, "2022-02-20"),
        ("Annual", 1, Unit.YEARS, "2022-05-20"),
        ("annually", 1, Unit.YEARS, "2022-05-20"),
        ("Annual (April)", 1, Unit.YEARS, "2022-04"),
        ("Annual (June)", 1, Unit.YEARS, "2021-06"),
        ("Annual (May)", 1, Unit.YEARS, "2021-05"),
    ],
)
def test_a_rhythm_has_its_length_and_its_next_date(words, amount, unit, first):
    expected = Timescale(TimescaleKind.RECURRING, words, Length(amount, unit), (PartialDate.parse(first),))

    assert read_timescale(words, TODAY) == expected


@pytest.mark.parametrize("words", ["On-going", "Ongoing", "on going", "Continuing"])
def test_what_goes_on_has_no_date(words):
    assert read_timescale(words, TODAY) == Timescale(TimescaleKind.CONTINUING, words)


@pytest.mark.parametrize("words", ["As identified", "As Identified", "as identified.", "As required"])
def test_what_is_triggered_has_no_date(words):
    assert read_timescale(words, TODAY) == Timescale(TimescaleKind.TRIGGERED, words)


@pytest.mark.parametrize("words", ["2008 & 2011", "2008 and 2011", "2011, 2008"])
def test_two_years_are_two_dates(words):
    expected = Timescale(TimescaleKind.SEVERAL, words, dates=(PartialDate(2008), PartialDate(2011)))

    assert read_timescale(words, TODAY) == expected


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("2021-06-30", "2021-06-30"),
        ("2021-06", "2021-06"),
        ("2021", "2021"),
        ("30/06/2021", "2021-06-30"),
        ("30.06.21", "2021-06-30"),
        ("3rd May 2021", "2021-05-03"),
        ("30 Jun 21", "2021-06-30"),
        ("1 September 2022", "2022-09-01"),
        ("March 2008", "2008-03"),
        ("Sept 2021", "2021-09"),
        ("Mar-21", "2021-03"),
        ("End of September 2021", "2021-09"),
        ("By the end of September 2021", "2021-09"),
        ("by 30 June 2021", "2021-06-30"),
        ("End June 2021", "2021-06"),
    ],
)
def test_a_date_is_known_as_precisely_as_it_is_written(words, due):
    assert read_timescale(words, TODAY) == Timescale(TimescaleKind.DATE, words, dates=(PartialDate.parse(due),))


@pytest.mark.parametrize(
    "words",
    [
        *("ASAP", "Summer 2021", "Q4 2021/22", "2021/22", "31/06/2021", "end of March", "0 monthly"),
        *("Annual (Easter)", "two weeks after publication", "2008 & 9999", "Quarterly from soon"),
    ],
)
def test_words_without_a_date_or_a_rhythm_are_not_guessed_at(words):
    assert read_timescale(words, TODAY) is None


def test_white_space_is_tidied_and_the_words_are_kept():
    assert read_timescale("  Annual  (April) ", TODAY).words == "Annual (April)"


def test_the_next_round_is_as_precise_as_the_one_before():
    rounds = [
        str(next_round(PartialDate.parse(due), length_from(every)))
        for due, every in (("2022-04", "1 year"), ("2021-12-31", "2 months"), ("2021-05-27", "1 week"))
    ]

    assert rounds == ["2023-04", "2022-02-28", "2021-06-03"]
