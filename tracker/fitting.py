"""Says whether the tables of a database and the code fit each other."""

from functools import cache
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from tracker.errors import Refused

MIGRATIONS = Path(__file__).parent / "migrations"


@cache
def revisions() -> tuple[str, ...]:
    """Name the migrations that this code knows, the newest last; the name of each file begins with its number."""
    return tuple(sorted(path.name.partition("_")[0] for path in MIGRATIONS.glob("versions/[0-9]*_*.py")))


def newest_revision() -> str:
    """Name the newest migration that this code knows."""
    return revisions()[-1]


def revision_of(engine: Engine) -> str | None:
    """Name the migration that the database stands at; nothing when it has no tables."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def must_fit(engine: Engine) -> None:
    """Refuse to work on a database whose tables are older or newer than this code."""
    revision = revision_of(engine)
    _refuse_newer(revision)
    if revision != newest_revision():
        raise Refused("The database has no tables yet, or old ones. Run `tracker upgrade` first.", code="database_old")


def must_not_be_newer(engine: Engine) -> None:
    """Refuse to work on a database that a newer program has changed."""
    _refuse_newer(revision_of(engine))


def _refuse_newer(revision: str | None) -> None:
    if revision not in (None, *revisions()):
        raise Refused(
            "The database is newer than this program. Install the newer program, or restore an older backup.",
            code="database_newer",
        )
