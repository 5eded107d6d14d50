"""Escalations that stay open: looked at again on a day, on Today and on the agenda when it comes."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_world, shown
from tracker.clock import london_day, moment_from
from tracker.database import reading
from tracker.errors import NotAllowed, Refused
from tracker.people.doer import doer_by_email
from tracker.showing.lists import list_rows

NOW = "2021-03-01T09:00"
EXEC = "exec@thscp.example"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    act(engine, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund two beds", now=NOW)
    return engine


def _jobs(world: Engine, now: str, by: str = "coordinator@thscp.example") -> list[tuple[str, str]]:
    with reading(world) as session:
        reader = doer_by_email(session, by, london_day(moment_from(now)))
        rows = list_rows(session, "jobs", {}, reader, moment_from(now))
        return [(row["escalation"], row["sentence"]) for row in rows if row["escalation"]]


def _review(world: Engine, by: str = "coordinator@thscp.example", now: str = NOW, **facts: Any) -> None:
    act(world, "review_escalation", "E1", by=by, now=now, **{"on": "2021-03-01", **facts})


def test_escalation_is_looked_at_again_and_goes_on_waiting(world: Engine) -> None:
    _review(world, by="qap@thscp.example", next_review_on="2021-09-01", text="The scheme is being written")

    found = shown(world, "E1", kind="escalation", now=NOW)
    assert (found["status"], found["review_on"]) == ("waiting", "2021-09-01")
    assert found["history"][-1]["what"] == (
        "Looked at on 1 March 2021: The scheme is being written; next on 1 September 2021"
    )


def test_coordinator_is_asked_to_look_again_when_the_day_has_come_and_not_before(world: Engine) -> None:
    _review(world, next_review_on="2021-09-01")

    found = {now: _jobs(world, f"{now}T09:00") for now in ("2021-08-31", "2021-09-01")}

    assert found == {
        "2021-08-31": [],
        "2021-09-01": [("E1", "Look again at E1, which has waited 184 days: its review date has come.")],
    }


def test_escalation_that_waits_for_a_year_wants_a_day_to_be_looked_at(world: Engine) -> None:
    assert _jobs(world, "2022-02-28T09:00") == []
    assert _jobs(world, "2022-03-01T09:00") == [
        ("E1", "Name a day on which E1 is looked at again: it has waited 365 days.")
    ]


@pytest.mark.parametrize("group", ["exec", "qap"])
def test_agenda_has_an_escalation_to_look_at_by_the_day_of_the_meeting(world: Engine, group: str) -> None:
    _review(world, next_review_on="2021-09-01")
    for on in ("2021-08-31", "2021-09-01"):
        act(world, "schedule_meeting", group=group, on=on, now=NOW)

    agendas = [shown(world, meeting, kind="meeting", now=NOW)["agenda"] for meeting in ("M1", "M2")]

    listed = [
        [row["reference"] for one in made if one["code"] == "look_again" for row in one["rows"]] for made in agendas
    ]
    assert listed == [[], ["E1"]]


def test_job_and_agenda_hold_nothing_that_a_conflict_bars(world: Engine) -> None:
    make_case(world, "SECRET", known_on="2021-01-11", now="2021-01-12T09:00")
    asked = {"group": "qap", "title": "Who pays?", "ask": "Beds", "about": "SECRET"}
    act(world, "raise_escalation", now="2020-03-01T09:00", **asked)
    act(world, "declare_conflict", "SECRET", person=EXEC, reason="Knows the family", now=NOW)
    act(world, "schedule_meeting", group="exec", on="2021-04-01", now=NOW)

    codes = [one["code"] for one in shown(world, "M1", kind="meeting", by=EXEC, now=NOW)["agenda"]]

    assert "look_again" not in codes


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"on": "2021-03-02"}, "The date of the review must be today or earlier."),
        ({"on": "2021-02-01"}, "The date of the review must be on or after the day it was raised, 1 March 2021."),
        ({"next_review_on": "2021-03-01"}, "The date of the next review must be after today."),
    ],
)
def test_review_out_of_order_is_refused(world: Engine, facts: dict[str, str], sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        _review(world, **facts)

    assert str(refused.value) == sentence


def test_answered_escalation_is_not_looked_at_again(world: Engine) -> None:
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-01", answer="agreed", now=NOW)

    with pytest.raises(Refused) as refused:
        _review(world)

    assert str(refused.value) == "Cannot look again at E1: it is answered."


def test_member_of_another_group_does_not_look_again(world: Engine) -> None:
    with pytest.raises(NotAllowed) as refused:
        _review(world, by="rrp@thscp.example")

    assert str(refused.value) == (
        "Priya Shah may not look again at E1: that is for the group that asked, the body that is asked, and the "
        "coordinator."
    )
