"""Who there is: everybody with roles, groups, agency and posts."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from tracker.clock import london_day
from tracker.groups.models import Group, Membership, Partnership
from tracker.groups.queries import partnership_by_code
from tracker.people.models import Agency, Person, RoleHolding


def list_people(session: Session, partnership: str | None, now: datetime) -> list[Mapping[str, Any]]:
    """Give everybody with roles, groups, agency and posts, in the order in which they were added."""
    question = select(Person).order_by(col(Person.id))
    if partnership is not None:
        wanted = partnership_by_code(session, partnership).id
        held = select(RoleHolding.person_id).where(RoleHolding.partnership_id == wanted)
        agencies = select(Agency.id).where(Agency.partnership_id == wanted)
        groups = select(Group.id).where(Group.partnership_id == wanted)
        joined = select(Membership.person_id).where(col(Membership.group_id).in_(groups))
        ids = col(Person.id)
        question = question.where(or_(ids.in_(held), ids.in_(joined), col(Person.agency_id).in_(agencies)))
    return [person_document(session, person, london_day(now)) for person in session.exec(question)]


def person_document(session: Session, person: Person, on: date) -> Mapping[str, Any]:
    """Give a person as `people list` prints her."""
    roles = session.exec(
        select(Partnership.code, RoleHolding.role)
        .join(Partnership, col(Partnership.id) == RoleHolding.partnership_id)
        .where(
            RoleHolding.person_id == person.id, or_(col(RoleHolding.until_on).is_(None), col(RoleHolding.until_on) > on)
        )
        .order_by(col(RoleHolding.id))
    )
    groups = session.exec(
        select(Partnership.code, Group.code)
        .join(Group, col(Group.partnership_id) == Partnership.id)
        .join(Membership, col(Membership.group_id) == Group.id)
        .where(
            Membership.person_id == person.id, or_(col(Membership.until_on).is_(None), col(Membership.until_on) > on)
        )
        .order_by(col(Membership.id))
    )
    agency = session.get(Agency, person.agency_id) if person.agency_id else None
    return {
        "name": person.name,
        "kind": person.kind,
        "email": person.email,
        "agency": agency.name if agency else None,
        "roles": [f"{code}/{role}" for code, role in roles],
        "groups": [f"{code}/{group}" for code, group in groups],
        "ended_on": person.ended_on.isoformat() if person.ended_on else None,
    }
