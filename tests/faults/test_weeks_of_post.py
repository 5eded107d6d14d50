"""Seventy-two hours of a mail server that fails every third time, over and over: the figures of what became of them."""

import logging
import multiprocessing
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.faults.size import scaled
from tests.tracker.reminders.weeks import Figures, forgetful, live_through, make_owners
from tracker.database import engine_for
from tracker.upgrading import upgrade

SECONDS = 12 * 3600
# Each with a share of the seeds and a database of its own.
PROCESSES = 2


def lived(engine: Engine, owners: int, seeds: Iterable[int]) -> list[Figures]:
    """Live through the days again and again."""
    make_owners(forgetful(engine), owners)
    return [live_through(engine, seed) for seed in seeds]


def lived_in(path: Path, owners: int, seeds: Iterable[int]) -> list[Figures]:
    """Live through the days in a database of one's own."""
    # Each doubt is a warning, and there are many thousands.
    logging.disable(logging.WARNING)
    engine = engine_for(f"sqlite:///{path}")
    upgrade(engine)
    return lived(engine, owners, seeds)


def judge(which: str, owners: int, figures: list[Figures]) -> None:
    """Print the figures, and judge them."""
    print(f"{which}: {owners} owners, {len(figures)} seeds: {summed(figures)}")
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
    owners = scaled(400)

    figures = lived(engine, owners, range(scaled(20)))

    judge(engine.dialect.name, owners, figures)


@pytest.mark.timeout(SECONDS)
def test_five_thousand_owners_and_two_hundred_seeds(tmp_path: Path) -> None:
    owners, seeds = scaled(5000), scaled(200)
    context = multiprocessing.get_context("forkserver")

    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        lives = [
            pool.submit(lived_in, tmp_path / f"{first}.db", owners, range(first, seeds, PROCESSES))
            for first in range(PROCESSES)
        ]
        figures = [one for life in lives for one in life.result()]

    judge("sqlite", owners, figures)
    assert len(figures) == seeds
