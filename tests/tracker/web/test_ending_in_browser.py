"""The end of a sign-in in a real browser: announced two minutes before, put off, and what is left on the screen."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlmodel import select

from tests.browser import new_window
from tests.make import NOON
from tests.serving import on_a_port
from tests.tracker.web.visitor import SECRET, signed_in
from tests.tracker.web.windows import RULES
from tracker.database import reading
from tracker.people.sign_in_models import SignIn, UnsentForm
from tracker.settings import Installation
from tracker.web.app import build_inner_app
from tracker.web.security import Guard

WARNING = "You will be signed out in 2 minutes."
HEARS_OF_ANOTHER = """() => {
    const heard = done => new BroadcastChannel('still-here').addEventListener('message', done, {once: true})
    window.heard = new Promise(done => heard(() => done(true)))
}"""


class Clock(Installation):
    """An installation whose clock a test moves on."""

    moved = timedelta()

    def now(self) -> datetime:
        """Give the moment the test has come to."""
        return NOON + Clock.moved


@pytest.fixture
def clocked(world: Engine) -> Iterator[str]:
    """Serve the pages with a clock that the test moves."""
    Clock.moved = timedelta()
    app = build_inner_app(Clock(str(world.url), "folder:mail", "http://127.0.0.1", NOON, SECRET), world, SECRET)
    with on_a_port(Guard(app, is_secure=False)) as base:
        yield base


@pytest.fixture
def window(chromium: Browser, world: Engine, clocked: str) -> Iterator[Page]:
    """Give a window of the coordinator whose clock goes with the service's."""
    with ExitStack() as closing:
        visitor = closing.enter_context(signed_in(world, clocked, "coordinator"))
        browser = closing.enter_context(new_window(chromium, base_url=clocked))
        browser.add_cookies([{"name": "session", "value": str(visitor.http.cookies.get("session")), "url": clocked}])
        page = browser.new_page()
        page.clock.install(time=NOON)
        yield page


def wait(page: Page, minutes: float) -> None:
    """Let time go by, for the service and for the page."""
    Clock.moved += timedelta(minutes=minutes)
    page.clock.run_for(int(minutes * 60_000))


def kept(engine: Engine) -> list[str]:
    """Give what is kept of forms."""
    with reading(engine) as session:
        return [row.body for row in session.exec(select(UnsentForm))]


def test_page_warns_two_minutes_before_and_stays_when_asked(window: Page, world: Engine) -> None:
    window.goto("/escalations/new")
    window.fill("#ask", "Half a sentence")
    banner = window.locator(".app-ending")
    wait(window, 27)
    before = banner.is_visible()
    wait(window, 1.5)

    assert (before, banner.is_visible(), WARNING in banner.inner_text()) == (False, True, True)
    assert Axe().run(window, options=RULES).response["violations"] == []
    window.set_viewport_size({"width": 320, "height": 800})
    assert window.evaluate("document.documentElement.scrollWidth") == 320

    with window.expect_response("**/account/still-here.svg*") as answered:
        banner.get_by_role("button", name="Stay signed in").click()
    banner.wait_for(state="hidden")
    wait(window, 20)

    assert (answered.value.status, banner.is_visible(), window.input_value("#ask")) == (200, False, "Half a sentence")
    with reading(world) as session:
        assert [row.seen_at - NOON for row in session.exec(select(SignIn))] == [timedelta(minutes=28.5)]


def test_unattended_page_is_left_and_what_was_typed_waits(window: Page, world: Engine) -> None:
    window.goto("/escalations/new")
    window.fill("#ask", "Half a sentence")
    with window.expect_navigation():
        wait(window, 31)

    assert window.url.endswith("/sign-in?next=/unsent")
    assert "nothing of it has been recorded" in window.inner_text("main")
    assert ["Half a sentence" in body for body in kept(world)] == [True]
    assert window.evaluate("sessionStorage.length + localStorage.length") == 0


def test_unattended_page_without_a_form_goes_back_where_it_was_after_signing_in(window: Page, world: Engine) -> None:
    window.goto("/cases?stage=2")
    with window.expect_navigation():
        wait(window, 31)

    assert (window.url.partition("/sign-in")[2], kept(world)) == ("?next=%2Fcases%3Fstage%3D2", [])


def test_work_in_one_window_keeps_the_others(window: Page) -> None:
    window.goto("/cases")
    wait(window, 25)
    window.evaluate(HEARS_OF_ANOTHER)
    other = window.context.new_page()
    other.clock.install(time=NOON + Clock.moved)
    other.goto("/today")
    assert window.evaluate("window.heard")
    wait(window, 10)

    assert (window.url.endswith("/cases"), window.locator(".app-ending").is_visible()) == (True, False)


def test_end_after_twelve_hours_is_announced_without_a_button(window: Page) -> None:
    for _ in range(36):
        assert window.request.get("/cases").ok
        Clock.moved += timedelta(minutes=19.97)
    window.goto("/cases")
    wait(window, 0.5)
    banner = window.locator(".app-ending")

    assert "A sign-in lasts 12 hours at most." in banner.inner_text()
    assert banner.get_by_role("button").count() == 0
