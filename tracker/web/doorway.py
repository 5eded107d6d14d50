"""What the pages of signing in share: the way on afterwards, the session's cookie, where a visitor comes from."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import Response

from tracker.database import if_it_can_be, reading, unit_of_work
from tracker.people import authenticator, sessions
from tracker.people.attempts import TooManyTries
from tracker.people.sessions import SignedIn
from tracker.web.forms import Form
from tracker.web.house import House, house_of
from tracker.web.pages import see_other
from tracker.web.problems import TooMany

HOME = "/"
LONGEST_WAY = 500
# One slash and then neither another nor a backslash, which browsers read as one; no space and nothing that cannot be
# seen, which they leave out. What is left cannot name another host.
_OURS = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_NOT_AFTERWARDS = ("/sign-in", "/sign-out", "/static/", "/welcome/", "/reset/", "/api/")


def way_on(wanted: str) -> str:
    """Give the page to which somebody is sent after signing in: the one she wanted where it is ours, else home."""
    path = re.split("[?#]", wanted, maxsplit=1)[0]
    if len(wanted) > LONGEST_WAY or not _OURS.fullmatch(wanted) or "//" in path:
        return HOME
    return HOME if path.startswith(_NOT_AFTERWARDS) else wanted


def wanted_by(request: Request, form: Form | None = None) -> str:
    """Give the page somebody wants afterwards, from the form where it was sent, else from the address."""
    given = form.text("next") if form is not None else ""
    return way_on(given or request.query_params.get("next", ""))


def next_step(request: Request, token: str, wanted: str) -> Response:
    """Send whoever has given or chosen a password on to the second factor, or to setting it up."""
    house = house_of(request)
    with reading(house.engine) as session:
        found = sessions.find(session, token, house.now(), house.idle, house.longest)
        has_one = found is not None and authenticator.has_authenticator(session, found.person_id)
    path = "/sign-in/code" if has_one else "/sign-in/authenticator"
    return entering(request, see_other(with_next(path, wanted)), token)


def with_next(path: str, wanted: str) -> str:
    """Give the address of a page of signing in that keeps which page is wanted afterwards."""
    return path if wanted == HOME else f"{path}?next={quote(wanted, safe='')}"


def entering(request: Request, answer: Response, token: str) -> Response:
    """Let the browser keep the token of its session, where no script and no other site reaches it."""
    house = house_of(request)
    answer.set_cookie(house.cookie, token, path="/", secure=house.is_secure, httponly=True, samesite="lax")
    return answer


def leaving(request: Request, answer: Response) -> Response:
    """Let the browser forget its session, and what it kept of the pages."""
    house = house_of(request)
    answer.delete_cookie(house.cookie, path="/", secure=house.is_secure, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


def end_current(request: Request) -> None:
    """End the session that the browser had before; the new one has a token of its own."""
    signed_in: SignedIn | None = request.state.signed_in
    if signed_in is not None:
        house = house_of(request)
        with unit_of_work(house.engine) as session:
            sessions.end(session, signed_in.session_id, house.now())


def say_on_next_page(house: House, token: str, message: str) -> None:
    """Keep a message for the first page of a session that has just begun."""
    with if_it_can_be("The message about what was done"), unit_of_work(house.engine) as session:
        found = sessions.find(session, token, house.now(), house.idle, house.longest)
        if found is not None:
            sessions.leave_message(session, found.session_id, message)


def address_of(request: Request) -> str:
    """Give the address on the network from which a visitor comes."""
    return request.client.host if request.client else "unknown"


@contextmanager
def limited() -> Iterator[None]:
    """Answer too many tries with their page."""
    try:
        yield
    except TooManyTries as many:
        raise TooMany(str(many)) from many
