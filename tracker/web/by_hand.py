"""Sending a reminder, from Today or a case page, to whom a coordinator waits for."""

from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.clock import london_day
from tracker.database import reading, to_json, unit_of_work
from tracker.errors import NotFound, Refused
from tracker.intents import Done, check_intent, claim, keep_answer
from tracker.people.doer import Doer, doer_by_email
from tracker.people.roles import Role
from tracker.policy import for_roles, policy
from tracker.reminders import by_hand
from tracker.web.forms import Form, Posted
from tracker.web.front import today_page
from tracker.web.house import house_of
from tracker.web.keeping import was_sent
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Now, Reader
from workflows.wording import listed

routes = APIRouter()


@routes.post("/today/reminders")
@policy(for_roles(Role.COORDINATOR))
def send_reminder(request: Request, reader: Reader, now: Now, form: Posted) -> Response:
    """Send the reminder, and go back to where it was sent from; why none went is said on Today as what is wrong."""
    everybody = form.text("show") == "all"
    try:
        told = _sent_once(request, reader, form, now)
    except Refused as refused:
        back = Form(errors={"waiting": str(refused)}, status=HTTPStatus.CONFLICT)
        with reading(house_of(request).engine) as session:
            return today_page(request, session, reader, now, back, everybody=everybody)
    if told:
        leave_message(request, f"A reminder goes to {listed(told)} now.")
    if form.text("show") == "case":
        return see_other(f"/cases/{quote(form.text('reference'), safe='')}")
    return see_other("/today?show=all" if everybody else "/today")


def _sent_once(request: Request, reader: Doer, form: Form, now: datetime) -> list[str]:
    """Send it and name whom; a form that is sent twice reminds nobody twice, and names nobody the second time."""
    if form.errors:
        raise Refused("No reminder has gone yet. Press Remind again.")
    about, reference, who = form.text("about"), form.text("reference"), form.text("who")
    asked = to_json({"about": about, "reference": reference, "who": who})
    check_intent(form.intent)
    with unit_of_work(house_of(request).engine) as session:
        by = doer_by_email(session, str(reader.email), london_day(now))
        if claim(session, by, by_hand.DEED, form.intent, asked, now) is not None:
            return []
        told = _remind(session, about, reference, who, now=now, by=by)
        keep_answer(session, by, form.intent, Done("action" if about == "update" else "case", reference), now)
        was_sent(request, reader, form, session)
    return told


def _remind(session: Session, about: str, reference: str, who: str, *, now: datetime, by: Doer) -> list[str]:
    if about == "return":
        return by_hand.remind_of_return(session, reference, who, now=now, by=by)
    if about == "independence":
        return by_hand.remind_of_declaration(session, reference, who, now=now, by=by)
    if about == "update":
        return by_hand.remind_of_question(session, reference, now=now, by=by)
    raise NotFound("There is no such reminder.")
