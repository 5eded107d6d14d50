"""What journeys through the browser may ask for: the service of Tower Hamlets, and windows of its people."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from sqlalchemy import Engine

from tests.journeys.service import Service
from tests.journeys.window import Windows
from tests.make import make_world


@pytest.fixture
def service(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Give a running service with a team of Tower Hamlets: the test runs once on each kind of database."""
    make_world(engine)
    with Service(engine, tmp_path / "mail", monkeypatch, "thscp").running() as running:
        yield running


@pytest.fixture
def windows(service: Service, chromium: Browser) -> Windows:
    """Give the windows of its people."""
    return Windows(service, chromium)
