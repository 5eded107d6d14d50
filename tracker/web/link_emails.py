"""Behind an owner's link: saying that she is away, or that she wants nothing but what is statutory."""

from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from notifications.links import Purpose
from tracker.database import reading
from tracker.loading.wishes import Wishes
from tracker.policy import BY_LINK, policy
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.link_doors import Visit, enter, link_page
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Now
from tracker.web.wishes_form import KEPT, form_of, wish, wishes_fields

routes = APIRouter()


@routes.api_route("/u/{token}/emails", methods=["GET", "HEAD"])
@policy(BY_LINK)
def own_emails(request: Request, db: Db, now: Now, kept: str = "") -> Response:
    """Ask an owner which emails she wants; opening the page changes nothing."""
    visit, known = _at(request, db, now)
    return _page(request, visit, known, form_of(known), KEPT if kept == "yes" else "")


@routes.post("/u/{token}/emails")
@policy(BY_LINK)
def change_own_emails(request: Request, form: Posted, now: Now) -> Response:
    """Keep which emails an owner wants; what does not fit comes back."""
    with reading(house_of(request).engine) as session:
        visit, known = _at(request, session, now)
    if wish(request, form, known, visit.owner, now):
        return see_other(f"{visit.path}/emails?kept=yes")
    return _page(request, visit, known, form)


def _at(request: Request, session: Session, now: datetime) -> tuple[Visit, Wishes]:
    visit = enter(request, session, Purpose.ACTIONS, now)
    return visit, Wishes.of(visit.opened.person, visit.owner.day)


def _page(request: Request, visit: Visit, known: Wishes, form: Form, said: str = "") -> Response:
    return link_page(
        request,
        "pages/links/emails.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK,
        letterhead=visit.letterhead,
        visit=visit,
        known=known,
        fields=wishes_fields(),
        form=form,
        said=said,
    )
