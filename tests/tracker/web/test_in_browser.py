"""Every page in a real browser: accessible, narrow enough for a phone, quiet, and asking nobody else for anything."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import new_window
from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import LATER, make_walk, person
from tests.tracker.web.addresses import pages, step_forms
from tests.tracker.web.visitor import SECRET, served
from tests.tracker.web.windows import SCREEN, Watched, brings_axe, sign_in, wrong_with
from tracker.policy import doors
from tracker.settings import Installation
from tracker.web.app import build_inner_app

# Each page is opened by the first of them who may.
ROLES = ("coordinator", "executive")
# The escalation of the walk stands with the highest body: nobody passes it up.
REFUSED = {"/escalations/E1/pass-up"}


@dataclass
class Windows:
    """A running service, and a window of the browser for each role, in which one page after the other is opened."""

    base: str
    by_role: dict[str, Page]


@dataclass
class Opened:
    """A page that stands in a window, with what it was answered with, and what the browser said and asked for."""

    address: str
    page: Page
    status: int
    watched: Watched


@pytest.fixture(scope="module")
def windows(chromium: Browser, sqlite_worlds: SqliteWorlds) -> Iterator[Windows]:
    """Serve the partnership on which every deed can be tried, and sign one person of each role in."""
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_walk, closing)
        base = closing.enter_context(served(engine, LATER))
        by_role = {}
        for role in ROLES:
            window = closing.enter_context(new_window(chromium))
            brings_axe(window)
            sign_in(window, engine, base, person(role), LATER)
            by_role[role] = window.new_page()
        yield Windows(base, by_role)


def every_page() -> list[str]:
    """Give the address of every page, and of the form of each step; a file that is handed out is no page."""
    app = build_inner_app(Installation("sqlite://", "folder:mail", "http://127.0.0.1", LATER, SECRET), None, SECRET)
    listed = {
        address
        for address, _ in pages(doors(app))
        if not address.endswith((".csv", ".svg", ".xlsx", ".no-such-ending", ".ics", ".pdf", ".docx"))
    }
    return sorted({address for address in listed if "/evidence/" not in address}.union(step_forms()))


@pytest.fixture(params=every_page())
def opened(windows: Windows, request: pytest.FixtureRequest) -> Iterator[Opened]:
    """Give a window in which a page stands, opened by the first who may."""
    with ExitStack() as closing:
        for role in ROLES:
            page = windows.by_role[role]
            page.set_viewport_size({"width": SCREEN, "height": 900})
            watched = closing.enter_context(Watched(page))
            answer = page.goto(windows.base + request.param)
            assert answer is not None
            if answer.status != 403:
                break
        yield Opened(request.param, page, answer.status, watched)


def test_page_is_accessible_narrow_quiet_and_asks_nobody_else(opened: Opened) -> None:
    assert (opened.status, wrong_with(opened.page)) == (403 if opened.address in REFUSED else 200, {})
    assert (opened.watched.said(opened.status), opened.watched.asked) == ([], [])
