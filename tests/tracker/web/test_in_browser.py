"""Every page in a real browser: accessible, narrow enough for a phone, quiet, and asking nobody else for anything."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import LATER, make_walk, person
from tests.tracker.web.addresses import pages
from tests.tracker.web.visitor import SECRET, served
from tracker.database import unit_of_work
from tracker.people import sessions
from tracker.people.queries import person_by_email
from tracker.policy import doors
from tracker.settings import Installation
from tracker.web.app import build_inner_app

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
ROLES = ("coordinator", "executive", "agency_lead", "scrutineer", "admin")
SMALLEST, PHONE, SCREEN = 320, 375, 1280


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
            with unit_of_work(engine) as session:
                held = person_by_email(session, person(role))
                token = sessions.begin(session, held.id, LATER, is_whole=True)
            window = chromium.new_context(viewport={"width": SCREEN, "height": 900})
            closing.callback(window.close)
            window.add_cookies([{"name": "session", "value": token, "url": base}])
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
    said: list[str] = []
    asked: list[str] = []
    window.on("console", lambda message: said.append(message.text))
    window.on("pageerror", lambda error: said.append(str(error)))
    window.on("request", lambda request: asked.append(request.url))

    answer = window.goto(windows.base + address)

    assert answer is not None
    found = {}
    for width in (SCREEN, PHONE):
        window.set_viewport_size({"width": width, "height": 900})
        window.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        result = Axe().run(window, options=RULES)
        found |= {
            f"{width} {one['id']}": [node["html"][:200] for node in one["nodes"]]
            for one in result.response["violations"]
        }
    window.set_viewport_size({"width": SMALLEST, "height": 900})
    too_wide = window.evaluate("document.documentElement.scrollWidth")
    expected = [] if answer.status < 400 else [text for text in said if "status of 4" in text]
    assert (answer.status < 500, found, too_wide, said) == (True, {}, SMALLEST, expected)
    assert [url for url in asked if not url.startswith(windows.base)] == []
    assert window.evaluate("document.querySelectorAll('[style]').length") == 0
