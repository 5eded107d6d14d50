"""Seventy-two hours of a mail server that fails every third time, over and over: the figures of what became of them."""

from collections import Counter
from dataclasses import astuple

import pytest
from sqlalchemy import Engine

from tests.faults.size import scaled
from tests.tracker.reminders.weeks import Figures, forgetful, live_through, make_owners

SECONDS = 12 * 3600


def lived(engine: Engine, owners: int, seeds: int) -> None:
    """Live through the days again and again, print the figures, and judge them."""
    make_owners(forgetful(engine), owners)

    figures = [live_through(engine, seed) for seed in range(seeds)]

    print(f"{engine.dialect.name}: {owners} owners, {seeds} seeds: {summed(figures)}")
    assert [astuple(one) for one in figures if (one.lost, one.doubled, one.second_bundles) != (0, 0, 0)] == []


def summed(figures: list[Figures]) -> str:
    """Say in a line what came of all of them."""
    states = sum((one.states for one in figures), Counter[str]())
    ended = ", ".join(f"{count} {state}" for state, count in states.most_common())
    return (
        f"{sum(one.planned for one in figures)} planned, {sum(one.failures for one in figures)} failures: {ended}; "
        f"{sum(one.lost for one in figures)} lost, {sum(one.doubled for one in figures)} doubled, "
        f"{sum(one.second_bundles for one in figures)} second bundles, "
        f"{sum(one.marked_repeats for one in figures)} marked repeats, "
        f"at most {max(one.most_attempts for one in figures)} tries"
    )


@pytest.mark.timeout(SECONDS)
def test_four_hundred_owners_and_twenty_seeds(engine: Engine) -> None:
    lived(engine, scaled(400), scaled(20))


@pytest.mark.timeout(SECONDS)
def test_five_thousand_owners_and_two_hundred_seeds(sqlite_engine: Engine) -> None:
    lived(sqlite_engine, scaled(5000), scaled(200))
