"""The groups of a partnership, as its coordinator arranges them: made, changed, and who belongs to each."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints
from sqlmodel import Session, col, or_, select

from tracker import history
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Code, Day, Facts, Name, on_one_line_or_nothing
from tracker.groups.bodies import chair_named, group_in, must_stand
from tracker.groups.models import Group, Membership, Partnership
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.permissions import require
from tracker.rows import write
from workflows.dates import uk_date

Shown = Literal["plan", "cases"]
_OrNothing = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(on_one_line_or_nothing)
]
_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}")


def _plain_code(code: str) -> str:
    if not _CODE.fullmatch(code.lower()):
        raise ValueError("Use 2 to 40 small letters, digits and underscores, a letter first, like esf.")
    return code.lower()


class AddGroup(Facts):
    """A group's code and name; what stands above it, its sponsor, what its agendas show, and on which day it ends."""

    code: Annotated[Code, AfterValidator(_plain_code)]
    name: Name
    escalates_to: Code | None = None
    sponsor: Name | None = None
    shown: list[Shown] = []
    ends_on: Day | None = None


class EditGroup(Facts):
    """What changes of a group; an empty text takes away what stands there."""

    group: Code
    name: Name | None = None
    escalates_to: _OrNothing | None = None
    sponsor: _OrNothing | None = None
    shown: list[Shown] | None = None


class AddMember(Facts):
    """Who belongs to a group from today on, and whether in its chair."""

    group: Code
    person: Name
    chair: bool = False


class EndMember(Facts):
    """Who belongs to a group no longer."""

    group: Code
    person: Name


def add_group(session: Session, partnership: Partnership, facts: AddGroup, *, now: datetime, by: Doer) -> None:
    """Add a group to a partnership, at any depth below another; its code is never used again."""
    require(by, "add_group", partnership.id)
    code = facts.code
    if session.exec(select(Group.id).where(Group.partnership_id == partnership.id, Group.code == code)).first():
        raise Refused(f"{partnership.name} has a group {code!r} already.", code="already_done")
    today = london_day(now)
    if facts.ends_on is not None and facts.ends_on <= today:
        raise Refused("The day on which a new group ends must be later than today.", code="bad_date")
    group = Group(
        partnership_id=partnership.id,
        code=code,
        name=facts.name,
        shown=" ".join(sorted(set(facts.shown))),
        ended_on=facts.ends_on,
    )
    group = session.get_one(Group, write(session, group).id)
    if facts.escalates_to:
        group.escalates_to_id = _above(session, group, facts.escalates_to, today).id
    if facts.sponsor:
        group.sponsor_id = chair_named(session, group, facts.sponsor, today).id
    session.add(group)
    until = f", until {uk_date(facts.ends_on)}" if facts.ends_on else ""
    _note(session, partnership, "add_group", f"Group {code} added: {facts.name}{until}", now, by)


def edit_group(session: Session, partnership: Partnership, facts: EditGroup, *, now: datetime, by: Doer) -> None:
    """Change the name of a group, what stands above it, its sponsor, or what its agendas are made from."""
    require(by, "edit_group", partnership.id)
    group, today = _standing(session, partnership, facts.group, now), london_day(now)
    done = []
    if facts.name is not None:
        done.append(f"is called {facts.name}")
        group.name = facts.name
    if facts.escalates_to is not None:
        above = _above(session, group, facts.escalates_to, today) if facts.escalates_to else None
        group.escalates_to_id = None if above is None else above.id
        done.append(f"escalates to {'nobody above' if above is None else above.name}")
    if facts.sponsor is not None:
        sponsor = chair_named(session, group, facts.sponsor, today) if facts.sponsor else None
        group.sponsor_id = None if sponsor is None else sponsor.id
        done.append("has no sponsor" if sponsor is None else f"is sponsored by {sponsor.name}")
    if facts.shown is not None:
        group.shown = " ".join(sorted(set(facts.shown)))
        done.append(f"is shown {' and '.join(group.shows) or 'its escalations only'}")
    if not done:
        raise Refused("Say what changes: name, escalates_to, sponsor or shown.", code="nothing_changes")
    session.add(group)
    _note(session, partnership, "edit_group", f"Group {group.code} {', '.join(done)}", now, by)


def add_member(session: Session, partnership: Partnership, facts: AddMember, *, now: datetime, by: Doer) -> None:
    """Let somebody belong to a group, or give its chair to a member; the one before stays in it as a member."""
    require(by, "add_member", partnership.id)
    group, today = _standing(session, partnership, facts.group, now), london_day(now)
    person = chair_named(session, group, facts.person, today)
    living = list(_living(session, group, today))
    held = next((one for one in living if one.person_id == person.id), None)
    if held is not None and held.is_chair == facts.chair:
        what = "is in the chair of" if facts.chair else "belongs to"
        raise Refused(f"{person.name} {what} {group.name} already.", code="already_done")
    if facts.chair:
        for one in living:
            one.is_chair = False
            session.add(one)
    if held is None:
        write(session, Membership(group_id=group.id, person_id=person.id, is_chair=facts.chair, from_on=today))
    else:
        held.is_chair = facts.chair
        session.add(held)
    what = f"{person.name} {'chairs' if facts.chair else 'belongs to'} {group.name}"
    _note(session, partnership, "add_member", what, now, by)


def end_member(session: Session, partnership: Partnership, facts: EndMember, *, now: datetime, by: Doer) -> None:
    """End somebody's part in a group, from today on."""
    require(by, "end_member", partnership.id)
    group = group_in(session, partnership.id, facts.group)
    person = _member_named(session, group, facts.person, london_day(now))
    for one in _living(session, group, london_day(now)):
        if one.person_id == person.id:
            one.until_on, one.is_chair = london_day(now), False
            session.add(one)
    _note(session, partnership, "end_member", f"{person.name} left {group.name}", now, by)


def _member_named(session: Session, group: Group, name: str, today: date) -> Person:
    people = [session.get_one(Person, one.person_id) for one in _living(session, group, today)]
    found = [one for one in people if name.casefold() in ((one.email or "").casefold(), one.name.casefold())]
    if len(found) > 1:
        raise Refused(f"Several members are called {name}: give the email address.", code="ambiguous")
    if not found:
        raise Refused(f"{name} does not belong to {group.name}.", code="already_done")
    return found[0]


def _living(session: Session, group: Group, today: date) -> Iterable[Membership]:
    question = select(Membership).where(Membership.group_id == group.id)
    until = or_(col(Membership.until_on).is_(None), col(Membership.until_on) > today)
    return session.exec(question.where(until).order_by(col(Membership.id))).all()


def _standing(session: Session, partnership: Partnership, code: str, now: datetime) -> Group:
    group = group_in(session, partnership.id, code)
    must_stand(group, london_day(now))
    return group


def _above(session: Session, group: Group, code: str, today: date) -> Group:
    """Find what is to stand above a group; refuses one that has ended, and a circle."""
    above = group_in(session, group.partnership_id, code)
    must_stand(above, today)
    one: Group | None = above
    while one is not None:
        if one.id == group.id:
            raise Refused(
                f"{above.name} escalates to {group.name} already: groups do not escalate in a circle.", code="circle"
            )
        one = None if one.escalates_to_id is None else session.get_one(Group, one.escalates_to_id)
    return above


def _note(session: Session, partnership: Partnership, deed: str, what: str, now: datetime, by: Doer) -> None:
    history.note(session, partnership.code, deed, at=now, by=by, what=what)
