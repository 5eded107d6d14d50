"""What journeys through the browser may ask for: the service of a partnership, and windows of its people."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.journeys.service import Service
from tests.journeys.window import Windows
from tests.make import make_world


@pytest.fixture
def partnership() -> str:
    """Name the partnership whose service runs; a journey through another one names that."""
    return "thscp"


@pytest.fixture
def service(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partnership: str) -> Iterator[Service]:
    """Give a running service with the team of a partnership: the test runs once on each kind of database."""
    make_world(engine, partnership)
    with Service(engine, tmp_path / "mail", monkeypatch, partnership).running() as running:
        yield running


@pytest.fixture
def windows(service: Service, chromium: Browser) -> Iterator[Windows]:
    """Give the windows of its people."""
    with ExitStack() as closing:
        yield Windows(service, chromium, closing)
