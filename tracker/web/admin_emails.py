"""The post of a partnership: the emails, one of them as it would go now, and those that need somebody to decide."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from notifications.finding import Brief, with_ids
from notifications.outbox import Message, MessageState
from notifications.rendering import EMAILS, Mail
from tracker.errors import NotFound, Refused
from tracker.loading import emails as deeds
from tracker.loading.emails import Settling
from tracker.people.doer import Doer
from tracker.people.links import SpecimenLinks
from tracker.policy import policy
from tracker.reminders.holding import held_post
from tracker.reminders.previewing import may_preview, preview
from tracker.showing.emails import email_with_id, in_doubt, not_gone, wanted_by
from tracker.showing.link_use import use_of_links
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page, sealed, unsealed
from tracker.web.admin_once import Doing, done_once
from tracker.web.email_ledger import codes_of, page_asked
from tracker.web.email_words import (
    STATES,
    course_of,
    delivery_words,
    doubt_words,
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

_SETTLED = {Settling.LEAVE: "Nothing more is done about {}.", Settling.SEND_AGAIN: "{} will be sent again."}
NOTHING_GOES = (
    "If it went now, nothing would be sent: there is no reason for it any more, or its reader cannot be written to."
)
# What may still go is shown as it would; of what has gone only the subject is known.
_TO_COME = {MessageState.QUEUED, MessageState.HELD, MessageState.UNCERTAIN, MessageState.FAILED}


@routes.get("/admin/emails")
@policy(FOR_ADMINISTRATORS)
def emails(request: Request, db: Db, reader: Reader, here: Here) -> Response:
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
        unsettled=sum(map(len, _unsettled(db, reader, here))),
        kinds={kind: kind_words(kind) for kind in sorted(EMAILS)},
        states=STATES,
        at=lambda **place: here.at("/admin/emails", **asked, **place),
        use=use_of_links(db, shown.emails),
        opened_words=opened_words,
        delivery_words=delivery_words,
        codes=codes_of(house_of(request), shown.emails),
    )


@routes.get("/admin/emails/doubts")
@policy(FOR_ADMINISTRATORS)
def unsettled(request: Request, db: Db, reader: Reader, here: Here) -> Response:
    """List the emails of which we do not know whether they went, and those that could not go."""
    return _unsettled_page(request, db, reader, here, Form())


@routes.post("/admin/emails/doubts")
@policy(FOR_ADMINISTRATORS)
def settle(request: Request, db: Db, reader: Reader, here: Here, form: Posted) -> Response:
    """Settle those that are ticked, all at once: nothing more is done, or they are sent again."""
    house, now = house_of(request), house_of(request).now()
    group, how = form.text("group"), form.text("how")
    doubtful, failed = _unsettled(db, reader, here)
    known = {sealed(house, "message", one.id): one.id for one in (doubtful if group == "doubts" else failed)}
    ticked = list(known) if "all" in form.all("email") else form.all("email")
    chosen = with_ids(db, [known[code] for code in ticked if code in known])
    if how not in set(Settling):
        form.says("form", "Choose what to do with the emails")
    elif not ticked:
        form.says(group if group in ("doubts", "failures") else "form", "Tick at least one email")
    facts = {"emails": ",".join(sorted(ticked)), "how": how}

    def act(session: Session, by: Doer) -> None:
        if not chosen:
            raise Refused("These emails have been settled already. Nothing was changed.", code="already_done")
        deeds.settle_emails(session, here.partnership, chosen, Settling(how), now=now, by=by)

    if not done_once(request, reader, form, Doing("email_settle", here.partnership, facts), act):
        return _unsettled_page(request, db, reader, here, form)
    number = len(chosen)
    if number:
        words = _SETTLED[Settling(how)].format("1 email" if number == 1 else f"{number} emails")
        leave_message(request, words)
    return see_other(here.at("/admin/emails/doubts"))


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
    leave_message(request, "The email is held until somebody releases it." if what == "hold" else "The email goes now.")
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


def _unsettled(db: Session, reader: Doer, here: Place) -> tuple[list[Brief], list[Brief]]:
    """Give the emails in doubt, and those that could not go, each with the records that the reader may see."""
    partnership_id = here.partnership.id
    return in_doubt(db, reader, partnership_id), not_gone(db, reader, partnership_id)


def _unsettled_page(request: Request, db: Session, reader: Doer, here: Place, form: Form) -> Response:
    doubtful, failed = _unsettled(db, reader, here)
    known = [*doubtful, *failed]
    whole = {one.id: one for one in with_ids(db, [one.id for one in known])}
    return admin_page(
        request,
        "doubts",
        here,
        form.status if form.errors else 200,
        form=form,
        doubtful=[whole[one.id] for one in doubtful],
        failed=[whole[one.id] for one in failed],
        codes=codes_of(house_of(request), list(whole.values())),
        about={one.id: one.about for one in known},
        kind_words=kind_words,
        doubt_words=doubt_words,
    )
