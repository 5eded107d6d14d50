"""Adding people with their roles, groups and posts; the same address again is the same person."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ValidationError
from sqlmodel import Session, col, select

from tracker import history
from tracker.clock import london_day
from tracker.errors import NotFound, Refused
from tracker.facts import Name, visible
from tracker.groups.models import Group, Membership, Partnership
from tracker.groups.posts import hold_post
from tracker.groups.queries import agency_by_name, partnership_by_code
from tracker.loading.roll import person_document
from tracker.misfits import sentences
from tracker.people.administering import must_be_somebody_else, must_look_after
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person, RoleHolding
from tracker.people.roles import Role
from tracker.rows import write
from workflows.dates import PartialDate
from workflows.wording import listed

_EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+")
_FOR_AN_AGENCY = (Role.PARTNER, Role.AGENCY_LEAD)


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is said of somebody who is added; a group may be written like thscp/exec."""

    name: str
    partnership: str
    roles: tuple[str, ...] = ()
    email: str | None = None
    agency: str | None = None
    new_agency: str | None = None
    groups: tuple[str, ...] = ()
    chairs: tuple[str, ...] = ()
    post: str | None = None
    deputy: bool = False
    from_day: str | None = None


class _Names(BaseModel):
    """What of somebody who is added is written on one line wherever it is shown."""

    name: Name
    post: Name | None
    new_agency: Name | None


def add_person(session: Session, new: NewPerson, now: datetime, by: Doer | None = None) -> Mapping[str, Any]:
    """Add a person with her roles and groups; the same address again adds to the same person and doubles nothing.

    `by` looks after the partnership, or is the operator of the machine (None). Raises `NotAllowed`; `NotFound` or
    `Refused` with what there is, for an unknown partnership, agency, role or group, and for a name of several lines.
    """
    _must_be_names(new)
    partnership = partnership_by_code(session, new.partnership)
    role_of_doer = must_look_after(by, partnership.id)
    must_be_somebody_else(by, new.email)
    since = _first_day(new, london_day(now))
    roles = [_role(code) for code in dict.fromkeys(new.roles)]
    codes = dict.fromkeys((*new.groups, *new.chairs))
    groups = {code: _group(session, partnership, code, by) for code in codes}
    if not roles and not groups:
        raise Refused(f"Say what {new.name} is, with --role or --group. Roles are: {', '.join(Role)}.", "no_role")
    agency = _agency(session, partnership, new)
    if agency is None and any(role in _FOR_AN_AGENCY for role in roles):
        raise Refused(f"Say for which agency {new.name} answers, with --agency.", code="no_agency")
    person = _person(session, partnership, new, agency)
    for role in roles:
        _hold_role(session, person, partnership, role, agency, new.deputy, since)
    for code, group in groups.items():
        _join(session, person, group.id, code in new.chairs, since)
    if new.post:
        hold_post(session, person, partnership, new.post.strip(), agency, since)
    sits = (f"{'chair' if code in new.chairs else 'member'} of {group.name}" for code, group in groups.items())
    what = f"{person.name} was added: {listed([*(role.words for role in roles), *sits])}."
    history.note(session, partnership.code, "people_add", at=now, by=by, role=role_of_doer, what=what)
    session.flush()
    history.write_noted(session)
    return person_document(session, person, london_day(now))


def _must_be_names(new: NewPerson) -> None:
    try:
        _Names(name=new.name, post=new.post or None, new_agency=new.new_agency or None)
    except ValidationError as wrong:
        raise Refused(" ".join(sentences(wrong)), code="bad_name") from None


def _first_day(new: NewPerson, today: date) -> date:
    if new.from_day is None:
        return today
    try:
        return PartialDate.parse(new.from_day).first
    except ValueError as wrong:
        raise Refused(str(wrong), code="bad_date") from None


def _role(code: str) -> Role:
    try:
        return Role(code.strip().lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        raise NotFound(f"There is no role {code!r}. Roles are: {', '.join(Role)}.") from None


def _group(session: Session, partnership: Partnership, code: str, by: Doer | None) -> Group:
    of, _, short = code.strip().lower().rpartition("/")
    owner = partnership_by_code(session, of) if of else partnership
    must_look_after(by, owner.id)
    groups = session.exec(select(Group).where(Group.partnership_id == owner.id).order_by(col(Group.id))).all()
    found = next((group for group in groups if group.code == short), None)
    if found is None:
        known = ", ".join(group.code for group in groups)
        raise NotFound(f"{owner.name} has no group {short!r}. There are: {known or 'none, load some first'}.")
    return found


def _agency(session: Session, partnership: Partnership, new: NewPerson) -> Agency | None:
    if new.new_agency:
        names = {agency.name.casefold(): agency for agency in _agencies(session, partnership)}
        known = names.get(new.new_agency.strip().casefold())
        return known or write(session, Agency(partnership_id=partnership.id, name=new.new_agency.strip()))
    if not new.agency:
        return None
    try:
        return agency_by_name(session, partnership.id, new.agency)
    except NotFound as missing:
        raise NotFound(f"{missing} Add another with --new-agency.") from None


def _agencies(session: Session, partnership: Partnership) -> list[Agency]:
    return list(session.exec(select(Agency).where(Agency.partnership_id == partnership.id)))


def _person(session: Session, partnership: Partnership, new: NewPerson, agency: Agency | None) -> Person:
    """Find whoever has the address, or the name where there is none; otherwise make her."""
    name, email = new.name.strip(), new.email.strip().lower() if new.email else None
    if email is not None and (not visible(email) or not _EMAIL.fullmatch(email) or len(email) > 254):
        raise Refused(f"{new.email!r} is no email address. Write it like name@agency.example.", code="bad_email")
    if email is not None:
        question = select(Person).where(Person.email == email)
    else:
        held = select(RoleHolding.person_id).where(RoleHolding.partnership_id == partnership.id)
        question = select(Person).where(Person.name == name, col(Person.email).is_(None), Person.kind == "person")
        question = question.where(col(Person.id).in_(held))
    person = session.exec(question).first()
    if person is None:
        made = write(session, Person(kind="person", name=name, email=email, agency_id=agency.id if agency else None))
        return session.get_one(Person, made.id)
    if person.ended_on is not None:
        person.ended_on, person.passes_to_id = None, None
    person.agency_id = agency.id if agency is not None else person.agency_id
    session.add(person)
    return person


def _hold_role(
    session: Session,
    person: Person,
    partnership: Partnership,
    role: Role,
    agency: Agency | None,
    deputy: bool,
    since: date,
) -> None:
    agency_id = agency.id if agency else None
    question = select(RoleHolding).where(
        RoleHolding.person_id == person.id,
        RoleHolding.partnership_id == partnership.id,
        RoleHolding.role == role.value,
        col(RoleHolding.until_on).is_(None),
    )
    if any(held.agency_id in (agency_id, None) for held in session.exec(question)):
        return
    holding = RoleHolding(person_id=person.id, partnership_id=partnership.id, role=role.value, from_on=since)
    holding.agency_id, holding.is_deputy = agency_id, deputy
    write(session, holding)


def _join(session: Session, person: Person, group_id: int, chairs: bool, since: date) -> None:
    question = select(Membership).where(
        Membership.group_id == group_id, Membership.person_id == person.id, col(Membership.until_on).is_(None)
    )
    member = session.exec(question).first()
    if member is None:
        write(session, Membership(group_id=group_id, person_id=person.id, is_chair=chairs, from_on=since))
    elif chairs:
        member.is_chair = True
        session.add(member)
