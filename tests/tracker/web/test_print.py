"""What is printed: how many sheets, what stands on each of them, and what is left on the screen."""

import io

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.make import act
from tests.tracker.stages import published
from tests.tracker.web.casework import REFERENCE, decided
from tests.tracker.web.visitor import served
from tests.tracker.web.windows import window_of
from tracker.clock import moment_from

COORDINATOR = "coordinator@thscp.example"
UPRIGHT, LYING = (595, 842), (842, 595)
TITLES = (
    "Will each partner accept electronic transfer of records?",
    "Who names a deputy for each panel of a rapid review?",
    "How will multi-agency training be paid for after March?",
    "May one address be used for every invitation to a strategy meeting?",
    "Can interpreters be shared across the partners?",
)
ASK = (
    "Agree from which day records go from one area to the next by machine, who pays for the link between the two "
    "systems, and who tells the practices that still send paper by post."
)


@pytest.fixture
def window(chromium, world, base):
    """Give a window of the coordinator."""
    with window_of(chromium, world, base, COORDINATOR, base_url=base) as opened:
        yield opened


def printed(window: Page, path: str) -> tuple[list[tuple[int, int]], list[str]]:
    """Print a page as the browser does; gives the size of each sheet, and the words on each."""
    answer = window.goto(path)
    assert answer is not None
    assert answer.ok
    sheets = PdfReader(io.BytesIO(window.pdf(prefer_css_page_size=True))).pages
    sizes = [(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in sheets]
    return sizes, [" ".join(sheet.extract_text().split()) for sheet in sheets]


def asked(world):
    for number, title in enumerate(TITLES):
        day = f"2021-05-{10 + number}"
        act(world, "raise_escalation", group="qap", title=title, ask=ASK, now=f"{day}T10:00")


def planned(world, how_many):
    for number in range(how_many):
        facts = {"title": f"Ring school {number:02}", "text": "Share what is known", "due_on": "2021-09-30"}
        act(world, "add_action", partnership="thscp", **facts)


def stands_on_each(sheets):
    """Tell whether each sheet says how it is to be handled, on which day it was printed, and its number."""
    return [
        (
            "Official – sensitive" in words,
            "Printed 1 June 2021" in words.replace("\u00a0", " "),
            f"Page {number} of {len(sheets)}" in words,
        )
        for number, words in enumerate(sheets, start=1)
    ]


def test_tracker_with_five_rows_lies_on_one_sheet(window, world):
    asked(world)

    sizes, sheets = printed(window, "/escalations?show=waiting")

    assert (sizes, stands_on_each(sheets)) == ([LYING], [(True, True, True)])
    assert [sheets[0].count(title) for title in TITLES] == [1] * 5


def test_case_under_review_fills_two_sheets(window, world):
    decided(world)

    sizes, sheets = printed(window, f"/cases/{REFERENCE}")

    assert (sizes, stands_on_each(sheets)) == ([UPRIGHT] * 2, [(True, True, True)] * 2)


def test_clocks_that_are_folded_away_on_the_screen_stand_open_on_paper(chromium, sqlite_engine):
    story = published(sqlite_engine)
    now = moment_from(story.now)

    with (
        served(sqlite_engine, now) as base,
        window_of(chromium, sqlite_engine, base, COORDINATOR, now, base_url=base) as window,
    ):
        _, sheets = printed(window, f"/cases/{story.reference}")
        is_open = window.locator(".app-clocks-over[open]").count()

    words = " ".join(sheets).replace("\u00a0", " ")
    assert is_open == 0
    assert "Clock How it ended Met on Due" in words
    assert "Met on day 0 of 5" in words


def test_long_plan_repeats_its_head_and_breaks_no_row(window, world):
    planned(world, 24)

    sizes, sheets = printed(window, "/actions")

    assert (len(sheets) > 1, set(sizes)) == (True, {LYING})
    assert stands_on_each(sheets) == [(True, True, True)] * len(sheets)
    assert [sheet.count("Action Owner Due") for sheet in sheets] == [1] * len(sheets)
    rows = [[f"Ring school {number:02}" in sheet for sheet in sheets] for number in range(24)]
    assert [row.count(True) for row in rows] == [1] * 24


def test_filtered_plan_says_on_paper_of_what_it_is(window, world):
    planned(world, 1)

    _, (sheet,) = printed(window, "/actions?words=school")

    assert "Only: Words: school" in sheet


@pytest.mark.parametrize("path", ["/actions", "/escalations", "/cases", f"/cases/{REFERENCE}", "/meetings", "/today"])
def test_what_belongs_to_the_screen_is_not_printed(window, world, path):
    decided(world)
    asked(world)
    planned(world, 1)
    act(world, "schedule_meeting", group="exec", on="2021-07-01")
    window.goto(path)

    window.emulate_media(media="print")

    left = "nav, form, button, .govuk-button, .govuk-skip-link, footer, .govuk-breadcrumbs, .app-handling, .app-printed"
    seen = f"[...document.querySelectorAll('{left}')].filter(one => one.checkVisibility()).map(one => one.outerHTML)"
    assert window.evaluate(seen) == []


def test_button_prints_where_the_browser_has_scripts_and_is_not_shown_where_it_has_none(chromium, world, base):
    decided(world)
    found = {}
    for scripts in (True, False):
        with window_of(chromium, world, base, COORDINATOR, java_script_enabled=scripts) as window:
            window.goto(f"{base}/cases/{REFERENCE}")
            found[scripts] = window.locator(".app-print").is_visible()
            if scripts:
                window.evaluate("window.print = () => { document.title = 'Printed' }")
                window.click(".app-print")
                found["title"] = window.title()

    assert found == {True: True, "title": "Printed", False: False}
