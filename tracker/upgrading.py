"""Creates the tables or brings them up to date."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

from tracker.fitting import MIGRATIONS, must_not_be_newer


def alembic_config(engine: Engine | None = None) -> Config:
    """Give Alembic's settings: where the migrations lie, and on which engine to run them."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine) -> None:
    """Create the tables or bring them up to date; safe to repeat. Raises `Refused` when the database is newer."""
    must_not_be_newer(engine)
    command.upgrade(alembic_config(engine), "head")
