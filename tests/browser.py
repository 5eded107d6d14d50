"""A real browser for the tests: finds a Chromium on this machine or installs it, and starts it without a window.

Run as a program (`python -m tests.browser`) it makes sure that there is one and says in one line what it found.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.machine import everything_required, install_with_apt

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_program() -> str | None:
    """Give where a Chromium lies, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def available() -> bool:
    """Tell whether the tests can have a browser."""
    return find_program() is not None


@contextmanager
def running() -> Iterator[Browser]:
    """Give a browser without a window until the block ends."""
    program = find_program()
    assert program is not None, "asked for only where there is one"
    with sync_playwright() as playwright:
        # Chromium's own sandbox needs rights that root in a container lacks; the tests open our own pages only. No page
        # stands long enough for its scripts to be worth more than the quickest of the compilers.
        quick = "--js-flags=--no-opt --no-maglev --always-sparkplug"
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", quick]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def new_window(browser: Browser, **given: Any) -> Iterator[BrowserContext]:  # whatever the browser takes
    """Give a window of its own, with cookies of its own; its pages are closed with the block.

    The browser keeps what it knows of the window until it ends: once in many hundred times a Chromium never answers
    when it is told to forget it.
    """
    opened = browser.new_context(**given)
    yield opened
    for page in opened.pages:
        page.close()


def ensure() -> int:
    """Make sure that the tests find a browser, and say in one line which; gives the exit status."""
    why = None if available() else install_with_apt("chromium", "Chromium")
    found = find_program()
    if found is not None:
        print(f"    browser: {found}")
        return 0
    print(f"    Left out: every test in a browser, because there is none here and {why}.")
    return 1 if everything_required() else 0


if __name__ == "__main__":
    sys.exit(ensure())
