"""What the service proposes to a person to escalate: an action red over two meetings, a date missed."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_world
from tracker.clock import london_day, moment_from
from tracker.database import reading
from tracker.errors import Refused
from tracker.escalations import proposing
from tracker.people.doer import doer_by_email
from tracker.showing.lists import list_rows

COORDINATOR = "coordinator@thscp.example"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    for on in ("2021-03-02", "2021-04-13", "2021-05-25"):
        act(engine, "schedule_meeting", group="exec", on=on, now="2021-02-01T09:00")
    return engine


def _late(world: Engine, **facts: Any) -> None:
    act(world, "add_action", text="Write to schools", due_on="2021-03-01", now="2021-02-01T09:00", **facts)


def _proposed(world: Engine, now: str, by: str = COORDINATOR) -> list[tuple[str, str]]:
    with reading(world) as session:
        reader = doer_by_email(session, by, london_day(moment_from(now)))
        rows = list_rows(session, "jobs", {}, reader, moment_from(now))
        return [(row["action"] or row["case"], row["sentence"]) for row in rows if row["deed"] == "raise-escalation"]


RED = ("A1", "Consider escalating A1: it was red at the last two meetings.")


def test_action_is_proposed_when_two_meetings_have_seen_it_red(world: Engine) -> None:
    _late(world)

    found = {day: _proposed(world, f"{day}T09:00") for day in ("2021-03-03", "2021-04-13", "2021-04-14", "2021-06-01")}

    assert found == {"2021-03-03": [], "2021-04-13": [], "2021-04-14": [RED], "2021-06-01": [RED]}


def test_action_that_was_escalated_is_proposed_no_more(world: Engine) -> None:
    _late(world)

    asked = {"group": "qap", "title": "Who writes?", "ask": "Name somebody", "about": "A1"}
    act(world, "raise_escalation", now="2021-04-14T09:00", **asked)

    assert _proposed(world, "2021-04-14T10:00") == []


def test_action_that_is_stuck_over_two_meetings_is_proposed(world: Engine) -> None:
    act(
        world,
        "add_action",
        text="Find a room",
        due_on="2021-12-01",
        owner="owner@thscp.example",
        now="2021-02-01T09:00",
    )
    act(
        world,
        "update_action",
        "A1",
        by="owner@thscp.example",
        report="stuck",
        text="No room",
        now="2021-02-15T09:00",
    )

    assert [_proposed(world, f"{day}T09:00") for day in ("2021-04-13", "2021-04-14")] == [[], [RED]]


@pytest.mark.parametrize(("for_good", "again"), [(False, [RED]), (True, [])])
def test_dismissed_proposal_comes_back_when_it_happens_again_or_never(
    world: Engine, for_good: bool, again: list[tuple[str, str]]
) -> None:
    _late(world)
    facts = {"about": "A1", "rule": "red_action", "for_good": for_good, "reason": "Schools are closed"}
    act(world, "dismiss_proposal", "thscp", now="2021-04-14T09:00", **facts)

    at_once = _proposed(world, "2021-05-26T09:00")
    act(world, "move_due_date", "A1", due_on="2021-05-27", reason="Schools open", now="2021-05-26T10:00")
    for on in ("2021-06-15", "2021-07-06"):
        act(world, "schedule_meeting", group="exec", on=on, now="2021-05-26T10:00")

    assert (at_once, _proposed(world, "2021-07-07T09:00")) == ([], again)


def test_missed_date_of_the_law_is_proposed_until_it_is_escalated(world: Engine) -> None:
    make_case(world, "CASE-1", known_on="2021-03-01", notified_on="2021-03-01", now="2021-03-01T09:00")

    before, after = (_proposed(world, f"{day}T09:00") for day in ("2021-03-22", "2021-03-23"))
    act(
        world,
        "raise_escalation",
        group="qap",
        title="Who chairs?",
        ask="Name a chair",
        about="CASE-1",
        now="2021-03-23T10:00",
    )

    assert before == []
    assert [about for about, _ in after] == ["CASE-1"]
    assert _proposed(world, "2021-03-23T11:00") == []


def test_missed_date_is_dismissed(world: Engine) -> None:
    make_case(world, "CASE-1", known_on="2021-03-01", notified_on="2021-03-01", now="2021-03-01T09:00")
    facts = {"about": "CASE-1", "rule": "missed_clock", "clock": "rapid_review", "reason": "Agreed with the panel"}

    act(world, "dismiss_proposal", "thscp", now="2021-03-23T09:00", **facts)

    assert _proposed(world, "2021-03-24T09:00") == []


def test_clock_that_is_not_there_is_not_dismissed(world: Engine) -> None:
    make_case(world, "CASE-1", known_on="2021-03-01", now="2021-03-01T09:00")

    with pytest.raises(Refused) as refused:
        act(world, "dismiss_proposal", "thscp", about="CASE-1", rule="missed_clock", clock="tea", reason="No")

    assert str(refused.value) == "Say which clock of CASE-1 was missed, as `clock`."


def test_nothing_is_proposed_of_a_case_that_a_conflict_bars(world: Engine) -> None:
    make_case(world, "CASE-1", known_on="2021-03-01", notified_on="2021-03-01", now="2021-03-01T09:00")
    act(world, "add_action", "CASE-1", text="Look", due_on="2021-03-01", now="2021-02-01T09:00")
    act(world, "declare_conflict", "CASE-1", person=COORDINATOR, reason="Kin", now="2021-03-02T09:00")

    assert _proposed(world, "2021-06-01T09:00") == []


def test_the_oldest_that_the_coordinator_sees_are_proposed_however_many_are_hidden(
    world: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposing, "AT_ONCE", 2)
    make_case(world, "CASE-1", known_on="2021-02-01", now="2021-02-01T09:00")
    for day in range(1, 5):
        act(world, "add_action", "CASE-1", text="Look", due_on=f"2021-02-0{day}", now="2021-02-01T09:00")
    for day in range(20, 27):
        act(world, "add_action", text="Write", due_on=f"2021-02-{day}", now="2021-02-01T09:00")
    act(world, "declare_conflict", "CASE-1", person=COORDINATOR, reason="Kin", now="2021-03-02T09:00")

    assert [about for about, _ in _proposed(world, "2021-04-14T09:00")] == ["A5", "A6", "A7", "A8", "A9"]


def test_nobody_but_the_coordinator_is_proposed_anything(world: Engine) -> None:
    _late(world)

    assert [_proposed(world, "2021-06-01T09:00", by=f"{who}@thscp.example") for who in ("exec", "qap")] == [[], []]
