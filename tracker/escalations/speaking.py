"""Who speaks for which group: raises and withdraws in its name, passes up what waits for it."""

from sqlmodel import Session

from tracker import history
from tracker.escalations.models import Escalation
from tracker.groups.bodies import group_above, sits_on, standing_groups
from tracker.groups.ladder import Ladder
from tracker.groups.models import Group
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.people.roles import Role

FOR_EVERY_GROUP = ROLES_FOR["raise_escalation"] - {Role.GROUP_CHAIR}


def speaks_as(group: Group, by: Doer) -> str | None:
    """Give the role in which somebody speaks for a group, for the history: as its member, or for every group."""
    if group.code in by.groups_in(group.partnership_id):
        return group.name
    roles = sorted(FOR_EVERY_GROUP & by.roles_in(group.partnership_id))
    if not roles:
        return None
    return history.on_behalf(roles[0].words, group.name)


def groups_to_raise_for(session: Session, by: Doer) -> list[Group]:
    """Give the groups in whose name somebody may raise an escalation: they stand, and something stands above them."""
    partnerships = {*by.roles, *by.groups}
    ladder = Ladder(session, partnerships)
    groups = standing_groups(session, partnerships, by.day)
    return [group for group in groups if speaks_as(group, by) and ladder.above(group, by.day) is not None]


def may_withdraw(session: Session, escalation: Escalation, by: Doer) -> bool:
    """Say whether somebody may withdraw an escalation that waits."""
    return speaks_as(session.get_one(Group, escalation.group_id), by) is not None


def may_pass_up(session: Session, escalation: Escalation, by: Doer) -> bool:
    """Say whether somebody may pass an escalation that waits to the body above, and there is one."""
    level = session.get_one(Group, escalation.level_id)
    return may_move(session, level, by) and group_above(session, level, by.day) is not None


def may_move(session: Session, level: Group, by: Doer) -> bool:
    """Say whether somebody may pass on what waits for a body: its members and the coordinator."""
    return by.has(Role.COORDINATOR, level.partnership_id) or sits_on(session, by, level)
