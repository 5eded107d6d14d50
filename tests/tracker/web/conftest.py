"""What tests of pages may ask for: a team, its pages served, and somebody who is signed in."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import Engine

from tests import make
from tests.tracker.conftest import SqliteWorlds
from tests.tracker.web.visitor import Visitor, served, signed_in


@pytest.fixture
def world(sqlite_worlds: SqliteWorlds, closing: ExitStack) -> Engine:
    """Give a database with a team of Tower Hamlets."""
    return sqlite_worlds.copy(make.make_world, closing)


@pytest.fixture
def base(world: Engine) -> Iterator[str]:
    """Give the address of its pages."""
    with served(world) as address:
        yield address


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    """Close what a test opened when it ends."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def as_(world: Engine, base: str, closing: ExitStack) -> Callable[[str], Visitor]:
    """Give somebody of the team, signed in, by what she is: `as_("coordinator")`."""
    return lambda who: closing.enter_context(signed_in(world, base, who))


@pytest.fixture
def stranger(base: str, closing: ExitStack) -> Visitor:
    """Give somebody who is not signed in."""
    return closing.enter_context(Visitor(base))
