"""The agencies of a partnership: adding one, and saying who leads for it and who deputises."""

from datetime import date, datetime

from pydantic import BaseModel, ValidationError
from sqlmodel import Session, and_, col, or_, select

from tracker import history
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Name
from tracker.groups.models import Partnership
from tracker.misfits import sentences
from tracker.people.administering import must_look_after
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person, RoleHolding
from tracker.people.roles import Role
from tracker.rows import write


class _Named(BaseModel):
    name: Name


def add_agency(session: Session, partnership: Partnership, name: str, *, now: datetime, by: Doer | None) -> Agency:
    """Add an agency to a partnership; raises `Refused` for a name that cannot be kept, or that another one has."""
    role = must_look_after(by, partnership.id)
    try:
        checked = _Named(name=name).name
    except ValidationError as wrong:
        raise Refused(" ".join(sentences(wrong)), code="bad_name") from None
    agencies = session.exec(select(Agency).where(Agency.partnership_id == partnership.id))
    if checked.casefold() in {agency.name.casefold() for agency in agencies}:
        raise Refused(f"There is an agency called {checked} already.", code="already_done")
    agency = write(session, Agency(partnership_id=partnership.id, name=checked))
    what = f"The agency {checked} was added."
    history.note(session, partnership.code, "agency_add", at=now, by=by, role=role, what=what)
    session.flush()
    history.write_noted(session)
    return agency


def name_lead(
    session: Session, partnership: Partnership, agency: Agency, person: Person, *, deputy: bool, now: datetime, by: Doer
) -> None:
    """Let a person lead for her agency from today, or deputise; whoever did until now does so no longer.

    Raises `NotAllowed`, or `Refused` for herself, for somebody of another agency, and for whoever leads already.
    """
    role = must_look_after(by, partnership.id)
    today = london_day(now)
    _may_lead(agency, person, by, today)
    held = _held(session, partnership, agency)
    if any(holding.person_id == person.id and holding.is_deputy == deputy for holding in held):
        raise Refused(f"{person.name} {'deputises' if deputy else 'leads'} already.", code="already_done")
    for holding in held:
        if holding.is_deputy == deputy or holding.person_id == person.id:
            holding.until_on = today
            session.add(holding)
    person.agency_id = agency.id
    session.add(person)
    begun = RoleHolding(person_id=person.id, partnership_id=partnership.id, role=Role.AGENCY_LEAD.value, from_on=today)
    begun.agency_id, begun.is_deputy = agency.id, deputy
    write(session, begun)
    what = f"{person.name} {'deputises for the lead of' if deputy else 'leads for'} {agency.name}."
    history.note(session, partnership.code, "agency_lead", at=now, by=by, role=role, what=what)
    session.flush()
    history.write_noted(session)


def _may_lead(agency: Agency, person: Person, by: Doer, today: date) -> None:
    if person.id == by.id:
        raise Refused("You cannot add a role of your own. Ask somebody else who may.", code="same_person")
    if person.kind == "post" or person.has_left(today):
        raise Refused(f"{person.name} is not there: choose somebody who is.", code="left")
    # A lead sees the actions of the agency she comes from, too: two agencies at once would show her both.
    if person.agency_id not in (None, agency.id):
        raise Refused(f"{person.name} comes from another agency. Choose somebody of {agency.name}.", code="not_theirs")


def _held(session: Session, partnership: Partnership, agency: Agency) -> list[RoleHolding]:
    """Give who leads and deputises for an agency, also where only the person says for which."""
    of_it = or_(
        col(RoleHolding.agency_id) == agency.id,
        and_(col(RoleHolding.agency_id).is_(None), col(Person.agency_id) == agency.id),
    )
    question = (
        select(RoleHolding)
        .join(Person, col(Person.id) == RoleHolding.person_id)
        .where(RoleHolding.partnership_id == partnership.id, RoleHolding.role == Role.AGENCY_LEAD.value, of_it)
        .where(col(RoleHolding.until_on).is_(None))
    )
    return list(session.exec(question))
