"""Figures of escalations by quarter: raised, answered, how soon, what waits; without what a conflict bars."""

import pytest
from sqlalchemy import Engine

from tests.make import act, make_case, make_world, shown

EXEC = "exec@thscp.example"
KEYS = ("quarter", "raised", "answered", "withdrawn", "median_days", "waiting")


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    make_case(engine, "SECRET", known_on="2021-01-11", now="2021-01-12T09:00")
    asked = {"group": "qap", "title": "Should beds wait?", "ask": "Fund two beds"}
    for on, about in (("2021-02-01", []), ("2021-02-11", []), ("2021-03-31", ["SECRET"]), ("2021-05-03", [])):
        act(engine, "raise_escalation", now=f"{on}T09:00", about=about, **asked)
    for reference, on in (("E1", "2021-03-31"), ("E2", "2021-04-01")):
        act(engine, "respond_to_escalation", reference, by=EXEC, on=on, answer="agreed", now=f"{on}T12:00")
    act(engine, "withdraw_escalation", "E4", reason="Settled", now="2021-05-10T09:00")
    return engine


def _quarters(world: Engine, by: str | None = None) -> list[tuple[object, ...]]:
    found = shown(world, "thscp", kind="partnership", by=by, now="2021-06-01T09:00")["escalations"]
    return [tuple(one[key] for key in KEYS) for one in found]


def test_quarters_count_what_was_raised_and_answered_and_what_waited_at_their_ends(world: Engine) -> None:
    assert _quarters(world) == [
        ("January to March 2021", 3, 1, 0, 58, 2),
        ("April to June 2021", 1, 1, 1, 49, 1),
    ]


def test_quarters_count_nothing_that_a_conflict_bars(world: Engine) -> None:
    act(world, "declare_conflict", "SECRET", person=EXEC, reason="Kin", now="2021-06-01T09:00")

    assert _quarters(world, by=EXEC) == [
        ("January to March 2021", 2, 1, 0, 58, 1),
        ("April to June 2021", 1, 1, 1, 49, 0),
    ]
