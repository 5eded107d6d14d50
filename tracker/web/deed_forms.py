"""Forms that do a deed: what does not fit is said beside its field, what stands in the way above them all."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from tracker.deeds import Deed
from tracker.doing import deed_named, do
from tracker.errors import FactsWrong, Refused
from tracker.intents import Done
from tracker.misfits import by_place
from tracker.people.doer import Doer
from tracker.web.fields import Field, facts_of
from tracker.web.forms import Form
from tracker.web.house import house_of
from tracker.web.pages import page
from workflows.lifecycle import StepRefused

# The page has gone stale: somebody else moved the record on, or the form was sent for something else before.
STALE = {"stale", "wrong_status", "intent_reused"}


def send(
    request: Request,
    reader: Doer,
    deed_name: str,
    reference: str | None,
    form: Form,
    fields: Sequence[Field],
    *,
    also: Mapping[str, Any] | None = None,
) -> Done | None:
    """Do a deed with what was filled in; gives nothing when the form has to come back, with its errors noted.

    `also`: facts that the page knows and does not ask. Raises `NotFound` or `NotAllowed`.
    """
    deed = deed_named(deed_name)
    facts = facts_of(form, fields) | dict(also or {})
    if form.text("confirmed") == "looks_personal":
        facts["confirmed"] = ["looks_personal"]
    if form.errors or not _fit(deed, facts, form, fields):
        return None
    house = house_of(request)
    try:
        return do(
            house.engine,
            deed.name,
            reference,
            email=str(reader.email),
            facts=facts,
            now=house.now(),
            seen=form.seen,
            intent=form.intent,
        )
    except StepRefused as refused:
        form.status = HTTPStatus.CONFLICT if refused.code in STALE else HTTPStatus.UNPROCESSABLE_ENTITY
        for number, blocker in enumerate(refused.blockers):
            form.errors[_place_of(blocker.sentence, fields) or f"blocker-{number}"] = blocker.sentence
        if not refused.blockers:
            form.errors["form"] = str(refused)
    except (Refused, FactsWrong) as refused:
        _note(form, refused, fields)
    return None


def _note(form: Form, refused: Refused | FactsWrong, fields: Sequence[Field]) -> None:
    code = refused.code
    form.status = HTTPStatus.CONFLICT if code in STALE else HTTPStatus.UNPROCESSABLE_ENTITY
    sentence = str(refused)
    if code == "looks_personal":
        name, _, rest = sentence.partition(": ")
        place = name if name in {field.name for field in fields} else "form"
        what = rest.partition(". ")[0]
        form.errors[place] = f"{what[:1].upper()}{what[1:]}. Take it out, or confirm that it is not."
        form.wants_confirming = True
        return
    dates = [field.name for field in fields if field.kind == "date"]
    place = dates[0] if code in ("bad_date", "out_of_order") and dates else "form"
    form.errors[place] = sentence


def _place_of(sentence: str, fields: Sequence[Field]) -> str | None:
    """Find the field that a sentence is about, where its question names it."""
    known = {
        "reason": "reason",
        "methods": "methods",
        "immediate learning": "immediate_learning",
    }
    names = {field.name for field in fields}
    return next((name for word, name in known.items() if word in sentence.lower() and name in names), None)


def _fit(deed: Deed, facts: Mapping[str, Any], form: Form, fields: Sequence[Field]) -> bool:
    """Read the facts beforehand, so that each sentence stands beside its field."""
    try:
        deed.facts.model_validate(facts)
    except ValidationError as wrong:
        labels = {field.name: field for field in fields}
        for place, words in by_place(wrong).items():
            name = place.partition(".")[0]
            field = labels.get(name)
            form.says(name if field else "form", _said(field, words))
        return False
    return True


def _said(field: Field | None, words: str) -> str:
    if field is None:
        return f"{words[:1].upper()}{words[1:]}"
    if words == "it is missing, give it" and field.missing:
        return field.missing
    if words[:3] == "it ":
        return f"{field.label.rstrip('?')} {words[3:]}"
    return f"{words[:1].upper()}{words[1:]}"


def form_page(
    request: Request, template: str, form: Form, fields: Sequence[Field], **shown: Any
) -> HTMLResponse:  # what a page shows differs from page to page
    """Show a form, as it was left, with what is wrong above it and beside its fields."""
    status = form.status if form.errors else HTTPStatus.OK
    return page(request, template, status, form=form, fields=fields, **shown)
