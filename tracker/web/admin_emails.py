"""The post of a partnership: the emails, one of them as it would go now, and those that need somebody to decide."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from notifications.outbox import Message, MessageState
from notifications.rendering import EMAILS, Mail
from tracker.errors import NotFound, Refused
from tracker.loading import emails as deeds
from tracker.people.doer import Doer
from tracker.people.links import SpecimenLinks
from tracker.policy import policy
from tracker.reminders.holding import held_post
from tracker.reminders.previewing import may_preview, preview
from tracker.reminders.releasing import goes_when, is_second_today
from tracker.showing.emails import email_with_id, wanted_by
from tracker.showing.link_use import use_of_links
from tracker.showing.unsettled_emails import unsettled_emails
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page, unsealed
from tracker.web.admin_once import Doing, done_once
from tracker.web.email_ledger import codes_of, page_asked
from tracker.web.email_words import (
    STATES,
    course_of,
    delivery_words,
    kind_words,
    may_be_held,
    may_be_released,
    opened_words,
)
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()

NOTHING_GOES = (
    "If it went now, nothing would be sent: there is no reason for it any more, or its reader cannot be written to."
)
# What may still go is shown as it would; of what has gone only the subject is known.
_TO_COME = {MessageState.QUEUED, MessageState.HELD, MessageState.UNCERTAIN, MessageState.FAILED}


@routes.get("/admin/emails")
@policy(FOR_ADMINISTRATORS)
def emails(request: Request, db: Db, reader: Reader, now: Now, here: Here) -> Response:
    """List the emails that go, went or did not, newest first, as far as the reader may see what they are about."""
    asked = {key: request.query_params.get(key, "").strip()[:100] for key in ("kind", "state", "about", "owner")}
    if (asked["kind"] and asked["kind"] not in EMAILS) or (asked["state"] and asked["state"] not in set(MessageState)):
        raise NotFound("There are no emails of this kind.")
    where = {key: value for key, value in asked.items() if value} | {"partnership": here.partnership.code}
    shown = page_asked(request, db, wanted_by(db, where, reader), reader)
    return admin_page(
        request,
        "emails",
        here,
        shown=shown,
        asked=asked,
        held=held_post(db),
        unsettled=sum(map(len, unsettled_emails(db, reader, now, here.partnership.id).values())),
        kinds={kind: kind_words(kind) for kind in sorted(EMAILS)},
        states=STATES,
        at=lambda **place: here.at("/admin/emails", **asked, **place),
        use=use_of_links(db, shown.emails),
        opened_words=opened_words,
        delivery_words=delivery_words,
        codes=codes_of(house_of(request), shown.emails),
    )


@routes.get("/admin/emails/{code}")
@policy(FOR_ADMINISTRATORS)
def email(request: Request, db: Db, reader: Reader, now: Now, here: Here, code: str) -> Response:
    """Show one email: what it says, or would say now; what happened to it; and whether it can be kept back."""
    return _email_page(request, db, reader, here, code, Form())


@routes.post("/admin/emails/{code}")
@policy(FOR_ADMINISTRATORS)
def hold_or_release(request: Request, db: Db, reader: Reader, here: Here, code: str, form: Posted) -> Response:
    """Keep an email back that waits, or let one go that was kept back."""
    now, what = house_of(request).now(), form.text("do")
    message = _message_at(request, db, reader, here, code)
    if what not in ("hold", "release"):
        form.says("form", "Choose what to do with the email")
    deed = deeds.hold_email if what == "hold" else deeds.release_email

    def act(session: Session, by: Doer) -> None:
        deed(session, here.partnership, message, now=now, by=by)

    if not done_once(request, reader, form, Doing(f"email_{what}", here.partnership, {"email": code}), act):
        return _email_page(request, db, reader, here, code, form)
    held = "The email is held until somebody releases it."
    leave_message(request, held if what == "hold" else goes_when(db, message, now))
    return see_other(here.at(f"/admin/emails/{code}"))


def _email_page(request: Request, db: Session, reader: Doer, here: Place, code: str, form: Form) -> Response:
    message = _message_at(request, db, reader, here, code)
    mail, why = _as_it_would_go(request, db, reader, message)
    return admin_page(
        request,
        "email",
        here,
        form.status if form.errors else 200,
        form=form,
        code=code,
        email=message,
        kind=kind_words(message.kind),
        state=STATES[message.state],
        course=course_of(message, use_of_links(db, [message])[message.id]),
        mail=mail,
        why=why,
        may_hold=may_be_held(message),
        may_release=may_be_released(message),
        is_second=may_be_released(message) and is_second_today(db, message, house_of(request).now()),
        is_unsettled=message.state in ("uncertain", "failed") and message.settled_at is None,
    )


def _as_it_would_go(request: Request, db: Session, reader: Doer, message: Message) -> tuple[Mail | None, str]:
    """Give an email as it would go now; or why it is not shown."""
    if message.state not in _TO_COME:
        return None, "What was sent is not kept. Its subject is above."
    if not may_preview(message, reader):
        return None, "Your role sees no case, so what the email says is not shown to you."
    house = house_of(request)
    try:
        mail = preview(db, message, reader, SpecimenLinks(house.installation.base_url, house.secret), house.now())
    except Refused as refused:
        return None, str(refused)
    return mail, "" if mail else NOTHING_GOES


def _message_at(request: Request, db: Session, reader: Doer, here: Place, code: str) -> Message:
    number = unsealed(house_of(request), "message", code)
    message = None if number is None else email_with_id(db, number, here.partnership.id, reader)
    if message is None:
        raise NotFound("There is no email here with this address.")
    return message
