"""What a browser without scripts is given: everything that is there, open, and forms that work."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from html.parser import HTMLParser

import pytest
from playwright.sync_api import Browser, Page

from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import LATER, make_walk, person
from tests.tracker.web.test_in_browser import every_page
from tests.tracker.web.visitor import SECRET, served, signed_in
from tests.tracker.web.windows import PHONE, window_of
from tracker.database import unit_of_work
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email

DAY = {"on-day": "2", "on-month": "6", "on-year": "2021"}
# For each kind of form: who fills it in, what she types first, what it is that was wrong, and what she types then.
Typed = Mapping[str, str]
FORMS: Mapping[str, tuple[str, Typed, Typed]] = {
    "/cases/AT-REVIEW/steps/hold-case": (
        "coordinator",
        {"reason": "An inquest"},
        {"look_again_on-day": "1", "look_again_on-month": "7", "look_again_on-year": "2021"},
    ),
    "/cases/AT-RAPID/steps/record-panel-response": ("coordinator", {"kind": "agrees"}, DAY),
    "/actions/new": ("coordinator", {"title": "Ring every school"}, {"text": "Tell the schools", "case": "AT-REVIEW"}),
    "/actions/A3/reassign-action": (
        "coordinator",
        {"reason": "She knows the schools"},
        {"owner_email": "control@thscp.example"},
    ),
    "/escalations/new": (
        "coordinator",
        {"title": "May we meet on Mondays?"},
        {"ask": "Agree on a day", "group": "thscp/qap"},
    ),
    "/escalations/E1/respond": ("executive", {"text": "Health pays from July"}, {"answer": "agreed"}),
    "/meetings/new": ("coordinator", {"at": "11:15"}, {**DAY, "on-month": "7", "group": "thscp/exec"}),
    "/admin/people/new": ("coordinator", {"name": "Nia New"}, {"email": "nia.new@care.example", "roles": "owner"}),
    "/A1": ("link", {"text": "Two schools were told"}, {"report": "on_track"}),
}


@pytest.fixture(scope="module")
def windows(chromium: Browser, sqlite_worlds: SqliteWorlds) -> Iterator[dict[str, tuple[Page, str]]]:
    """Give windows without scripts, as wide as a phone: of those who fill in the forms, and of an owner with a link."""
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_walk, closing)
        base = closing.enter_context(served(engine, LATER))
        with unit_of_work(engine) as session:
            owner = person_by_email(session, person("owner"))
            path = LinkMaker("", SECRET).address(session, owner.id, person("owner"), days=14, now=LATER)
        found = {}
        for who in ("coordinator", "executive", "link"):
            given = {"viewport": {"width": PHONE, "height": 900}, "java_script_enabled": False}
            email = None if who == "link" else person(who)
            window = closing.enter_context(window_of(chromium, engine, base, email, LATER, **given))
            found[who] = window, base + path if who == "link" else base
        yield found


def fill(window: Page, typed: Typed) -> None:
    """Fill in fields by their names, whatever they are."""
    for name, value in typed.items():
        fields = window.locator(f"main form [name='{name}']")
        kind = fields.first.evaluate("one => one.type")
        if kind in ("radio", "checkbox"):
            window.locator(f"main form [name='{name}'][value='{value}']").check()
        elif kind == "select-one":
            fields.first.select_option(value)
        else:
            fields.first.fill(value)


def sent(window: Page) -> int:
    """Send the main form of a page; gives the status of what came."""
    with window.expect_navigation() as answer:
        window.locator("main form button[type=submit]").last.click()
    return answer.value.status


@pytest.mark.parametrize("path", FORMS)
def test_form_keeps_what_was_typed_when_something_is_missing_and_is_done_when_nothing_is(windows, path):
    who, first, rest = FORMS[path]
    window, base = windows[who]
    window.goto(base + path)
    fill(window, first)

    refused = sent(window), window.title()[:6], window.inner_text(".govuk-error-summary h2")
    kept = {name: window.locator(f"main form [name='{name}']").first.input_value() for name in first}
    fill(window, rest)
    done = sent(window)

    assert (refused, done) == ((422, "Error:", "There is a problem"), 200)
    assert kept == dict(first)


def test_every_page_shows_all_that_it_holds(sqlite_worlds):
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_walk, closing)
        base = closing.enter_context(served(engine, LATER))
        visitor = closing.enter_context(signed_in(engine, base, "coordinator", now=LATER))
        found = {address: shut_on(visitor.opens(address).text) for address in every_page()}

    assert {address: shut for address, shut in found.items() if shut} == {}


def shut_on(page: str) -> list[str]:
    """Give the tags of a page that nothing but a script would open."""
    reader = _Shut()
    reader.feed(page)
    return reader.found


class _Shut(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._is_in_main = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self._is_in_main |= tag == "main"
        # Buttons that only a script makes work may wait for it, and so may what a password manager reads.
        is_hidden = self._is_in_main and "hidden" in given and tag not in ("button", "input")
        is_filter = tag == "details" and "app-filter" in (given.get("class") or "").split()
        if is_hidden or (is_filter and "open" not in given):
            self.found.append(self.get_starttag_text() or tag)

    def handle_endtag(self, tag: str) -> None:
        self._is_in_main &= tag != "main"


def test_tags_that_only_a_script_would_open_are_found():
    page = (
        "<details class='app-filter'></details><main><p hidden>a</p><button hidden></button><input hidden>"
        "<details class='x app-filter' open></details></main><p hidden>b</p>"
    )

    assert shut_on(page) == ["<details class='app-filter'>", "<p hidden>"]


@pytest.mark.parametrize("path", ["/today", "/cases/AT-REVIEW", "/actions/new", "/admin/people", "/meetings/M1/papers"])
def test_menu_stands_open(windows, path):
    window, base = windows["coordinator"]
    window.goto(base + path)

    assert window.locator(".govuk-service-navigation__list a").first.is_visible()
