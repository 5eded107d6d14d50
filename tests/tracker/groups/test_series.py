"""Series of meetings: the rhythm is counted from the first day, whatever a bank holiday does to one of them."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.make import act, make_world, shown
from tracker.clock import moment_from
from tracker.database import reading
from tracker.errors import FactsWrong, Refused
from tracker.groups.meeting_queries import list_meetings

MARCH = "2021-03-01T09:00"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    return engine


def _schedules(world: Engine, on: str, every_weeks: int, until: str, **facts: Any) -> str:
    series = {"every_weeks": every_weeks, "until": until}
    return act(world, "schedule_meeting", group="qap", on=on, series=series, now=MARCH, **facts).reference


def _listed(world: Engine) -> list[tuple[str, str, str]]:
    with reading(world) as session:
        rows = list_meetings(session, {}, None, moment_from(MARCH))
    return [(row["reference"], row["first_on"], row["on"]) for row in rows]


def test_coordinator_plans_a_six_weekly_series_over_a_bank_holiday(world: Engine) -> None:
    # Six weeks after 22 March is Monday 3 May 2021, the Early May bank holiday: held on Friday 30 April.
    first = _schedules(world, "2021-03-22", 6, "2021-08-31")

    assert first == "M1"
    assert _listed(world) == [
        ("M1", "2021-03-22", "2021-03-22"),
        ("M2", "2021-05-03", "2021-04-30"),
        ("M3", "2021-06-14", "2021-06-14"),
        ("M4", "2021-07-26", "2021-07-26"),
    ]
    second = shown(world, "M2", kind="meeting", now=MARCH)
    assert (second["proposed_why"], second["series"]) == (
        "3 May 2021 is May Day",
        {"every_weeks": 6, "first_on": "2021-03-22", "until": "2021-08-31"},
    )


def test_one_meeting_of_a_series_moves_and_the_others_keep_the_rhythm(world: Engine) -> None:
    _schedules(world, "2021-03-22", 6, "2021-07-31")

    act(world, "move_meeting", "M2", on="2021-05-05", now=MARCH)

    assert [on for _, _, on in _listed(world)] == ["2021-03-22", "2021-05-05", "2021-06-14", "2021-07-26"]


def test_coordinator_ends_a_series_from_a_meeting_on(world: Engine) -> None:
    _schedules(world, "2021-03-22", 6, "2021-07-31")

    act(world, "end_series", "M3", reason="The group ends", now=MARCH)

    states = [shown(world, f"M{number}", kind="meeting", now=MARCH)["status"] for number in range(1, 5)]
    assert states == ["planned", "planned", "cancelled", "cancelled"]


@pytest.mark.parametrize(
    ("every_weeks", "until", "sentence"),
    [
        (
            6,
            "2021-04-30",
            "A second meeting would be on 3 May 2021, and the series ends on 30 April 2021. "
            "Let it end later, or leave the series out.",
        ),
        (6, "2024-01-01", "1 January 2024 lies more than two years ahead. Check the year."),
    ],
)
def test_series_that_is_none_is_refused(world: Engine, every_weeks: int, until: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        _schedules(world, "2021-03-22", every_weeks, until)

    assert (str(refused.value), _listed(world)) == (sentence, [])


@pytest.mark.parametrize("series", [{"every_weeks": 6}, {"every_weeks": 0, "until": "2021-08-31"}])
def test_series_without_an_end_or_a_rhythm_does_not_fit(world: Engine, series: dict[str, object]) -> None:
    with pytest.raises(FactsWrong):
        act(world, "schedule_meeting", group="qap", on="2021-03-22", series=series, now=MARCH)

    assert _listed(world) == []


def test_series_over_a_meeting_that_stands_is_refused_whole(world: Engine) -> None:
    act(world, "schedule_meeting", group="qap", on="2021-06-14", now=MARCH)

    with pytest.raises(Refused) as refused:
        _schedules(world, "2021-03-22", 6, "2021-08-31")

    assert str(refused.value) == "Quality Assurance and Performance Group meets then already: M1."
    assert _listed(world) == [("M1", "2021-06-14", "2021-06-14")]


def test_coordinator_says_where_a_meeting_is_and_who_is_in_its_chair(world: Engine) -> None:
    _schedules(world, "2021-03-22", 6, "2021-08-31", place="Room 4", chair="exec@thscp.example")

    act(world, "edit_meeting", "M2", place="", chair="owner@thscp.example", now=MARCH)

    found = [shown(world, meeting, kind="meeting", now=MARCH) for meeting in ("M1", "M2")]
    chairs = {"exec@thscp.example": found[0]["chair"], "owner@thscp.example": found[1]["chair"]}
    assert [meeting["place"] for meeting in found] == ["Room 4", None]
    assert len(set(chairs.values())) == 2
