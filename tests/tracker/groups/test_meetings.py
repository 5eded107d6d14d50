"""Meetings of groups: scheduled on working days, moved, cancelled, closed."""

from datetime import date

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from tests.make import act, make_world, shown
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.groups.meeting_queries import list_meetings
from tracker.groups.models import Closure, Group, Meeting
from tracker.people.doer import doer_by_email
from tracker.rows import write
from workflows.dates import uk_date

DECEMBER = "2020-12-01T09:00"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    return engine


def test_coordinator_schedules_a_meeting(world: Engine) -> None:
    done = act(world, "schedule-meeting", group="exec", on="2021-01-05", at="14:30", now=DECEMBER)

    meeting = shown(world, "M1", kind="meeting", now=DECEMBER)
    assert (done.kind, done.reference) == ("meeting", "M1")
    assert {
        key: meeting[key] for key in ("group", "on", "at", "first_on", "proposed_on", "proposed_why", "status")
    } == {
        "group": "exec",
        "on": "2021-01-05",
        "at": "14:30",
        "first_on": "2021-01-05",
        "proposed_on": None,
        "proposed_why": None,
        "status": "planned",
    }
    assert meeting["digest"] == {
        "planned_at": "2020-12-24T08:00:00+00:00",
        "held": False,
        "sent_at": None,
        "replaces": None,
    }
    assert [line["what"] for line in meeting["history"]] == ["Executive Group meets on 5 January 2021 at 14:30"]


def test_meeting_without_an_hour_begins_at_ten(world: Engine) -> None:
    act(world, "schedule_meeting", group="qap", on="2021-01-05", now=DECEMBER)

    meeting = shown(world, "M1", kind="meeting", now=DECEMBER)
    assert (meeting["at"], meeting["digest"]) == ("10:00", None)


@pytest.mark.parametrize(
    ("asked", "held", "why"),
    [
        ("2021-01-02", "2020-12-31", "2 January 2021 is a Saturday"),
        ("2021-01-03", "2020-12-31", "3 January 2021 is a Sunday"),
        ("2021-04-05", "2021-04-01", "5 April 2021 is Easter Monday"),
        ("2020-12-28", "2020-12-24", "28 December 2020 is Boxing Day (substitute day)"),
    ],
)
def test_meeting_on_a_day_that_does_not_count_goes_to_the_working_day_before(
    world: Engine, asked: str, held: str, why: str
) -> None:
    act(world, "schedule_meeting", group="exec", on=asked, now=DECEMBER)

    meeting = shown(world, "M1", kind="meeting", now=DECEMBER)
    assert (meeting["on"], meeting["first_on"], meeting["proposed_on"], meeting["proposed_why"]) == (
        held,
        asked,
        held,
        why,
    )


def test_meeting_asked_for_on_the_same_weekend_stays(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2020-12-06", now="2020-12-05T09:00")

    meeting = shown(world, "M1", kind="meeting", now="2020-12-05T09:00")
    assert (meeting["on"], meeting["proposed_on"]) == ("2020-12-06", None)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"on": "2020-11-30"}, "The date of the meeting must be today or later."),
        ({"on": "2031-01-05"}, "5 January 2031 lies more than two years ahead. Check the year."),
        ({"on": "2020-12-08", "group": "old"}, "Old ended on 1 June 2020."),
    ],
)
def test_meeting_on_an_impossible_day_is_refused(world: Engine, facts: dict[str, str], sentence: str) -> None:
    with unit_of_work(world) as session:
        write(session, Group(partnership_id=1, code="old", name="Old", ended_on=date(2020, 6, 1)))

    with pytest.raises(Refused) as refused:
        act(world, "schedule_meeting", **{"group": "exec", **facts}, now=DECEMBER)

    assert str(refused.value) == sentence


def test_group_meets_once_at_a_time(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now=DECEMBER)

    with pytest.raises(Refused) as refused:
        act(world, "schedule_meeting", group="exec", on="2021-01-05", now=DECEMBER)

    assert str(refused.value) == "Executive Group meets then already: M1."


def test_hour_with_a_zone_does_not_fit(world: Engine) -> None:
    with pytest.raises(FactsWrong) as wrong:
        act(world, "schedule_meeting", group="exec", on="2021-01-05", at="10:00Z", now=DECEMBER)

    assert str(wrong.value) == (
        "The facts do not fit schedule-meeting: at: The hour is London time without a zone, like 10:00."
    )


def test_member_of_the_executive_may_not_schedule(world: Engine) -> None:
    with pytest.raises(NotAllowed) as refused:
        act(world, "schedule_meeting", group="exec", on="2021-01-05", by="exec@thscp.example", now=DECEMBER)

    assert str(refused.value) == ("Evan Reed may not schedule meeting: it is for the coordinator. Ask the coordinator.")


def test_moved_meeting_keeps_its_first_day_and_moves_its_digest(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now=DECEMBER)

    act(world, "move_meeting", "M1", on="2021-01-12", at="09:00", now="2020-12-10T09:00")

    meeting = shown(world, "M1", kind="meeting", now="2020-12-10T09:00")
    assert (meeting["on"], meeting["at"], meeting["first_on"], meeting["version"]) == (
        "2021-01-12",
        "09:00",
        "2021-01-05",
        2,
    )
    assert meeting["digest"]["planned_at"] == "2021-01-05T08:00:00+00:00"
    assert meeting["history"][-1] | {"seq": 0} == {
        "seq": 0,
        "at": "2020-12-10T09:00:00+00:00",
        "by": "Casey Morgan",
        "role": "coordinator",
        "deed": "move_meeting",
        "what": "Moved to 12 January 2021 at 09:00",
        "old": "2021-01-05",
        "new": "2021-01-12",
    }


@pytest.mark.parametrize(
    ("deed", "facts", "now", "sentence"),
    [
        ("move_meeting", {"on": "2021-01-05"}, DECEMBER, "M1 is on 5 January 2021 at 10:00 already."),
        (
            "move_meeting",
            {"on": "2021-02-02"},
            "2021-01-06T09:00",
            "Cannot move M1: its day, 5 January 2021, has passed. Close it instead.",
        ),
        (
            "cancel_meeting",
            {"reason": "Snow"},
            "2021-01-06T09:00",
            "Cannot cancel M1: its day, 5 January 2021, has passed. Close it instead.",
        ),
        ("close_meeting", {}, DECEMBER, "M1 is on 5 January 2021: close it on that day or later."),
    ],
)
def test_meeting_is_not_changed_against_its_day(
    world: Engine, deed: str, facts: dict[str, str], now: str, sentence: str
) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now=DECEMBER)

    with pytest.raises(Refused) as refused:
        act(world, deed, "M1", now=now, **facts)

    assert str(refused.value) == sentence


def test_cancelled_meeting_is_not_moved(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now=DECEMBER)
    act(world, "cancel_meeting", "M1", reason="Snow", now=DECEMBER)

    with pytest.raises(Refused) as refused:
        act(world, "move_meeting", "M1", on="2021-01-12", now=DECEMBER)

    meeting = shown(world, "M1", kind="meeting", now=DECEMBER)
    assert str(refused.value) == "Cannot move M1: it is cancelled."
    assert (meeting["status"], meeting["reason"], meeting["digest"]["planned_at"]) == ("cancelled", "Snow", None)


def test_closed_meeting_shows_key_points_and_who_came(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now=DECEMBER)

    act(
        world,
        "close_meeting",
        "M1",
        key_points=["Housing protocol agreed", "Two escalations answered"],
        attendance={"METROPOLITAN police service": "yes", "Children's Social Care": "no"},
        now="2021-01-05T16:00",
    )

    meeting = shown(world, "M1", kind="meeting", now="2021-01-06T09:00")
    partnership = shown(world, "thscp", kind="partnership", now="2021-01-06T09:00")
    assert (meeting["status"], meeting["key_points"], meeting["attendance"]) == (
        "closed",
        "Housing protocol agreed\nTwo escalations answered",
        {"Metropolitan Police Service": True, "Children's Social Care": False},
    )
    assert [(row["year"], row["agency"], row["per_cent"]) for row in partnership["attendance"]] == [
        ("2020-21", "Children's Social Care", 0),
        ("2020-21", "Metropolitan Police Service", 100),
    ]


def test_meeting_is_closed_once(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now=DECEMBER)
    act(world, "close_meeting", "M1", now="2021-01-05T16:00")

    with pytest.raises(Refused) as refused:
        act(world, "close_meeting", "M1", now="2021-01-05T16:00")

    assert str(refused.value) == "M1 is closed already."


def test_meeting_of_another_partnership_is_not_there(world: Engine) -> None:
    make_world(world, "chscp")
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now=DECEMBER)

    with pytest.raises(NotFound) as moved:
        act(world, "move_meeting", "M1", on="2021-01-12", by="coordinator@chscp.example", now=DECEMBER)
    with pytest.raises(NotFound) as read:
        shown(world, "M1", kind="meeting", by="coordinator@chscp.example", now=DECEMBER)

    assert [str(moved.value), str(read.value)] == ["There is no meeting 'M1'."] * 2


def test_list_of_meetings_is_filtered(world: Engine) -> None:
    for group, on in (("exec", "2021-01-05"), ("exec", "2021-03-02"), ("qap", "2021-02-02")):
        act(world, "schedule_meeting", group=group, on=on, now=DECEMBER)
    moment = moment_from(DECEMBER)

    with reading(world) as session:
        reader = doer_by_email(session, "owner@thscp.example", moment.date())
        listed = [
            [row["reference"] for row in list_meetings(session, where, reader, moment)]
            for where in ({}, {"group": "exec"}, {"from": "2021-02-01", "to": "2021-02-28"}, {"status": "closed"})
        ]
        with pytest.raises(FactsWrong) as wrong:
            list_meetings(session, {"colour": "red"}, reader, moment)

    assert listed == [["M1", "M3", "M2"], ["M1", "M2"], ["M3"], []]
    assert str(wrong.value) == "Meetings are not listed by colour, but by: partnership, group, status, from, to."


def test_closure_proposes_another_day_for_the_meeting_on_it(world: Engine) -> None:
    act(world, "schedule_meeting", group="exec", on="2021-01-05", now=DECEMBER)

    act(world, "add_closure", on="2021-01-05", name="Office move", partnership="thscp", now=DECEMBER)

    with reading(world) as session:
        meeting = session.exec(select(Meeting)).one()
        closure = session.exec(select(Closure)).one()
    assert (uk_date(meeting.on), meeting.proposed_on, meeting.proposed_why) == (
        "5 January 2021",
        date(2021, 1, 4),
        "5 January 2021 is Office move",
    )
    assert closure.name == "Office move"
