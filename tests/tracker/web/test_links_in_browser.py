"""Pages behind signed links in a real browser: accessible, narrow enough for a phone, and quiet."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.make import NOON, act
from tests.tracker.reminders.post import COORDINATOR, OWNER, add
from tests.tracker.web.visitor import SECRET, served
from tests.tracker.web.windows import RULES
from tracker.database import unit_of_work
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email

PAGES = ("", "/A2", "/A3", "/not-me", "/sent?action=A2", "x")


@pytest.fixture
def path(world):
    """Give the link of an owner with two open actions, one of them asked back, and one that is complete."""
    for title in ("Share records", "Ring schools", "Test the policy"):
        add(world, title=title, success_measure="18 of 20 in time")
    act(world, "update_action", "A2", by=OWNER, report="stuck", text="Nobody answers", expected_on="2021-06-20")
    act(world, "query_update", "A2", by=COORDINATOR, reason="Whom did you ask?")
    act(world, "complete_action", "A3", by=COORDINATOR, on="2021-06-01", evidence="Minutes")
    with unit_of_work(world) as session:
        person = person_by_email(session, OWNER)
        return LinkMaker("", SECRET).address(session, person.id, OWNER, days=14, now=NOON)


@pytest.fixture
def window(chromium):
    opened = chromium.new_context().new_page()
    yield opened
    opened.context.close()


def found_by_axe(window):
    return [violation["id"] for violation in Axe().run(window, options=RULES).response["violations"]]


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_every_page_behind_a_link_is_accessible_and_fits(world, base, path, window, width):
    window.set_viewport_size({"width": width, "height": 900})
    found = {}
    for rest in PAGES:
        window.goto(f"{base}{path}{rest}")
        found[rest] = (found_by_axe(window), window.evaluate("document.documentElement.scrollWidth"))

    assert found == {rest: ([], width) for rest in PAGES}


def test_form_with_errors_and_the_expired_link_are_accessible(world, path, window):
    with served(world) as base:
        window.goto(f"{base}{path}")
        with window.expect_navigation():
            window.click("text=Send update")
        with_errors = (window.title()[:6], found_by_axe(window))
        focused = window.evaluate("document.activeElement.className")
    with served(world, NOON + timedelta(days=20)) as base:
        window.goto(f"{base}{path}")
        expired = (window.inner_text("h1"), found_by_axe(window))

    assert (with_errors, focused) == (("Error:", []), "govuk-error-summary")
    assert expired == ("This link has expired", [])
