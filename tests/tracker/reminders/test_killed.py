"""Processes killed at a line of the sweep, of a claim, of sending or of marking: nothing is lost or goes twice."""

from pathlib import Path

import pytest

from tests.make import make_world
from tests.tracker.reminders.killing import five_actions, tally_of
from tests.tracker.reminders.ways import way_by

POINTS = 30


@pytest.mark.parametrize("way", ["smtp", "notify"])
def test_process_killed_at_any_line_leaves_each_email_once_or_in_the_list(engine, database_url, way, tmp_path: Path):
    make_world(engine)
    five_actions(engine)

    with way_by(way, tmp_path) as end:
        tally = tally_of(engine, database_url, end, POINTS)

    assert (tally.points, tally.lost, tally.doubled, tally.wrong) == (POINTS, 0, 0, [])
    # Notify can be asked, a mail server cannot.
    assert tally.doubts == 0 or way == "smtp"
    assert tally.killed >= 0.9 * POINTS
