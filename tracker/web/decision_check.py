"""The last step of a decision: everything on one page, and the act of recording it with the leads it names."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.cases.drafts import DecisionDraft, Drafted, body_of, draft_of, draft_with_id, is_to_be_decided, may_draft
from tracker.cases.steps import ask
from tracker.database import reading
from tracker.doing import do
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.people.doer import Doer
from tracker.people.permissions import refusal
from tracker.people.roles import Role
from tracker.policy import SIGNED_IN, policy
from tracker.web.decision_checks import check_decision, check_lead, decision_rows, lead_words
from tracker.web.decision_fields import (
    decision_fields,
    lead_blocks,
    lead_facts,
    leads_follow,
    publish_by,
    put_together,
)
from tracker.web.decision_pages import form_of, not_to_be_decided
from tracker.web.deed_forms import send
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import counted, page, see_other
from tracker.web.placing import in_page_words
from tracker.web.problems import problem
from tracker.web.step_forms.form import At
from tracker.web.step_pages import about_case, at_case, who_moved_on
from tracker.web.visitors import Db, Now, Reader
from workflows.lifecycle import StepRefused
from workflows.vocabulary import Do

routes = APIRouter()
LONGEST_MESSAGE = 480


@routes.get("/cases/{reference}/decision/check")
@policy(SIGNED_IN)
def check(request: Request, reference: str, db: Db, reader: Reader, now: Now) -> Response:
    """Show everything that would be recorded; a scrutineer reads it as well."""
    at = at_case(db, reference, reader, now)
    if may_draft(at.standing, reader) is None and not reader.has(Role.SCRUTINEER, at.standing.case.partnership_id):
        raise NotAllowed(refusal(reader, "record_decision"))
    draft = draft_of(db, at.standing.case.id)
    if not is_to_be_decided(at.standing):
        return not_to_be_decided(request, at)
    if draft is None and may_draft(at.standing, reader):
        return see_other(f"/cases/{at.reference}/decision")
    if draft is None:
        raise NotFound("Nothing is drafted.")
    form = form_of(body_of(draft))
    return _check_page(request, at, form, draft)


@routes.post("/cases/{reference}/decision/check")
@policy(SIGNED_IN)
def record(request: Request, reference: str, form: Posted, reader: Reader, now: Now) -> Response:
    """Record the decision as it was drafted, then appoint the leads; sent twice it is done once."""
    with reading(house_of(request).engine) as session:
        at = at_case(session, reference, reader, now)
        if may_draft(at.standing, reader) is None:
            raise NotAllowed(refusal(reader, "record_decision"))
        draft = _draft_seen(session, at, form)
        drafted = body_of(draft)
        leads = [facts for block in lead_blocks(at, drafted) if (facts := lead_facts(block, form_of(drafted)))]
        facts = _facts(at, drafted)
    done = None
    if draft is None:
        form.status = HTTPStatus.CONFLICT
        form.errors["form"] = "The draft has changed."
    else:
        done = send(request, reader, "record_decision", at.reference, form, [], also=facts)
    if done is None:
        with reading(house_of(request).engine) as session:
            return _again(request, at_case(session, reference, reader, now), form)
    refused = _appoint(request, reader, at.reference, form, leads, facts)
    leave_message(request, _done_words(at.reference, len(leads), refused), must_arrive=bool(refused))
    return see_other(f"/cases/{at.reference}")


def _draft_seen(session: Session, at: At, form: Form) -> DecisionDraft | None:
    """Give the draft that she saw, also when it has ended since; nothing when it was changed."""
    number = form.text("draft").partition(".")[0]
    known = draft_with_id(session, at.standing.case.id, int(number)) if number.isascii() and number.isdigit() else None
    return known if known is not None and known.mark == form.text("draft") else None


def _facts(at: At, drafted: Drafted) -> dict[str, Any]:
    typed = form_of(drafted)
    plain = {"on": typed.date("on")} | {name: typed.text(name) for name in ("outcome", "reason", "scrutineer_said")}
    return {name: value for name, value in plain.items() if value} | put_together(at, drafted)


def _appoint(
    request: Request, reader: Doer, reference: str, form: Form, leads: list[dict[str, str]], decided: dict[str, Any]
) -> list[str]:
    """Appoint the leads, each under an intent of its own; gives the sentences of those that were refused."""
    house = house_of(request)
    refused = []
    also = {"confirmed": decided["confirmed"]} if "confirmed" in decided else {}
    for number, facts in enumerate(leads, 1):
        try:
            do(
                house.engine,
                "appoint_lead",
                reference,
                email=str(reader.email),
                facts=facts | also,
                now=house.now(),
                intent=f"{form.intent}-{number}",
            )
        except (StepRefused, Refused, FactsWrong, NotAllowed, NotFound) as no:
            refused.append(in_page_words(str(no)))
    return refused


def _done_words(reference: str, leads: int, refused: list[str]) -> str:
    words = f"You recorded the decision on {reference}."
    if leads and not refused:
        words += f" {counted(leads, 'lead is', 'leads are')} appointed."
    if refused:
        words += f" {len(refused)} of {counted(leads, 'lead')} could not be appointed. {' '.join(refused)}"
    return words if len(words) <= LONGEST_MESSAGE else f"{words[:LONGEST_MESSAGE]}…"


def _again(request: Request, at: At, form: Form) -> Response:
    """Show the check again with why it was refused; where the case was decided meanwhile, say by whom."""
    if form.status == HTTPStatus.CONFLICT:
        form.errors = {"form": who_moved_on(at)}
    draft = draft_of(at.session, at.standing.case.id)
    if draft is None:
        back = f"/cases/{at.reference}", f"Back to {about_case(at)['caption']}"
        return problem(request, form.status, "This could not be recorded", *form.errors.values(), back=back)
    fresh = form_of(body_of(draft))
    fresh.errors, fresh.status = form.errors, form.status
    return _check_page(request, at, fresh, draft, checked=True)


def _check_page(request: Request, at: At, form: Form, draft: DecisionDraft, *, checked: bool = False) -> Response:
    """Show the draft; what is missing stands above it, and then nothing can be recorded."""
    drafted = body_of(draft)
    blocks = lead_blocks(at, drafted)
    if not checked:
        check_decision(at, form, decision_fields(at), drafted)
        for block in blocks:
            check_lead(at, form, block)
    due = publish_by(at, drafted)
    definition = at.standing.definition
    shown = about_case(at) | {
        "form": form,
        "mark": draft.mark,
        "decision": decision_rows(at, form, drafted),
        "leads": [(block.method.label, lead_words(at, lead_facts(block, form))) for block in blocks],
        "leads_follow": leads_follow(at),
        "publish_by": due,
        "body": definition.body_named(definition.decided_by).name,
        "panel": definition.body_named(definition.recommended_by).name,
        "may_record": _may_record(at) and (checked or not form.errors),
        "may_change": may_draft(at.standing, at.reader) is not None,
        "is_hers": _may_record(at),
        "is_whole": not form.errors,
    }
    return page(request, "pages/decision/check.html", form.status if checked else HTTPStatus.OK, **shown)


def _may_record(at: At) -> bool:
    try:
        ask(at.standing, Do.RECORD_DECISION, at.reader)
    except NotAllowed:
        steps = at.standing.lifecycle.steps_from(at.standing.state)
        return any(_may_take(at, step.branch) for step in steps if step.do is Do.RECORD_DECISION)
    return True


def _may_take(at: At, branch: str) -> bool:
    try:
        ask(at.standing, Do.RECORD_DECISION, at.reader, branch)
    except NotAllowed:
        return False
    return True
