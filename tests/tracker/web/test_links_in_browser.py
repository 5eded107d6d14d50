"""Pages behind signed links in a real browser: accessible, narrow enough for a phone, and quiet."""

from datetime import timedelta

import pytest

from tests import files
from tests.browser import new_window
from tests.make import NOON, act
from tests.tracker.reminders.post import COORDINATOR, OWNER, add
from tests.tracker.web.visitor import SECRET, served
from tests.tracker.web.windows import PHONE, SCREEN, SMALLEST, wrong_with
from tracker.database import unit_of_work
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email

PAGES = ("", "/A2", "/A3", "/not-me", "/emails", "/emails?kept=yes", "/sent?action=A2", "x")


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
    with new_window(chromium) as context:
        yield context.new_page()


def test_every_page_behind_a_link_is_accessible_and_fits(base, path, window):
    found = {}
    for rest in PAGES:
        window.goto(f"{base}{path}{rest}")
        found[rest] = wrong_with(window, (SCREEN, PHONE, SMALLEST))

    assert found == {rest: {} for rest in PAGES}


def test_form_with_errors_and_the_expired_link_are_accessible(world, path, window):
    with served(world) as base:
        window.goto(f"{base}{path}")
        with window.expect_navigation():
            window.click("text=Send update")
        with_errors = (window.title()[:6], wrong_with(window))
        focused = window.evaluate("document.activeElement.className")
    with served(world, NOON + timedelta(days=20)) as base:
        window.goto(f"{base}{path}")
        expired = (window.inner_text("h1"), wrong_with(window))

    assert (with_errors, focused) == (("Error:", {}), "govuk-error-summary")
    assert expired == ("This link has expired", {})


def test_file_that_is_far_too_large_is_said_before_it_is_sent_and_the_words_stay(base, path, window, tmp_path):
    film, audit = tmp_path / "Film.pdf", tmp_path / "Audit.pdf"
    film.write_bytes(b"x" * 51 * 2**20)
    audit.write_bytes(files.PDF)
    window.set_default_timeout(60_000)
    window.goto(f"{base}{path}/A1")
    window.check("input[value=done]")
    window.fill("#text", "The records move within 5 days")
    window.set_input_files("#files", [audit, film])
    window.click("text=Send update")

    sentence = "File 2: The file is 51 MB. It must be smaller than 10 MB"
    assert window.text_content("#files-error") == f"Error: {sentence}"
    assert window.evaluate("document.activeElement.innerText").split("\n")[-1] == sentence
    assert (window.title()[:6], window.input_value("#text")) == ("Error:", "The records move within 5 days")
    assert wrong_with(window) == {}
    window.set_input_files("#files", [audit])
    # A button that was pressed a moment ago takes no second press.
    window.wait_for_timeout(1100)
    with window.expect_navigation() as sent:
        window.click("text=Send update")
    assert (sent.value.status, window.inner_text("h1")) == (200, "Update sent")


def test_without_scripts_what_was_typed_is_there_again_on_going_back(chromium, base, path, tmp_path):
    film = tmp_path / "Film.pdf"
    film.write_bytes(b"x" * 51 * 2**20)
    with new_window(chromium, java_script_enabled=False) as context:
        window = context.new_page()
        window.set_default_timeout(60_000)
        window.goto(f"{base}{path}/A1")
        window.fill("#text", "The records move within 5 days")
        window.set_input_files("#files", film)
        window.click("text=Send update")

        assert window.inner_text("h1") == "Too large"
        assert "nothing of what you typed was kept" in window.inner_text("main")
        window.go_back()
        assert window.input_value("#text") == "The records move within 5 days"
