"""What somebody meets who has a keyboard and no mouse: every stop in reading order, each to be seen, none a trap."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page

from tests.tracker.conftest import SqliteWorlds
from tests.tracker.walking import LATER, make_walk, person
from tests.tracker.web.visitor import SECRET, served
from tests.tracker.web.windows import window_of
from tracker.database import unit_of_work
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email

# What can be reached, in the order of reading; of a group of radio buttons one.
STOPS = """() => {
    const found = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
        .filter(one => !one.disabled && one.tabIndex >= 0 && one.type !== 'hidden')
        .filter(one => one.checkVisibility({ visibilityProperty: true }))
    const groups = found.filter(one => one.type === 'radio').map(one => one.name)
    return found.filter(one => one.type !== 'radio' || one === (
        found.find(other => other.name === one.name && other.checked) || found.find(other => other.name === one.name)))
}"""
LOOK = """() => {
    const looks = one => [[one, null], [one, '::before'], [one.nextElementSibling, '::before']]
        .filter(([of]) => of).map(([of, part]) => {
            const style = getComputedStyle(of, part)
            const unseen = style.outlineStyle === 'none' || style.outlineColor.endsWith(', 0)')
            const outline = unseen ? 'none' : style.outline
            return [outline, style.boxShadow, style.backgroundColor, style.borderColor, style.borderWidth].join('|')
        }).join('||')
    const name = one => one.outerHTML.replace(/\\s+/g, ' ').slice(0, 110)
    window.unfocused = new Map((STOPS)().map(one => [one, looks(one)]))
    window.met = []
    document.addEventListener('focusin', ({ target }) => {
        window.met.push([name(target), window.unfocused.get(target) !== looks(target)])
    })
    return [...window.unfocused.keys()].map(name)
}""".replace("STOPS", STOPS)

OF_COORDINATOR = (
    *("/today", "/cases", "/cases/new", "/cases/AT-REVIEW", "/cases/AT-REVIEW/timeline", "/cases/AT-REVIEW/access"),
    *("/cases/AT-REVIEW/steps/hold-case", "/cases/AT-RAPID/steps/record-recommendation", "/actions", "/actions/A1"),
    *("/actions/new", "/actions/updates", "/escalations", "/escalations/E1", "/escalations/new", "/meetings"),
    *("/meetings/M1", "/meetings/new", "/admin", "/admin/people", "/admin/people/new", "/admin/clocks", "/account"),
    *("/account/password", "/account/emails", "/help", "/cases/AT-RECOMMENDED/decision", "/no-such-page"),
)
OF_EXECUTIVE = ("/escalations", "/escalations/E1/respond", "/cases/AT-RECOMMENDED", "/meetings/M1", "/actions")
OF_NOBODY = ("/sign-in", "/sign-in/forgotten", "/help", "/accessibility", "/privacy", "/cookies", "/u/x")


@pytest.fixture(scope="module")
def windows(chromium: Browser, sqlite_worlds: SqliteWorlds) -> Iterator[dict[str, Page]]:
    """Give a window of the coordinator, of the Executive, of an owner with her link, and of somebody unknown."""
    with ExitStack() as closing:
        engine = sqlite_worlds.copy(make_walk, closing)
        base = closing.enter_context(served(engine, LATER))
        found = {}
        for who in ("coordinator", "executive", ""):
            email = person(who) if who else None
            found[who] = closing.enter_context(window_of(chromium, engine, base, email, LATER, base_url=base))
        with unit_of_work(engine) as session:
            owner = person_by_email(session, person("owner"))
            found["link"] = LinkMaker("", SECRET).address(session, owner.id, person("owner"), days=14, now=LATER)
        yield found


def tabbed(window: Page, path: str) -> tuple[list[str], list[tuple[str, bool]]]:
    """Go through a page with the Tab key; gives what there is in the order of reading, and what was met and seen."""
    window.goto(path)
    there = window.evaluate(LOOK)
    for _ in there:
        window.keyboard.press("Tab")
    return there, [(name, seen) for name, seen in window.evaluate("window.met")]


@pytest.mark.parametrize(
    ("who", "paths"),
    [
        ("coordinator", OF_COORDINATOR),
        ("executive", OF_EXECUTIVE),
        ("", OF_NOBODY),
        ("link", ("", "/A1", "/emails", "/not-me")),
    ],
)
def test_tab_goes_through_a_page_in_the_order_of_reading_and_every_stop_is_seen(windows, who, paths):
    link = windows["link"] if who == "link" else ""
    window = windows["" if who == "link" else who]
    expected, found = {}, {}
    for path in paths:
        there, found[path] = tabbed(window, link + path)
        expected[path] = [(name, True) for name in there]

    assert found == expected
    assert {path: stops[0][0][:40] for path, stops in found.items()} == dict.fromkeys(
        paths, '<a href="#main-content" class="govuk-ski'
    )


def test_focus_is_on_the_summary_after_an_error_and_on_the_banner_after_success(windows):
    window = windows["coordinator"]
    window.goto("/cases/AT-REVIEW/steps/hold-case")
    window.fill("#reason", "An inquest")
    found = []
    for day in ("", "1"):
        for part, value in (("day", day), ("month", "7"), ("year", "2021")):
            window.fill(f"#look_again_on-{part}", value)
        with window.expect_navigation():
            window.click("main form button[type=submit]")
        found.append(window.evaluate("[document.activeElement.className, document.activeElement.getAttribute('role')]"))

    summary, banner = found
    assert summary == ["govuk-error-summary", None]
    assert banner == ["govuk-notification-banner govuk-notification-banner--success", "alert"]
