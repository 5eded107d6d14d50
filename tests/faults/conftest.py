"""What the trials of an operator begin with: the wheel installed, a PostgreSQL of their own, an empty folder."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import postgres
from tests.faults.operators import SECRET, Place
from tests.wheels import built, installed_from


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it in an empty environment; gives the folder of the commands."""
    wheel = built(tmp_path_factory.mktemp("wheel"))
    return installed_from(wheel, tmp_path_factory.mktemp("elsewhere") / "environment")


@pytest.fixture
def closing() -> Iterator[ExitStack]:
    with ExitStack() as closing:
        yield closing


@pytest.fixture
def server(closing: ExitStack) -> postgres.OwnServer:
    """Give a PostgreSQL that can be stopped."""
    return postgres.OwnServer(closing)


@pytest.fixture
def place(commands: Path, server: postgres.OwnServer, closing: ExitStack, tmp_path: Path) -> Place:
    """Give an empty folder with settings, whose database is empty and whose post goes nowhere yet."""
    settings = {
        "TRACKER_DATABASE_URL": server.address,
        "TRACKER_SECRET": SECRET,
        "TRACKER_MAIL": "smtp://127.0.0.1:1?starttls=off",
        "TRACKER_MAIL_FROM": "post@thscp.example",
    }
    return Place(commands, tmp_path, settings, closing)
