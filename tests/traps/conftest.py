"""What the traps share: a team of Tower Hamlets whose emails lie in a folder."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.make import make_world
from tests.tracker.reminders.post import Post, setting


@pytest.fixture
def post(engine: Engine, tmp_path: Path) -> Post:
    """Give the service on each kind of database; nobody is told of a new action, which is a story of its own."""
    make_world(engine)
    setting(engine, "reminders.tell_new_owner", False)
    return Post(engine, tmp_path / "mail")
