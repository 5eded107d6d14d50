"""The updates that owners have sent: read one after the other, each accepted with one click or asked back."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.actions.rights import owns
from tracker.actions.waiting import MOST_AT_ONCE, waiting_updates
from tracker.database import reading
from tracker.errors import NotFound
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.policy import for_roles, policy
from tracker.web.action_fields import SHEETS
from tracker.web.deed_forms import form_page, send
from tracker.web.fields import NO_NAMES, Field, Kind
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Reader

routes = APIRouter()

CHECKS_UPDATES = for_roles(*ROLES_FOR["accept_update"])
_QUESTION = Field("reason", Kind.WORDS, "What do you ask?", NO_NAMES, "Write what you ask the owner", rows=3)


@routes.get("/actions/updates")
@policy(CHECKS_UPDATES)
def updates(request: Request, reader: Reader) -> Response:
    """Show the updates that wait to be checked."""
    return _shown(request, reader, Form())


@routes.post("/actions/updates")
@policy(CHECKS_UPDATES)
def check_update(request: Request, reader: Reader, form: Posted) -> Response:
    """Accept one of the updates, or ask its owner back, and go on with the others."""
    reference = form.text("action")
    deed = "query-update" if form.text("deed") == "query-update" else "accept-update"
    fields: Sequence[Field] = (_QUESTION,) if deed == "query-update" else ()
    try:
        done = send(request, reader, deed, reference, form, fields)
    except NotFound:
        form.says("form", "That action is not there any more. These updates wait.")
        done = None
    if done is None:
        return _shown(request, reader, form)
    leave_message(request, SHEETS[deed].done.format(done.reference))
    return see_other("/actions/updates")


def _shown(request: Request, reader: Doer, form: Form) -> HTMLResponse:
    with reading(house_of(request).engine) as session:
        waiting = waiting_updates(session, reader, reader.partnerships_as(*ROLES_FOR["accept_update"]))
        hers = {one.action.reference for one in waiting if owns(reader, one.action)}
    return form_page(
        request,
        "pages/actions/updates.html",
        form,
        (_QUESTION,),
        waiting=waiting,
        hers=hers,
        most=MOST_AT_ONCE,
        sent=form.text("action").upper(),
        fresh=lambda: Form().intent,
    )
