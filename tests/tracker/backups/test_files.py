"""The file of a backup: whole and its owner's alone, or not there at all."""

import os
import resource
import signal
import stat
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.forking import CONTEXT
from tests.make import make_world
from tests.tracker.backups.drill import LATER, backup, restore, unchanged
from tests.tracker.everything import contents
from tracker.backups.restoring import restore_backup
from tracker.backups.writing import write_backup
from tracker.database import engine_for
from tracker.errors import Refused
from tracker.upgrading import upgrade


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


@contextmanager
def no_file_longer_than(size):
    """Let no file of this process grow beyond a size: to whoever writes one that is a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("room", [0, 20_000, 60_000])
def test_backup_for_which_there_is_no_room_says_why_and_leaves_nothing(sqlite_engine, tmp_path, room):
    make_world(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE agency SET name = hex(randomblob(70000)) WHERE id = 1")

    with (
        sqlite_engine.connect() as connection,
        connection.begin(),
        no_file_longer_than(room),
        pytest.raises(Refused) as refused,
    ):
        backup(sqlite_engine, tmp_path / "all.backup")

    assert "File too large. Nothing was left there: choose a folder with room" in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["", ".", "/"])
def test_backup_into_no_file_is_refused_with_a_sentence(sqlite_engine, path):
    make_world(sqlite_engine)
    with sqlite_engine.connect() as connection, connection.begin(), pytest.raises(Refused) as refused:
        backup(sqlite_engine, Path(path))

    assert str(refused.value) == "Name the file into which the backup is written, like backup.tracker."


def test_backup_that_no_restore_could_read_says_so_and_leaves_nothing(sqlite_engine, tmp_path):
    make_world(sqlite_engine)
    with sqlite_engine.begin() as connection:
        connection.exec_driver_sql("UPDATE person SET absent_from = 'long ago'")

    with pytest.raises(Refused) as refused:
        backup(sqlite_engine, tmp_path / "all.backup")

    assert "cannot be read again: a row of person does not fit its columns." in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_second_backup_to_a_name_leaves_the_file_that_the_first_still_writes(sqlite_engine, tmp_path):
    path = tmp_path / "all.backup"
    seen = []

    @contextmanager
    def backed_up_meanwhile(_rows):
        if not seen:
            seen.append(len(list(tmp_path.iterdir())))
            backup(sqlite_engine, path)
            seen.append(len(list(tmp_path.iterdir())))
        yield lambda more: None

    with pytest.raises(Refused) as refused:
        write_backup(sqlite_engine, path, now=LATER, progress=backed_up_meanwhile)

    assert str(refused.value).endswith("Choose a name that is not taken.")
    assert (seen, [one.name for one in tmp_path.iterdir()]) == ([1, 2], ["all.backup"])


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


def test_backup_that_is_killed_leaves_no_file_and_the_next_one_clears_up(sqlite_engine, tmp_path):
    for name in ("all.backup", "all.backup.old"):
        killed(_back_up_and_stay, str(sqlite_engine.url), tmp_path / name)
    left = sorted(path.name for path in tmp_path.iterdir())

    backup(sqlite_engine, tmp_path / "all.backup")

    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == ["all.backup"]
    assert [name[:-14] for name in left] == [".all.backup", ".all.backup.old"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == left[1:]


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
