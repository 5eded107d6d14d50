"""Ready-made records: every field has a dull default, so that a test names only what matters to it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, select

from tracker.actions.models import Action, ActionSource
from tracker.cases.models import Case
from tracker.clock import london_day, moment_from
from tracker.database import reading, unit_of_work
from tracker.doing import do
from tracker.groups.models import Group, Membership, Partnership, Theme
from tracker.groups.queries import definitions_of, next_number
from tracker.intents import Done
from tracker.people.doer import doer_by_email
from tracker.people.models import Agency, Person, RoleHolding
from tracker.people.roles import Role
from tracker.rows import write
from tracker.showing.show import show
from workflows.definition import Body

LONG_AGO = date(2000, 1, 1)
NOON = moment_from("2021-06-01T12:00")

PARTNERS: Mapping[str, Sequence[str]] = {
    "thscp": ("London Borough of Tower Hamlets", "North East London NHS", "Metropolitan Police Service"),
    "chscp": (
        "Hackney Council",
        "City of London Corporation",
        "NHS North East London",
        "Metropolitan Police Service",
        "City of London Police",
    ),
    "bdscp": ("London Borough of Barking and Dagenham", "NEL Clinical Commissioning Group", "Metropolitan Police"),
    "thlscb": (),
}
_ANYWHERE = ("Northmoor Council", "Northmoor NHS", "Northmoor Police")

NAMES: Mapping[str, str] = {
    "coordinator": "Casey Morgan",
    "exec": "Evan Reed",
    "rrp": "Priya Shah",
    "rrm": "Rosa Marsh",
    "iscc": "Iris Cole",
    "crsg": "Chris Ray",
    "pdl": "Pat Lane",
    "main": "Mary North",
    "execb": "Ellis Board",
    "scrutineer": "Sam Scully",
    "reviewer": "Rene Viner",
    "admin": "Ada Minns",
    "owner": "Owen Field",
    "agency_lead": "Lee Agnew",
}
_BY_ROLE = (Role.COORDINATOR, Role.SCRUTINEER, Role.REVIEWER, Role.ADMIN, Role.OWNER, Role.AGENCY_LEAD)


def make_partnership(
    session: Session, code: str = "thscp", *, name: str = "", partners: Sequence[str] | None = None
) -> Partnership:
    """Make a partnership with its safeguarding partners and a group for each body of its definitions."""
    partnership = write(session, Partnership(code=code, name=name or f"{code.upper()} partnership"))
    for agency in PARTNERS.get(code, _ANYWHERE) if partners is None else partners:
        make_agency(session, partnership, agency, is_safeguarding_partner=True)
    bodies = _bodies(partnership)
    top = "exec" if "exec" in bodies else definitions_of(partnership)[-1].decided_by
    highest = make_group(session, partnership, top, name=bodies[top].name)
    for body in bodies.values():
        if body.code not in (top, "partner"):
            make_group(session, partnership, body.code, name=body.name, escalates_to_id=highest.id)
    return partnership


def make_agency(session: Session, partnership: Partnership, name: str, **values: Any) -> Agency:
    """Make an agency of a partnership."""
    return write(session, Agency(partnership_id=partnership.id, name=name, **values))


def make_group(session: Session, partnership: Partnership, code: str, **values: Any) -> Group:
    """Make a group of a partnership."""
    return write(session, Group(partnership_id=partnership.id, code=code, **{"name": code.title(), **values}))


def make_person(
    session: Session,
    partnership: Partnership,
    email: str | None,
    *roles: str,
    name: str | None = None,
    groups: Sequence[str] = (),
    agency: Agency | str | None = None,
    chair: bool = False,
    **values: Any,
) -> Person:
    """Make a person with roles in a partnership and membership of its groups, since long ago."""
    agency = _agency(session, partnership, agency)
    agency_id = None if agency is None else agency.id
    person = write(
        session, Person(name=name or str(email).split("@")[0].title(), email=email, agency_id=agency_id, **values)
    )
    for role in roles:
        write(
            session,
            RoleHolding(
                person_id=person.id,
                partnership_id=partnership.id,
                role=Role(role),
                agency_id=agency_id,
                from_on=LONG_AGO,
            ),
        )
    for code in groups:
        question = select(Group).where(Group.partnership_id == partnership.id, Group.code == code)
        group = session.exec(question).one()
        write(session, Membership(group_id=group.id, person_id=person.id, is_chair=chair, from_on=LONG_AGO))
    return person


def make_team(session: Session, code: str = "thscp") -> Partnership:
    """Make a partnership with one person for each body and role; a person's address is `exec@thscp.example`.

    Whoever answers for the first, second… safeguarding partner is `partner1@…`, `partner2@…`.
    """
    partnership = make_partnership(session, code)
    for role in _BY_ROLE:
        agency = None
        if role is Role.AGENCY_LEAD:
            agency = make_agency(session, partnership, "Children's Social Care")
        make_person(session, partnership, address(role, code), role, name=NAMES[role], agency=agency)
    for body in _bodies(partnership).values():
        if body.code == "partner":
            continue
        roles = [body.role] if body.role else []
        name = NAMES.get(body.code, body.code.title())
        make_person(session, partnership, address(body.code, code), *roles, name=name, groups=[body.code])
    for number, agency_name in enumerate(PARTNERS.get(code, _ANYWHERE), 1):
        make_person(
            session,
            partnership,
            address(f"partner{number}", code),
            Role.PARTNER,
            name=f"Partner {'ABCDE'[number - 1]}",
            agency=agency_name,
        )
    return partnership


def make_theme(session: Session, code: str = "neglect", label: str = "Neglect") -> Theme:
    """Make a theme."""
    return write(session, Theme(code=code, label=label))


def address(who: str, code: str = "thscp") -> str:
    """Give the address of somebody of a team."""
    return who if "@" in who else f"{who}@{code}.example"


def act(
    engine: Engine,
    name: str,
    reference: str | None = None,
    /,
    *,
    by: str = "coordinator@thscp.example",
    now: str | datetime = NOON,
    seen: int | None = None,
    intent: str | None = None,
    **facts: Any,
) -> Done:
    """Do a deed through the real door; the moment may be a text in London time."""
    moment = moment_from(now) if isinstance(now, str) else now
    return do(engine, name, reference, email=by, facts=facts, now=moment, seen=seen, intent=intent)


def make_case(
    engine: Engine,
    reference: str | None = "TH-2021-001",
    *,
    by: str = "coordinator@thscp.example",
    now: str | datetime = NOON,
    **facts: Any,
) -> str:
    """Open a case through the real deed, for Tower Hamlets unless said otherwise, and give its reference."""
    given = {"partnership": "thscp", "known_on": "2021-06-01", **facts}
    if reference is not None:
        given["reference"] = reference
    moment = moment_from(now) if isinstance(now, str) else now
    return do(engine, "open_case", None, email=by, facts=given, now=moment).reference


def make_action(session: Session, partnership: Partnership, *, cases: Sequence[str] = (), **values: Any) -> Action:
    """Make an action of a partnership, from the cases named."""
    dull: dict[str, Any] = {"text": "Do the thing that was agreed", "made_on": date(2021, 1, 4)}
    reference = values.pop("reference", None) or f"A{next_number(session, 'action')}"
    action = write(session, Action(reference=reference, partnership_id=partnership.id, **{**dull, **values}))
    for name in cases:
        case = session.exec(select(Case).where(Case.reference == name)).one()
        write(session, ActionSource(action_id=action.id, kind="case", case_id=case.id))
    return action


def shown(
    engine: Engine, reference: str, *, kind: str = "case", now: str | datetime = NOON, by: str | None = None
) -> dict[str, Any]:
    """Give a record as `show` prints it, as its operator or as somebody by address sees it."""
    moment = moment_from(now) if isinstance(now, str) else now
    with reading(engine) as session:
        reader = None if by is None else doer_by_email(session, by, london_day(moment))
        return show(session, kind, reference, reader, moment)


def make_world(engine: Engine, code: str = "thscp") -> None:
    """Make a team in a unit of work of its own, for tests that go on through the real door."""
    with unit_of_work(engine) as session:
        make_team(session, code)


def _bodies(partnership: Partnership) -> dict[str, Body]:
    return {code: body for definition in definitions_of(partnership) for code, body in definition.bodies.items()}


def _agency(session: Session, partnership: Partnership, agency: Agency | str | None) -> Agency | None:
    if not isinstance(agency, str):
        return agency
    question = select(Agency).where(Agency.partnership_id == partnership.id, Agency.name == agency)
    return session.exec(question).one()
