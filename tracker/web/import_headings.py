"""What the headings of a spreadsheet were taken for, whose copy it is, and which review its rows come from."""

import json
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from tracker.database import reading, unit_of_work
from tracker.facts import storable, visible
from tracker.groups.queries import codes_of, every_partnership
from tracker.importing.choosing import FIELD_WORDS, field_words
from tracker.importing.headings import LEFT_OUT
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import policy
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.import_files import (
    FROM,
    IMPORTS,
    chosen_in,
    find,
    is_new,
    keep_decided,
    names_review,
    review_of,
    tried,
)
from tracker.web.pages import page, see_other
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()


@routes.get("/actions/import/{number}/headings")
@policy(IMPORTS)
def ask_for_headings(request: Request, db: Db, reader: Reader, now: Now, number: str) -> Response:
    """Show what each heading was taken for, to be corrected."""
    return _headings(request, db, reader, now, Form(), number)


def _headings(request: Request, session: Session, reader: Doer, now: datetime, form: Form, number: str) -> HTMLResponse:
    draft = find(session, reader, number, now)
    hers = reader.partnerships_as(Role.COORDINATOR)
    return page(
        request,
        "pages/actions/import_headings.html",
        form.status if form.errors else HTTPStatus.OK,
        form=form,
        draft=draft,
        document=tried(session, draft, reader, now).document,
        fields=FIELD_WORDS,
        field_words=field_words,
        review=review_of(draft),
        partnerships=[(one.code, one.name, one.id) for one in every_partnership(session) if one.id in hers],
    )


@routes.post("/actions/import/{number}/headings")
@policy(IMPORTS)
def choose_headings(request: Request, reader: Reader, now: Now, form: Posted, number: str) -> Response:
    """Keep what headings mean, whose copy it is and which partnership is meant; then look at the rows again."""
    with unit_of_work(house_of(request).engine) as session:
        draft = find(session, reader, number, now, lock=True)
        if form.text("review") and not names_review(session, draft, reader, form.text("review")):
            form.says("review", "Enter the reference or the published name of a review, like TH-2021-001")
        if draft.report is None and is_new(form, draft):
            sheets = tried(session, draft, reader, now).document["sheets"]
            chosen = _chosen(form, sheets, chosen_in(draft)) | {FROM: {"review": _typed(form, "review")}}
            draft.chosen = json.dumps(chosen)
            hers = reader.partnerships_as(Role.COORDINATOR)
            codes = {code: one for one, code in codes_of(session, hers).items()}
            draft.partnership_id = codes.get(form.text("partnership"))
            draft.copy_of = _typed(form, "copy_of")
            # Other headings make other rows.
            keep_decided(draft, form, {})
            session.add(draft)
    if form.errors:
        with reading(house_of(request).engine) as session:
            return _headings(request, session, reader, now, form, number)
    return see_other(f"/actions/import/{number}")


def _typed(form: Form, name: str) -> str:
    """Give what was typed as far as it can be kept."""
    typed = form.text(name)
    return typed[:200] if storable(typed) and visible(typed) else ""


def _chosen(form: Form, sheets: Any, before: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Give what was chosen for headings otherwise than they are understood, beside what was chosen before."""
    found = {name: dict(chosen) for name, chosen in before.items()}
    for place, sheet in enumerate(sheets):
        in_doubt = {heading for doubt in sheet["in_doubt"] for heading in doubt["headings"]}
        for column, (heading, meaning) in enumerate(sheet["columns"].items()):
            chosen = form.typed.get(f"sheet-{place}-{column}")
            if chosen is None or chosen not in (*FIELD_WORDS, LEFT_OUT):
                continue
            if chosen != (meaning or LEFT_OUT) or heading in in_doubt:
                found.setdefault(sheet["sheet"] or "", {})[heading] = chosen
    return found
