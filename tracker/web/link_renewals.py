"""What a link is asked for: a fresh one to the address that is held, or its end since it reached somebody else."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from notifications.links import Purpose
from tracker.database import unit_of_work
from tracker.people.links import LinkBroken, is_renewable, known_link, may_renew
from tracker.policy import BY_LINK, policy
from tracker.reminders.link_letters import end_as_not_theirs, send_new_link, was_asked
from tracker.web.forms import Posted
from tracker.web.house import house_of
from tracker.web.link_doors import enter, link_page
from tracker.web.visitors import Db, Now

routes = APIRouter()


@routes.api_route("/u/{token}/new-link", methods=["GET", "HEAD"])
@policy(BY_LINK)
def page_of_new_link_to_actions(request: Request, db: Db, now: Now) -> Response:
    """Say that a link works still, and lead to what it opens; one that has run out offers a fresh one."""
    return _works_still(request, db, Purpose.ACTIONS, now)


@routes.api_route("/i/{token}/new-link", methods=["GET", "HEAD"])
@policy(BY_LINK)
def page_of_new_link_to_declaration(request: Request, db: Db, now: Now) -> Response:
    """Say that a link works still, and lead to what it opens; one that has run out offers a fresh one."""
    return _works_still(request, db, Purpose.INDEPENDENCE, now)


def _works_still(request: Request, session: Session, purpose: Purpose, now: datetime) -> Response:
    visit = enter(request, session, purpose, now)
    letterhead, is_of = visit.letterhead, purpose.value
    return link_page(request, "pages/links/works.html", letterhead=letterhead, visit=visit, purpose=is_of)


@routes.post("/u/{token}/new-link")
@policy(BY_LINK)
def new_link_to_actions(request: Request, form: Posted, now: Now) -> Response:
    """Send a fresh link to the address that is held."""
    return _renewed(request, Purpose.ACTIONS, form.intent, now)


@routes.post("/i/{token}/new-link")
@policy(BY_LINK)
def new_link_to_declaration(request: Request, form: Posted, now: Now) -> Response:
    """Send a fresh link to the address that is held."""
    return _renewed(request, Purpose.INDEPENDENCE, form.intent, now)


def _renewed(request: Request, purpose: Purpose, intent: str, now: Now) -> Response:
    """Give one answer, whether a link goes out or not: three an hour do."""
    house = house_of(request)
    with unit_of_work(house.engine) as session:
        opened = known_link(session, house.secret, purpose, str(request.path_params["token"]))
        asks = opened is not None and is_renewable(opened, now) and not was_asked(session, opened.link, intent)
        if opened is not None and asks and may_renew(session, opened.person.id, now):
            send_new_link(session, opened.link, opened.person, intent=intent, now=now)
    return link_page(request, "pages/links/new_link.html", letterhead=None)


@routes.api_route("/u/{token}/not-me", methods=["GET", "HEAD"])
@policy(BY_LINK)
def not_me(request: Request, db: Db, now: Now) -> Response:
    """Ask whoever is not the owner to say so."""
    visit = enter(request, db, Purpose.ACTIONS, now)
    return link_page(request, "pages/links/not_me.html", letterhead=visit.letterhead, visit=visit)


@routes.post("/u/{token}/not-me")
@policy(BY_LINK)
def end_link(request: Request, form: Posted, now: Now) -> Response:
    """Tell the coordinator that a link reached somebody else, and end it; sent twice it is done once."""
    house = house_of(request)
    with unit_of_work(house.engine) as session:
        opened = known_link(session, house.secret, Purpose.ACTIONS, str(request.path_params["token"]))
        if opened is None:
            raise LinkBroken
        if is_renewable(opened, now):
            end_as_not_theirs(session, opened.link, opened.person, now)
    return link_page(request, "pages/links/ended.html", letterhead=None)
