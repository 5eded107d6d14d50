"""The reflections of a case: what was recommended or done, with what shows where it stands; recorded, then read."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.cases.reading import note_read
from tracker.database import reading
from tracker.policy import SIGNED_IN, policy
from tracker.web.comments import comments_shown, send_comment
from tracker.web.deed_forms import send
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import page, see_other
from tracker.web.reflection_pages import State, may_record, state_of, subjects_of, which_of
from tracker.web.step_forms.form import At
from tracker.web.step_forms.repeats import asked_by, facts_of_repeats
from tracker.web.step_forms.table import STEP_FORMS
from tracker.web.step_forms.whose import must_be_hers
from tracker.web.step_pages import about_case, at_case, blockers_of, seen_again
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()
STEP = STEP_FORMS["record_reflection"]


@routes.get("/cases/{reference}/reflections/{which}")
@policy(SIGNED_IN)
def show_reflection(request: Request, reference: str, which: str, db: Db, reader: Reader, now: Now) -> Response:
    """Show a reflection: as it was recorded, as it is to be recorded, or when it opens."""
    at = at_case(db, reference, reader, now)
    state = state_of(at, which_of(at, which))
    answer = _page(request, at, state, Form())
    note_read(house_of(request).engine, reader.id, at.reference, now)
    return answer


@routes.post("/cases/{reference}/reflections/{which}")
@policy(SIGNED_IN)
def record(request: Request, reference: str, which: str, form: Posted, reader: Reader, now: Now) -> Response:
    """Record a reflection with what was filled in, or show the form again."""
    with reading(house_of(request).engine) as session:
        at = at_case(session, reference, reader, now)
        code = which_of(at, which)
        must_be_hers(at, STEP.deed)
        asked = asked_by(STEP, at, form)
        facts, places = facts_of_repeats(asked, form)
    also = facts | {"which": code}
    done = send(request, reader, STEP.deed, at.reference, form, asked.fields, also=also, places=places)
    if done is not None:
        leave_message(request, f"You {STEP.past}: {done.reference}.")
        return see_other(f"/cases/{done.reference}")
    with reading(house_of(request).engine) as session:
        at = at_case(session, at.reference, reader, house_of(request).now())
        return _again(request, at, state_of(at, code), form)


@routes.post("/cases/{reference}/reflections/{which}/comments")
@policy(SIGNED_IN)
def comment(request: Request, reference: str, which: str, form: Posted, reader: Reader, now: Now) -> Response:
    """Keep a comment on a reflection, and show it beside it."""
    with reading(house_of(request).engine) as session:
        at = at_case(session, reference, reader, now)
        code = which_of(at, which)
        path = state_of(at, code).path
    if send_comment(request, reader, at.reference, code, form):
        return see_other(path)
    with reading(house_of(request).engine) as session:
        at = at_case(session, at.reference, reader, now)
        return _page(request, at, state_of(at, code), Form(), comment_form=form)


def _again(request: Request, at: At, state: State, form: Form) -> HTMLResponse:
    """Show a form that came back, as it was left, for the case as it stands now."""
    return _page(request, at, state, form, seen=seen_again(at, form))


def _page(
    request: Request, at: At, state: State, form: Form, *, seen: int | None = None, comment_form: Form | None = None
) -> HTMLResponse:
    asked = asked_by(STEP, at, form)
    blockers = blockers_of(at, STEP.deed) if state.state == "open" else []
    is_asked = bool(form.errors) or (state.state == "open" and not blockers and may_record(at, state.which))
    wrong = comment_form or form
    shown = about_case(at) | {
        "state": state,
        "subjects": subjects_of(at, state),
        "form": form if is_asked else None,
        "wrong": wrong,
        "fields": asked.all if is_asked else [],
        "asked": asked,
        "blockers": blockers,
        "seen": at.case["version"] if seen is None else seen,
    }
    status = wrong.status if wrong.errors else HTTPStatus.OK
    shown |= comments_shown(at, state.which, comment_form)
    return page(request, "pages/reflections/one.html", status, **shown)
