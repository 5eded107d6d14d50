"""What the pages of a decision share: the draft as it was typed, saved beside its case, and shown again."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker import history
from tracker.cases.drafts import DecisionDraft, Drafted, body_of, draft_of, may_draft, save_draft
from tracker.cases.queries import case_for_deed
from tracker.cases.reading import note_read
from tracker.database import unit_of_work
from tracker.errors import NotAllowed, Refused
from tracker.groups.themes import theme_labels
from tracker.people.doer import Doer
from tracker.people.permissions import refusal
from tracker.standing import WholeStanding
from tracker.web.decision_fields import (
    asks_partners,
    decision_fields,
    dissent_fields,
    lead_blocks,
    leads_follow,
    publish_by,
)
from tracker.web.deed_forms import note_refusal
from tracker.web.fields import Field, Kind
from tracker.web.forms import Form
from tracker.web.house import house_of
from tracker.web.keeping import was_sent
from tracker.web.pages import page
from tracker.web.step_forms.form import At
from tracker.web.step_pages import about_case, at_case, moved_on, open_instead, where_it_stands

HEADING = "Record the decision"


def at_decision(request: Request, session: Session, reference: str, reader: Doer) -> At:
    """Give a case for the pages of its decision; raises `NotFound`, or `NotAllowed` for whoever may not prepare it."""
    now = house_of(request).now()
    at = at_case(session, reference, reader, now)
    if may_draft(at.standing, reader) is None:
        raise NotAllowed(refusal(reader, "record_decision"))
    if request.method == "GET":
        note_read(house_of(request).engine, reader.id, at.reference, now)
    return at


def not_to_be_decided(request: Request, at: At) -> Response:
    """Show that there is no decision to record where the case stands, and what there is instead."""
    shown = about_case(at) | {"heading": HEADING, "why_not": f"{where_it_stands(at)}."}
    return page(request, "pages/steps/not_open.html", **shown, instead=list(open_instead(at)))


def form_of(drafted: Drafted) -> Form:
    """Give a draft as a form that stands as it was typed."""
    return Form(drafted.typed, drafted.chosen)


def save(
    request: Request, reference: str, reader: Doer, form: Form, drafted: Drafted, fields: Sequence[Field]
) -> DecisionDraft | None:
    """Save a draft; gives nothing when the form has to come back, with why noted."""
    if form.errors:
        return None
    house = house_of(request)
    confirmed = form.text("confirmed") == "looks_personal"
    form.wants_confirming = confirmed
    try:
        with unit_of_work(house.engine) as session:
            case = case_for_deed(session, reference, reader)
            standing = WholeStanding(session, case)
            kept = save_draft(
                standing, drafted, seen=form.text("draft"), now=house.now(), by=reader, confirmed=confirmed
            )
            session.flush()
            history.write_noted(session)
            was_sent(request, reader, form, session)
            return kept
    except Refused as refused:
        note_refusal(form, refused, fields, {f"{field.name}.text": field for field in fields})
    return None


def with_typed(session: Session, at: At, form: Form, fields: Sequence[Field]) -> Drafted:
    """Give the draft with what was filled in on a page over it, as it was typed."""
    typed: dict[str, str] = {}
    chosen: dict[str, list[str]] = {}
    for field in fields:
        if field.kind is Kind.SOME_OF:
            chosen[field.name] = form.all(field.name)
        elif field.kind is Kind.DATE:
            typed |= {f"{field.name}-{part}": form.text(f"{field.name}-{part}") for part in ("day", "month", "year")}
        else:
            typed[field.name] = form.text(field.name)
    if form.text("confirmed"):
        typed["confirmed"] = "looks_personal"
    return body_of(draft_of(session, at.standing.case.id)).with_more(typed, chosen)


def first_page(request: Request, at: At, form: Form, draft: DecisionDraft | None) -> Response:
    """Show the first step: the decision, beside what the panel advised."""
    fields = decision_fields(at)
    drafted = body_of(draft)
    labels = theme_labels(at.session, at.standing.case.partnership_id)
    shown = {
        "themes": [labels.get(code, code) for code in at.case["themes"]],
        "dissent": [
            (field.label, drafted.typed[field.name]) for field in dissent_fields(at) if drafted.typed.get(field.name)
        ],
        "asks_partners": asks_partners(at),
        "leads_follow": leads_follow(at),
        "body": at.standing.definition.body_named(at.standing.definition.decided_by).name,
        "publish_by": publish_by(at, drafted),
    }
    return _draft_page(request, "pages/decision/decision.html", at, form, fields, draft, **shown)


def disagreement_page(request: Request, at: At, form: Form, draft: DecisionDraft | None) -> Response:
    """Show the page on which it is said who did not agree."""
    return _draft_page(request, "pages/decision/disagreement.html", at, form, dissent_fields(at), draft)


def authors_page(request: Request, at: At, form: Form, draft: DecisionDraft) -> Response:
    """Show the second step: who leads each method."""
    blocks = lead_blocks(at, body_of(draft))
    fields = [field for block in blocks for field in block.fields.values()]
    rule = at.standing.definition.independence
    return _draft_page(request, "pages/decision/authors.html", at, form, fields, draft, blocks=blocks, rule=rule)


def _draft_page(
    request: Request,
    name: str,
    at: At,
    form: Form,
    fields: Sequence[Field],
    draft: DecisionDraft | None,
    **shown: object,
) -> Response:
    """Show a page of the draft; one that has gone stale carries the newest mark, and says who saved last."""
    mark = draft.mark if draft else ""
    if form.errors and form.status == HTTPStatus.CONFLICT:
        form.errors["form"] = moved_on(at)
    elif form.errors:
        mark = form.text("draft")
    status = form.status if form.errors else HTTPStatus.OK
    known = about_case(at) | {"form": form, "fields": fields, "mark": mark, "saved": draft}
    return page(request, name, status, **known, **shown)
