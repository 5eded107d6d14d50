"""The pages behind an owner's signed link: her own actions, and a form for each; opening one changes nothing."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlmodel import Session

from notifications.links import Purpose
from tracker.actions.owned import LastWord, last_word, own_action, own_open_actions
from tracker.actions.pairs import joined_into
from tracker.actions.queries import action_by_reference
from tracker.actions.reading import ActionRead
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.database import reading
from tracker.errors import NotAllowed, NotFound
from tracker.people.links import LinkBroken, LinkExpired
from tracker.people.unsent import unsent_behind_link
from tracker.policy import BY_LINK, policy
from tracker.web.deed_forms import send
from tracker.web.forms import COUNTED_HERE, LARGEST_BODY, Form, as_typed, form_with_files, length_of
from tracker.web.house import house_of
from tracker.web.link_doors import Visit, enter, link_page, note_answer
from tracker.web.link_words import action_shown, listed_beside, said
from tracker.web.pages import clock_time, moment, see_other
from tracker.web.update_form import asked, beforehand, update_fields
from tracker.web.visitors import Db, Now
from workflows.action import ActionStatus

routes = APIRouter()
READING = ["GET", "HEAD"]


@routes.api_route("/u/{token}", methods=READING)
@policy(BY_LINK)
def own_actions(request: Request, db: Db, now: Now) -> Response:
    """Show an owner's open actions, with the form of the first."""
    visit = enter(request, db, Purpose.ACTIONS, now)
    reads = own_open_actions(db, visit.owner, now)
    if not reads:
        return link_page(request, "pages/links/nothing.html", letterhead=visit.letterhead, visit=visit)
    return _form_of(request, db, visit, reads[0], reads, now)


@routes.api_route("/u/{token}/sent", methods=READING)
@policy(BY_LINK)
def sent(request: Request, db: Db, now: Now, action: str = "") -> Response:
    """Say that an update was sent, what happens next, and which action is the next one."""
    visit = enter(request, db, Purpose.ACTIONS, now)
    read = _hers(db, visit, action, now) if action else None
    last = last_word(db, read.action) if read is not None else None
    if read is None or last is None or last.update.person_id != visit.owner.id:
        return see_other(visit.path)
    others = [one for one in own_open_actions(db, visit.owner, now) if one.action.id != read.action.id]
    waiting = [one.action.reference for one in others if not one.waits or one.asked_back]
    return link_page(
        request,
        "pages/links/sent.html",
        letterhead=visit.letterhead,
        visit=visit,
        reference=read.action.reference,
        last=last,
        said=said(last.update),
        waiting=waiting,
    )


@routes.api_route("/u/{token}/{reference}", methods=READING)
@policy(BY_LINK)
def own_form(request: Request, reference: str, db: Db, now: Now) -> Response:
    """Show one of an owner's actions with its form; one that is closed says so."""
    visit = enter(request, db, Purpose.ACTIONS, now)
    read = _hers(db, visit, reference, now)
    return _form_of(request, db, visit, read, own_open_actions(db, visit.owner, now), now)


def _admit(request: Request, reference: str, now: Now) -> None:
    """Let an owner send a form with files about her own action; raises before anything of it is read.

    Of what comes when her link has run out as much is read as of any form: it is kept for her.
    """
    with reading(house_of(request).engine) as session:
        try:
            _hers(session, enter(request, session, Purpose.ACTIONS, now), reference, now)
        except LinkExpired:
            if length_of(request) > LARGEST_BODY:
                raise


@routes.post("/u/{token}/{reference}", max_body_size=COUNTED_HERE)
@policy(BY_LINK)
def send_update(
    request: Request, reference: str, form: Annotated[Form, Depends(form_with_files(_admit))], now: Now
) -> Response:
    """Record what an owner says, and show what happens next; what does not fit comes back with her words."""
    engine = house_of(request).engine
    with reading(engine) as session:
        visit = enter(request, session, Purpose.ACTIONS, now)
        action = _hers(session, visit, reference, now).action
        last = last_word(session, action)
        fields = update_fields(last, visit.owner)
        reference = action.reference
    try:
        done = send(request, visit.owner, "update_action", reference, form, asked(form, fields, last, visit.owner))
    except (NotFound, NotAllowed):
        # The action passed to somebody else in this very moment.
        raise LinkBroken from None
    if done is not None:
        note_answer(request, visit, now)
        return see_other(f"{visit.path}/sent?action={quote(reference)}")
    with reading(engine) as session:
        read = _hers(session, visit, reference, now)
        return _form_of(request, session, visit, read, own_open_actions(session, visit.owner, now), now, form)


def _hers(session: Session, visit: Visit, reference: str, now: datetime) -> ActionRead:
    if not (reference.isascii() and reference.isalnum()):
        raise LinkBroken
    try:
        return own_action(session, visit.owner, reference.upper(), now)
    except NotFound:
        raise LinkBroken from None


def _form_of(
    request: Request,
    session: Session,
    visit: Visit,
    read: ActionRead,
    reads: Sequence[ActionRead],
    now: datetime,
    form: Form | None = None,
) -> Response:
    """Show an action with its form, as it is opened or as it came back."""
    last = last_word(session, read.action)
    status = form.status if form is not None else HTTPStatus.OK
    kept = unsent_behind_link(session, visit.owner.id, read.action.reference, now) if form is None else None
    about_all = _about(visit, read, reads, last, now)
    if read.action.status == ActionStatus.MERGED:
        about_all["action"] |= _to_use(session, visit, read, now)
    about_all["action"] = without_references(about_all["action"], barred_cases_named(session, visit.owner.id))
    if not read.is_open:
        return link_page(request, "pages/links/closed.html", status, typed=form, **about_all)
    stale = form is not None and form.status == HTTPStatus.CONFLICT
    if form is not None and stale:
        _explain_stale(form, visit, last, now)
    return link_page(
        request,
        "pages/links/action.html",
        status,
        fields=update_fields(last, visit.owner),
        form=form or (beforehand(last, visit.owner) if kept is None else as_typed(kept.typed)),
        is_kept=kept is not None,
        is_twice=stale and _is_hers(visit, last),
        **about_all,
    )


def _to_use(session: Session, visit: Visit, read: ActionRead, now: datetime) -> dict[str, Any]:
    """Name the action to use in place of one that was joined, where the owner may know of it or even owns it."""
    into = joined_into(session, read.action.id)
    try:
        action_by_reference(session, into or "", visit.owner)
    except NotFound:
        return {}
    try:
        is_hers = into is not None and own_action(session, visit.owner, into, now) is not None
    except NotFound:
        is_hers = False
    closed = f"This action was joined with {into}. Use that one."
    return {"closed": closed, "use": into, "use_is_hers": is_hers}


def _about(
    visit: Visit, read: ActionRead, reads: Sequence[ActionRead], last: LastWord | None, now: datetime
) -> dict[str, Any]:  # what the template of an action is given
    return {
        "letterhead": visit.letterhead,
        "visit": visit,
        "action": action_shown(read, london_day(now)),
        "beside": listed_beside(read, reads),
        "last": last,
        "last_said": None if last is None else said(last.update),
    }


def _is_hers(visit: Visit, last: LastWord | None) -> bool:
    return last is not None and last.update.state == "sent" and last.update.person_id == visit.owner.id


def _explain_stale(form: Form, visit: Visit, last: LastWord | None, now: datetime) -> None:
    """Say why a form that was opened earlier is not recorded as it is; sent again it is a new one."""
    form.intent = secrets.token_hex(16)
    if last is not None and _is_hers(visit, last):
        at = last.update.at
        when = f"at {clock_time(at)}" if london_day(at) == london_day(now) else f"on {moment(at)}"
        form.errors["form"] = f"You already sent an update {when}. Read both texts, then send the one that is to stand"
    else:
        form.errors["form"] = "This action has changed since you opened it. Read it again, then send your update"
