"""Somebody at a browser: clicks links, buttons and answers by the words she sees, and types; clicks are counted."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage

from playwright.sync_api import Browser, Locator, Page

from tests.browser import new_window
from tests.journeys.service import PASSWORD, Service
from tests.make import address

SECONDS_TO_WAIT = 60


class Window:
    """A window of the browser in which one person works; what she clicks is counted, what she types is not."""

    def __init__(self, service: Service, page: Page, who: str) -> None:
        self.service, self.page = service, page
        self.email = address(who, service.partnership)
        self.clicks = 0

    @property
    def heading(self) -> str:
        """Give the heading of the page, with what stands over it."""
        return _plain(self.page.locator("h1").inner_text())

    @property
    def words(self) -> str:
        """Give the words of the page."""
        return _plain(self.page.locator("main").inner_text())

    @property
    def banner(self) -> str:
        """Give what the page says of what was just done."""
        return _plain(self.page.locator(".govuk-notification-banner__content").inner_text())

    def each(self, selector: str) -> list[str]:
        """Give the words of each part of the page that a selector finds; there must be one, and the page be there."""
        parts = self.page.locator(selector)
        parts.first.wait_for()
        return [_plain(words) for words in parts.all_inner_texts()]

    @property
    def path(self) -> str:
        """Give where the window stands."""
        return self.page.url.removeprefix(self.service.base)

    def starts(self) -> None:
        """Open the page on which her work begins."""
        self.page.goto(f"{self.service.base}/")

    def reads(self, letter: EmailMessage) -> None:
        """Open an email as her mail program shows it."""
        part = letter.get_body(("html",))
        assert part is not None
        self.page.goto("about:blank")
        self.page.set_content(part.get_content())

    def follows(self, words: str, *, part: str | None = None) -> None:
        """Click a link of the page."""
        found = self._inside(part).get_by_role("link", name=_named(words))
        # The same link may stand twice on a page; two that lead to different places are a question to the page.
        if len({link.get_attribute("href") for link in found.all()}) == 1:
            found = found.first
        self._clicks(found)

    def goes_to(self, words: str) -> None:
        """Click a link of the menu."""
        self._clicks(self.page.get_by_role("navigation", name="Menu").get_by_role("link", name=words))

    def presses(self, words: str, *, part: str | None = None) -> None:
        """Click a button of the page, or a link that looks like one."""
        inside = self._inside(part)
        self._clicks(inside.get_by_role("button", name=_named(words)))

    def chooses(self, words: str, *, part: str | None = None, exactly: bool = False) -> None:
        """Click one of several answers, or tick one."""
        self._clicks(self._inside(part).get_by_label(words, exact=exactly))

    def picks(self, label: str, words: str, *, part: str | None = None) -> None:
        """Choose from a list that opens: one click, and the first letters of what she wants."""
        field = self._inside(part).get_by_label(label)
        self.clicks += 1
        field.select_option(label=words)

    def types(self, label: str, words: str, *, part: str | None = None) -> None:
        """Fill in a field."""
        self._inside(part).get_by_role("textbox", name=label).fill(words)

    def dates(self, label: str, day: str) -> None:
        """Fill in a date, given as 2021-06-01."""
        fields = self.page.get_by_role("group", name=label)
        for name, number in zip(("Year", "Month", "Day"), day.split("-"), strict=True):
            fields.get_by_label(name).fill(str(int(number)))

    def gives_password(self) -> None:
        """Take the first step of signing in."""
        self.types("Email address", self.email)
        self.types("Password", PASSWORD)
        self.presses("Continue")

    def gives_code(self) -> None:
        """Take the second step of signing in, with the code that the authenticator shows."""
        self.types("Code", self.service.code)
        self.presses("Sign in")

    def _inside(self, part: str | None) -> Locator:
        main = self.page.locator("main, body:not(:has(main))")
        if part is None:
            return main
        return main.locator("fieldset, section, li, tr").filter(has_text=part).last

    def _clicks(self, target: Locator) -> None:
        target.click()
        self.clicks += 1
        # A click is over when the next page has begun, and part of it is no page to read.
        self.page.wait_for_load_state()


def _named(words: str) -> re.Pattern[str]:
    """Give what finds a name by some of its words; browsers put a space before words that only readers aloud get."""
    return re.compile(re.escape(words).replace(":", r"\s?:"))


def _plain(words: str) -> str:
    return " ".join(words.replace("\u00a0", " ").split())


class Windows:
    """The windows of the people of a team; whoever comes takes one that was left, and finds nothing of who had it."""

    def __init__(self, service: Service, browser: Browser, closing: ExitStack) -> None:
        self.service, self.browser = service, browser
        self._closing = closing
        self._left: list[Page] = []

    @contextmanager
    def of(self, who: str, *, is_signed_in: bool = True) -> Iterator[Window]:
        """Give a window of somebody, who has signed in unless said otherwise."""
        page = self._emptied() if self._left else self._opened()
        if is_signed_in:
            token = self.service.cookie_of(who)
            page.context.add_cookies([{"name": "session", "value": token, "url": self.service.base}])
        yield Window(self.service, page, who)
        self._left.append(page)

    def _emptied(self) -> Page:
        page = self._left.pop()
        page.goto("about:blank")
        page.context.clear_cookies()
        return page

    def _opened(self) -> Page:
        size = {"width": 1280, "height": 900}
        context = self._closing.enter_context(new_window(self.browser, viewport=size))
        # What is not there after that long never comes; the browser says what it waited for.
        context.set_default_timeout(SECONDS_TO_WAIT * 1000)
        return context.new_page()
