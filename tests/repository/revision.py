"""Writes the next migration from what has changed in the models: `make migration WHAT="what it adds"`."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from tracker.database import engine_for
from tracker.fitting import newest_revision
from tracker.upgrading import alembic_config, upgrade


def write_revision(what: str) -> None:
    """Compare the models with a fresh, migrated database, and write down the difference."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'migrated.db'}")
        upgrade(engine)
        number = f"{int(newest_revision()) + 1:04d}"
        command.revision(alembic_config(engine), what, autogenerate=True, rev_id=number)
        engine.dispose()


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit('Say what the migration adds: make migration WHAT="a review date on actions"')
    write_revision(sys.argv[1])
