"""Draws the pictures of the README: pages and an email of the demonstration, at half the size of a screen.

Run as a program: `python -m tests.pictures`. What is in them is what the demonstration tells: published or invented.
"""

import email
import email.policy
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page
from sqlalchemy import Engine
from sqlmodel import select

from tests import browser
from tests.make import act
from tests.tracker.web.visitor import SECRET, served
from tracker.clock import moment_from
from tracker.database import engine_for, unit_of_work
from tracker.demo.story import MAIL, tell
from tracker.people import sessions
from tracker.people.links import LinkMaker
from tracker.people.models import Person
from tracker.people.queries import person_by_email
from tracker.settings import installation

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
NOW = moment_from("2025-03-18T09:30")
SCREEN, PHONE, EMAIL = (1280, 980), (375, 780), (640, 800)
UNDER_WAY, WAITING, SHARED = "TH-2025-001", "TH-2025-002", "TH-2022-001"
CASEY, EVAN, PRIYA, NADIA = (f"{name}@thscp.example" for name in ("coordinator", "council", "panel", "nadia.brook"))


@dataclass(frozen=True, slots=True)
class Studio:
    """A running demonstration and a browser that looks at it."""

    engine: Engine
    base: str
    browser: Browser

    @contextmanager
    def window(self, who: str | None = None, size: tuple[int, int] = SCREEN) -> Iterator[Page]:
        """Give a window of somebody who is signed in, or of a stranger."""
        scale = {SCREEN: 0.5, EMAIL: 0.75}.get(size, 1)
        viewport = {"width": size[0], "height": size[1]}
        with browser.new_window(self.browser, viewport=viewport, device_scale_factor=scale) as window:
            if who is not None:
                with unit_of_work(self.engine) as session:
                    token = sessions.begin(session, person_by_email(session, who).id, NOW, is_whole=True)
                window.add_cookies([{"name": "session", "value": token, "url": self.base}])
            yield window.new_page()

    def draws(self, name: str, who: str, path: str) -> None:
        """Draw a page as somebody sees it."""
        with self.window(who) as page:
            page.goto(self.base + path)
            take(page, name)


def take(page: Page, name: str) -> None:
    """Keep what a window shows as a picture."""
    page.screenshot(path=PICTURES / f"{name}.png")
    print(f"    {name}.png")


def draw_decision(studio: Studio) -> None:
    """Draw the check before a decision is recorded, on a case that waits for one."""
    said = {"outcome": "review", "reason": "Two services knew parts of it", "immediate_learning": "none"}
    act(studio.engine, "record_recommendation", WAITING, by=PRIYA, now=NOW, on="2025-03-18", **said)
    with studio.window(EVAN) as page:
        page.goto(f"{studio.base}/cases/{WAITING}/decision")
        for part, value in (("day", "18"), ("month", "3"), ("year", "2025")):
            page.fill(f"#on-{part}", value)
        page.check("input[name=outcome][value=review]")
        for method in page.locator("input[name=methods]").all()[:2]:
            method.check()
        for _ in range(2):
            page.click("button[name=go][value=continue]:visible:not(.govuk-visually-hidden)")
        page.wait_for_url("**/decision/check")
        take(page, "decision-check")


def draw_update(studio: Studio) -> None:
    """Draw an owner's update on her phone, and what she reads after it is sent."""
    with unit_of_work(studio.engine) as session:
        owner = session.exec(select(Person).where(Person.email == NADIA)).one()
        path = LinkMaker("", SECRET).address(session, owner.id, NADIA, days=14, now=NOW)
    with studio.window(size=PHONE) as page:
        page.goto(f"{studio.base}{path}")
        take(page, "update-phone")
    with studio.window() as page:
        page.goto(f"{studio.base}{path}")
        page.check("input[name=report][value=at_risk]")
        page.fill("textarea[name=text]", "Two wards send the letters. The others begin in April.")
        for part, value in (("day", "30"), ("month", "4"), ("year", "2025")):
            page.fill(f"#expected_on-{part}", value)
        page.get_by_role("button", name="Send update").click()
        page.wait_for_url("**/sent?*")
        take(page, "update-sent")


def draw_digest(studio: Studio, mail: Path) -> None:
    """Draw the newest digest of a member of the Executive as a mail program shows it."""
    sent = sorted(mail.glob("*-escalation_digest.eml"))
    messages = [email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in sent]
    html = [message for message in messages if EVAN in message["to"]][-1].get_body(("html",))
    assert html is not None, "every email has one"
    with studio.window(size=EMAIL) as page:
        page.set_content(html.get_content())
        take(page, "digest-email")


def main() -> None:
    """Tell the demonstration, and draw its ten pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        tell(folder, installation({}).base_url, lambda *_: None)
        engine = engine_for(f"sqlite:///{folder / 'tracker.db'}")
        with served(engine, NOW) as base, browser.running() as chromium:
            studio = Studio(engine, base, chromium)
            studio.draws("today", CASEY, "/today")
            studio.draws("case", CASEY, f"/cases/{UNDER_WAY}")
            studio.draws("action-plan", CASEY, "/actions")
            studio.draws("escalations", EVAN, "/escalations")
            studio.draws("respond", EVAN, "/escalations/E2/respond")
            studio.draws("briefing", CASEY, f"/cases/{SHARED}/briefing/print")
            draw_digest(studio, folder / MAIL)
            draw_update(studio)
            draw_decision(studio)
        engine.dispose()


if __name__ == "__main__":
    main()
