"""Who leads a method of a review: appointed under the rule of independence, and lapsed when the declaration goes."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from sqlmodel import col, select

from tracker.cases.models import CaseAccess, MethodWork
from tracker.cases.queries import folded, give_access
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, take_step
from tracker.clock import london_day
from tracker.database import write
from tracker.errors import NotFound, Refused
from tracker.facts import Facts, Name, Words
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.people.queries import person_named
from tracker.people.reach import tell
from tracker.reviews.independence import against_the_rule
from tracker.reviews.methods import chosen_method, not_chosen
from tracker.reviews.models import Lead
from tracker.reviews.queries import leads_of_method
from workflows.vocabulary import Do, Method, listed


class AppointLead(Facts):
    """Who leads a method, from which agency and level, and whether there was involvement in the case.

    `declaration` is the interest that a lead who took the decision declares.
    """

    method: Method
    person: Name
    agency: Name | None = None
    level: Literal["senior", "operational"] | None = None
    involvement: Literal["none", "direct", "not_known"] = "not_known"
    declaration: Words | None = None


class WithdrawDeclaration(Facts):
    """Whose declaration of independence is withdrawn, and why; `person` where several lead the method."""

    method: Method
    reason: Words
    person: Name | None = None


def appoint_lead(standing: Standing, facts: AppointLead, *, now: datetime, by: Doer) -> None:
    """Appoint a lead of a method; a second one stands beside the first.

    The same person appointed again answers what was open about her independence.
    """
    role = ask(standing, Do.APPOINT_LEAD, by)
    today = london_day(now)
    person = _on_record(standing, facts.person)
    name = person.name if person else facts.person
    work = chosen_method(standing, facts.method)
    known = _known_lead(standing, work, person, name)
    level = facts.level or (known.level if known else None)
    declaration = facts.declaration or (known.declaration if known else None)
    speaks_against = against_the_rule(
        standing, person, name, level=level, involvement=facts.involvement, declaration=declaration, today=today
    )
    take_step(
        standing,
        Do.APPOINT_LEAD,
        role=role,
        by=by,
        now=now,
        also=[*not_chosen(standing, facts.method), *speaks_against],
        what=f"Appointed {name} to lead: {facts.method.label}",
        more={"method": facts.method.value, "person": name, "level": level, "involvement": facts.involvement},
    )
    assert work is not None, "a method that was not chosen is refused above"
    lead = _change(standing, known, facts) if known else _write(standing, work, facts, person, name, today)
    if person is not None:
        give_access(standing.session, standing.case, person.id, _why_named(facts.method), today)
        if facts.involvement == "not_known":
            _ask_for_confirmation(standing, lead, person, now)
    standing.session.flush()
    move_on(standing, by=by, now=now)


def withdraw_declaration(standing: Standing, facts: WithdrawDeclaration, *, now: datetime, by: Doer) -> None:
    """Withdraw a declaration of independence: the appointment lapses, and somebody else has to be chosen.

    Every lead may withdraw her own.
    """
    work = chosen_method(standing, facts.method)
    leads = leads_of_method(standing.session, work.id) if work else []
    role = "lead" if by.id in {lead.person_id for lead in leads} else ask(standing, Do.WITHDRAW_DECLARATION, by)
    lead = _lead_meant(standing, leads, facts) if work else None
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
    _end_access(standing, lead, facts.method, london_day(now))
    standing.session.flush()
    move_on(standing, by=by, now=now)


def _on_record(standing: Standing, text: str) -> Person | None:
    """Find the person; whoever is not on record and has no address leads by name alone."""
    try:
        return person_named(standing.session, text, standing.case.partnership_id)
    except NotFound:
        if "@" in text:
            raise
        return None


def _known_lead(standing: Standing, work: MethodWork | None, person: Person | None, name: str) -> Lead | None:
    """Give the appointment that stands already for the same person and method."""
    for lead in leads_of_method(standing.session, work.id) if work else ():
        if (lead.person_id == person.id) if person and lead.person_id else folded(lead.name) == folded(name):
            return lead
    return None


def _change(standing: Standing, lead: Lead, facts: AppointLead) -> Lead:
    lead.agency = facts.agency or lead.agency
    lead.level = facts.level or lead.level
    lead.involvement = facts.involvement
    lead.declaration = facts.declaration or lead.declaration
    standing.session.add(lead)
    return lead


def _write(
    standing: Standing, work: MethodWork, facts: AppointLead, person: Person | None, name: str, today: date
) -> Lead:
    lead = Lead(
        method_id=work.id,
        person_id=person.id if person else None,
        name=name,
        agency=facts.agency or _agency_of(standing, person),
        level=facts.level,
        involvement=facts.involvement,
        declaration=facts.declaration,
        appointed_on=today,
    )
    return write(standing.session, lead)


def _agency_of(standing: Standing, person: Person | None) -> str | None:
    if person is None or person.agency_id is None:
        return None
    return standing.session.get_one(Agency, person.agency_id).name


def _ask_for_confirmation(standing: Standing, lead: Lead, person: Person, now: datetime) -> None:
    """Ask a lead whose involvement is not known whether she is independent; asked once for an appointment."""
    reference = standing.case.reference
    key = f"independence:{reference}:{lead.id}"
    facts = {"case": reference, "lead": lead.id}
    tell(standing.session, person, kind="independence", about=reference, key=key, facts=facts, now=now)


def _lead_meant(standing: Standing, leads: Sequence[Lead], facts: WithdrawDeclaration) -> Lead:
    if not leads:
        raise Refused(f"Nobody leads {facts.method.label}: there is nothing to withdraw.", code="nothing_recorded")
    if facts.person is None:
        if len(leads) > 1:
            names = listed([lead.name for lead in leads], "or")
            raise Refused(f"Several people lead {facts.method.label}. Say whose: {names}.", code="ambiguous")
        return leads[0]
    person = _on_record(standing, facts.person)
    for lead in leads:
        if (person is not None and lead.person_id == person.id) or folded(lead.name) == folded(facts.person):
            return lead
    names = listed([lead.name for lead in leads])
    who = f"Its lead is {names}" if len(leads) == 1 else f"Its leads are {names}"
    raise NotFound(f"{facts.person} does not lead {facts.method.label}. {who}.")


def _why_named(method: Method) -> str:
    return f"leads: {method.label}"


def _end_access(standing: Standing, lead: Lead, method: Method, today: date) -> None:
    """End what named a lead on the case; what names her for another reason stays."""
    question = select(CaseAccess).where(
        CaseAccess.case_id == standing.case.id,
        CaseAccess.person_id == lead.person_id,
        CaseAccess.reason == _why_named(method),
        col(CaseAccess.until).is_(None),
    )
    for named in standing.session.exec(question):
        named.until = today
        standing.session.add(named)
