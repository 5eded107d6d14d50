"""Sending a reminder from Today to whom a coordinator waits for."""

from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.clock import london_day
from tracker.database import unit_of_work
from tracker.errors import NotFound, Refused
from tracker.people.doer import Doer, doer_by_email
from tracker.people.roles import Role
from tracker.policy import for_roles, policy
from tracker.reminders import by_hand
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Now, Reader
from workflows.vocabulary import listed

routes = APIRouter()


@routes.post("/today/reminders")
@policy(for_roles(Role.COORDINATOR))
def send_reminder(request: Request, reader: Reader, now: Now, form: Posted) -> Response:
    """Send the reminder, and go back to what is waited for; why none went is said there too."""
    try:
        with unit_of_work(house_of(request).engine) as session:
            told = _remind(session, form, now=now, by=doer_by_email(session, str(reader.email), london_day(now)))
        said = f"A reminder goes to {listed(told)} now."
    except Refused as refused:
        said = str(refused)
    leave_message(request, said)
    return see_other("/today?show=all" if form.text("show") == "all" else "/today")


def _remind(session: Session, form: Form, *, now: datetime, by: Doer) -> list[str]:
    about, reference, who = form.text("about"), form.text("reference"), form.text("who")
    if about == "return":
        return by_hand.remind_of_return(session, reference, who, now=now, by=by)
    if about == "independence":
        return by_hand.remind_of_declaration(session, reference, who, now=now, by=by)
    if about == "update":
        return by_hand.remind_of_question(session, reference, now=now, by=by)
    raise NotFound("There is no such reminder.")
