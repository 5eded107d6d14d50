"""The declaration of independence of a lead: asked for while it is not known, and withdrawn with the appointment."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, select

from tracker.cases.models import CaseAccess
from tracker.cases.queries import folded
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, take_step
from tracker.clock import london_day
from tracker.errors import NotFound, Refused
from tracker.facts import Facts, Name, Words
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.queries import person_named
from tracker.people.reach import tell
from tracker.reviews.methods import chosen_method, not_chosen
from tracker.reviews.models import Lead
from tracker.reviews.queries import leads_of_method
from workflows.vocabulary import Do, Method
from workflows.wording import listed


class WithdrawDeclaration(Facts):
    """Whose declaration of independence is withdrawn, and why; `person` where several lead the method."""

    method: Method
    reason: Words
    person: Name | None = None


def withdraw_declaration(standing: Standing, facts: WithdrawDeclaration, *, now: datetime, by: Doer) -> None:
    """Withdraw a declaration of independence: the appointment lapses, and somebody else has to be chosen.

    Every lead may withdraw her own.
    """
    work = chosen_method(standing, facts.method)
    leads = leads_of_method(standing.session, work.id) if work else []
    role = "lead" if by.id in {lead.person_id for lead in leads} else ask(standing, Do.WITHDRAW_DECLARATION, by)
    lead = lead_meant(standing, leads, facts.method, facts.person) if work else None
    if role == "lead" and lead is not None and lead.person_id != by.id:
        role = ask(standing, Do.WITHDRAW_DECLARATION, by)
    name = lead.name if lead else ""
    take_step(
        standing,
        Do.WITHDRAW_DECLARATION,
        role=role,
        by=by,
        now=now,
        also=not_chosen(standing, facts.method),
        what=f"{name} no longer leads: {facts.method.label}. {facts.reason}",
        more={"method": facts.method.value, "person": name, "reason": facts.reason},
    )
    assert lead is not None, "a method that was not chosen is refused above"
    lead.ended_on = london_day(now)
    lead.ended_why = facts.reason
    standing.session.add(lead)
    end_access(standing, lead, facts.method, london_day(now))
    standing.session.flush()
    move_on(standing, by=by, now=now)


def ask_for_confirmation(standing: Standing, lead: Lead, person: Person, now: datetime) -> None:
    """Ask a lead whose involvement is not known whether she is independent; asked once for an appointment."""
    reference = standing.case.reference
    key = f"independence:{reference}:{lead.id}"
    facts = {"case": reference, "lead": lead.id}
    tell(standing.session, person, kind="independence", about=reference, key=key, facts=facts, now=now)


def on_record(standing: Standing, text: str) -> Person | None:
    """Find the person; whoever is not on record and has no address leads by name alone."""
    try:
        return person_named(standing.session, text, standing.case.partnership_id)
    except NotFound:
        if "@" in text:
            raise
        return None


def why_named(method: Method) -> str:
    """Say why a lead is named on the case, so that what named her ends with her appointment."""
    return f"leads: {method.label}"


def lead_meant(standing: Standing, leads: Sequence[Lead], method: Method, who: str | None) -> Lead:
    """Find the lead of a method that somebody means, who may be left out where there is one; raises `Refused`."""
    if not leads:
        raise Refused(f"Nobody leads {method.label}: there is nothing to withdraw.", code="nothing_recorded")
    if who is None:
        if len(leads) > 1:
            names = listed([lead.name for lead in leads], "or")
            raise Refused(f"Several people lead {method.label}. Say whose: {names}.", code="ambiguous")
        return leads[0]
    person = on_record(standing, who)
    for lead in leads:
        if (person is not None and lead.person_id == person.id) or folded(lead.name) == folded(who):
            return lead
    names = listed([lead.name for lead in leads])
    named = f"Its lead is {names}" if len(leads) == 1 else f"Its leads are {names}"
    raise NotFound(f"{who} does not lead {method.label}. {named}.")


def end_access(standing: Standing, lead: Lead, method: Method, today: date) -> None:
    """End what named a lead on the case; what names her for another reason stays."""
    question = select(CaseAccess).where(
        CaseAccess.case_id == standing.case.id,
        CaseAccess.person_id == lead.person_id,
        CaseAccess.reason == why_named(method),
        col(CaseAccess.until).is_(None),
    )
    for named in standing.session.exec(question):
        named.until = today
        standing.session.add(named)
