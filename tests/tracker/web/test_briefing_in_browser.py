"""The briefing in a real browser: exactly one page on paper, and a preview that follows what is typed."""

import io
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from sqlalchemy import Engine

from tests.browser import new_window
from tests.make import act, make_case, make_world
from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import BRIEFING
from tests.tracker.web.briefing_words import AT_THE_LIMIT
from tests.tracker.web.casework import REFERENCE
from tests.tracker.web.visitor import served, signed_in
from tracker.briefings.boxes import BOXES, TITLE
from tracker.briefings.fitting import fits

AT = f"/cases/{REFERENCE}/briefing"


@pytest.fixture
def opened(chromium: Browser, sqlite_worlds: SqliteWorlds) -> Iterator[tuple[Engine, Page]]:
    """Give a window of the coordinator of a case, on its briefing."""
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_world, closing)
        make_case(engine)
        base = closing.enter_context(served(engine))
        visitor = closing.enter_context(signed_in(engine, base, "coordinator"))
        window = closing.enter_context(new_window(chromium, viewport={"width": 1280, "height": 900}, base_url=base))
        window.add_cookies([{"name": "session", "value": visitor.http.cookies["session"], "url": base}])
        page = window.new_page()
        yield engine, page


def pages(page: Page) -> int:
    """Count the sheets on which a page prints."""
    return len(PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))).pages)


def as_large_as_it_fits(words: str) -> dict[str, str]:
    """Fill the boxes with more and more lines, up to the last that is said to fit."""
    boxes = {box.name: "" for box in BOXES}
    while True:
        for name in boxes:
            more = boxes | {name: f"{boxes[name]}\n{words}".strip()}
            most = next(box.most for box in BOXES if box.name == name)
            if len(more[name]) > most or not fits(more | {TITLE: "W" * 60}):
                return boxes | {TITLE: "W" * 60}
            boxes = more


TEXTS = {
    "short": BRIEFING,
    "plain English at the limit": AT_THE_LIMIT,
    "short points": as_large_as_it_fits("- Ask"),
    "short paragraphs": as_large_as_it_fits("Ask."),
    "wide letters": as_large_as_it_fits("WWW MMM WWW MMM WWW MMM W@W"),
    "long words": as_large_as_it_fits("m" * 60),
}


@pytest.mark.parametrize("name", TEXTS)
def test_briefing_that_is_said_to_fit_prints_on_exactly_one_page(opened, name):
    engine, page = opened
    act(engine, "write_briefing", REFERENCE, **TEXTS[name])

    page.goto(f"{AT}/print?version=draft")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 794, "height": 1123})
    over = page.evaluate(
        "[...document.querySelectorAll('.app-sheet, .app-sheet__boxes, .app-sheet__box')]"
        ".filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)"
        ".map((one) => one.className)"
    )

    assert fits(TEXTS[name])
    assert (pages(page), over) == (1, [])


def test_approved_sheet_prints_on_one_page_without_anything_of_the_service(opened):
    engine, page = opened
    act(engine, "write_briefing", REFERENCE, **AT_THE_LIMIT)
    act(engine, "approve_briefing", REFERENCE)

    page.goto(f"{AT}/print")
    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages

    words = " ".join(sheet.extract_text() for sheet in sheets)
    of_the_service = (REFERENCE, "Learning tracker", "Sign out", "sensitive", "Printed", "Page 1", "Back to")
    assert [name for name in of_the_service if name in words] == []
    assert (len(sheets), "What you can do today" in words) == (1, True)


def test_preview_follows_what_is_typed_and_the_button_prints(opened):
    engine, page = opened
    act(engine, "write_briefing", REFERENCE, **BRIEFING)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(AT)

    page.fill("#what_worked_well", "<b>Look</b>\n- Ask\n- Ring")
    page.fill("#title", "When children move")

    shown = page.locator(".app-preview #shown-what_worked_well")
    assert shown.inner_html() == (
        '<p class="app-sheet__words">&lt;b&gt;Look&lt;/b&gt;</p>'
        '<ul class="app-sheet__points"><li>Ask</li><li>Ring</li></ul>'
    )
    assert page.locator("#shown-title").inner_text() == "When children move"
    assert page.locator("#fits").inner_text() == "save it to see"
    page.goto(f"{AT}/print")
    assert page.locator(".app-print").is_visible()
    assert said == []
