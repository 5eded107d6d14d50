"""The file of a backup: whole and its owner's alone, or not there at all."""

import multiprocessing
import os
import signal
import stat
import time
from contextlib import contextmanager

import pytest

from tests.make import make_world
from tests.tracker.backups.drill import LATER, backup, restore, unchanged
from tests.tracker.everything import contents
from tracker.backups.restoring import restore_backup
from tracker.backups.writing import write_backup
from tracker.database import engine_for
from tracker.errors import Refused
from tracker.upgrading import upgrade

CONTEXT = multiprocessing.get_context("forkserver")


def test_only_its_owner_may_read_a_backup(sqlite_engine, tmp_path):
    backup(sqlite_engine, tmp_path / "all.backup")

    assert stat.S_IMODE((tmp_path / "all.backup").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["all.backup"]


def test_file_that_is_there_is_not_written_over(sqlite_engine, tmp_path):
    (tmp_path / "all.backup").write_text("precious")

    with pytest.raises(Refused) as refused:
        backup(sqlite_engine, tmp_path / "all.backup")

    assert str(refused.value).endswith("Choose a name that is not taken.")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("all.backup", "precious")]


def test_backup_that_cannot_be_written_says_why_and_leaves_nothing(sqlite_engine, tmp_path):
    with pytest.raises(Refused) as refused:
        backup(sqlite_engine, tmp_path / "missing" / "all.backup")

    assert "No such file or directory. Nothing was left there" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def _back_up_and_stay(url, path, begun):
    @contextmanager
    def stay(_rows):
        begun.set()
        time.sleep(60)
        yield print

    write_backup(engine_for(url), path, now=LATER, progress=stay)


def _restore_and_stay(url, path, begun):
    read = 0

    @contextmanager
    def stay(rows):
        def done(more):
            # They are read once to check them; in the middle of the second time they are written.
            nonlocal read
            read += more
            if read > 1.5 * rows:
                begun.set()
                time.sleep(60)

        yield done

    restore_backup(engine_for(url), path, now=LATER, progress=stay)


def killed(work, *arguments):
    """Let a process work until it says that it is in the middle, and kill it."""
    begun = CONTEXT.Event()
    process = CONTEXT.Process(target=work, args=(*arguments, begun))
    process.start()
    assert begun.wait(60)
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def test_backup_that_is_killed_leaves_no_file(sqlite_engine, tmp_path):
    killed(_back_up_and_stay, str(sqlite_engine.url), tmp_path / "all.backup")

    assert not (tmp_path / "all.backup").exists()


def test_restore_that_is_killed_leaves_an_empty_store_that_takes_the_backup(engine, database_url, tmp_path):
    with_records = engine_for(f"sqlite:///{tmp_path}/records.db")
    restore_from = tmp_path / "all.backup"
    _made(with_records, restore_from)
    before = contents(engine)

    killed(_restore_and_stay, database_url, restore_from)
    left = contents(engine)
    restore(engine, restore_from)

    assert left == before
    assert unchanged(engine) == unchanged(with_records)
    with_records.dispose()


def _made(engine, path):
    upgrade(engine)
    make_world(engine)
    backup(engine, path)
