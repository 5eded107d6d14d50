"""Backups and restores killed at random moments (kill -9): the file is whole or not there, the store whole or empty."""

import random
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect

from tests.faults.dying import backup_until_killed, restore_until_killed
from tests.faults.emptying import empty
from tests.faults.size import scaled
from tests.make import NOON
from tests.tracker.backups.drill import backup, unchanged
from tests.tracker.everything import contents
from tests.tracker.walking import make_walk
from tracker.backups.progress import untold
from tracker.backups.reading import opened
from tracker.backups.restoring import restore_backup

KILLS = scaled(100)
SECONDS = 1800


@pytest.fixture
def luck() -> random.Random:
    """Give the moments of death; the seed is printed with a failure, but no machine is as quick twice."""
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    return random.Random(seed)


@pytest.mark.timeout(SECONDS)
def test_backup_killed_leaves_a_whole_file_or_none(engine: Engine, tmp_path: Path, luck: random.Random) -> None:
    make_walk(engine)
    address, path = engine.url.render_as_string(hide_password=False), tmp_path / "backups" / "all.backup"
    path.parent.mkdir()
    before, whole = contents(engine), 0
    for kill in range(KILLS):
        backup_until_killed(address, path, luck)

        # What the one before has left is cleared up.
        assert len([one for one in path.parent.iterdir() if one != path]) <= 1, f"kill {kill}"
        if path.exists():
            whole += 1
            with opened(path) as file:
                file.check(untold, reads_values=True)
            path.unlink()

    backup(engine, path)
    print(f"{engine.dialect.name}: {KILLS} kills, {whole} of them after the end")
    assert [one.name for one in path.parent.iterdir()] == ["all.backup"]
    assert contents(engine) == before


@pytest.mark.timeout(SECONDS)
def test_restore_killed_leaves_an_empty_store_or_a_whole_one(
    sqlite_engine: Engine, empty_engine: Engine, tmp_path: Path, luck: random.Random
) -> None:
    make_walk(sqlite_engine)
    address, path = (
        empty_engine.url.render_as_string(hide_password=False),
        backup(sqlite_engine, tmp_path / "all.backup"),
    )
    restore_backup(empty_engine, path, now=NOON, progress=untold)
    in_peace = contents(empty_engine)
    assert unchanged(empty_engine) == unchanged(sqlite_engine)
    empty(empty_engine)
    whole = 0
    for kill in range(KILLS):
        restore_until_killed(address, path, luck)
        if inspect(empty_engine).get_table_names():
            whole += 1
            assert contents(empty_engine) == in_peace, f"kill {kill}"
            empty(empty_engine)

    restore_backup(empty_engine, path, now=NOON, progress=untold)
    print(f"{empty_engine.dialect.name}: {KILLS} kills, {whole} of them after the end")
    assert contents(empty_engine) == in_peace
