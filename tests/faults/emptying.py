"""A database that is emptied between two trials."""

from pathlib import Path

from sqlalchemy import Engine


def empty(engine: Engine) -> None:
    """Take every table out of the database of the fixture `empty_engine`."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
            return
    engine.dispose()
    for path in Path(str(engine.url.database)).parent.glob("empty.db*"):
        path.unlink()
