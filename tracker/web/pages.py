"""Writes pages: the templates with the words of the house, what every page shows, and the way on after a form."""

from datetime import date, datetime
from functools import cache, cached_property
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader, StrictUndefined

from tracker.clock import london_day, uk_clock
from tracker.files.kinds import LARGEST_FILE, FileKind, size_words
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.people.sessions import SEEN_EVERY, SignedIn
from tracker.showing.meeting import READ_MEETINGS
from tracker.web.house import House, house_of
from workflows.dates import PartialDate, uk_date, weekday_date
from workflows.escalation import needed_words
from workflows.vocabulary import ClockKind, PanelResponse

NO_BREAK = "\u00a0"
COMPONENTS = (
    "back-link breadcrumbs button character-count checkboxes date-input error-summary file-upload input inset-text "
    "notification-banner pagination panel password-input radios select summary-list tag textarea warning-text"
).split()


@cache
def build_templates() -> Environment:
    """Build the environment of all pages, once: everything is escaped, and an undefined name is a fault."""
    pages = Environment(
        loader=PackageLoader("templates", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Templates do not change while the service runs: nothing is looked up on the disk for a page.
        auto_reload=False,
        cache_size=-1,
    )
    pages.globals |= _components() | {"LARGEST_FILE": LARGEST_FILE}
    pages.filters |= {
        "day": day,
        "weekday_date": long_day,
        "moment": moment,
        "clock_time": clock_time,
        "counted": counted,
    }
    pages.filters |= {"needed": needed_words, "national_panel": lambda code: PanelResponse(code).words}
    pages.filters |= {"clock_kind": lambda code: ClockKind(code).words}
    pages.filters |= {"file_kind": lambda code: FileKind(code).words, "file_size": size_words}
    return pages


def _components() -> dict[str, Any]:
    """Give the macros of the GOV.UK Design System; they are written for names that may be missing."""
    theirs = Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        undefined=ChainableUndefined,
        auto_reload=False,
    )
    return {_name(component): _Component(theirs, component) for component in COMPONENTS}


def _name(component: str) -> str:
    return "govuk" + "".join(part.capitalize() for part in component.split("-"))


class _Component:
    """A macro of the Design System, compiled when the first page uses it: all of them would take half a second."""

    def __init__(self, theirs: Environment, component: str) -> None:
        self._theirs = theirs
        self._component = component

    @cached_property
    def _macro(self) -> Any:  # what Jinja makes of a macro has no type
        module = self._theirs.get_template(f"govuk_frontend_jinja/components/{self._component}/macro.html").module
        return getattr(module, _name(self._component))

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Write the component."""
        return self._macro(*given, **named)


def day(value: date | PartialDate | str | None) -> str:
    """Write a date as 20 November 2026, December 2020 or 2020; its parts do not break over lines.

    Of a moment it is the day in London.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        value = london_day(datetime.fromisoformat(value)) if "T" in value else PartialDate.parse(value)
    elif isinstance(value, datetime):
        value = london_day(value)
    return uk_date(value).replace(" ", NO_BREAK)


def long_day(value: date | str) -> str:
    """Write a day with its weekday, as Friday 20 November 2026; its parts do not break over lines."""
    known = date.fromisoformat(value) if isinstance(value, str) else value
    return weekday_date(known).replace(" ", NO_BREAK)


def moment(value: datetime | str) -> str:
    """Write a moment as 20 November 2026 at 4:12pm, in London time."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{day(london_day(at))} at {uk_clock(at)}"


def clock_time(value: datetime | str) -> str:
    """Write the time of a moment as 4:12pm, in London time."""
    return uk_clock(datetime.fromisoformat(value) if isinstance(value, str) else value)


def how_far(on: date, today: date) -> str:
    """Say how far away a day is: 23 days ago, today, tomorrow, in 16 days."""
    days = (on - today).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return near.get(days) or (f"in {days:,} days" if days > 0 else f"{-days:,} days ago")


def counted(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its word: 1 action, 3 actions."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


# What a page shows differs from page to page.
def page(request: Request, name: str, status: int = HTTPStatus.OK, **shown: Any) -> HTMLResponse:
    """Answer with a page; what it needs is passed by name."""
    house = house_of(request)
    state = request.state
    reader: Doer | None = getattr(state, "reader", None)
    signed_in: SignedIn | None = getattr(state, "signed_in", None)
    now = house.now()
    # A page that a form leads to is the form itself, or what became of it.
    has_unsent = bool(signed_in and signed_in.has_unsent and request.method == "GET" and request.url.path != "/unsent")
    about_all = {
        "reader": reader,
        "signed_in": signed_in,
        "navigation": _navigation(request, reader),
        "letterhead": getattr(state, "letterhead", None),
        "message": None if signed_in is None else signed_in.message,
        "has_unsent": has_unsent,
        "ending": _ending(house, signed_in, now) if signed_in and signed_in.is_whole else None,
        "nonce": state.nonce,
        "form_token": house.form_token(f"session {signed_in.session_id}") if signed_in else "",
        "now": now,
        "today": london_day(now),
        "path": request.url.path,
    }
    written = house.templates.get_template(name).render(about_all | shown)
    return HTMLResponse(written, status)


def _ending(house: House, signed_in: SignedIn, now: datetime) -> dict[str, int]:
    """Give in how many seconds a sign-in ends: when nothing more is done, after anything that is done, and at last."""
    return {
        "rests": int((signed_in.rests_until - now).total_seconds()),
        # What is done within a minute of the last time is not written down.
        "idle": int((house.idle - SEEN_EVERY).total_seconds()),
        "lasts": int((signed_in.lasts_until - now).total_seconds()),
        "longest": int(house.longest.total_seconds()),
    }


def see_other(path: str) -> RedirectResponse:
    """Send the visitor on after a form."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)


# The names of the pages, as the head of every page lists them, each for the roles that have it.
_PAGES: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("Today", "/today", frozenset({Role.COORDINATOR})),
    ("Cases", "/cases", frozenset(Role) - {Role.OWNER, Role.ADMIN}),
    ("Action plan", "/actions", frozenset(Role) - {Role.ADMIN}),
    ("Escalations", "/escalations", frozenset()),
    ("Meetings", "/meetings", READ_MEETINGS),
    ("Administration", "/admin", frozenset({Role.ADMIN, Role.COORDINATOR})),
)


def first_page(reader: Doer) -> str:
    """Give the first page of somebody's navigation; her own account where there is none."""
    held = frozenset[str]().union(*reader.roles.values())
    return next((path for _, path, roles in _PAGES if not roles or roles & held), "/account")


class Entry(NamedTuple):
    """A page in the navigation: `is_here` is the page itself, `is_within` one below it; what waits there is counted."""

    text: str
    href: str
    is_here: bool
    is_within: bool
    waiting: int


def _navigation(request: Request, reader: Doer | None) -> list[Entry]:
    if reader is None:
        return []
    held = frozenset[str]().union(*reader.roles.values())
    here = request.url.path
    counts = {"/escalations": getattr(request.state, "waiting_escalations", 0)}
    return [
        Entry(words, path, here == path, here.startswith(f"{path}/"), counts.get(path, 0))
        for words, path, roles in _PAGES
        if not roles or roles & held
    ]
