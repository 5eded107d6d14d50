"""Forms that do a deed: what does not fit is said beside its field, what stands in the way above them all."""

import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from tracker.doing import deed_named, do
from tracker.errors import FactsWrong, Refused
from tracker.files.given import SAYS_WHERE
from tracker.intents import Done
from tracker.misfits import by_place
from tracker.people.doer import Doer
from tracker.web.fields import Field, Kind, facts_of
from tracker.web.forms import Form
from tracker.web.house import house_of
from tracker.web.keeping import was_sent
from tracker.web.pages import page
from tracker.web.placing import (
    Places,
    home_of,
    in_page_words,
    personal_home,
    said_of,
    too_long,
    which_file,
    wrong_date,
)
from workflows.lifecycle import StepRefused
from workflows.requirements import Unmet
from workflows.wording import capital

# The page has gone stale: somebody else moved the record on, or the form was sent for something else before.
STALE = {"stale", "wrong_status", "intent_reused"}
SENT_BEFORE = "You have sent this form before, and it was recorded. Your text is kept below: send it only if it is new."
PHOTO_SAYS_WHERE = (
    "This photo says where it was taken. Choose a copy that does not, or choose it again and confirm below that it is "
    "not the home of a child or a family"
)
UNAVAILABLE = "The service could not reach its records just now. Your text is kept below: try again in a few minutes."
_PERSONAL = "looks_personal"


def send(
    request: Request,
    reader: Doer,
    deed_name: str,
    reference: str | None,
    form: Form,
    fields: Sequence[Field],
    *,
    also: Mapping[str, Any] | None = None,
    places: Places | None = None,
) -> Done | None:
    """Do a deed with what was filled in; gives nothing when the form has to come back, with its errors noted.

    `also`: facts that the page knows and does not ask, or puts together itself; `places`: the fields from which it put
    them together (`findings.0.text`), and those beside which a refusal with a code is said. Raises `NotFound` or
    `NotAllowed`.
    """
    deed = deed_named(deed_name)
    facts = fitting_facts(deed_name, form, fields, also=also, places=places)
    if facts is None:
        return None
    house = house_of(request)
    try:
        done = do(
            house.engine,
            deed.name,
            reference,
            email=str(reader.email),
            facts=facts,
            now=house.now(),
            seen=form.seen,
            intent=form.intent,
        )
        was_sent(request, reader, form)
        return done
    except StepRefused as refused:
        form.status = HTTPStatus.CONFLICT if refused.code in STALE else HTTPStatus.UNPROCESSABLE_ENTITY
        note_blockers(form, refused.blockers, fields, places)
        if not refused.blockers:
            form.errors["form"] = in_page_words(str(refused))
    except (Refused, FactsWrong) as refused:
        note_refusal(form, refused, fields, places)
    return None


def fitting_facts(
    deed_name: str,
    form: Form,
    fields: Sequence[Field],
    *,
    also: Mapping[str, Any] | None = None,
    places: Places | None = None,
) -> dict[str, Any] | None:
    """Give what was filled in as the facts of a deed; nothing where they do not fit, with the errors noted."""
    everything = [*fields, *(places or {}).values()]
    for field in everything:
        wrong = wrong_date(form, field.name) if field.kind is Kind.DATE else too_long(field, form.text(field.name))
        if wrong:
            form.says(field.name, wrong)
    facts = facts_of(form, fields) | dict(also or {})
    if form.text("confirmed") == _PERSONAL:
        facts["confirmed"] = [_PERSONAL]
        form.wants_confirming = True
    has_errors = bool(form.errors)
    try:
        deed_named(deed_name).facts.model_validate(facts)
    except ValidationError as wrong_facts:
        labels = {field.name: field for field in fields} | dict(places or {})
        for place, words in by_place(wrong_facts).items():
            field_there = labels.get(place) or labels.get(place.partition(".")[0])
            if field_there is None and has_errors:
                # Of what the page asks in its own way it has said so beside its field.
                continue
            typed = form.text(field_there.name) if field_there else ""
            said = said_of(field_there, words, typed)
            form.says(field_there.name if field_there else "form", which_file(form, field_there, place, said))
    return None if form.errors else facts


def note_blockers(form: Form, blockers: Sequence[Unmet], fields: Sequence[Field], places: Places | None = None) -> None:
    """Say what stands in the way, each beside the field that it is about."""
    for number, blocker in enumerate(blockers):
        sentence = in_page_words(blocker.sentence)
        place = home_of(blocker.code, fields, places) or f"blocker-{number}"
        form.errors[place] = f"{form.errors[place]} {sentence}" if place in form.errors else sentence


def note_refusal(
    form: Form, refused: Refused | FactsWrong, fields: Sequence[Field], places: Places | None = None
) -> None:
    """Say why a deed was refused, beside the field that it is about or above the form."""
    code = refused.code
    form.status = HTTPStatus.CONFLICT if code in STALE else HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = str(refused)
    if code == _PERSONAL:
        name, _, rest = sentence.partition(": ")
        what = rest.partition(". ")[0]
        place = personal_home(name, form, fields, places) or "form"
        form.errors[place] = f"{capital(what)}. Take it out, or confirm that it is not."
        form.wants_confirming = True
        return
    if code == SAYS_WHERE:
        form.errors[home_of(code, fields, places) or "form"] = PHOTO_SAYS_WHERE
        form.wants_confirming = True
        return
    if code == "database_unavailable":
        form.status = HTTPStatus.SERVICE_UNAVAILABLE
        form.errors["form"] = UNAVAILABLE
        return
    if code == "intent_reused":
        form.intent = secrets.token_hex(16)
        form.errors["form"] = SENT_BEFORE
        return
    form.errors[home_of(code, fields, places) or "form"] = in_page_words(sentence)


def form_page(
    request: Request, template: str, form: Form, fields: Sequence[Field], **shown: Any
) -> HTMLResponse:  # what a page shows differs from page to page
    """Show a form, as it was left, with what is wrong above it and beside its fields."""
    status = form.status if form.errors else HTTPStatus.OK
    return page(request, template, status, form=form, fields=fields, **shown)
