"""Answering an escalation: the question with its form, a page to check, and the answer sent."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.database import reading
from tracker.people.doer import Doer
from tracker.policy import SIGNED_IN, policy
from tracker.web.deed_forms import fitting_facts, send
from tracker.web.escalation_asked import DEED, Asked
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import page, see_other
from tracker.web.visitors import Db, Now, Reader
from workflows.escalation import Answer

routes = APIRouter()


@routes.get("/escalations/{reference}/respond")
@policy(SIGNED_IN)
def respond_form(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show what is asked, and the form to answer it."""
    asked = Asked(db, reference, reader, now)
    asked.must_be_open(reader)
    return asked.form_page(request, Form())


@routes.post("/escalations/{reference}/respond")
@policy(SIGNED_IN)
def respond(request: Request, db: Db, reader: Reader, now: Now, reference: str, form: Posted) -> Response:
    """Show the answer to check, the form again to change it, or send it: as the button says that was pressed."""
    asked = Asked(db, reference, reader, now)
    step = form.text("step")
    if step == "send":
        return _send(request, asked, reader, form)
    if step == "change" or asked.has_moved_on(form):
        return asked.form_page(request, form)
    facts = fitting_facts(DEED, form, asked.fields(form), also=asked.also(form))
    if facts is None:
        return asked.form_page(request, form)
    answer = Answer(facts["answer"])
    return page(
        request, "pages/escalations/check.html", form=form, escalation=asked.document, answer=answer, facts=facts
    )


def _send(request: Request, asked: Asked, reader: Doer, form: Form) -> Response:
    done = send(request, reader, DEED, asked.reference, form, asked.fields(form), also=asked.also(form))
    if done is not None:
        leave_message(request, f"Your answer to {asked.reference} is sent. The group that asked is told by email.")
        return see_other("/escalations")
    if form.status == HTTPStatus.CONFLICT:
        house = house_of(request)
        # What the page has read so far may be older than what stood in the way.
        with reading(house.engine) as session:
            asked = Asked(session, asked.reference, reader, house.now())
        asked.has_moved_on(form)
    return asked.form_page(request, form)
