"""Processes killed at a line of the sweep, of a claim, of sending or of marking: nothing is lost or goes twice."""

from pathlib import Path

from sqlalchemy import Engine

from tests.make import make_world
from tests.tracker.reminders.killing import ByFolder, Tally, Way, five_actions, kill_at, lines_of, points_in

POINTS = 50


def tally_of(engine: Engine, url: str, way: Way, most: int) -> Tally:
    """Kill at so many lines, and say what became of it."""
    make_world(engine)
    five_actions(engine)
    lines, tally = lines_of(url, way), Tally()
    for number in points_in(lines, most):
        kill_at(engine, url, way, number, tally, lines[number - 1])
    return tally


def test_process_killed_at_any_line_leaves_each_email_once(engine, database_url, tmp_path: Path):
    tally = tally_of(engine, database_url, ByFolder(tmp_path / "mail"), POINTS)

    assert (tally.points, tally.lost, tally.doubled, tally.doubts, tally.wrong) == (POINTS, 0, 0, 0, [])
    assert tally.killed >= POINTS - 2
