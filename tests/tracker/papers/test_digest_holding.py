"""The digest in the hands of the coordinator: held back, let go again, or sent before its time."""

import pytest
from sqlalchemy import Engine

from tests.make import act, make_world, shown
from tests.tracker.papers.sweeping import sweep
from tracker.errors import Refused

# Ten working days before the meeting, five of them its digest's: Thursday 24 December.
EARLY, PLANNED = "2020-12-15T09:00", "2020-12-24T08:00"


@pytest.fixture
def world(engine: Engine) -> Engine:
    make_world(engine)
    act(engine, "schedule_meeting", group="exec", on="2021-01-05", now="2020-12-01T09:00")
    return engine


def _digest(world: Engine, now: str) -> tuple[bool, str | None]:
    digest = shown(world, "M1", kind="digest", now=now)
    return digest["held"], digest["sent_at"]


def test_digest_that_is_held_goes_when_it_is_let_go_and_once(world: Engine) -> None:
    act(world, "hold_digest", "M1", reason="A figure is looked at again", now=EARLY)
    held = [sweep(world, PLANNED), _digest(world, PLANNED)]

    act(world, "release_digest", "M1", now="2020-12-29T09:00")

    assert held == [[], (True, None)]
    assert [sweep(world, f"2020-12-29T09:0{minute}") for minute in (1, 2)] == [["M1"], []]
    assert _digest(world, "2020-12-29T09:02") == (False, "2020-12-29T09:01:00+00:00")


def test_digest_that_is_let_go_before_its_time_goes_as_planned(world: Engine) -> None:
    act(world, "hold_digest", "M1", reason="A figure is looked at again", now=EARLY)

    act(world, "release_digest", "M1", now="2020-12-16T09:00")

    assert [sweep(world, now) for now in ("2020-12-16T09:01", PLANNED)] == [[], ["M1"]]


@pytest.mark.parametrize("is_held", [False, True])
def test_digest_is_sent_now_and_not_again_at_its_time(world: Engine, is_held: bool) -> None:
    if is_held:
        act(world, "hold_digest", "M1", reason="A figure is looked at again", now=EARLY)

    act(world, "send_digest", "M1", now="2020-12-16T09:00")

    assert [sweep(world, now) for now in ("2020-12-16T09:01", PLANNED)] == [["M1"], []]


def test_digest_that_was_sent_now_goes_anew_at_its_time_when_the_meeting_moves(world: Engine) -> None:
    act(world, "send_digest", "M1", now="2020-12-16T09:00")
    sweep(world, "2020-12-16T09:01")

    act(world, "move_meeting", "M1", on="2021-01-19", now="2020-12-17T09:00")

    assert [sweep(world, now) for now in ("2020-12-17T09:01", "2021-01-12T08:00")] == [[], ["M1"]]


def test_digest_that_went_is_neither_held_nor_sent_again(world: Engine) -> None:
    sweep(world, PLANNED)

    said = []
    for deed, facts in (("hold_digest", {"reason": "Late"}), ("release_digest", {}), ("send_digest", {})):
        with pytest.raises(Refused) as refused:
            act(world, deed, "M1", now="2020-12-29T09:00", **facts)
        said.append(str(refused.value))

    assert said == ["The digest for M1 was sent already."] * 3


def test_only_the_body_that_decides_has_a_digest_to_hold(world: Engine) -> None:
    act(world, "schedule_meeting", group="qap", on="2021-01-06", now="2020-12-01T09:00")

    with pytest.raises(Refused) as refused:
        act(world, "hold_digest", "M2", reason="Late", now=EARLY)

    assert str(refused.value) == "A digest goes before the meetings of the body that decides alone."
