"""The door of signed links: who stands there, what she sees of the house, and what every link that fails answers."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from notifications.facts import Letterhead
from notifications.links import Purpose, path_of
from tracker.clock import london_day
from tracker.database import if_it_can_be, reading, unit_of_work
from tracker.people.doer import Doer, doer_by_email
from tracker.people.links import (
    LinkBroken,
    LinkExpired,
    OpenedLink,
    last_day,
    masked,
    note_visit,
    open_link,
    wants_visit,
)
from tracker.reminders.link_letters import home_letterhead, how_long_links_last
from tracker.reminders.proof import note_answered
from tracker.web.forms import Form, texts_of
from tracker.web.house import house_of
from tracker.web.keeping import keep_form
from tracker.web.pages import page


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody who came by a link: the path of her pages, the link, herself, and her partnership's letterhead."""

    path: str
    opened: OpenedLink
    owner: Doer
    letterhead: Letterhead

    @property
    def works_until(self) -> date:
        """Give the last day on which the link works."""
        return last_day(self.opened.link.expires_at)


def enter(request: Request, session: Session, purpose: Purpose, now: datetime) -> Visit:
    """Let somebody in by the link in the address. Raises `LinkBroken` or `LinkExpired`."""
    token = str(request.path_params["token"])
    opened = open_link(session, house_of(request).secret, purpose, token, now)
    owner = doer_by_email(session, str(opened.person.email), london_day(now))
    if request.method != "POST":
        _note_fetched(request, session, opened, now)
    return Visit(path_of(purpose, token), opened, owner, home_letterhead(session, owner))


def _note_fetched(request: Request, session: Session, opened: OpenedLink, now: datetime) -> None:
    if wants_visit(session, opened.link.id, now):
        with if_it_can_be("That a link was opened"), unit_of_work(house_of(request).engine) as writing:
            if wants_visit(writing, opened.link.id, now):
                note_visit(writing, opened.link.id, "fetched", now)


def note_answer(request: Request, visit: Visit, now: datetime) -> None:
    """Note that a link was answered, which shows that its email arrived; the deed stands also where it cannot be."""
    with if_it_can_be("That a link was answered by"), unit_of_work(house_of(request).engine) as session:
        note_answered(session, visit.opened.link, now)


def link_page(
    request: Request, name: str, status: int = HTTPStatus.OK, *, letterhead: Letterhead | None, **shown: Any
) -> HTMLResponse:  # what a page shows differs from page to page
    """Answer with a page for the holder of a link: without navigation, whoever else is signed in with this browser."""
    token = str(request.path_params["token"])
    bare: dict[str, Any] = {
        "reader": None,
        "signed_in": None,
        "navigation": [],
        "message": None,
        "has_unsent": False,
        "ending": None,
        "letterhead": letterhead,
    }
    form_token = house_of(request).form_token(f"link {token}")
    return page(request, name, status, **bare, form_token=form_token, **shown)


def add_link_pages(app: FastAPI) -> None:
    """Let the application answer every link that opens nothing with one page, and one that has run out with its own."""
    app.add_exception_handler(LinkBroken, _broken)
    app.add_exception_handler(LinkExpired, _expired)


def _broken(request: Request, _fault: Exception) -> Response:
    return link_page(request, "pages/links/broken.html", HTTPStatus.NOT_FOUND, letterhead=None)


def _expired(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, LinkExpired), "registered for that"
    opened, house = fault.opened, house_of(request)
    now = house.now()
    purpose = Purpose(opened.link.purpose)
    with reading(house.engine) as session:
        owner = doer_by_email(session, str(opened.person.email), london_day(now))
        letterhead = home_letterhead(session, owner)
        days = how_long_links_last(session, owner, now)
    form: Form | None = getattr(request.state, "form", None)
    reference = str(request.path_params.get("reference", "")).upper()
    if form is not None and reference.isascii() and reference.isalnum():
        # For the fresh link that she may ask for; the address of this one is a secret.
        keep_form(request, opened.person.id, form, reference, now, by_link=True)
    beginning, end = masked(str(opened.person.email))
    return link_page(
        request,
        "pages/links/expired.html",
        HTTPStatus.GONE,
        letterhead=letterhead,
        days=days,
        beginning=beginning,
        end=end,
        link_path=path_of(purpose, str(request.path_params["token"])),
        purpose=purpose.value,
        intent=secrets.token_hex(16),
        texts=[] if form is None else texts_of(form.chosen),
        is_lost=form is None and request.method == "POST",
    )
