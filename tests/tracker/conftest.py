"""Worlds that many tests share: made once for each kind of database, and copied for each test."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests import postgres
from tests.tracker.walking import make_walk
from tracker.database import engine_for

Make = Callable[[Engine], None]
_numbers = count(1)


class SqliteWorlds:
    """Worlds as files."""

    def __init__(self, tables: Path, folder: Path) -> None:
        self._tables = tables
        self._folder = folder
        self._made: dict[Make, Path] = {}

    def copy(self, make: Make, closing: ExitStack) -> Engine:
        """Give an engine on a copy of a world, which is made the first time."""
        if make not in self._made:
            path = self._folder / f"world_{next(_numbers)}.db"
            shutil.copyfile(self._tables, path)
            engine = engine_for(f"sqlite:///{path}")
            make(engine)
            with engine.connect() as connection:
                connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()
            self._made[make] = path
        copied = self._folder / f"copy_{next(_numbers)}.db"
        shutil.copyfile(self._made[make], copied)
        engine = engine_for(f"sqlite:///{copied}")
        closing.callback(engine.dispose)
        return engine


class PostgresqlWorlds:
    """Worlds as databases on a server."""

    def __init__(self, server: str, tables: str) -> None:
        self._server = server
        self._tables = tables
        self._made: dict[Make, str] = {}

    def copy(self, make: Make, closing: ExitStack) -> Engine:
        """Give an engine on a copy of a world, which is made the first time."""
        if make not in self._made:
            name = self._copied(self._tables)
            engine = engine_for(postgres.address(self._server, name))
            make(engine)
            engine.dispose()
            self._made[make] = name
        name = self._copied(self._made[make])
        engine = engine_for(postgres.address(self._server, name))
        closing.callback(postgres.administer, self._server, f"DROP DATABASE {name} WITH (FORCE)")
        closing.callback(engine.dispose)
        return engine

    def _copied(self, template: str) -> str:
        name = f"world_{os.getpid()}_{next(_numbers)}"
        postgres.copy(self._server, template, name)
        return name


@pytest.fixture(scope="session")
def sqlite_worlds(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> SqliteWorlds:
    """Keep the worlds that were made as files."""
    return SqliteWorlds(sqlite_template, tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="session")
def postgresql_worlds(postgresql_server: str, postgresql_template: str) -> PostgresqlWorlds:
    """Keep the worlds that were made on the server."""
    return PostgresqlWorlds(postgresql_server, postgresql_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def copy_of(request: pytest.FixtureRequest) -> Iterator[Callable[[Make], Engine]]:
    """Give what copies a world: the test runs once on each kind of database."""
    worlds = request.getfixturevalue(f"{request.param}_worlds")
    with ExitStack() as closing:
        yield lambda make: worlds.copy(make, closing)


@pytest.fixture
def walk(copy_of: Callable[[Make], Engine]) -> Engine:
    """Give the partnership on which every deed can be tried."""
    return copy_of(make_walk)
