"""The page on which the lead of a method says whether she is independent of the case, by a signed link."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from notifications.links import Purpose
from tracker.database import reading
from tracker.errors import NotAllowed, NotFound
from tracker.people.links import LinkBroken
from tracker.policy import BY_LINK, policy
from tracker.reviews.confirming import LeadAsked, lead_asked
from tracker.web.deed_forms import send
from tracker.web.fields import Choice, Field, Kind
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.link_doors import Visit, enter, link_page, note_answer
from tracker.web.pages import see_other
from tracker.web.problems import problem
from tracker.web.visitors import Db, Now

routes = APIRouter()

FIELDS = (
    Field(
        "involvement",
        Kind.ONE_OF,
        "Are you independent of this case?",
        missing="Say whether you are independent of this case",
        choices=(
            Choice("none", "Yes", "Neither I nor those I manage were involved with the child or the family"),
            Choice("direct", "No", "I was, or those I manage were. The partnership will choose someone else to lead"),
        ),
    ),
)


@routes.api_route("/i/{token}", methods=["GET", "HEAD"])
@policy(BY_LINK)
def question(request: Request, db: Db, now: Now) -> Response:
    """Ask a lead whether she is independent; once she has answered, say what she said."""
    visit = enter(request, db, Purpose.INDEPENDENCE, now)
    return _shown(request, visit, _asked(db, visit), Form())


@routes.post("/i/{token}")
@policy(BY_LINK)
def answer(request: Request, form: Posted, now: Now) -> Response:
    """Record what a lead says of her independence, and thank her."""
    with reading(house_of(request).engine) as session:
        visit = enter(request, session, Purpose.INDEPENDENCE, now)
        asked = _asked(session, visit)
    if asked.involvement is not None:
        return (
            see_other(visit.path) if form.text("involvement") == asked.involvement else _recorded(request, visit, asked)
        )
    try:
        done = send(
            request, visit.owner, "declare_independence", asked.case, form, FIELDS, also={"method": asked.method.value}
        )
    except (NotFound, NotAllowed):
        raise LinkBroken from None
    if done is None:
        return _shown(request, visit, asked, form)
    note_answer(request, visit, now)
    return see_other(visit.path)


def _recorded(request: Request, visit: Visit, asked: LeadAsked) -> Response:
    """Say to who answers otherwise what stands already: that it is not hers, and to whom she turns."""
    said = "is independent" if asked.involvement == "none" else "was involved"
    return problem(
        request,
        HTTPStatus.CONFLICT,
        "This was recorded already",
        f"It stands on case {asked.case} that {visit.owner.name} {said}. Your answer says otherwise, and was not "
        "recorded. Tell the business unit of your partnership, which puts it right.",
    )


def _asked(session: Session, visit: Visit) -> LeadAsked:
    """Find what the link asks about; a lead whose appointment lapsed for another reason is not asked any more."""
    _, _, lead_id = (visit.opened.link.about or "").partition("/")
    asked = lead_asked(session, int(lead_id or 0), visit.owner.id)
    if asked is None:
        raise LinkBroken
    return asked


def _shown(request: Request, visit: Visit, asked: LeadAsked, form: Form) -> Response:
    status = form.status if form.errors else HTTPStatus.OK
    shown = {"visit": visit, "asked": asked, "form": form, "fields": FIELDS}
    return link_page(request, "pages/links/independence.html", status, letterhead=visit.letterhead, **shown)
