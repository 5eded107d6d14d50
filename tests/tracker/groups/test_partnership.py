"""A partnership as it is shown to everybody who has a part in it."""

import pytest
from sqlalchemy import Engine

from tests.make import make_world, shown
from tracker.errors import NotFound


def test_partnership_shows_processes_groups_agencies_and_methods(engine: Engine) -> None:
    make_world(engine)

    shows = shown(engine, "thscp", kind="partnership", by="owner@thscp.example")

    executive = next(group for group in shows["groups"] if group["code"] == "exec")
    assert [definition["name"] for definition in shows["definitions"]] == ["thscp/2020-21", "thscp/2022-23"]
    assert (shows["deciding_group"], shows["settings"]["digest.at"], len(shows["methods"])) == ("exec", "08:00", 11)
    assert executive == {
        "code": "exec",
        "name": "Executive Group",
        "kind": "group",
        "rhythm": None,
        "escalates_to": None,
        "members": ["Evan Reed"],
        "shown": [],
        "sponsor": None,
        "chair": None,
        "ended_on": None,
    }
    assert [agency["name"] for agency in shows["agencies"] if agency["is_safeguarding_partner"]] == [
        "London Borough of Tower Hamlets",
        "North East London NHS",
        "Metropolitan Police Service",
    ]


def test_partnership_is_not_shown_to_others(engine: Engine) -> None:
    make_world(engine)
    make_world(engine, "chscp")

    with pytest.raises(NotFound) as refused:
        shown(engine, "thscp", kind="partnership", by="coordinator@chscp.example")

    assert str(refused.value) == "There is no partnership 'thscp' that you can open. Ask the business unit."
