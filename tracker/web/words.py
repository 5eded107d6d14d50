"""Pages of words, for anybody: help, privacy, accessibility, cookies."""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.groups.settings import FIRST_VALUES
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.people.tickets import LASTS, Purpose
from tracker.policy import ANYBODY, policy
from tracker.web.house import house_of
from tracker.web.pages import counted, page

routes = APIRouter()


@routes.get("/help")
@policy(ANYBODY)
def help_page(request: Request) -> Response:
    """Say what each page is for, how dates are counted, what the colours mean, and whom to ask."""
    reader: Doer | None = request.state.reader
    held = frozenset[str]().union(*reader.roles.values()) if reader else frozenset[str]()
    return page(
        request,
        "pages/words/help.html",
        hers=[role for role in Role if role in held],
        others=[role for role in Role if role not in held],
        first=FIRST_VALUES,
    )


@routes.get("/privacy")
@policy(ANYBODY)
def privacy(request: Request) -> Response:
    """Say what is held about whom, who sees it, for how long, and what the partnership has to add."""
    house = house_of(request)
    return page(
        request,
        "pages/words/privacy.html",
        link_days=FIRST_VALUES["link.days"],
        invitation=written(LASTS[Purpose.INVITATION]),
        reset=written(LASTS[Purpose.RESET]),
        idle=written(house.idle),
        longest=written(house.longest),
    )


@routes.get("/accessibility")
@policy(ANYBODY)
def accessibility(request: Request) -> Response:
    """Say how far the pages can be used by everybody, and what has not been tried."""
    return page(request, "pages/words/accessibility.html")


@routes.get("/cookies")
@policy(ANYBODY)
def cookies(request: Request) -> Response:
    """Name the one cookie, what it is for, and how long it lasts."""
    house = house_of(request)
    idle, longest = written(house.idle), written(house.longest)
    return page(request, "pages/words/cookies.html", cookie=house.cookie, idle=idle, longest=longest)


def written(lasts: timedelta) -> str:
    """Write how long something lasts: 30 minutes, 12 hours, 7 days."""
    seconds = int(lasts.total_seconds())
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length and seconds % length == 0:
            return counted(seconds // length, unit)
    return counted(seconds, "second")
