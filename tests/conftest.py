"""What every test may ask for: an engine on each database, and a unit of work on it."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import hypothesis
import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine
from sqlmodel import Session

from tests import browser, postgres
from tests.machine import everything_required
from tests.spreading import put_longest_first
from tracker import database, upgrading

# The person at the keyboard may have an installation of her own; no test may touch it.
for name in [name for name in os.environ if name.startswith("TRACKER_")]:
    del os.environ[name]
os.environ["TRACKER_ENV"] = "test"

# Where Python is told to keep nothing of what it compiles, each worker and each program of a test compiles it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Thousands of databases are made and thrown away: a disk would be most of the waiting.
os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", postgres.quick_folder())

# Two busy cores are no stop-watch; and a build should not fail on Tuesday for what it passed on Monday.
hypothesis.settings.register_profile("house", deadline=None, derandomize=everything_required())
hypothesis.settings.load_profile("house")

_server = ExitStack()
_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Start one server for all workers; without workers it starts when the first test asks for it."""
    for what, room in (("PostgreSQL", postgres), ("browser", browser)):
        if everything_required() and not room.available():
            raise pytest.UsageError(f"There is no {what} for the tests, and REQUIRE=all allows no leaving out.")
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput") and postgres.available():
        os.environ[postgres.URL_VARIABLE] = _server.enter_context(postgres.running_server())


def pytest_unconfigure() -> None:
    """End the server that was started for all workers."""
    _server.close()


def pytest_report_header() -> list[str]:
    """Say in a line each what is left out, and why."""
    rooms = (("on PostgreSQL", postgres), ("in a browser", browser))
    return [
        f"left out: every test {where}, because there is none on this machine"
        for where, room in rooms
        if not room.available()
    ]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a PostgreSQL or a browser where there is none, and begin with what takes longest."""
    no_server, no_browser = not postgres.available(), not browser.available()
    left_out = [
        item for item in items if (no_server and _needs_postgresql(item)) or (no_browser and _needs_browser(item))
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    put_longest_first(items)


def _needs_browser(item: pytest.Item) -> bool:
    return "chromium" in getattr(item, "fixturenames", ())


def _needs_postgresql(item: pytest.Item) -> bool:
    called = getattr(item, "callspec", None)
    by_parameter = called is not None and "postgresql" in called.params.values()
    return by_parameter or "postgresql_engine" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a database file with every table and no row, to copy."""
    path = tmp_path_factory.mktemp("template") / "migrated.db"
    engine = database.engine_for(f"sqlite:///{path}")
    upgrading.upgrade(engine)
    # Without this the tables might still lie in the write-ahead log beside the file.
    with engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give a real browser without a window."""
    with browser.running() as started:
        yield started


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Give the address of a running server on which databases may be made."""
    with postgres.running_server() as address:
        yield address


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """Give the name of a database with every table and no row, to copy."""
    name = f"migrated_{os.getpid()}"
    postgres.administer(postgresql_server, f"CREATE DATABASE {name}")
    engine = database.engine_for(postgres.address(postgresql_server, name))
    upgrading.upgrade(engine)
    engine.dispose()
    return name


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give an engine on a fresh SQLite file, in a folder of its own."""
    path = tmp_path_factory.mktemp("database") / "tracker.db"
    shutil.copyfile(sqlite_template, path)
    engine = database.engine_for(f"sqlite:///{path}")
    yield engine
    engine.dispose()
    shutil.rmtree(path.parent)


@pytest.fixture
def postgresql_engine(postgresql_server: str, postgresql_template: str) -> Iterator[Engine]:
    """Give an engine on a fresh PostgreSQL database."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    postgres.copy(postgresql_server, postgresql_template, name)
    engine = database.engine_for(postgres.address(postgresql_server, name))
    yield engine
    engine.dispose()
    postgres.administer(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """Give an engine on a fresh database with every table: the test runs once on each kind."""
    return request.getfixturevalue(f"{request.param}_engine")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Give an engine on a database without any table: the test runs once on each kind."""
    if request.param == "sqlite":
        engine = database.engine_for(f"sqlite:///{tmp_path_factory.mktemp('database') / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgresql_server")
    name = f"empty_{os.getpid()}_{next(_numbers)}"
    postgres.administer(server, f"CREATE DATABASE {name}")
    engine = database.engine_for(postgres.address(server, name))
    yield engine
    engine.dispose()
    postgres.administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(engine: Engine) -> str:
    """Give the address of the test's database, for a command that opens it itself."""
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Give one unit of work on a fresh database; it is committed when the test is over."""
    with database.unit_of_work(engine) as opened:
        yield opened
