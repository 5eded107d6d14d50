"""Who belongs to a group and who answers in it; and which group of a partnership is the one that decides."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, or_, select

from tracker.errors import Refused
from tracker.groups.ladder import Ladder
from tracker.groups.models import Group, Membership
from tracker.groups.queries import group_by_code
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.queries import people_with_role, person_named
from tracker.people.roles import Role
from workflows.dates import uk_date


def deciding_group(session: Session, partnership_id: int) -> Group | None:
    """Give the group before whose meetings a digest goes: the one that decides, the Executive, or the topmost."""
    return Ladder(session, [partnership_id]).deciding(partnership_id)


def group_above(session: Session, group: Group, on: date) -> Group | None:
    """Give the group to which one escalates on a day: the next above it that stands, else the one that decides."""
    return Ladder(session, [group.partnership_id]).above(group, on)


def sits_on(session: Session, by: Doer, group: Group) -> bool:
    """Say whether somebody answers in a group: as its member, or by the role that makes her one."""
    return Ladder(session, [group.partnership_id]).seats(by, group)


def roles_of(session: Session, group: Group) -> frozenset[Role]:
    """Give the roles whose holders belong to a group without being added to it: the one that decides, those above."""
    return Ladder(session, [group.partnership_id]).roles_of(group)


def sitting_on(session: Session, group: Group, on: date) -> list[Person]:
    """Give everybody who belongs to a group on a day, members first, each once."""
    found = {person.id: person for person, _ in members_and_chair(session, group, on)}
    for role in sorted(roles_of(session, group)):
        for person in people_with_role(session, group.partnership_id, role, on):
            found.setdefault(person.id, person)
    return list(found.values())


def members_and_chair(session: Session, group: Group, on: date) -> list[tuple[Person, bool]]:
    """Give the members of a group on a day, in the order in which they were added, and whether each is its chair."""
    question = (
        select(Person, Membership.is_chair)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Membership.group_id == group.id, Membership.from_on <= on)
        .where(or_(col(Membership.until_on).is_(None), col(Membership.until_on) > on))
        .where(or_(col(Person.ended_on).is_(None), col(Person.ended_on) > on))
        .order_by(col(Membership.id))
    )
    return list(session.exec(question))


def groups_by_id(session: Session, ids: Iterable[int]) -> dict[int, Group]:
    """Give groups by their ids, in one question."""
    return {group.id: group for group in session.exec(select(Group).where(col(Group.id).in_(set(ids))))}


def standing_groups(session: Session, partnership_ids: Iterable[int], on: date) -> list[Group]:
    """Give the groups of partnerships that have not ended by a day, by their names."""
    question = (
        select(Group)
        .where(col(Group.partnership_id).in_(set(partnership_ids)))
        .where(or_(col(Group.ended_on).is_(None), col(Group.ended_on) > on))
    )
    return list(session.exec(question.order_by(col(Group.partnership_id), col(Group.name))))


def group_in(session: Session, partnership_id: int, code: str) -> Group:
    """Find a group of one partnership, by `exec` or `thscp/exec`; raises `NotFound`."""
    return group_by_code(session, code.rpartition("/")[2], partnership_id=partnership_id)


def chair_named(session: Session, group: Group, name: str, today: date) -> Person:
    """Find who is to be in the chair of a group or a meeting; raises `NotFound` or `Refused`."""
    chair = person_named(session, name, group.partnership_id)
    if chair.has_left(today):
        raise Refused(f"{chair.name} has left. Choose somebody else.", code="left")
    return chair


def must_stand(group: Group, today: date) -> None:
    """Refuse a group that has ended."""
    if group.ended_on is not None and group.has_ended(today):
        raise Refused(f"{group.name} ended on {uk_date(group.ended_on)}.", code="ended")
