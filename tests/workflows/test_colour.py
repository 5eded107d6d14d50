"""The colour of an action, line by line of its table."""

from datetime import date
from typing import Any

import pytest

from workflows.action import ActionStatus, Report, TimescaleKind
from workflows.colour import Colour, Course, Rag, rag
from workflows.dates import PartialDate

TODAY = date(2026, 11, 20)


def colour_of(status: str = "in_progress", due: str | None = None, **known: Any) -> Rag:
    course = Course(status=ActionStatus(status), due=None if due is None else PartialDate.parse(due), **known)
    return rag(course, TODAY, amber_days=14, no_update_days=60)


def test_an_action_past_its_date_is_red_with_its_days():
    assert colour_of(due="2026-10-14", says=Report.ON_TRACK) == Rag(Colour.RED, "Red", "37 days overdue")


def test_the_first_day_after_the_date_is_one_day_overdue():
    assert colour_of(due="2026-11-19", says=Report.ON_TRACK) == Rag(Colour.RED, "Red", "1 day overdue")


def test_an_action_whose_owner_is_stuck_is_red():
    assert colour_of(due="2027-06-01", says=Report.STUCK) == Rag(Colour.RED, "Red", "stuck, its owner says")


def test_an_action_that_is_late_and_stuck_says_both():
    assert colour_of(due="2026-11-10", says=Report.STUCK) == Rag(
        Colour.RED, "Red", "10 days overdue, stuck, its owner says"
    )


def test_an_action_due_today_is_amber():
    assert colour_of(due="2026-11-20", says=Report.ON_TRACK) == Rag(Colour.AMBER, "Amber", "due today")


def test_an_action_due_in_fourteen_days_is_amber():
    assert colour_of(due="2026-12-04", says=Report.ON_TRACK) == Rag(Colour.AMBER, "Amber", "due in 14 days")


def test_an_action_due_in_fifteen_days_and_on_track_is_green():
    assert colour_of(due="2026-12-05", says=Report.ON_TRACK) == Rag(Colour.GREEN, "Green", "on track")


def test_an_action_at_risk_is_amber():
    assert colour_of(due="2027-06-01", says=Report.AT_RISK) == Rag(Colour.AMBER, "Amber", "at risk, its owner says")


def test_an_action_without_an_update_for_sixty_days_is_amber():
    # 21 September and sixty days: 9 in September, 31 in October, 20 in November.
    silent = colour_of(due="2027-06-01", says=Report.ON_TRACK, updated_on=date(2026, 9, 21))

    assert silent == Rag(Colour.AMBER, "Amber", "no update for 60 days")


def test_an_action_without_an_update_for_fifty_nine_days_is_green():
    heard_of = colour_of(due="2027-06-01", says=Report.ON_TRACK, updated_on=date(2026, 9, 22))

    assert heard_of == Rag(Colour.GREEN, "Green", "on track")


def test_an_action_with_no_update_and_time_left_is_not_started():
    assert colour_of("planned", due="2027-06-01") == Rag(Colour.GREY, "Not started", "no update yet")


def test_an_action_with_no_update_and_no_date_is_not_started():
    assert colour_of("planned") == Rag(Colour.GREY, "Not started", "no update yet")


def test_an_action_with_no_update_is_amber_before_its_date():
    assert colour_of("planned", due="2026-11-21") == Rag(Colour.AMBER, "Amber", "due in 1 day")


def test_an_action_taken_over_as_under_way_is_green():
    assert colour_of("ongoing") == Rag(Colour.GREEN, "Green", "ongoing")


def test_an_action_that_its_owner_disowns_is_amber():
    assert colour_of(says=Report.NOT_MINE) == Rag(Colour.AMBER, "Amber", "not theirs, its owner says")


def test_a_round_that_is_done_is_green():
    assert colour_of(due="2027-06-01", says=Report.DONE) == Rag(Colour.GREEN, "Green", "done for this time")


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("complete", Rag(Colour.TEAL, "Complete", "accepted")),
        ("embedded", Rag(Colour.TEAL, "Embedded", "accepted")),
        ("done_differently", Rag(Colour.NONE, "Done differently", "closed with a reason")),
        ("not_taken_forward", Rag(Colour.NONE, "Not taken forward", "closed with a reason")),
    ],
)
def test_a_closed_action_is_past_every_colour(status, expected):
    assert colour_of(status, due="2020-01-01", says=Report.STUCK) == expected


def test_a_better_update_counts_when_it_is_accepted():
    sent = colour_of(says=Report.ON_TRACK, waits=True, said_before=Report.AT_RISK)
    accepted = colour_of(says=Report.ON_TRACK)

    assert (sent.colour, accepted.colour) == (Colour.AMBER, Colour.GREEN)


def test_a_worse_update_counts_at_once():
    sent = colour_of(due="2027-06-01", says=Report.STUCK, waits=True, said_before=Report.ON_TRACK)

    assert sent == Rag(Colour.RED, "Red", "stuck, its owner says")


def test_a_first_update_that_waits_leaves_the_action_grey():
    assert colour_of(says=Report.ON_TRACK, waits=True) == Rag(Colour.GREY, "Not started", "no update yet")


def test_what_is_said_to_be_done_stays_red_until_that_is_accepted():
    assert colour_of(due="2026-11-19", says=Report.DONE, waits=True, said_before=Report.ON_TRACK) == Rag(
        Colour.RED, "Red", "1 day overdue"
    )


def test_a_date_known_to_the_month_is_overdue_when_the_month_is_over():
    days = [
        Course(status=ActionStatus.PLANNED, due=PartialDate(2020, 12)).overdue_days(day)
        for day in (date(2020, 12, 1), date(2020, 12, 31), date(2021, 1, 1), date(2021, 1, 31))
    ]

    assert days == [0, 0, 1, 31]


def test_a_date_known_to_the_year_is_overdue_when_the_year_is_over():
    days = [
        Course(status=ActionStatus.PLANNED, due=PartialDate(2011)).overdue_days(day)
        for day in (date(2011, 12, 31), date(2012, 1, 1))
    ]

    assert days == [0, 1]


def test_a_month_that_ends_soon_is_amber_with_its_name():
    assert colour_of(due="2026-11", says=Report.ON_TRACK) == Rag(Colour.AMBER, "Amber", "due in November 2026")


def test_what_is_triggered_is_never_overdue():
    course = Course(status=ActionStatus.PLANNED, timescale=TimescaleKind.TRIGGERED, due=PartialDate(2008))

    assert course.overdue_days(TODAY) == 0


def test_only_an_open_action_is_blocked():
    stuck = [Course(status=ActionStatus(status), says=Report.STUCK).blocked for status in ("in_progress", "complete")]

    assert stuck == [True, False]
