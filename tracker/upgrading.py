"""Creates the tables or brings them up to date, and says whether the database and the code fit each other."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from tracker.errors import Refused

_MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config(engine: Engine | None = None) -> Config:
    """Give Alembic's settings: where the migrations lie, and on which engine to run them."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["engine"] = engine
    return config


@cache
def newest_revision() -> str:
    """Name the newest migration that this code knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None, "the package ships its migrations"
    return head


def revision_of(engine: Engine) -> str | None:
    """Name the migration that the database stands at; nothing when it has no tables."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Create the tables or bring them up to date; safe to repeat. Raises `Refused` when the database is newer."""
    _refuse_newer(revision_of(engine))
    command.upgrade(alembic_config(engine), "head")


def must_fit(engine: Engine) -> None:
    """Refuse to work on a database whose tables are older or newer than this code."""
    revision = revision_of(engine)
    _refuse_newer(revision)
    if revision != newest_revision():
        raise Refused("The database has no tables yet, or old ones. Run `tracker upgrade` first.", code="database_old")


def _refuse_newer(revision: str | None) -> None:
    if revision is None:
        return
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if revision not in known:
        raise Refused(
            "The database is newer than this program. Install the newer program, or restore an older backup.",
            code="database_newer",
        )
