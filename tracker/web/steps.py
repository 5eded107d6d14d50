"""The recorded steps of a case, one form each: shown with what stands in the way, checked before what is final."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from tracker.cases.reading import note_read
from tracker.database import reading
from tracker.errors import NotAllowed, NotFound
from tracker.intents import Done
from tracker.people.doer import Doer
from tracker.people.permissions import to_her
from tracker.policy import SIGNED_IN, policy
from tracker.web.deed_forms import fitting_facts, send
from tracker.web.fields import Kind, filled
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import page, see_other
from tracker.web.placing import in_page_words
from tracker.web.reflection_pages import reflection_waited_for
from tracker.web.step_forms.form import At, StepForm
from tracker.web.step_forms.repeats import Asked, asked_by, facts_of_repeats
from tracker.web.step_forms.table import STEP_FORMS
from tracker.web.step_forms.whose import must_be_hers
from tracker.web.step_pages import (
    about_case,
    at_case,
    blockers_of,
    kept,
    open_instead,
    said,
    seen_again,
    where_it_stands,
)
from tracker.web.visitors import Db, Now, Reader
from workflows.vocabulary import Do

routes = APIRouter()
# What only the buttons of a form say: carried on, it would press them again.
BUTTONS = ("add", "change", "checked")
# Steps that have pages of their own, and where these stand.
PAGES_OF_THEIR_OWN: Mapping[str, Callable[[At], str]] = {
    "record-decision": lambda at: f"/cases/{at.reference}/decision",
    "record-reflection": lambda at: reflection_waited_for(at).path,
}


@routes.get("/cases/{reference}/steps/{name}")
@policy(SIGNED_IN)
def ask(request: Request, reference: str, name: str, db: Db, reader: Reader, now: Now) -> Response:
    """Show the form of a step, or why there is nothing to do."""
    at = at_case(db, reference, reader, now)
    if name in PAGES_OF_THEIR_OWN:
        return see_other(PAGES_OF_THEIR_OWN[name](at))
    step = _step(name)
    must_be_hers(at, step.deed)
    note_read(house_of(request).engine, reader.id, at.reference, now)
    why_not = _why_not_open(at, step) or step.why_not(at)
    if why_not:
        shown = about_case(at) | {"step": step, "why_not": why_not, "instead": list(open_instead(at))}
        return page(request, "pages/steps/not_open.html", **shown)
    fields = step.fields(at)
    named = {field.name for field in fields if field.kind in (Kind.LINE, Kind.SELECT, Kind.ONE_OF)}
    given = {name: value for name, value in request.query_params.items() if name in named}
    return _form_page(request, at, step, filled(fields, step.known(at) | given))


@routes.post("/cases/{reference}/steps/{name}")
@policy(SIGNED_IN)
def take(request: Request, reference: str, name: str, form: Posted, reader: Reader, now: Now) -> Response:
    """Take a step with what was filled in, or show the form again; what is final is shown for checking first."""
    with reading(house_of(request).engine) as session:
        at = at_case(session, reference, reader, now)
        if name in PAGES_OF_THEIR_OWN:
            return see_other(PAGES_OF_THEIR_OWN[name](at))
        step = _step(name)
        must_be_hers(at, step.deed)
        asked = asked_by(step, at, form)
        if form.text("add") or form.text("change"):
            return _form_page(request, at, step, form, asked)
        if step.warning and form.text("checked") != "yes":
            return _check(request, at, step, form, asked)
        facts = _more(at, step, form, asked)
    done = _try(request, reader, step, at.reference, form, facts)
    if done is None:
        with reading(house_of(request).engine) as session:
            return _again(request, session, at.reference, step, form, reader)
    return _after(request, step, done)


def _step(name: str) -> StepForm:
    step = STEP_FORMS.get(name.replace("-", "_"))
    if step is None or step.path != name:
        raise NotFound(f"There is no step {name!r}.")
    return step


def _why_not_open(at: At, step: StepForm) -> str | None:
    """Say why a step of the process cannot be taken from where the case stands; what stands beside it always can."""
    if step.deed not in set(Do) or at.steps(step.path):
        return None
    return f"{where_it_stands(at)}."


def _more(at: At, step: StepForm, form: Form, asked: Asked) -> tuple[list[Any], dict[str, Any], dict[str, Any]]:
    """Give the fields that are facts, the facts that are put together, and the fields from which they are."""
    facts, places = facts_of_repeats(asked, form)
    places |= {field.name: field for field in asked.fields if field.name in step.beside}
    return [field for field in asked.fields if field.name not in step.beside], facts | step.more(form, at), places


def _check(request: Request, at: At, step: StepForm, form: Form, asked: Asked) -> Response:
    fields, also, places = _more(at, step, form, asked)
    if fitting_facts(step.deed, form, fields, also=also, places=places) is None:
        return _form_page(request, at, step, form, asked)
    rows = [(field, said(field, form)) for field in asked.all if field.kind is not Kind.HIDDEN]
    shown = about_case(at) | {
        "step": step,
        "form": form,
        "rows": [(field.label.removesuffix(" (optional)"), words, field.name) for field, words in rows if words],
        "kept": list(kept(form, BUTTONS)),
        "seen": at.case["version"] if form.seen is None else form.seen,
    }
    return page(request, "pages/steps/check.html", **shown)


def _try(
    request: Request, reader: Doer, step: StepForm, reference: str, form: Form, facts: tuple[Any, Any, Any]
) -> Done | None:
    """Do the deed; whoever it names and is not found is said on the form, for the case itself was found."""
    fields, also, places = facts
    try:
        return send(request, reader, step.deed, reference, form, fields, also=also, places=places)
    except NotFound as missing:
        home = next((field.name for field in fields if field.name in ("person", "partner", "agency")), "form")
        form.says(home, in_page_words(str(missing)))
    except NotAllowed as refused:
        form.status = HTTPStatus.FORBIDDEN
        form.says("form", to_her(reader, str(refused)))
    return None


def _again(
    request: Request, session: Session, reference: str, step: StepForm, form: Form, reader: Doer
) -> HTMLResponse:
    """Show a form that came back, as it was left, for the case as it stands now."""
    at = at_case(session, reference, reader, house_of(request).now())
    return _form_page(request, at, step, form, seen=seen_again(at, form))


def _form_page(
    request: Request, at: At, step: StepForm, form: Form, asked: Asked | None = None, seen: int | None = None
) -> HTMLResponse:
    """Show the form; a version that was seen before stays, so that nobody records on what she has not read."""
    asked = asked or asked_by(step, at, form)
    blockers = blockers_of(at, step.deed)
    shown = about_case(at) | {
        "step": step,
        "form": form,
        "fields": asked.all,
        "asked": asked,
        "blockers": blockers,
        "is_open": not blockers or step.may_override or bool(form.errors),
        "seen": at.case["version"] if seen is None else seen,
    }
    return page(request, "pages/steps/step.html", form.status if form.errors else HTTPStatus.OK, **shown)


def _after(request: Request, step: StepForm, done: Done) -> Response:
    """Go back to the case, or to where her work begins when by this deed she ceased to see it."""
    sees_it = done.answer is not None
    leave_message(request, f"You {step.past}" + (f": {done.reference}." if sees_it else "."))
    return see_other(f"/cases/{done.reference}" if sees_it else "/")
