"""Groups of any depth: made, changed, ended, with those who belong to them; what was open goes on with another."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_world, shown
from tracker.clock import moment_from
from tracker.database import reading
from tracker.errors import FactsWrong, NotAllowed, Refused
from tracker.showing.jobs import list_jobs

NOW = "2021-02-01T09:00"
MEMBER = "owner@thscp.example"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    for code, above in (("wg", "qap"), ("tg", "wg")):
        act(engine, "add_group", "thscp", code=code, name=f"The {code.upper()}", escalates_to=above, now=NOW)
    return engine


def _group(world: Engine, code: str) -> dict[str, Any]:
    groups = shown(world, "thscp", kind="partnership", now=NOW)["groups"]
    return next(group for group in groups if group["code"] == code)


def test_coordinator_adds_a_group_below_another(world: Engine) -> None:
    assert _group(world, "tg") == {
        "code": "tg",
        "name": "The TG",
        "kind": "group",
        "rhythm": None,
        "escalates_to": "wg",
        "members": [],
        "shown": [],
        "sponsor": None,
        "chair": None,
        "ended_on": None,
    }


def test_chair_goes_round_and_the_one_before_stays_a_member(world: Engine) -> None:
    for person, chair in ((MEMBER, True), ("exec@thscp.example", True), (MEMBER, True)):
        act(world, "add_member", "thscp", group="wg", person=person, chair=chair, now=NOW)

    group = _group(world, "wg")
    act(world, "end_member", "thscp", group="wg", person="exec@thscp.example", now=NOW)
    after = _group(world, "wg")

    assert (len(group["members"]), group["chair"]) == (2, group["members"][0])
    assert (after["members"], after["chair"]) == ([group["chair"]], group["chair"])


@pytest.mark.parametrize(
    ("deed", "facts", "sentence"),
    [
        ("add_group", {"code": "wg", "name": "Again"}, "THSCP partnership has a group 'wg' already."),
        (
            "edit_group",
            {"group": "qap", "escalates_to": "tg"},
            "The TG escalates to Quality Assurance and Performance Group already: groups do not escalate in a circle.",
        ),
        (
            "edit_group",
            {"group": "wg", "escalates_to": "wg"},
            "The WG escalates to The WG already: groups do not escalate in a circle.",
        ),
        ("end_member", {"group": "wg", "person": "Nobody"}, "Nobody does not belong to The WG."),
        (
            "end_group",
            {"group": "exec", "reason": "No"},
            "Executive Group decides in THSCP partnership: it cannot end.",
        ),
        (
            "end_group",
            {"group": "wg", "reason": "Done"},
            "The WG has 1 group that must go on: name the group that they pass to.",
        ),
    ],
)
def test_what_would_tear_the_groups_apart_is_refused(
    world: Engine, deed: str, facts: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        act(world, deed, "thscp", now=NOW, **facts)

    assert str(refused.value) == sentence


def test_code_of_a_group_is_plain(world: Engine) -> None:
    with pytest.raises(FactsWrong):
        act(world, "add_group", "thscp", code="a b", name="Two", now=NOW)


def test_owner_of_actions_arranges_no_groups(world: Engine) -> None:
    with pytest.raises(NotAllowed):
        act(world, "add_group", "thscp", by=MEMBER, code="two", name="Two", now=NOW)


def test_group_that_ends_passes_its_escalations_and_the_groups_below_on(world: Engine) -> None:
    act(world, "raise_escalation", group="wg", title="Time", ask="May we?", now=NOW)
    act(world, "raise_escalation", group="tg", title="Room", ask="May we?", now=NOW)
    act(world, "schedule_meeting", group="wg", on="2021-03-01", now=NOW)
    act(world, "add_group", "thscp", code="next", name="The next", escalates_to="qap", now=NOW)

    act(world, "end_group", "thscp", group="wg", reason="Its work is done", passes_to="next", now=NOW)

    first, second = (shown(world, reference, kind="escalation", now=NOW) for reference in ("E1", "E2"))
    assert (first["group"], second["group"], second["level"]) == ("next", "tg", "next")
    assert (_group(world, "tg")["escalates_to"], _group(world, "wg")["ended_on"]) == ("next", "2021-02-01")
    assert shown(world, "M1", kind="meeting", now=NOW)["status"] == "cancelled"


def test_group_whose_day_has_come_is_passed_over_and_what_it_leaves_is_asked_about(world: Engine) -> None:
    later = "2021-03-02T09:00"
    act(world, "add_group", "thscp", code="brief", name="The brief", escalates_to="qap", ends_on="2021-03-01", now=NOW)
    act(world, "edit_group", "thscp", group="tg", escalates_to="brief", now=NOW)
    act(world, "raise_escalation", group="tg", title="Room", ask="May we?", now=NOW)

    act(world, "raise_escalation", group="tg", title="Time", ask="May we?", now=later)
    asked = _asked(world, later)
    act(world, "end_group", "thscp", group="brief", reason="Its day came", passes_to="wg", now=later)

    levels = [shown(world, reference, kind="escalation", now=later)["level"] for reference in ("E1", "E2")]
    assert levels == ["wg", "qap"]
    assert asked == ["Say which group goes on with what The brief leaves: 1 open escalation and 1 group."]
    assert (_asked(world, later), _group(world, "brief")["ended_on"]) == ([], "2021-03-01")


def test_who_is_barred_from_a_case_is_not_told_how_much_is_left_open(world: Engine) -> None:
    make_case(world, "TH-2021-777", now=NOW)
    act(world, "raise_escalation", group="wg", title="Time", ask="May we?", about=["TH-2021-777"], now=NOW)
    act(world, "add_group", "thscp", code="next", name="The next", escalates_to="qap", now=NOW)
    act(world, "edit_group", "thscp", group="wg", escalates_to="next", now=NOW)
    act(world, "declare_conflict", "TH-2021-777", person="coordinator@thscp.example", reason="Kin", now=NOW)

    said = []
    for passes_to in (None, "qap"):
        with pytest.raises(Refused) as refused:
            given = {"passes_to": passes_to} if passes_to else {}
            act(world, "end_group", "thscp", group="wg", reason="Done", now=NOW, **given)
        said.append(str(refused.value))

    assert said == [
        "The WG has open escalations and groups that must go on: name the group that they pass to.",
        "An escalation would wait at the group that raised it. Name another group, or have it answered first.",
    ]


def _asked(world: Engine, now: str) -> list[str]:
    with reading(world) as session:
        jobs = list_jobs(session, {}, None, moment_from(now))
    return [job["sentence"] for job in jobs if job["code"] == "group_ended"]


def test_group_does_not_meet_after_the_day_on_which_it_ends(world: Engine) -> None:
    act(world, "add_group", "thscp", code="brief", name="The brief", ends_on="2021-03-02", now=NOW)
    act(world, "schedule_meeting", group="brief", on="2021-03-01", now=NOW)

    for deed, reference, facts in (
        ("schedule_meeting", None, {"group": "brief", "on": "2021-03-02"}),
        ("move_meeting", "M1", {"on": "2021-03-02"}),
    ):
        with pytest.raises(Refused) as refused:
            act(world, deed, reference, now=NOW, **facts)

        assert str(refused.value) == (
            "The brief ends on 2 March 2021 and does not meet on 2 March 2021. Choose an earlier day."
        )


def test_escalation_does_not_pass_to_the_group_that_raised_it(world: Engine) -> None:
    act(world, "raise_escalation", group="tg", title="Room", ask="May we?", now=NOW)

    with pytest.raises(Refused) as refused:
        act(world, "end_group", "thscp", group="wg", reason="Done", passes_to="tg", now=NOW)

    assert str(refused.value) == (
        "E1 would wait at the group that raised it. Name another group, or have it answered first."
    )


def test_group_that_ended_escalates_nothing(world: Engine) -> None:
    act(world, "end_group", "thscp", group="tg", reason="Done", now=NOW)

    with pytest.raises(Refused) as refused:
        act(world, "raise_escalation", group="tg", title="Room", ask="May we?", now=NOW)

    assert str(refused.value) == "The TG ended on 1 February 2021."


def test_open_actions_of_a_group_that_ends_belong_to_the_plan_of_another(world: Engine) -> None:
    act(world, "add_action", "thscp", text="Share the records", group="qap")

    with pytest.raises(Refused) as refused:
        act(world, "end_group", "thscp", group="qap", reason="Its work is done")
    act(world, "end_group", "thscp", group="qap", reason="Its work is done", passes_to="exec")

    assert "1 open action" in str(refused.value)
    assert shown(world, "A1", kind="action")["group"] == "Executive Group"
