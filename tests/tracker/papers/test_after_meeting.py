"""After a meeting: the action list on its page, and the one email that each member gets of it."""

from typing import Any

import pytest
from sqlalchemy import Engine

from notifications import outbox
from notifications.facts import MeetingHeld
from notifications.lines import AgreedLine, DecidedLine, EscalationRaised
from tests.make import act, make_case, make_world, shown
from tracker.clock import moment_from
from tracker.database import reading
from tracker.errors import NotFound, Refused
from tracker.papers.after_meeting import held_facts

BEFORE = "2021-02-01T09:00"
HELD = "2021-02-02T16:00"
EXEC = "exec@thscp.example"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    for group, on in (("exec", "2021-02-02"), ("qap", "2021-02-02"), ("exec", "2021-03-02")):
        act(engine, "schedule_meeting", group=group, on=on, now="2021-01-04T09:00")
    return engine


def _raise(world: Engine, **facts: Any) -> str:
    dull = {"group": "qap", "title": "Should beds wait?", "ask": "Fund beds", "now": BEFORE}
    return act(world, "raise_escalation", **{**dull, **facts}).reference


def _recorded(world: Engine, meeting: str, by: str | None = None) -> dict[str, list[str]]:
    found = shown(world, meeting, kind="meeting", by=by, now=HELD)["action_list"]
    return {part: [row["reference"] for row in rows] for part, rows in found.items() if rows}


def _held(world: Engine, meeting: str) -> list[tuple[str, MeetingHeld | None]]:
    with reading(world) as session:
        messages = outbox.messages(session, kind="meeting_held", about=meeting)
        return [(one.to_address, held_facts(session, one, moment_from(HELD))) for one in messages]


def test_action_list_holds_what_was_recorded_at_the_meeting_and_nothing_else(world: Engine) -> None:
    _raise(world)
    _raise(world, meeting="M2")
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-02-02", answer="agreed", now="2021-02-02T12:00")
    act(world, "add_action", text="Write to schools", meeting="M1", now="2021-02-02T13:00")
    act(world, "add_action", text="Something else", now="2021-02-02T13:00")

    assert _recorded(world, "M1") == {"answers": ["E1"], "actions": ["A1"]}
    assert _recorded(world, "M2") == {"escalations": ["E2"]}
    assert _recorded(world, "M3") == {}
    assert shown(world, "A1", kind="action", now=HELD)["sources"][0]["words"] == "M1: Executive Group, 2 February 2021"


def test_members_are_mailed_the_action_list_when_the_meeting_is_closed_each_once(world: Engine) -> None:
    _raise(world)
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-02-02", answer="agreed", now="2021-02-02T12:00")
    act(
        world,
        "add_action",
        text="Write to schools",
        title="Tell schools",
        due_on="2021-04-01",
        meeting="M1",
        now="2021-02-02T13:00",
    )

    act(world, "close_meeting", "M1", key_points="Beds come first", now=HELD)

    [(address, facts)] = _held(world, "M1")
    assert address == EXEC
    assert facts is not None
    assert (facts.decisions, facts.escalations) == ((), ())
    assert facts.answers == (DecidedLine(reference="E1", outcome="agreed", title="Should beds wait?"),)
    assert [(line.reference, line.title, str(line.due_on)) for line in facts.actions] == [
        ("A1", "Tell schools", "2021-04-01")
    ]
    assert isinstance(facts.actions[0], AgreedLine)


def test_group_is_mailed_what_it_escalated(world: Engine) -> None:
    _raise(world, meeting="M2")

    act(world, "close_meeting", "M2", now=HELD)

    assert [(address, facts.escalations if facts else ()) for address, facts in _held(world, "M2")] == [
        (
            "qap@thscp.example",
            (EscalationRaised(reference="E1", asked_of="Executive Group", title="Should beds wait?"),),
        )
    ]


def test_meeting_at_which_nothing_was_recorded_sends_nothing(world: Engine) -> None:
    act(world, "close_meeting", "M2", key_points="Nothing new", now=HELD)

    assert _held(world, "M2") == []


def test_conflicted_member_hears_nothing_of_the_case_after_the_meeting(world: Engine) -> None:
    make_case(world, "SECRET", known_on="2021-01-11", now="2021-01-12T09:00")
    _raise(world, about="SECRET")
    act(world, "respond_to_escalation", "E1", by=EXEC, on="2021-02-02", answer="agreed", now="2021-02-02T12:00")
    act(world, "add_action", "SECRET", text="Look into it", meeting="M1", now="2021-02-02T13:00")
    act(world, "declare_conflict", "SECRET", person=EXEC, reason="Knows the family", now="2021-02-02T14:00")

    act(world, "close_meeting", "M1", now=HELD)

    assert _recorded(world, "M1", by=EXEC) == {}
    assert _recorded(world, "M1") == {"answers": ["E1"], "actions": ["A1"]}
    assert _held(world, "M1") == [(EXEC, None)]


@pytest.mark.parametrize(
    ("meeting", "error", "sentence"),
    [
        ("M9", NotFound, "There is no meeting 'M9'."),
        ("M3", Refused, "M3 is cancelled: nothing was agreed there."),
    ],
)
def test_action_is_not_added_for_a_meeting_that_was_not_held(
    world: Engine, meeting: str, error: type[Exception], sentence: str
) -> None:
    act(world, "cancel_meeting", "M3", reason="Nobody can come", now=BEFORE)

    with pytest.raises(error) as refused:
        act(world, "add_action", text="Write to schools", meeting=meeting, now=HELD)

    assert str(refused.value) == sentence
