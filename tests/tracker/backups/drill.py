"""What tests of backups share: a moment, a backup, a restore, and what has to be the same after them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from tests.tracker.everything import contents
from tracker.backups.progress import untold
from tracker.backups.restoring import restore_backup
from tracker.backups.writing import write_backup

MADE_AT = datetime(2021, 6, 3, 12, tzinfo=UTC)
LATER = datetime(2021, 6, 4, 15, tzinfo=UTC)
# What a restore changes: nobody is signed in, no link works, the post is held, what may have gone is in doubt.
CHANGED = ("sign_in", "link", "personal_token", "ticket", "lease", "post_hold", "message")


def backup(engine: Engine, path: Path) -> Path:
    """Write a backup."""
    write_backup(engine, path, now=MADE_AT, progress=untold)
    return path


def restore(engine: Engine, path: Path) -> None:
    """Restore a backup."""
    restore_backup(engine, path, now=LATER, progress=untold)


def unchanged(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Give every row that a restore leaves as it was."""
    return {name: rows for name, rows in contents(engine).items() if name not in CHANGED}
