"""Pages in every state in a real browser: refused, gone, with a fault, without anything in them, with long words."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Response
from sqlalchemy import Engine

from tests.browser import new_window
from tests.make import NOON, act, make_agency, make_case, make_person
from tests.serving import on_a_port
from tests.tracker.web.visitor import SECRET, Visitor, served
from tests.tracker.web.windows import PHONE, SCREEN, SMALLEST, Watched, brings_axe, sign_in, window_of, wrong_with
from tracker.database import unit_of_work
from tracker.groups.queries import partnership_by_code
from tracker.people.links import LinkMaker
from tracker.people.queries import person_by_email
from tracker.settings import Installation
from tracker.web.app import build_inner_app
from tracker.web.security import Guard


@pytest.fixture
def window(chromium: Browser, world: Engine, base: str) -> Iterator[Page]:
    """Give a window of the coordinator of a team that has nothing yet."""
    with window_of(chromium, world, base, "coordinator@thscp.example", base_url=base) as opened:
        brings_axe(opened.context)
        yield opened


def seen(window: Page, path: str) -> tuple[int, dict[str, list[str]], list[str], list[str]]:
    """Open a page; gives its status, what is wrong with it, what the browser said, and whom else it asked."""
    with Watched(window) as watched:
        answer = window.goto(path)
        assert answer is not None
        return answer.status, wrong_with(window), watched.said(answer.status), watched.asked


EMPTY = (
    *("/today", "/cases", "/cases?late=yes", "/actions", "/actions?status=red", "/actions/updates", "/meetings"),
    *("/escalations?show=meeting", "/escalations?show=waiting", "/escalations?show=answered", "/escalations/new"),
    *("/admin/links", "/admin/emails", "/admin/audit", "/admin/themes"),
)


def test_lists_with_nothing_in_them_are_accessible(window):
    found = {path: seen(window, path) for path in EMPTY}

    assert found == dict.fromkeys(EMPTY, (200, {}, [], []))


def test_pages_of_what_is_in_the_way_are_accessible(chromium, world, base, window):
    make_case(world, "TH-2021-001", known_on="2021-05-03", notified_on="2021-05-04", now="2021-05-04T10:00")
    paths = {404: "/no-such-page", 403: "/cases/TH-2021-001/steps/hold-case"}
    found = {status: seen(window, path) for status, path in paths.items() if status != 403}
    with window_of(chromium, world, base, "scrutineer@thscp.example", base_url=base) as scrutineer:
        found[403] = seen(scrutineer, paths[403])
    found[409] = _sent_late(window, world)
    found[429] = _sent_too_often(chromium, base)
    found[410] = _run_out(chromium, world)
    found[500] = _planted(chromium, world)

    assert found == {status: (status, {}, [], []) for status in (404, 403, 409, 429, 410, 500)}


def _sent_late(window: Page, world: Engine) -> tuple[int, dict[str, list[str]], list[str], list[str]]:
    window.goto("/cases/TH-2021-001/steps/convene-panel")
    for part, value in (("day", "1"), ("month", "6"), ("year", "2021")):
        window.fill(f"#on-{part}", value)
    act(world, "convene_panel", "TH-2021-001", on="2021-05-10")
    return _sent(window, lambda: window.click("main form button[type=submit]"))


def _sent(window: Page, send: Callable[[], object]) -> tuple[int, dict[str, list[str]], list[str], list[str]]:
    with Watched(window) as watched:
        with window.expect_navigation() as sent:
            send()
        answer: Response = sent.value
        return answer.status, wrong_with(window), watched.said(answer.status), watched.asked


def _sent_too_often(chromium: Browser, base: str) -> tuple[int, dict[str, list[str]], list[str], list[str]]:
    typed = {"email": "coordinator@thscp.example", "password": "not the password of anybody"}
    with Visitor(base) as visitor:
        assert 429 in (visitor.sends("/sign-in", **typed).status for _ in range(12))
    with new_window(chromium, base_url=base) as context:
        window = context.new_page()
        window.goto("/sign-in")
        for name, words in typed.items():
            window.fill(f"#{name}", words)
        return _sent(window, lambda: window.click("main form button[type=submit]"))


def _run_out(chromium: Browser, world: Engine) -> tuple[int, dict[str, list[str]], list[str], list[str]]:
    with unit_of_work(world) as session:
        owner = person_by_email(session, "owner@thscp.example")
        path = LinkMaker("", SECRET).address(session, owner.id, owner.email or "", days=14, now=NOON)
    later = NOON + timedelta(days=20)
    with served(world, later) as base, window_of(chromium, world, base, None, later, base_url=base) as window:
        return seen(window, path)


def _planted(chromium: Browser, world: Engine) -> tuple[int, dict[str, list[str]], list[str], list[str]]:
    def fault() -> None:
        raise RuntimeError("planted")

    standing = Installation(str(world.url), "folder:mail", "http://127.0.0.1", NOON, SECRET)
    app = build_inner_app(standing, world, SECRET)
    app.router.add_route("/planted", lambda request: fault(), methods=["GET"])
    with on_a_port(Guard(app, is_secure=False)) as base, new_window(chromium, base_url=base) as context:
        sign_in(context, world, base, "coordinator@thscp.example", NOON)
        return seen(context.new_page(), "/planted")


WORD = "Übergangsverantwortlichkeiten" * 4
LONG = (
    *("/today", "/cases", "/cases/TH-2021-001", "/cases/TH-2021-001/timeline", "/cases/TH-2021-001/actions"),
    *("/cases/TH-2021-001/documents", "/cases/TH-2021-001/access", "/actions", "/actions/A1", "/actions/updates"),
    *("/actions/A1/reassign-action", "/escalations", "/escalations/E1", "/meetings", "/meetings/M1"),
    *("/meetings/M1/digest", "/admin/people", "/admin/agencies", "/admin/links", "/admin/audit"),
)


def test_long_words_break_no_page(window, world):
    title, agency = WORD[:100], WORD[:60]
    with unit_of_work(world) as session:
        here = partnership_by_code(session, "thscp")
        make_agency(session, here, agency)
        make_person(session, here, f"{'x' * 50}@thscp.example", "coordinator", name=WORD[:60])
    make_case(world, "TH-2021-001", known_on="2021-05-03", notified_on="2021-05-04", now="2021-05-04T10:00")
    act(world, "convene_panel", "TH-2021-001", on="2021-05-10")
    act(world, "ask_return", "TH-2021-001", agency=agency, due_on="2021-06-20")
    owned = {"owner": "owner@thscp.example", "due_on": "2021-06-03", "agency": agency}
    act(world, "add_action", "TH-2021-001", title=title, text=title, success_measure=title, **owned)
    act(world, "update_action", "A1", by="owner@thscp.example", report="stuck", text=title)
    act(world, "raise_escalation", group="qap", title=title, ask=title, about=["TH-2021-001"])
    act(world, "schedule_meeting", group="exec", on="2021-06-03")

    found = {}
    for path in LONG:
        window.goto(path)
        for width in (SMALLEST, PHONE, SCREEN):
            window.set_viewport_size({"width": width, "height": 900})
            found[path, width] = window.evaluate("document.documentElement.scrollWidth")

    assert found == {(path, width): width for path in LONG for width in (SMALLEST, PHONE, SCREEN)}
