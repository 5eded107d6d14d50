"""Kinds of timescale (K15): what goes on, what is triggered, what recurs, and what has several dates."""

from datetime import date

import pytest

from tests import make
from tracker.actions.listing import list_actions
from tracker.actions.plan import not_too_far
from tracker.clock import moment_from
from tracker.database import reading
from tracker.errors import Refused
from workflows.dates import PartialDate


@pytest.fixture
def world(engine):
    make.make_world(engine)
    return engine


def add(engine, **facts):
    return make.act(engine, "add_action", "thscp", **{"text": "Share the records", **facts}).reference


def complete(engine, reference, on, **facts):
    make.act(engine, "complete_action", reference, on=on, evidence="Minutes", now=f"{on}T12:00", **facts)
    return shown(engine, reference)


def shown(engine, reference, now="2021-06-01T12:00"):
    return make.shown(engine, reference, kind="action", now=now)


@pytest.mark.parametrize(
    ("timescale", "first", "on", "following"),
    [
        ("Quarterly", "2021-06-30", "2021-07-12", "2021-09-30"),
        ("Quarterly", "2021-06-30", "2021-06-10", "2021-09-30"),
        # The one of September was missed: the next that is not over counts from the rhythm all the same.
        ("Quarterly", "2021-06-30", "2021-10-05", "2021-12-30"),
        ("Monthly", "2021-08-31", "2021-09-01", "2021-09-30"),
        ("Annual (April)", None, "2022-05-20", "2023-04"),
        ("6 monthly", "2021-07", "2021-08-02", "2022-01"),
    ],
)
def test_what_recurs_goes_on_by_its_rhythm_however_late_it_was_done(world, timescale, first, on, following):
    reference = add(world, timescale=timescale, due_on=first)
    before = shown(world, reference)["due"]

    document = complete(world, reference, on)

    assert (document["status"], document["due"], document["timescale"]["met"]) == (
        "in_progress",
        following,
        [{"due": before, "on": on}],
    )


def test_a_short_month_moves_no_later_round(world):
    reference = add(world, timescale="Monthly", due_on="2021-08-31")

    found = [complete(world, reference, on)["due"] for on in ("2021-08-31", "2021-09-30", "2021-10-31")]

    assert found == ["2021-09-30", "2021-10-31", "2021-11-30"]


@pytest.mark.parametrize(
    ("timescale", "first", "moved", "following"),
    [
        ("Quarterly", "2021-06-30", "2021-06-15", "2021-09-30"),
        ("Quarterly", "2021-06-30", "2021-07-15", "2021-09-30"),
        ("Annual (April)", "2022-04", "2022-04-12", "2023-04"),
        ("Annual (April)", "2022-04", "2022-02", "2023-04"),
    ],
)
def test_a_date_that_was_moved_is_still_that_of_its_round(world, timescale, first, moved, following):
    reference = add(world, timescale=timescale, due_on=first)
    make.act(world, "move_due_date", reference, due_on=moved, reason="The board meets then")

    document = complete(world, reference, "2021-06-14")

    assert document["due"] == following


def test_a_round_that_was_brought_forward_twice_comes_no_oftener(world):
    reference = add(world, timescale="Quarterly", due_on="2021-06-30")

    found = []
    for day in ("2021-06-15", "2021-09-20", "2021-12-20"):
        make.act(world, "move_due_date", reference, due_on=day, reason="The board meets then", now=f"{day}T09:00")
        found.append(complete(world, reference, day)["due"])

    assert found == ["2021-09-30", "2021-12-30", "2022-03-30"]


def test_the_last_time_completes_what_recurs(world):
    reference = add(world, timescale="Quarterly", due_on="2021-06-30")

    document = complete(world, reference, "2021-06-29", last=True)

    assert (document["status"], document["completed_on"]) == ("complete", "2021-06-29")


def test_several_dates_are_ticked_off_one_by_one(world):
    reference = add(world, timescale="30 June 2021, March 2022 & 2023")
    seen = [(shown(world, reference)["due"], shown(world, reference)["timescale"]["dates"])]

    for on in ("2021-07-05", "2022-03-01", "2023-11-01"):
        document = complete(world, reference, on)
        seen.append((document["due"], document["status"], document["timescale"]["met"]))

    first, second, third = (
        {"due": due, "on": on}
        for due, on in (("2021-06-30", "2021-07-05"), ("2022-03", "2022-03-01"), ("2023", "2023-11-01"))
    )
    assert seen == [
        ("2021-06-30", ["2021-06-30", "2022-03", "2023"]),
        ("2022-03", "in_progress", [first]),
        ("2023", "in_progress", [first, second]),
        ("2023", "complete", [first, second, third]),
    ]


@pytest.mark.parametrize(("timescale", "kind"), [("On-going", "continuing"), ("As identified", "triggered")])
def test_what_has_no_end_is_never_overdue_and_takes_a_day_as_its_review_date(world, timescale, kind):
    reference = add(world, timescale=timescale, due_on="2021-06-10")

    document = shown(world, reference, now="2021-12-01T12:00")

    assert (document["timescale"]["kind"], document["due"], document["review_on"], document["overdue_days"]) == (
        kind,
        None,
        "2021-06-10",
        0,
    )
    assert listed(world, flag="overdue") == []


def listed(engine, now="2021-12-01T12:00", **where):
    with reading(engine) as session:
        return [row["reference"] for row in list_actions(session, where, None, moment_from(now))]


def test_what_becomes_continuing_loses_its_date_and_keeps_its_first(world):
    reference = add(world, due_on="2021-06-10")

    make.act(world, "edit_action", reference, timescale="On-going")

    document = shown(world, reference, now="2021-12-01T12:00")
    assert (document["due"], document["first_due"], document["review_on"], document["overdue_days"]) == (
        None,
        "2021-06-10",
        "2021-06-10",
        0,
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"timescale": "Regularly"},
            "The timescale 'Regularly' says that it comes again, but not how often. Write how often, like Quarterly, "
            "6 monthly or Annual (April).",
        ),
        (
            {"timescale": "Annual (Smarch)"},
            "The timescale 'Annual (Smarch)' says no date. Write a date or words like Quarterly, Annual (April), "
            "On-going or As identified; or leave it out and give due_on.",
        ),
        (
            {"due_on": "2121-09-30"},
            "30 September 2121 is more than 25 years ahead. Check the year, and enter it again.",
        ),
        ({"due_on": "1927-09-30"}, "Working days can be counted from 1990 to 2100, not in 1927. Check the year."),
        ({"timescale": "2021 & 2121"}, "2121 is more than 25 years ahead. Check the year, and enter it again."),
        ({"asked_on": "2021-05-01"}, "Say which body outside was asked, as outside_body."),
    ],
)
def test_a_timescale_that_cannot_be_meant_is_refused(world, facts, sentence):
    with pytest.raises(Refused) as refused:
        add(world, **facts)

    assert str(refused.value) == sentence


def test_day_of_another_century_is_refused_also_where_a_change_is_taken_over_from_a_file():
    with pytest.raises(Refused) as refused:
        not_too_far(PartialDate(1921), date(2021, 6, 1))

    assert refused.value.code == "far_off"


def test_every_move_says_who_agreed_it_and_the_first_date_stays(world):
    reference = add(world, due_on="2021-06-30")
    for month in ("08", "09", "10"):
        make.act(
            world,
            "move_due_date",
            reference,
            due_on=f"2021-{month}-30",
            reason="Later",
            agreed_with="The Executive",
        )

    document = shown(world, reference)

    assert (
        document["first_due"],
        document["moves"],
        [(one["by"], one["agreed_with"]) for one in document["moved"]],
    ) == (
        "2021-06-30",
        3,
        [("Casey Morgan", "The Executive")] * 3,
    )
