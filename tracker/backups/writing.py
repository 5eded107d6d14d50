"""Writes a backup: everything of one moment in one file, while the service goes on."""

import errno
import fcntl
import gzip
import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO

from sqlalchemy import Connection, Engine, text

from tracker.backups.kinds import writer_of
from tracker.backups.manifest import FORMAT, VERSION, End, Manifest, Part
from tracker.backups.progress import Progress
from tracker.backups.reading import Damaged, opened
from tracker.backups.stored import StoredTable, count_rows, revision_of, rows_of, stored_tables
from tracker.database import explained
from tracker.errors import Refused

# Twice as large as the best, in a fifth of the time.
_COMPRESSION = 3
_TOLD_EVERY = 1000


def write_backup(engine: Engine, path: Path, *, now: datetime, progress: Progress) -> Manifest:
    """Write everything that the database holds at this moment into a new file, which only its owner may read.

    The file has its name only when it is whole and can be read again. Raises `Refused`.
    """
    with explained(), _whole_or_not_at_all(path) as file:
        manifest = _write(engine, file, now, progress)
        file.flush()
        _must_be_readable(Path(file.name), path, progress)
    return manifest


def _write(engine: Engine, file: IO[bytes], now: datetime, progress: Progress) -> Manifest:
    with _snapshot(engine) as connection, gzip.GzipFile("", "wb", _COMPRESSION, file, mtime=0) as packed:
        stored = stored_tables(connection)
        manifest = Manifest(
            format=FORMAT,
            version=VERSION,
            revision=revision_of(connection),
            made_at=now,
            program=version("learning-tracker"),
            parts=[Part(table=one.name, columns=dict(one.columns), rows=count_rows(connection, one)) for one in stored],
        )
        packed.write(manifest.model_dump_json().encode() + b"\n")
        with progress(manifest.rows) as done:
            sums = {one.name: _write_rows(connection, one, packed, done) for one in stored}
        packed.write(End(sha256=sums).model_dump_json().encode() + b"\n")
    return manifest


def _must_be_readable(written: Path, path: Path, progress: Progress) -> None:
    """Read what was written as a restore would: whoever needs it may have nothing else any more."""
    try:
        with opened(written) as backup:
            backup.check(progress, reads_values=True)
    except Damaged as damaged:
        raise Refused(
            f"The backup was written, but cannot be read again: {damaged.why}. Nothing was left at {path}. Try again; "
            "if it says the same, copy the database with its own tools, and ask whoever looks after the program.",
            code="backup_damaged",
        ) from damaged


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a connection that sees one state to its end, however long that takes."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        yield connection
        connection.rollback()


def _write_rows(
    connection: Connection, stored: StoredTable, packed: gzip.GzipFile, done: Callable[[int], object]
) -> str:
    """Write a table, a row a line, and give the fingerprint of what was written."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode
    written = [writer_of(kind, connection.dialect.name) for kind in stored.columns.values()]
    turned = [(place, turn) for place, turn in enumerate(written) if turn is not None]
    fingerprint = hashlib.sha256()
    since = 0
    for row in rows_of(connection, stored):
        values = list(row)
        for place, turn in turned:
            if values[place] is not None:
                values[place] = turn(values[place])
        line = encode(values).encode() + b"\n"
        fingerprint.update(line)
        packed.write(line)
        since += 1
        if since == _TOLD_EVERY:
            done(since)
            since = 0
    done(since)
    return fingerprint.hexdigest()


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[IO[bytes]]:
    """Open a file under another name, which gets its own when it is written whole; otherwise nothing is left."""
    if not path.name:
        raise Refused("Name the file into which the backup is written, like backup.tracker.", code="cannot_be_written")
    beside = path.with_name(f".{path.name[:150]}.{secrets.token_hex(4)}.part")
    try:
        _must_be_free(path)
        _remove_what_the_killed_left(path)
        with open(beside, "xb", opener=_for_its_owner) as file:
            _lock(file)
            yield file
            file.flush()
            os.fsync(file.fileno())
            _give_name(beside, path)
    except OSError as fault:
        raise Refused(
            f"The backup cannot be written to {path}: {fault.strerror or fault}. Nothing was left there: choose a "
            "folder with room in which this account may write.",
            code="cannot_be_written",
        ) from fault
    finally:
        beside.unlink(missing_ok=True)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _remove_what_the_killed_left(path: Path) -> None:
    """Remove the files of backups to the same place that were killed: whoever still writes one holds its lock."""
    unfinished = re.compile(rf"\.{re.escape(path.name[:150])}\.[0-9a-f]{{8}}\.part")
    for beside in path.parent.iterdir():
        if unfinished.fullmatch(beside.name):
            # Of somebody else, or gone meanwhile.
            with suppress(PermissionError, FileNotFoundError), beside.open("r+b") as left:
                if _lock(left):
                    beside.unlink()


def _lock(file: IO[bytes]) -> bool:
    """Lock a file as long as its process lives; says whether it could: not everywhere there are locks."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _must_be_free(path: Path) -> None:
    if path.exists() or path.is_symlink():
        raise Refused(f"There is something at {path} already. Choose a name that is not taken.", code="already_there")


def _give_name(beside: Path, path: Path) -> None:
    """Give a file its name, unless somebody else has taken it meanwhile; on the disk as well."""
    try:
        os.link(beside, path)
    except FileExistsError:
        _must_be_free(path)
        raise
    except OSError as fault:
        # Some file systems know no second name for a file.
        if fault.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        _must_be_free(path)
        os.rename(beside, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
