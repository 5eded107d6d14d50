"""What a lead says herself about her independence: she confirms it, or her appointment lapses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, select

from tracker import history
from tracker.cases.decision_models import MethodWork
from tracker.cases.models import Case
from tracker.cases.named import barred_case_ids
from tracker.cases.standing import Standing
from tracker.cases.steps import move_on
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.facts import Facts, Name
from tracker.people.doer import Doer
from tracker.people.permissions import refusal
from tracker.people.roles import Role
from tracker.reviews.declarations import end_access, lead_meant
from tracker.reviews.methods import chosen_method
from tracker.reviews.models import Lead
from tracker.reviews.queries import leads_of_method
from workflows.vocabulary import Independence, Method


class DeclareIndependence(Facts):
    """Whether the lead of a method was involved in the case; `person` where several lead the method."""

    method: Method
    involvement: Literal["none", "direct"]
    person: Name | None = None


def declare_independence(standing: Standing, facts: DeclareIndependence, *, now: datetime, by: Doer) -> None:
    """Record what a lead says of her involvement: none confirms her; otherwise the partnership's rule decides.

    Every lead says it for herself; the coordinator records what she was told.
    """
    if standing.case.closed_at is not None:
        raise Refused("The case is closed: nobody is asked about independence any more.", code="wrong_status")
    lead, role = _lead(standing, facts, by)
    if lead.involvement in ("none", "direct"):
        raise Refused(f"The independence of {lead.name} is recorded already.", code="already_done")
    lapses = facts.involvement == "direct" and standing.definition.independence is not Independence.NONE
    history.note(
        standing.session,
        standing.case.reference,
        "declare_independence",
        at=now,
        by=by,
        role=role,
        what=_said(lead, facts, lapses),
        old=lead.involvement,
        new=facts.involvement,
        more={"method": facts.method.value, "person": lead.name},
    )
    lead.involvement = facts.involvement
    if lapses:
        lead.ended_on, lead.ended_why = london_day(now), "She was directly involved in the case."
        end_access(standing, lead, facts.method, london_day(now))
    standing.session.add(lead)
    standing.session.flush()
    move_on(standing, by=by, now=now)


def _lead(standing: Standing, facts: DeclareIndependence, by: Doer) -> tuple[Lead, str]:
    """Find whose independence it is, and give the role for the history; raises `NotAllowed` for another one's."""
    work = chosen_method(standing, facts.method)
    leads = leads_of_method(standing.session, work.id) if work else []
    own = [lead for lead in leads if lead.person_id == by.id]
    coordinates = by.has(Role.COORDINATOR, standing.case.partnership_id)
    if not own and not coordinates:
        raise NotAllowed(refusal(by, "declare_independence"))
    if not leads:
        raise Refused(f"Nobody leads {facts.method.label}: appoint somebody first.", code="nothing_recorded")
    lead = own[0] if own and facts.person is None else lead_meant(standing, leads, facts.method, facts.person)
    if lead not in own and not coordinates:
        raise NotAllowed(refusal(by, "declare_independence"))
    return lead, "lead" if lead in own else Role.COORDINATOR.words


def _said(lead: Lead, facts: DeclareIndependence, lapses: bool) -> str:
    if facts.involvement == "none":
        return f"{lead.name} was not involved in the case, and leads: {facts.method.label}"
    after = f"and no longer leads: {facts.method.label}" if lapses else f"and leads: {facts.method.label}"
    return f"{lead.name} was directly involved in the case, {after}"


@dataclass(frozen=True, slots=True)
class LeadAsked:
    """A lead who is asked whether she is independent: of which case, for which method, and what she has answered."""

    case: str
    method: Method
    involvement: str | None


def lead_asked(session: Session, lead_id: int, person_id: int) -> LeadAsked | None:
    """Give what a lead is asked; nothing when the appointment is not hers, has lapsed, or a conflict bars her.

    Whoever leads no longer because she was involved is told so.
    """
    question = (
        select(Lead, MethodWork.code, Case)
        .join(MethodWork, col(MethodWork.id) == Lead.method_id)
        .join(Case, col(Case.id) == MethodWork.case_id)
        .where(Lead.id == lead_id, Lead.person_id == person_id)
    )
    found = session.exec(question).first()
    if found is None:
        return None
    lead, method, case = found
    if lead.ended_on is not None and lead.involvement != "direct":
        return None
    if case.id in barred_case_ids(session, person_id):
        return None
    answered = lead.involvement if lead.involvement in ("none", "direct") else None
    return LeadAsked(case.reference, Method(method), answered)
