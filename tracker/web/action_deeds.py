"""The forms about one action: each deed that its reader may do to it, asked for and done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from tracker.actions.models import Action
from tracker.actions.owned import last_word
from tracker.actions.queries import action_by_reference
from tracker.actions.rights import ask, must_allow, owns
from tracker.database import reading
from tracker.errors import NotAllowed, NotFound
from tracker.facts import storable
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import for_roles, policy
from tracker.showing.show import show
from tracker.web.action_choices import Around, agencies_of, all_themes, groups_of, owners_for
from tracker.web.action_fields import SHEETS, Sheet
from tracker.web.deed_forms import form_page, send
from tracker.web.fields import Choice
from tracker.web.forms import COUNTED_HERE, Form, Posted, form_with_files
from tracker.web.house import house_of
from tracker.web.load_tables import around_the_due_date
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Now, Reader
from workflows.action import ActionStatus

routes = APIRouter()

# Whoever may open a case may be named on an action; an administrator opens none.
READ_ACTIONS = for_roles(*(role for role in Role if role is not Role.ADMIN))
# Only somebody other than the owner does these (K14), so they are not offered to her.
_NOT_BY_ITS_OWNER = ("accept-update", "query-update", "complete-action")


@dataclass(frozen=True, slots=True)
class Desk:
    """A form about an action, ready to be shown or sent: the action, the sheet, and what may be chosen."""

    reference: str
    deed: str
    sheet: Sheet
    around: Around


def may_do(reader: Doer, action: Action, deed: str) -> bool:
    """Say whether a deed to an action is the reader's."""
    try:
        ask(reader, action, deed.replace("-", "_"))
    except NotAllowed:
        return False
    return not (deed in _NOT_BY_ITS_OWNER and owns(reader, action))


def _desk(session: Session, reference: str, deed: str, reader: Doer, now: datetime) -> Desk:
    """Give the form of a deed; raises `NotFound` or `NotAllowed`."""
    sheet = SHEETS.get(deed)
    if sheet is None or not storable(reference):
        raise NotFound(f"There is no {deed} here.")
    action = action_by_reference(session, reference, reader)
    ask(reader, action, deed.replace("-", "_"))
    shown = show(session, "action", action.reference, reader, now)
    around = Around(
        reader=reader,
        shown=shown,
        last=last_word(session, action),
        agencies=_with_its_own(agencies_of(session, [action.partnership_id]), action, session),
        themes=all_themes(session, [action.partnership_id], shown["themes"]),
        groups=groups_of(session, [action.partnership_id]),
        owners=owners_for(session, reader, action) if deed == "reassign-action" else (),
        may_embed=_may_embed(reader, action),
        load=around_the_due_date(session, reader, action, shown["agency"]) if deed == "move-due-date" else None,
    )
    return Desk(action.reference, deed, sheet, around)


def _with_its_own(agencies: list[Choice], action: Action, session: Session) -> list[Choice]:
    """Put an agency that is known by its name only among the others, so that it stays when something else changes."""
    own = action.agency_name if action.agency_id is None else None
    return [Choice(own, own), *agencies] if own and own not in {one.value for one in agencies} else agencies


def _may_embed(reader: Doer, action: Action) -> bool:
    is_done = action.status in (ActionStatus.COMPLETE, ActionStatus.EMBEDDED)
    return is_done and reader.has(Role.COORDINATOR, action.partnership_id) and not owns(reader, action)


@routes.get("/actions/{reference}/{deed}")
@policy(READ_ACTIONS)
def ask_for(request: Request, reader: Reader, now: Now, reference: str, deed: str) -> Response:
    """Show the form of a deed to an action; one that has ended says so before anything is typed."""
    with reading(house_of(request).engine) as session:
        desk = _desk(session, reference, deed, reader, now)
        must_allow(action_by_reference(session, desk.reference, reader), deed)
    return _shown(request, desk, desk.sheet.form(desk.around))


def _admit_to(deed: str) -> Callable[..., None]:
    """Give what lets a reader send a form with files, before it is read: she sees the action, and the deed is hers."""

    def admit(request: Request, reader: Reader, now: Now, reference: str) -> None:
        with reading(house_of(request).engine) as session:
            _desk(session, reference, deed, reader, now)

    return admit


_Update = Annotated[Form, Depends(form_with_files(_admit_to("update-action")))]
_Completion = Annotated[Form, Depends(form_with_files(_admit_to("complete-action")))]


@routes.post("/actions/{reference}/update-action", max_body_size=COUNTED_HERE)
@policy(READ_ACTIONS)
def send_update(request: Request, reader: Reader, now: Now, form: _Update, reference: str) -> Response:
    """Record an update, with the files that show it."""
    return _done(request, reader, now, form, reference, "update-action")


@routes.post("/actions/{reference}/complete-action", max_body_size=COUNTED_HERE)
@policy(READ_ACTIONS)
def complete(request: Request, reader: Reader, now: Now, form: _Completion, reference: str) -> Response:
    """Record that an action is complete, with the files that show it."""
    return _done(request, reader, now, form, reference, "complete-action")


@routes.post("/actions/{reference}/{deed}")
@policy(READ_ACTIONS)
def do_it(request: Request, reader: Reader, now: Now, form: Posted, reference: str, deed: str) -> Response:
    """Do a deed to an action, and go back to it."""
    return _done(request, reader, now, form, reference, deed)


def _done(request: Request, reader: Doer, now: datetime, form: Form, reference: str, deed: str) -> Response:
    with reading(house_of(request).engine) as session:
        desk = _desk(session, reference, deed, reader, now)
    fields = desk.sheet.fields(desk.around)
    sent, also = desk.sheet.checked(desk.around, form, fields) if desk.sheet.checked else (fields, {})
    try:
        done = send(request, reader, deed, desk.reference, form, sent, also=also)
    except NotFound as nobody:
        # The action was found a moment ago: what was not found is what was typed.
        form.says(place_of(form, nobody), plainly(nobody))
        done = None
    if done is None:
        return _shown(request, desk, form)
    leave_message(request, desk.sheet.done.format(desk.reference))
    return see_other(f"/actions/{quote(desk.reference)}")


def _shown(request: Request, desk: Desk, form: Form) -> HTMLResponse:
    return form_page(
        request,
        "pages/actions/deed.html",
        form,
        desk.sheet.fields(desk.around),
        action=desk.around.shown,
        last=desk.around.last,
        sheet=desk.sheet,
        load=desk.around.load,
        deed=desk.deed,
    )


def place_of(form: Form, nobody: NotFound) -> str:
    """Name the field that a sentence about something not found is about, by what was typed there."""
    sentence = str(nobody).lower()
    places = ("owner_email", "owner", "case", "sources")
    return next((name for name in places if form.text(name) and form.text(name).lower() in sentence), "form")


def plainly(nobody: NotFound) -> str:
    """Say what was not found without what only the command line has."""
    return ". ".join(part for part in str(nobody).rstrip(".").split(". ") if "`" not in part)
