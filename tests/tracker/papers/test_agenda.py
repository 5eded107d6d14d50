"""The agenda of a meeting: the item on escalations always stands, also where there is none."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_world, shown
from tracker.errors import NotFound, Refused

EXEC = "exec@thscp.example"
NOW = "2021-02-10T09:00"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    for group, on in (("exec", "2021-02-02"), ("exec", "2021-03-02"), ("qap", "2021-02-03"), ("qap", "2021-03-03")):
        act(engine, "schedule_meeting", group=group, on=on, now="2021-01-04T09:00")
    return engine


def _agenda(world: Engine, meeting: str, by: str | None = None) -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = shown(world, meeting, kind="meeting", by=by, now=NOW)["agenda"]
    return sections


def _rows(world: Engine, meeting: str, by: str | None = None) -> dict[str, list[str]]:
    sections = _agenda(world, meeting, by)
    return {section["code"]: [row["reference"] for row in section["rows"]] for section in sections if section["rows"]}


@pytest.mark.parametrize("meeting", ["M2", "M4"])
def test_item_on_escalations_stands_on_every_agenda(world: Engine, meeting: str) -> None:
    sections = _agenda(world, meeting)

    assert [section["code"] for section in sections if section["standing"]] == ["escalations"]
    assert _rows(world, meeting) == {}


def test_executive_sees_what_waits_for_it_and_what_it_answered(world: Engine) -> None:
    for _ in range(2):
        act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now="2021-01-20T09:00")
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-02-02", answer="agreed", now="2021-02-02T12:00")

    assert _rows(world, "M2") == {"escalations": ["E2"], "answered": ["E1"]}


def test_group_sees_what_it_raised_and_the_answers_it_has_not_heard(world: Engine) -> None:
    for _ in range(3):
        act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now="2021-01-20T09:00")
    for reference, on in (("E1", "2021-02-02"), ("E2", "2021-02-03")):
        act(world, "respond_to_escalation", reference, by=EXEC, on=on, answer="agreed", now=f"{on}T12:00")

    assert _rows(world, "M4") == {"escalations": ["E3"], "answered": ["E2"]}


def test_escalation_is_aged_in_meetings_of_the_body_that_is_asked(world: Engine) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now="2021-01-20T09:00")

    ages = {now: shown(world, "E1", kind="escalation", now=now) for now in ("2021-02-02T18:00", "2021-03-03T09:00")}

    assert [(one["age_days"], one["age_meetings"]) for one in ages.values()] == [(13, 0), (42, 2)]


def test_meeting_that_answers_an_escalation_does_not_age_it(world: Engine) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now="2021-01-20T09:00")
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-02", answer="agreed", now="2021-03-02T12:00")

    found = shown(world, "E1", kind="escalation", now="2021-06-01T09:00")

    assert (found["age_days"], found["age_meetings"]) == (41, 1)


def test_key_points_of_the_executive_come_to_the_next_agenda_of_each_group(world: Engine) -> None:
    act(world, "raise_escalation", group="qap", title="Should beds wait?", ask="Fund beds", now="2021-01-20T09:00")
    act(world, "close_meeting", "M3", now="2021-02-03T16:00")
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-03-02", answer="agreed", now="2021-03-02T12:00")
    act(world, "close_meeting", "M2", key_points="Beds come first", now="2021-03-02T16:00")

    section = next(
        one
        for one in shown(world, "M4", kind="meeting", now="2021-03-02T18:00")["agenda"]
        if "executive" in one["code"]
    )

    assert (section["title"], section["rows"]) == (
        "Key points of the Executive Group",
        [
            {
                "reference": "M2",
                "on": "2021-03-02",
                "text": "Beds come first",
                "answers": [
                    {
                        "reference": "E1",
                        "title": "Should beds wait?",
                        "group_name": "Quality Assurance and Performance Group",
                        "status": "answered",
                        "answer": "agreed",
                        "answered_on": "2021-03-02",
                    }
                ],
            }
        ],
    )


def test_key_points_of_the_last_meeting_come_first(world: Engine) -> None:
    act(world, "close_meeting", "M1", key_points="Housing protocol agreed", now="2021-02-02T16:00")

    assert _agenda(world, "M2")[0] == {
        "code": "last_meeting",
        "title": "Key points of the last meeting",
        "standing": False,
        "count": 1,
        "rows": [{"reference": "M1", "on": "2021-02-02", "text": "Housing protocol agreed"}],
    }


@pytest.mark.parametrize("meeting", ["M2", "M4"])
def test_agenda_holds_nothing_that_a_conflict_bars(world: Engine, meeting: str) -> None:
    make_case(world, "SECRET", known_on="2021-01-11", now="2021-01-12T09:00")
    act(world, "hold_case", "SECRET", reason="inquest", look_again_on="2021-04-01", now="2021-01-13T09:00")
    act(
        world,
        "raise_escalation",
        group="qap",
        title="Should beds wait?",
        ask="Fund",
        about="SECRET",
        now="2021-01-20T09:00",
    )
    act(world, "declare_conflict", "SECRET", by=EXEC, person=EXEC, reason="Kin", now="2021-01-21T09:00")

    assert _rows(world, meeting, EXEC) == {}
    assert "escalations" in _rows(world, meeting)


def test_owner_reads_no_agenda(world: Engine) -> None:
    assert _agenda(world, "M2", "owner@thscp.example") == []


def test_coordinator_adds_items_and_leaves_headings_out(world: Engine) -> None:
    act(world, "edit_agenda", "M4", add=["The budget", "The website"], remove=["for_this_group"], now=NOW)
    act(world, "edit_agenda", "M4", add=["for_this_group"], remove=["item-1", "answered"], now=NOW)

    titles = [(section["code"], section["title"]) for section in _agenda(world, "M4")]
    assert titles == [
        ("escalations", "Is there anything to escalate?"),
        ("for_this_group", "Escalated to this group"),
        ("item-2", "The website"),
    ]


@pytest.mark.parametrize("meeting", ["M2", "M4"])
def test_standing_item_cannot_be_taken_out(world: Engine, meeting: str) -> None:
    with pytest.raises(Refused) as refused:
        act(world, "edit_agenda", meeting, remove=["escalations"], now=NOW)

    assert str(refused.value) == "The item on escalations stands in every agenda and cannot be removed."


def test_item_that_is_not_there_is_not_removed(world: Engine) -> None:
    with pytest.raises(NotFound) as refused:
        act(world, "edit_agenda", "M4", remove=["lunch"], now=NOW)

    assert str(refused.value) == (
        "There is no item 'lunch' on the agenda of M4. "
        "Its items: look_again, last_meeting, executive_points, escalations, answered, for_this_group."
    )


def test_group_that_holds_the_plan_sees_what_is_late_silent_and_due_before_it_meets_again(world: Engine) -> None:
    act(world, "edit_group", "thscp", group="qap", shown=["plan"], now=NOW)
    act(world, "schedule_meeting", group="qap", on="2021-04-07", now=NOW)
    for due, told in (("2021-02-09", False), ("2021-04-07", True), ("2021-04-08", True), ("2021-03-31", False)):
        made = act(world, "add_action", text="Share what is known", due_on=due, now="2021-01-04T09:00").reference
        if told:
            act(world, "update_action", made, report="on_track", text="Begun", now="2021-02-03T12:00")

    rows = _rows(world, "M4")

    assert rows == {
        "due_before_next": ["A4", "A2"],
        "overdue_actions": ["A1"],
        "no_update": ["A1", "A4"],
    }


def test_group_with_a_plan_of_its_own_sees_that_and_the_group_above_it_too(world: Engine) -> None:
    act(world, "add_group", "thscp", code="task", name="Task group", escalates_to="qap", now=NOW)
    act(world, "schedule_meeting", group="task", on="2021-03-03", now=NOW)
    act(world, "add_action", text="Not theirs", due_on="2021-02-09", now="2021-01-04T09:00")
    act(world, "add_action", text="Write the guide", due_on="2021-02-09", group="task", now=NOW)

    shown_to = {meeting: _rows(world, meeting) for meeting in ("M5", "M4")}
    act(world, "edit_agenda", "M4", remove=["overdue_actions"], now=NOW)

    assert shown_to == {"M5": {"overdue_actions": ["A2"]}, "M4": {"overdue_actions": ["A2"]}}
    assert "overdue_actions" not in {section["code"] for section in _agenda(world, "M4")}


def test_group_that_looks_at_cases_sees_what_changed_since_its_last_meeting(world: Engine) -> None:
    act(world, "edit_group", "thscp", group="qap", shown=["cases"], now=NOW)
    for case in ("OLD", "NEW"):
        make_case(world, case, known_on="2021-01-11", now="2021-01-12T09:00")
    act(world, "hold_case", "NEW", reason="inquest", look_again_on="2021-04-01", now="2021-02-04T09:00")

    sections = {section["code"]: section["rows"] for section in _agenda(world, "M4")}

    assert [row["reference"] for row in sections["unchanged_cases"]] == ["OLD"]
    assert [(row["reference"], [change["on"] for change in row["changes"]]) for row in sections["changed_cases"]] == [
        ("NEW", ["2021-02-04"])
    ]
