"""The seven-minute briefing of a case: written as a draft, approved as a version, read and printed as one sheet."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.briefings.queries import briefings_of
from tracker.cases.reading import note_read
from tracker.database import reading
from tracker.errors import NotAllowed
from tracker.people.permissions import refusal
from tracker.policy import SIGNED_IN, policy
from tracker.reflections.commenting import BRIEFING
from tracker.web.briefing_pages import (
    briefing_page,
    briefing_path,
    changed_in,
    check_page,
    may_write,
    sheet_of,
    wanted_version,
)
from tracker.web.comments import send_comment
from tracker.web.deed_forms import send
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import page, see_other
from tracker.web.step_pages import at_case, seen_again, who_moved_on
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()


@routes.get("/cases/{reference}/briefing")
@policy(SIGNED_IN)
def show_briefing(request: Request, reference: str, db: Db, reader: Reader, now: Now) -> Response:
    """Show the briefing, with the boxes to write for whoever may."""
    at = at_case(db, reference, reader, now)
    answer = briefing_page(request, at)
    note_read(house_of(request).engine, reader.id, at.reference, at.now)
    return answer


@routes.post("/cases/{reference}/briefing")
@policy(SIGNED_IN)
def write(request: Request, reference: str, form: Posted, reader: Reader, now: Now) -> Response:
    """Save what was changed as the draft, and go on to look at it or to check it."""
    with reading(house_of(request).engine) as session:
        at = at_case(session, reference, reader, now)
        path = briefing_path(at)
    goes_on = f"{path}/check" if form.text("go") == "check" else path
    fields, emptied = changed_in(form)
    if not fields:
        return see_other(goes_on)
    if send(request, reader, "write_briefing", at.reference, form, fields, also=emptied) is not None:
        leave_message(request, "The draft of the briefing is saved.")
        return see_other(goes_on)
    with reading(house_of(request).engine) as session:
        at = at_case(session, at.reference, reader, house_of(request).now())
        return briefing_page(request, at, form, seen=seen_again(at, form))


@routes.get("/cases/{reference}/briefing/check")
@policy(SIGNED_IN)
def check(request: Request, reference: str, db: Db, reader: Reader, now: Now) -> Response:
    """Show the draft as it will be approved, and what it lacks."""
    at = at_case(db, reference, reader, now)
    if not may_write(at):
        raise NotAllowed(refusal(reader, "approve_briefing"))
    draft = briefings_of(db, at.standing.case).draft
    return see_other(briefing_path(at)) if draft is None else check_page(request, at, draft, Form())


@routes.post("/cases/{reference}/briefing/check")
@policy(SIGNED_IN)
def approve(request: Request, reference: str, form: Posted, reader: Reader, now: Now) -> Response:
    """Approve the draft as a version; where it was changed meanwhile it is shown again."""
    with reading(house_of(request).engine) as session:
        path = briefing_path(at_case(session, reference, reader, now))
    done = send(request, reader, "approve_briefing", reference, form, [])
    with reading(house_of(request).engine) as session:
        at = at_case(session, reference, reader, house_of(request).now())
        found = briefings_of(session, at.standing.case)
        if done is None and found.draft is not None:
            if form.status == HTTPStatus.CONFLICT:
                form.errors["form"] = who_moved_on(at)
            return check_page(request, at, found.draft, form)
        version = found.versions[0].number if found.versions else None
    if done is None:
        leave_message(request, f"Nothing was approved: {' '.join(form.errors.values())}", must_arrive=True)
    else:
        leave_message(request, f"Version {version} of the briefing is approved. It can be printed and passed on.")
    return see_other(path)


@routes.get("/cases/{reference}/briefing/print")
@policy(SIGNED_IN)
def print_sheet(request: Request, reference: str, db: Db, reader: Reader, now: Now, version: str = "") -> Response:
    """Show a version as the sheet of A4 that goes to all staff; without a number the newest that was approved."""
    at = at_case(db, reference, reader, now)
    found = briefings_of(db, at.standing.case)
    if found.newest is None and not version:
        return see_other(briefing_path(at))
    sheet = sheet_of(at, wanted_version(found, version))
    answer = page(request, "pages/briefing/print.html", sheet=sheet, case=at.case, at=briefing_path(at))
    note_read(house_of(request).engine, reader.id, at.reference, at.now)
    return answer


@routes.post("/cases/{reference}/briefing/comments")
@policy(SIGNED_IN)
def comment(request: Request, reference: str, form: Posted, reader: Reader, now: Now) -> Response:
    """Keep a comment on the briefing, and show it beside it."""
    with reading(house_of(request).engine) as session:
        at = at_case(session, reference, reader, now)
        path = briefing_path(at)
    if send_comment(request, reader, at.reference, BRIEFING, form):
        return see_other(path)
    with reading(house_of(request).engine) as session:
        return briefing_page(request, at_case(session, at.reference, reader, now), comment_form=form)
