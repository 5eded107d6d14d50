"""The emails that need somebody to decide: in doubt, refused, or not heard of again; one form settles some or all."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from notifications.finding import with_ids
from tracker.errors import Refused
from tracker.loading import emails as deeds
from tracker.loading.emails import Settling
from tracker.people.doer import Doer
from tracker.policy import policy
from tracker.showing.unsettled_emails import DOUBTS, FAILURES, SILENT, unsettled_emails
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page, sealed
from tracker.web.admin_once import Doing, done_once
from tracker.web.email_ledger import codes_of
from tracker.web.email_words import kind_words, why_words
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Reader

routes = APIRouter()

_SETTLED = {Settling.LEAVE: "Nothing more is done about {}.", Settling.SEND_AGAIN: "{} will be sent again."}
# The mail service has taken these: sent again, they might come twice.
_OF_SILENT = {Settling.LEAVE}


@routes.get("/admin/emails/doubts")
@policy(FOR_ADMINISTRATORS)
def unsettled(request: Request, db: Db, reader: Reader, here: Here) -> Response:
    """List the emails of which we do not know whether they went or arrived, and those that could not go."""
    return _unsettled_page(request, db, reader, here, Form())


@routes.post("/admin/emails/doubts")
@policy(FOR_ADMINISTRATORS)
def settle(request: Request, db: Db, reader: Reader, here: Here, form: Posted) -> Response:
    """Settle those that are ticked, all at once: nothing more is done, or they are sent again."""
    house, now = house_of(request), house_of(request).now()
    group, how = form.text("group"), form.text("how")
    known = {
        sealed(house, "message", one.id): one.id
        for one in unsettled_emails(db, reader, now, here.partnership.id).get(group, ())
    }
    # All of them are those that were shown: what came since nobody has seen.
    ticked = form.text("shown").split() if "all" in form.all("email") else form.all("email")
    chosen = with_ids(db, [known[code] for code in ticked if code in known])
    if how not in (_OF_SILENT if group == SILENT else set(Settling)):
        form.says("form", "Choose what to do with the emails")
    elif not ticked:
        form.says(group if group in (DOUBTS, FAILURES, SILENT) else "form", "Tick at least one email")
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


def _unsettled_page(request: Request, db: Session, reader: Doer, here: Place, form: Form) -> Response:
    groups = unsettled_emails(db, reader, house_of(request).now(), here.partnership.id)
    known = [one for of_group in groups.values() for one in of_group]
    whole = {one.id: one for one in with_ids(db, [one.id for one in known])}
    return admin_page(
        request,
        "doubts",
        here,
        form.status if form.errors else 200,
        form=form,
        **{group: [whole[one.id] for one in of_group] for group, of_group in groups.items()},
        codes=codes_of(house_of(request), list(whole.values())),
        about={one.id: one.about for one in known},
        kind_words=kind_words,
        why_words=why_words,
    )
