"""Every page in a real browser: accessible, narrow enough for a phone, quiet, and asking nobody else for anything."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import LATER, make_walk, person
from tests.tracker.web.addresses import pages
from tests.tracker.web.visitor import SECRET, served
from tests.tracker.web.windows import Watched, sign_in, wrong_with
from tracker.policy import doors
from tracker.settings import Installation
from tracker.web.app import build_inner_app

ROLES = ("coordinator", "executive", "agency_lead", "scrutineer", "admin")


@dataclass
class Windows:
    """A running service, and a window of the browser for each role."""

    base: str
    by_role: dict[str, BrowserContext]


@pytest.fixture(scope="module")
def windows(chromium: Browser, sqlite_worlds: SqliteWorlds) -> Iterator[Windows]:
    """Serve the partnership on which every deed can be tried, and sign one person of each role in."""
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_walk, closing)
        base = closing.enter_context(served(engine, LATER))
        by_role = {}
        for role in ROLES:
            window = chromium.new_context()
            closing.callback(window.close)
            sign_in(window, engine, base, person(role), LATER)
            by_role[role] = window
        yield Windows(base, by_role)


def every_page() -> list[str]:
    """Give the address of every page."""
    app = build_inner_app(Installation("sqlite://", "folder:mail", "http://127.0.0.1", LATER, SECRET), None, SECRET)
    return sorted({address for address, _ in pages(doors(app)) if not address.endswith((".csv", ".svg"))})


@pytest.fixture
def window(windows: Windows) -> Iterator[Page]:
    """Give an empty window of the coordinator."""
    page = windows.by_role["coordinator"].new_page()
    yield page
    page.close()


@pytest.mark.parametrize("address", every_page())
def test_page_is_accessible_narrow_quiet_and_asks_nobody_else(windows: Windows, window: Page, address: str) -> None:
    with Watched(window) as watched:
        answer = window.goto(windows.base + address)

        assert answer is not None
        assert (answer.status < 500, wrong_with(window)) == (True, {})
        assert (watched.said(answer.status), watched.asked) == ([], [])
