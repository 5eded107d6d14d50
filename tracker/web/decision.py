"""The decision in three steps: what was decided, who leads each method, and the check before it is recorded."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.cases.drafts import Drafted, body_of, draft_of, is_to_be_decided
from tracker.database import reading
from tracker.policy import SIGNED_IN, policy
from tracker.web.decision_checks import check_decision, check_lead
from tracker.web.decision_fields import (
    asks_partners,
    decision_fields,
    dissent_fields,
    lead_blocks,
    leads_follow,
    methods_of,
)
from tracker.web.decision_pages import (
    at_decision,
    authors_page,
    disagreement_page,
    first_page,
    form_of,
    not_to_be_decided,
    save,
    with_typed,
)
from tracker.web.forms import Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.step_forms.form import At
from tracker.web.visitors import Db, Reader

routes = APIRouter()


@routes.get("/cases/{reference}/decision")
@policy(SIGNED_IN)
def ask_decision(request: Request, reference: str, db: Db, reader: Reader) -> Response:
    """Ask what was decided: the first step, as the draft has it."""
    at = at_decision(request, db, reference, reader)
    if not is_to_be_decided(at.standing):
        return not_to_be_decided(request, at)
    draft = draft_of(db, at.standing.case.id)
    drafted = body_of(draft)
    if draft is None and asks_partners(at):
        drafted.chosen["agreed_by"] = list(at.partners)
    return first_page(request, at, form_of(drafted), draft)


@routes.post("/cases/{reference}/decision")
@policy(SIGNED_IN)
def draft_decision(request: Request, reference: str, form: Posted, reader: Reader) -> Response:
    """Save what was decided as a draft, and go on: to the leads, to the disagreement, or back to the case."""
    goes = form.text("go")
    with reading(house_of(request).engine) as session:
        at = at_decision(request, session, reference, reader)
        fields = decision_fields(at)
        drafted = with_typed(session, at, form, fields)
        if goes == "continue":
            check_decision(at, form, fields, drafted)
        where = _next(at, goes, drafted)
    if not form.errors and save(request, at.reference, reader, form, drafted, fields):
        return _went_on(request, at.reference, goes, where)
    with reading(house_of(request).engine) as session:
        at = at_decision(request, session, reference, reader)
        return first_page(request, at, form, draft_of(session, at.standing.case.id))


@routes.get("/cases/{reference}/decision/disagreement")
@policy(SIGNED_IN)
def ask_disagreement(request: Request, reference: str, db: Db, reader: Reader) -> Response:
    """Ask which partner does not agree, and why."""
    at = at_decision(request, db, reference, reader)
    if not is_to_be_decided(at.standing):
        return not_to_be_decided(request, at)
    draft = draft_of(db, at.standing.case.id)
    return disagreement_page(request, at, form_of(body_of(draft)), draft)


@routes.post("/cases/{reference}/decision/disagreement")
@policy(SIGNED_IN)
def draft_disagreement(request: Request, reference: str, form: Posted, reader: Reader) -> Response:
    """Save who did not agree with the draft, and go back to it; everybody else counts as agreeing."""
    with reading(house_of(request).engine) as session:
        at = at_decision(request, session, reference, reader)
        fields = dissent_fields(at)
        drafted = with_typed(session, at, form, fields)
        agreeing = [name for place, name in enumerate(at.partners, 1) if not form.text(f"dissent-{place}")]
        drafted.chosen["agreed_by"] = agreeing
    if save(request, at.reference, reader, form, drafted, fields):
        return see_other(f"/cases/{at.reference}/decision")
    with reading(house_of(request).engine) as session:
        at = at_decision(request, session, reference, reader)
        return disagreement_page(request, at, form, draft_of(session, at.standing.case.id))


@routes.get("/cases/{reference}/decision/authors")
@policy(SIGNED_IN)
def ask_authors(request: Request, reference: str, db: Db, reader: Reader) -> Response:
    """Ask who leads each method: the second step."""
    at = at_decision(request, db, reference, reader)
    draft = draft_of(db, at.standing.case.id)
    if draft is None or not is_to_be_decided(at.standing) or not _asks_leads(at, body_of(draft)):
        return see_other(f"/cases/{at.reference}/decision")
    return authors_page(request, at, form_of(body_of(draft)), draft)


@routes.post("/cases/{reference}/decision/authors")
@policy(SIGNED_IN)
def draft_authors(request: Request, reference: str, form: Posted, reader: Reader) -> Response:
    """Save who leads each method with the draft, and go on to the check, or back to the case."""
    goes = form.text("go")
    with reading(house_of(request).engine) as session:
        at = at_decision(request, session, reference, reader)
        blocks = lead_blocks(at, body_of(draft_of(session, at.standing.case.id)))
        fields = [field for block in blocks for field in block.fields.values()]
        drafted = with_typed(session, at, form, fields)
        for block in blocks if goes == "continue" else ():
            check_lead(at, form, block)
    if not form.errors and save(request, at.reference, reader, form, drafted, fields):
        return _went_on(request, at.reference, goes, "check")
    with reading(house_of(request).engine) as session:
        at = at_decision(request, session, reference, reader)
        draft = draft_of(session, at.standing.case.id)
        return authors_page(request, at, form, draft) if draft else not_to_be_decided(request, at)


def _asks_leads(at: At, drafted: Drafted) -> bool:
    return leads_follow(at) and bool(methods_of(drafted))


def _next(at: At, goes: str, drafted: Drafted) -> str:
    if goes == "disagree":
        return "disagreement"
    return "authors" if _asks_leads(at, drafted) else "check"


def _went_on(request: Request, reference: str, goes: str, where: str) -> Response:
    if goes == "later":
        leave_message(request, f"Your draft of the decision on {reference} is saved. Nothing is recorded yet.")
        return see_other(f"/cases/{reference}")
    return see_other(f"/cases/{reference}/decision/{where}")
