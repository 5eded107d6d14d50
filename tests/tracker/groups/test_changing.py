"""Settings of a partnership: changed with a date, refused with a sentence."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_world, shown
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused

NOW = "2021-06-01T12:00"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    return engine


def test_changed_setting_holds_from_its_moment_with_a_line_in_the_history(world: Engine) -> None:
    act(world, "change-setting", "thscp", key="digest.working_days_before", value=3, now=NOW)

    before = shown(world, "thscp", kind="partnership", now="2021-06-01T11:59")
    after = shown(world, "thscp", kind="partnership", now=NOW)
    assert before["settings"]["digest.working_days_before"] == 5
    assert after["settings"]["digest.working_days_before"] == 3
    assert {key: after["history"][-1][key] for key in ("by", "deed", "what", "old", "new")} == {
        "by": "Casey Morgan",
        "deed": "change_setting",
        "what": "digest.working_days_before is 3 instead of 5, from 1 June 2021",
        "old": 5,
        "new": 3,
    }


def test_clock_that_runs_keeps_its_length(world: Engine) -> None:
    make_case(world, "OLD", notified_on="2021-06-01", now=NOW)
    length = {"amount": 10, "unit": "working_days"}

    act(world, "change_setting", "thscp", key="clock.rapid_review", value=length, by="admin@thscp.example", now=NOW)
    make_case(world, "NEW", notified_on="2021-06-01", now=NOW)

    lengths = {
        reference: next(
            clock["length"] for clock in shown(world, reference)["clocks"] if clock["code"] == "rapid_review"
        )
        for reference in ("OLD", "NEW")
    }
    assert lengths == {"OLD": "15 working days", "NEW": "10 working days"}


_LENGTH = (
    '{key} is written like {{"amount": 15, "unit": "working_days"}}; '
    "units are working_days, days, weeks, months, years."
)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("digest.at", "8am", 'digest.at cannot be "8am". It is an hour of the day, like "08:00".'),
        ("digest.at", "25:00", 'digest.at cannot be "25:00". It is an hour of the day, like "08:00".'),
        (
            "digest.working_days_before",
            -1,
            "digest.working_days_before cannot be -1. It is a whole number of working days, 60 at most.",
        ),
        (
            "digest.working_days_before",
            True,
            "digest.working_days_before cannot be true. It is a whole number of working days, 60 at most.",
        ),
        (
            "reminders.before",
            14,
            "reminders.before cannot be 14. It is a list of days before the due date, like [14, 7].",
        ),
        (
            "reminders.then_every",
            0,
            "reminders.then_every cannot be 0. It is a whole number of days, or null for never.",
        ),
        ("email.titles", "yes", 'email.titles cannot be "yes". It is true or false.'),
        ("prefix", "T H", 'prefix cannot be "T H". It is 1 to 8 letters and digits.'),
        ("clock.rapid_review", 15, _LENGTH.format(key="clock.rapid_review")),
        ("clock.rapid_review", {"amount": 1.5, "unit": "days"}, _LENGTH.format(key="clock.rapid_review")),
        ("clock.rapid_review", {"amount": 15, "unit": "moons"}, _LENGTH.format(key="clock.rapid_review")),
        ("clock.rapid_review", {"amount": -1, "unit": "days"}, _LENGTH.format(key="clock.rapid_review")),
    ],
)
def test_value_that_a_setting_cannot_have_is_refused(world: Engine, key: str, value: Any, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        act(world, "change_setting", "thscp", key=key, value=value, now=NOW)

    assert str(refused.value) == sentence
    assert shown(world, "thscp", kind="partnership", now=NOW)["version"] == 1


def test_prefix_of_another_partnership_is_refused(world: Engine) -> None:
    make_world(world, "chscp")
    act(world, "change_setting", "chscp", key="prefix", value="CITY", by="admin@chscp.example", now=NOW)
    sentences = []

    for prefix in ("CITY", "city"):
        with pytest.raises(Refused) as refused:
            act(world, "change_setting", "thscp", key="prefix", value=prefix, now=NOW)
        sentences.append(str(refused.value))

    assert sentences == [
        "The prefix CITY is that of CHSCP partnership: its cases begin with it. Choose another.",
        "The prefix city is that of CHSCP partnership: its cases begin with it. Choose another.",
    ]
    assert shown(world, "thscp", kind="partnership", now=NOW)["version"] == 1


def test_prefix_that_another_partnership_had_or_that_is_its_own_may_be_chosen(world: Engine) -> None:
    make_world(world, "chscp")
    act(world, "change_setting", "chscp", key="prefix", value="CITY", by="admin@chscp.example", now=NOW)

    for prefix in ("TH", "CH"):
        act(world, "change_setting", "thscp", key="prefix", value=prefix, now=NOW)

    assert shown(world, "thscp", kind="partnership", now=NOW)["settings"]["prefix"] == "CH"


def test_setting_that_there_is_not_is_refused(world: Engine) -> None:
    with pytest.raises(Refused) as unknown:
        act(world, "change_setting", "thscp", key="digest.colour", value=1, now=NOW)
    with pytest.raises(Refused) as no_clock:
        act(world, "change_setting", "thscp", key="clock.tea", value={"amount": 1, "unit": "days"}, now=NOW)

    assert str(unknown.value).startswith("There is no setting 'digest.colour'. Settings are: reminders.before, ")
    assert str(no_clock.value).startswith("There is no clock 'tea'. Clocks are: ")


def test_setting_without_a_value_does_not_fit(world: Engine) -> None:
    with pytest.raises(FactsWrong) as wrong:
        act(world, "change_setting", "thscp", key="digest.at", now=NOW)

    assert str(wrong.value) == "The facts do not fit change-setting: value: it is missing, give it."


def test_settings_are_changed_by_coordinator_and_admin_of_the_partnership_only(world: Engine) -> None:
    make_world(world, "chscp")

    with pytest.raises(NotAllowed) as refused:
        act(world, "change_setting", "thscp", key="link.days", value=7, by="exec@thscp.example", now=NOW)
    with pytest.raises(NotFound) as elsewhere:
        act(world, "change_setting", "thscp", key="link.days", value=7, by="admin@chscp.example", now=NOW)

    assert str(refused.value) == (
        "Evan Reed may not change setting: it is for the admin or coordinator. Ask the coordinator."
    )
    assert str(elsewhere.value) == "There is no partnership 'thscp' that you can open."
