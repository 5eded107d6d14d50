"""Windows of a real browser: somebody's, signed in; and what is wrong with the page that stands in one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, Request
from sqlalchemy import Engine

from tests.browser import new_window
from tests.make import NOON
from tracker.database import unit_of_work
from tracker.people import sessions
from tracker.people.queries import person_by_email

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Of what is right nothing is told: on a long page that takes longer than the looking.
    "resultTypes": ["violations"],
}
# The smallest is also what a screen shows at 400%.
SMALLEST, PHONE, SCREEN = 320, 375, 1280
OPEN_EVERYTHING = """() => {
    for (const one of document.querySelectorAll('details')) one.open = true
    const menu = document.querySelector('.govuk-service-navigation__toggle[aria-expanded="false"]')
    if (menu && menu.checkVisibility()) menu.click()
}"""


@contextmanager
def window_of(
    chromium: Browser, engine: Engine, base: str, email: str | None, now: datetime = NOON, **given: Any
) -> Iterator[Page]:
    """Give an empty window of somebody who is signed in, or of somebody who is not."""
    with new_window(chromium, **{"viewport": {"width": SCREEN, "height": 900}, **given}) as context:
        if email is not None:
            sign_in(context, engine, base, email, now)
        yield context.new_page()


def sign_in(context: BrowserContext, engine: Engine, base: str, email: str, now: datetime) -> None:
    """Sign somebody in to all windows of a context, with both factors."""
    with unit_of_work(engine) as session:
        token = sessions.begin(session, person_by_email(session, email).id, now, is_whole=True)
    context.add_cookies([{"name": "session", "value": token, "url": base}])


def brings_axe(context: BrowserContext) -> None:
    """Let every page of a context come with what finds fault with it: bringing it to each afterwards takes longer."""
    context.add_init_script(AXE_SCRIPT)


def wrong_with(window: Page, widths: Sequence[int] = (SCREEN, PHONE)) -> dict[str, list[str]]:
    """Give what is wrong with the page in a window: accessibility, width, styles of its own; everything is opened."""
    # A click is over when the next page has begun.
    window.wait_for_load_state()
    found = {}
    if not window.evaluate("'axe' in window"):
        window.evaluate(AXE_SCRIPT)
    for width in widths:
        window.set_viewport_size({"width": width, "height": 900})
        window.evaluate(OPEN_EVERYTHING)
        found |= {f"{width} {rule}": nodes for rule, nodes in window.evaluate(BREAKING, RULES).items()}
    window.set_viewport_size({"width": SMALLEST, "height": 900})
    window.evaluate(OPEN_EVERYTHING)
    wide = window.evaluate("document.documentElement.scrollWidth")
    if wide > SMALLEST:
        found["too wide"] = [str(wide), *window.evaluate(TOO_WIDE, SMALLEST)]
    if window.evaluate("document.querySelectorAll('[style]').length"):
        found["style"] = ["[style]"]
    return found


# What is right is not handed over: that takes as long as the looking.
BREAKING = """rules => axe.run(rules).then(found => Object.fromEntries(found.violations.map(
    one => [one.id, one.nodes.map(node => node.html.slice(0, 200))])))"""
TOO_WIDE = """width => [...document.querySelectorAll('body *')]
    .filter(one => one.getBoundingClientRect().right > width + 1).slice(0, 5).map(one => one.outerHTML.slice(0, 120))"""


class Watched:
    """What a browser says on its console, and whom it asks beside the service, while a test looks at a page."""

    def __init__(self, window: Page) -> None:
        self._window = window
        self._said: list[str] = []
        self._asked: list[str] = []

    def __enter__(self) -> "Watched":
        self._window.on("console", self._hears)
        self._window.on("pageerror", self._hears)
        self._window.on("request", self._sees)
        return self

    def __exit__(self, *_: object) -> None:
        self._window.remove_listener("console", self._hears)
        self._window.remove_listener("pageerror", self._hears)
        self._window.remove_listener("request", self._sees)

    def _hears(self, said: Any) -> None:
        self._said.append(getattr(said, "text", str(said)))

    def _sees(self, request: Request) -> None:
        self._asked.append(request.url)

    def said(self, status: int) -> list[str]:
        """Give what the browser said, but for its line about the status that a page was answered with."""
        return [words for words in self._said if status < 400 or f"a status of {status}" not in words]

    @property
    def asked(self) -> list[str]:
        """Give the addresses outside the service that were asked for."""
        return [url for url in self._asked if not url.startswith(("http://127.0.0.1:", "data:"))]
