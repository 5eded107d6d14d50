"""Finding people: by address, by role, as holders of posts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from tracker.among import among, listed
from tracker.errors import NotFound, Refused
from tracker.kept import kept, once, once_each
from tracker.people.doer import nobody_at
from tracker.people.models import Agency, Person, PostHolding, RoleHolding
from tracker.people.roles import Role
from tracker.rows import Question, RowsOf


def people_with_role(session: Session, partnership_id: int, role: Role, on: date) -> list[Person]:
    """Give the people who have a role in a partnership on a day, in the order in which they were added."""
    question = (
        select(Person)
        .join(RoleHolding, col(RoleHolding.person_id) == Person.id)
        .where(RoleHolding.partnership_id == partnership_id, RoleHolding.role == role.value, RoleHolding.from_on <= on)
        .where(or_(col(RoleHolding.until_on).is_(None), col(RoleHolding.until_on) > on))
        .where(or_(col(Person.ended_on).is_(None), col(Person.ended_on) > on))
        .order_by(col(Person.id))
    )
    return list(session.exec(question))


def agencies_of(session: Session, partnership_id: int) -> list[Agency]:
    """Give the agencies of a partnership, by their names."""
    question = select(Agency).where(Agency.partnership_id == partnership_id)
    return list(session.exec(question.order_by(col(Agency.name))))


def agency_names(session: Session) -> Mapping[int, str]:
    """Give the names of all agencies by their ids."""
    return kept(session, "agencies", lambda: dict(_AGENCIES.rows(session)))


_AGENCIES = Question(select(Agency.id, Agency.name))


def person_with_id(session: Session, person_id: int) -> Person | None:
    """Give a person by her id, for reading: not attached to the session."""
    return once(session, ("person", person_id), lambda: _WITH_ID.first(session, id=person_id))


def names_of(session: Session, person_ids: Iterable[int]) -> dict[int, str]:
    """Give the names of people by their ids; nothing is asked where there are none."""
    wanted = set(person_ids)
    return dict(_NAMES.rows(session, ids=listed(wanted))) if wanted else {}


_NAMES = Question(select(Person.id, Person.name).where(among(col(Person.id), "ids")))


def people_with_ids(session: Session, person_ids: Iterable[int]) -> dict[int, Person]:
    """Give people by their ids, for reading: not attached to the session."""
    return once_each(session, "person", person_ids, lambda ids: _people(session, ids))


def _people(session: Session, ids: Sequence[int]) -> dict[int, Person]:
    return {person.id: person for person in _WITH_IDS.all(session, ids=listed(ids))}


_WITH_ID = RowsOf(Person, select(Person).where(Person.id == bindparam("id")))
_WITH_IDS = RowsOf(Person, select(Person).where(among(col(Person.id), "ids")))


def person_by_email(session: Session, email: str) -> Person:
    """Find a person by her address; raises `NotFound`."""
    found = session.exec(select(Person).where(Person.email == email.strip().lower())).first()
    if found is None:
        raise nobody_at(email)
    return found


def person_named(session: Session, text: str, partnership_id: int | None = None) -> Person:
    """Find a person by address; or by name or post, for whoever has no address. Raises `NotFound` or `Refused`."""
    if "@" in text:
        return person_by_email(session, text)
    question = select(Person).where(Person.name == text.strip())
    if partnership_id is not None:
        held = select(RoleHolding.person_id).where(RoleHolding.partnership_id == partnership_id)
        agencies = select(Agency.id).where(Agency.partnership_id == partnership_id)
        question = question.where(or_(col(Person.id).in_(held), col(Person.agency_id).in_(agencies)))
    found: Sequence[Person] = session.exec(question).all()
    if not found:
        raise NotFound(f"There is nobody called {text}, and no such post. Give an email address, or add the person.")
    if len(found) > 1:
        raise Refused(f"Several people are called {text}: give the email address.", code="ambiguous")
    return found[0]


def holder_of(session: Session, person: Person, on: date) -> Person | None:
    """Give whoever answers for a person or post on a day: a post's holder, a leaver's successor, or herself."""
    if person.kind == "post":
        question = (
            select(Person)
            .join(PostHolding, col(PostHolding.holder_id) == Person.id)
            .where(PostHolding.post_id == person.id, PostHolding.from_on <= on)
            .where(or_(col(PostHolding.until_on).is_(None), col(PostHolding.until_on) > on))
        )
        return session.exec(question).first()
    if not person.has_left(on):
        return person
    return session.get(Person, person.passes_to_id) if person.passes_to_id else None


def leads_of(session: Session, agency_id: int, on: date) -> list[Person]:
    """Give whoever leads for an agency on a day: the lead first, then the deputy."""
    question = (
        select(Person)
        .join(RoleHolding, col(RoleHolding.person_id) == Person.id)
        .where(RoleHolding.role == Role.AGENCY_LEAD.value, RoleHolding.from_on <= on)
        .where(or_(col(RoleHolding.agency_id) == agency_id, col(Person.agency_id) == agency_id))
        .where(or_(col(RoleHolding.until_on).is_(None), col(RoleHolding.until_on) > on))
        .where(or_(col(Person.ended_on).is_(None), col(Person.ended_on) > on))
        .order_by(col(RoleHolding.is_deputy), col(RoleHolding.id))
    )
    return list({person.id: person for person in session.exec(question)}.values())
