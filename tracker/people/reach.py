"""Who can be written to on a day, who can sign in, and the email that goes at once because of a deed."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from notifications import outbox
from tracker.clock import london_day
from tracker.people.models import Person, RoleHolding
from tracker.people.roles import Role


def may_be_written_to(person: Person, today: date, *, statutory: bool = False) -> bool:
    """Say whether somebody has an address that works, is there, has not left, and wants what is routine.

    Statutory notices reach also whoever opted out of everything else.
    """
    if not person.has_working_address or (person.opted_out and not statutory):
        return False
    if person.has_left(today):
        return False
    absent = person.absent_from is not None and person.absent_from <= today
    return not (absent and (person.absent_until is None or today <= person.absent_until))


def agencies_reached(session: Session, today: date) -> set[int]:
    """Give the agencies, by id, that have a lead or a deputy who can be written to on a day."""
    question = (
        select(RoleHolding, Person)
        .join(Person, col(Person.id) == RoleHolding.person_id)
        .where(RoleHolding.role == Role.AGENCY_LEAD.value, RoleHolding.from_on <= today)
        .where(or_(col(RoleHolding.until_on).is_(None), col(RoleHolding.until_on) > today))
    )
    leads = [(holding, person) for holding, person in session.exec(question) if may_be_written_to(person, today)]
    named = {holding.agency_id for holding, _ in leads} | {person.agency_id for _, person in leads}
    return {agency_id for agency_id in named if agency_id is not None}


def may_sign_in(person: Person, now: datetime) -> bool:
    """Say whether somebody is a person with an address who has not left."""
    return person.kind == "person" and person.email is not None and not person.has_left(london_day(now))


def tell(
    session: Session,
    person: Person,
    *,
    kind: str,
    about: str,
    key: str,
    facts: Mapping[str, object],
    now: datetime,
    critical: bool = False,
) -> bool:
    """Put an email beside the deed that causes it, to go at once; says whether it is new.

    Whoever has no address gets none. An address that refused an email is tried all the same: none of these is a
    reminder, and the refusal may have been a mistake. `critical`: it must not be missed, and goes once more in doubt.
    """
    if person.email is None:
        return False
    return outbox.put(
        session,
        kind=kind,
        person_id=person.id,
        to_name=person.name,
        to_address=person.email,
        about=about,
        key=key,
        facts=facts,
        due_at=now,
        planned_at=now,
        routine=False,
        critical=critical,
    )
