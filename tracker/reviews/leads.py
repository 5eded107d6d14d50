"""Who leads a method of a review: appointed under the partnership's rule of independence."""

from datetime import date, datetime
from typing import Literal

from tracker.cases.decision_models import MethodWork
from tracker.cases.named import give_access
from tracker.cases.queries import folded
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, take_step
from tracker.clock import london_day
from tracker.facts import Facts, Name, Words
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.reviews.declarations import ask_for_confirmation, on_record, why_named
from tracker.reviews.independence import against_the_rule
from tracker.reviews.methods import chosen_method, not_chosen
from tracker.reviews.models import Lead
from tracker.reviews.queries import leads_of_method
from tracker.rows import write
from workflows.vocabulary import Do, Method


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


def appoint_lead(standing: Standing, facts: AppointLead, *, now: datetime, by: Doer) -> None:
    """Appoint a lead of a method; a second one stands beside the first.

    The same person appointed again answers what was open about her independence.
    """
    role = ask(standing, Do.APPOINT_LEAD, by)
    today = london_day(now)
    person = on_record(standing, facts.person)
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
        give_access(standing.session, standing.case, person.id, why_named(facts.method), today)
        if facts.involvement == "not_known":
            ask_for_confirmation(standing, lead, person, now)
    standing.session.flush()
    move_on(standing, by=by, now=now)


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
