"""What went out and what was done: signed links, and the history of the partnership."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.loading.links import end_link
from tracker.people.doer import Doer
from tracker.people.sign_in_models import Link
from tracker.policy import policy
from tracker.showing.links import living_links
from tracker.showing.people import newest_sign_ins, people_read
from tracker.showing.trail import TrailLine, trail
from tracker.web.admin import (
    FOR_ADMINISTRATORS,
    PORTION,
    Here,
    Portion,
    admin_page,
    code_of,
    page_asked,
    portion,
)
from tracker.web.admin_once import Doing, done_once
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.setting_words import SETTINGS
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()

SIGN_INS_SHOWN = 10


@routes.get("/admin/links")
@policy(FOR_ADMINISTRATORS)
def links(request: Request, db: Db, reader: Reader, now: Now, here: Here) -> Response:
    """List the signed links that work now: whose, since when, until when, and what was seen of each."""
    return _links(request, db, reader, here, Form())


@routes.post("/admin/links")
@policy(FOR_ADMINISTRATORS)
def end_one(request: Request, db: Db, reader: Reader, here: Here, form: Posted) -> Response:
    """End one link; which one stands in the form, for the address of a link must not stand in a log."""
    house = house_of(request)
    now, code = house.now(), form.text("link")
    living = {code_of(house, "link", read.link.id): read for read in living_links(db, here.partnership.id, reader, now)}
    if code not in living:
        leave_message(request, "The link has ended.")
        return see_other(here.at("/admin/links"))
    read = living[code]

    def act(session: Session, by: Doer) -> None:
        end_link(session, here.partnership, session.get_one(Link, read.link.id), now=now, by=by)

    if not done_once(request, reader, form, Doing("link_end", here.partnership, {"link": code}), act):
        return _links(request, db, reader, here, form)
    leave_message(request, f"The link of {read.name} has ended. A new one comes with their next email.")
    return see_other(here.at("/admin/links"))


def _links(request: Request, db: Session, reader: Doer, here: Here, form: Form) -> Response:
    house = house_of(request)
    shown = portion(request, living_links(db, here.partnership.id, reader, house.now()))
    return admin_page(
        request,
        "links",
        here,
        form.status if form.errors else 200,
        form=form,
        shown=shown,
        codes={read.link.id: code_of(house, "link", read.link.id) for read in shown.rows},
        at_page=lambda number: here.at("/admin/links", page=number),
    )


@routes.get("/admin/audit")
@policy(FOR_ADMINISTRATORS)
def audit(request: Request, db: Db, reader: Reader, here: Here) -> Response:
    """List what was done, newest first, as far as the reader may see it; and who signed in last."""
    about = request.query_params.get("about", "").strip()[:60]
    asked = page_asked(request)
    number, lines = trail(db, here.partnership, reader, about=about, first=(asked - 1) * PORTION, most=PORTION)
    names = {read.person.id: read.person.name for read in people_read(db, here.partnership.id)}
    newest = newest_sign_ins(db, list(names))[:SIGN_INS_SHOWN]
    return admin_page(
        request,
        "audit",
        here,
        shown=Portion(lines, asked, number),
        about=about,
        what_of=_what_of,
        sign_ins=[(names[person_id], at) for person_id, at in newest],
        at_page=lambda number: here.at("/admin/audit", about=about, page=number),
    )


def _what_of(line: TrailLine) -> str:
    """Say what a line tells; a setting by the name that it has on its own page."""
    key, _, rest = line.what.partition(" ")
    if line.deed != "change_setting" or "." not in key:
        return line.what
    name = SETTINGS[key].label if key in SETTINGS else key.partition(".")[2].replace("_", " ").capitalize()
    return f"“{name}” {rest}"
