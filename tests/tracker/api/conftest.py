"""What tests of the JSON interface may ask for: the walked partnership served whole, and programs of its people."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.tracker.api.program import Program, served, token_of
from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import make_walk, person
from tracker.database import engine_for


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    """Close what a test opened when it ends."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def world(sqlite_worlds: SqliteWorlds, closing: ExitStack) -> Engine:
    """Give the partnership on which every deed can be tried."""
    return sqlite_worlds.copy(make_walk, closing)


@pytest.fixture
def base(world: Engine) -> Iterator[str]:
    """Give the address of its service."""
    with served(world) as address:
        yield address


@pytest.fixture
def as_(world: Engine, base: str, closing: ExitStack) -> Callable[[str], Program]:
    """Give the program of somebody of the team, with a token of hers: `as_("coordinator")`."""
    return lambda role: closing.enter_context(Program(base, token_of(world, person(role))))


@pytest.fixture
def stranger(base: str, closing: ExitStack) -> Program:
    """Give the program of somebody who is not signed in."""
    return closing.enter_context(Program(base))


@pytest.fixture
def empty_database(tmp_path: Path, closing: ExitStack) -> Engine:
    """Give a database without any table."""
    engine = engine_for(f"sqlite:///{tmp_path / 'empty.db'}")
    closing.callback(engine.dispose)
    return engine
