"""Kill -9 at every line that a sweep, a claim, a sending and a mark run, and at random ones: 0 lost, 0 doubled."""

import random
from pathlib import Path

import pytest

from tests.faults.size import scaled
from tests.make import make_world
from tests.tracker.reminders.killing import five_actions, tally_of
from tests.tracker.reminders.ways import way_by

# For each way and database: four times as many in all.
ENUMERATED, BY_LUCK = scaled(520), scaled(260)


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("way", ["smtp", "notify"])
def test_process_killed_at_every_line_leaves_each_email_once_or_in_the_list(engine, database_url, way, tmp_path: Path):
    seed = random.randrange(10**6)
    make_world(engine)
    five_actions(engine)

    with way_by(way, tmp_path) as end:
        tallies = [
            tally_of(engine, database_url, end, ENUMERATED),
            tally_of(engine, database_url, end, BY_LUCK, random.Random(seed)),
        ]

    for kind, tally in zip(("enumerated", "by luck"), tallies, strict=True):
        print(
            f"{engine.dialect.name}, {way}, {kind} (seed {seed}): {tally.points} points, {tally.killed} killed, "
            f"{tally.lost} lost, {tally.doubled} doubled, {tally.doubts} doubts in the list"
        )
    assert [(tally.lost, tally.doubled, tally.wrong) for tally in tallies] == [(0, 0, [])] * 2
