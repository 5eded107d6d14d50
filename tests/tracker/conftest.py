"""The partnership on which every deed can be tried, made once for each database and copied for each test."""

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests import postgres
from tests.tracker.walking import make_walk
from tracker.database import engine_for

_numbers = count(1)


@pytest.fixture(scope="session")
def sqlite_walk_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file with the partnership of `walking.make_walk`, to copy."""
    path = tmp_path_factory.mktemp("walk") / "walk.db"
    shutil.copyfile(sqlite_template, path)
    engine = engine_for(f"sqlite:///{path}")
    make_walk(engine)
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_walk_template(postgresql_server: str, postgresql_template: str) -> str:
    """Give the name of a database with the partnership of `walking.make_walk`, to copy."""
    name = f"walk_{os.getpid()}"
    postgres.administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    engine = engine_for(postgres.address(postgresql_server, name))
    make_walk(engine)
    engine.dispose()
    return name


@pytest.fixture
def sqlite_walk(sqlite_walk_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """Give an engine on a copy of the partnership, on SQLite."""
    path = tmp_path / "walk.db"
    shutil.copyfile(sqlite_walk_template, path)
    engine = engine_for(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql_walk(postgresql_server: str, postgresql_walk_template: str) -> Iterator[Engine]:
    """Give an engine on a copy of the partnership, on PostgreSQL."""
    name = f"walked_{os.getpid()}_{next(_numbers)}"
    postgres.administer(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_walk_template}")
    engine = engine_for(postgres.address(postgresql_server, name))
    yield engine
    engine.dispose()
    postgres.administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def walk(request: pytest.FixtureRequest) -> Engine:
    """Give an engine on a copy of the partnership: the test runs once on each kind of database."""
    return request.getfixturevalue(f"{request.param}_walk")
