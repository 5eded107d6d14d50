"""The emails that need somebody to decide, in a real browser: with what they hold, and as they come back."""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from tests import make
from tests.browser import new_window
from tests.make import NOON
from tests.tracker.web.test_admin_emails import reminder, uncertain
from tests.tracker.web.visitor import SECRET, served
from tests.tracker.web.windows import sign_in, wrong_with
from tracker.web.admin import sealed


@pytest.fixture
def window(chromium, sqlite_worlds):
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make.make_world, closing)
        uncertain(engine)
        uncertain(engine, critical=True)
        reminder(engine, state="failed", last_error="554 5.7.1 Delivery not authorised", subject="Asked")
        reminder(engine)
        base = closing.enter_context(served(engine, NOON))
        context = closing.enter_context(new_window(chromium))
        sign_in(context, engine, base, "coordinator@thscp.example", NOON)
        page = context.new_page()
        yield page, base


def test_pages_about_emails_are_accessible_and_narrow_with_all_that_they_hold(window):
    page, base = window
    found = {}
    code = sealed(SimpleNamespace(secret=SECRET), "message", 4)
    for path in ("/admin/emails", "/admin/emails/doubts", f"/admin/emails/{code}", "/today"):
        page.goto(base + path)
        found[path] = wrong_with(page)
    page.goto(f"{base}/admin/emails/doubts")
    page.get_by_role("button", name="They arrived: do nothing").click()
    found["nothing ticked"] = wrong_with(page)
    page.get_by_role("link", name="Tick at least one email").click()

    assert page.evaluate("document.activeElement.id") == "doubts"
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_pages_with_the_newest_emails_are_accessible_and_narrow(window):
    page, base = window
    found = {}
    page.goto(f"{base}/actions/A1")
    found["action"] = (page.locator("section[aria-labelledby=emails] tbody tr").count(), wrong_with(page))
    page.goto(f"{base}/admin/people?words=Owen")
    with page.expect_navigation():
        page.locator("main").get_by_role("link", name="Owen Field", exact=True).click()
    found["person"] = (page.locator("section[aria-labelledby=emails] tbody tr").count(), wrong_with(page))

    assert found == {"action": (1, {}), "person": (4, {})}


def test_two_doubts_are_settled_with_two_clicks(window):
    page, base = window
    page.goto(f"{base}/admin/emails/doubts")

    page.get_by_label("All 2 of them").check()
    page.get_by_role("button", name="They arrived: do nothing").click()

    assert page.get_by_role("alert").inner_text().endswith("Nothing more is done about 2 emails.")
