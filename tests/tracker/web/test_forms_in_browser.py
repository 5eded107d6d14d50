"""Every form in a real browser, sent with nothing in it: accessible, narrow, and leading to what is wrong."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import LATER, WALK, make_walk, person
from tests.tracker.web.visitor import served
from tests.tracker.web.windows import Watched, window_of, wrong_with
from tracker.deeds import DEEDS, About

# What the process of the walk has not; who looks at these forms is told so.
NOT_HERE = ("record_ratification", "record_resolution", "record_evaluation", "start_contribution")
PLACES = {About.CASE: "/cases/{0}/steps/{1}", About.ACTION: "/actions/{0}/{1}", About.MEETING: "/meetings/{0}/{1}"}
# On pages of their own, or recorded by a button alone.
ELSEWHERE = (
    *("record_decision", "write_briefing", "approve_briefing", "add_comment", "accept_update", "query_update"),
    *("merge_actions", "link_actions", "not_alike"),
)
WITHOUT_QUESTIONS = ("close_meeting", "edit_meeting", "freeze_pack", "release_action", "release_digest", "send_digest")
OF_DEEDS = [
    PLACES[deed.about].format(WALK[name].reference, name.replace("_", "-"))
    for name, deed in DEEDS.items()
    if deed.about in PLACES and name in WALK and name not in NOT_HERE + ELSEWHERE + WITHOUT_QUESTIONS
]
FORMS = {
    "coordinator": (
        *OF_DEEDS,
        *("/cases/new", "/actions/new", "/actions/updates", "/escalations/new", "/escalations/E1/withdraw"),
        *("/meetings/new", "/admin/people/new", "/admin/agencies/new", "/admin/clocks/closures/new"),
        *("/admin/clocks/settings/link.days", "/account/password", "/account/authenticator", "/account/tokens/new"),
    ),
    "executive": ("/escalations/E1/respond", "/cases/AT-RECOMMENDED/decision"),
    "": ("/sign-in/forgotten",),
}
SEND_EMPTY = """() => {
    const form = [...document.querySelectorAll('main form')].filter(one => one.getAttribute('method') === 'post').pop()
    for (const field of form.elements) {
        if (field.type === 'checkbox' || field.type === 'radio') field.checked = false
        else if (field.tagName === 'SELECT') field.selectedIndex = 0
        else if (['text', 'password', 'email', 'textarea'].includes(field.type)) field.value = ''
    }
    form.requestSubmit(form.querySelector('button[type=submit]'))
}"""


@pytest.fixture(scope="module")
def walked(chromium: Browser, sqlite_worlds: SqliteWorlds) -> Iterator[dict[str, Page]]:
    """Give a window of each of those who fill in forms, on the partnership on which every deed can be tried."""
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_walk, closing)
        base = closing.enter_context(served(engine, LATER))
        yield {
            who: closing.enter_context(
                window_of(chromium, engine, base, person(who) if who else None, LATER, base_url=base)
            )
            for who in FORMS
        }


@pytest.mark.parametrize(("who", "path"), [(who, path) for who, paths in FORMS.items() for path in paths])
def test_form_sent_empty_is_accessible_and_leads_to_what_is_wrong(walked, who, path):
    window = walked[who]
    with Watched(window) as watched:
        window.goto(path)
        with window.expect_navigation() as sent:
            window.evaluate(SEND_EMPTY)

        focused = window.evaluate("document.activeElement.className")
        assert (sent.value.status, window.title()[:6], focused) == (422, "Error:", "govuk-error-summary")
        assert (wrong_with(window), watched.said(422), watched.asked) == ({}, [], [])
