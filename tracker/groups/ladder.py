"""Which groups of partnerships stand above which, and which of them decides: read once, asked often."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from tracker.among import among, listed
from tracker.groups.models import Group, Partnership
from tracker.groups.queries import definitions_of, every_partnership
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.rows import RowsOf

EXECUTIVE = "exec"


_GROUPS = RowsOf(Group, select(Group).where(among(col(Group.partnership_id), "partnerships")).order_by(col(Group.id)))


class Ladder:
    """The groups of some partnerships, one above the other, read in one question; for reading only."""

    def __init__(self, session: Session, partnership_ids: Iterable[int]) -> None:
        ids = set(partnership_ids)
        partnerships = [one for one in every_partnership(session) if one.id in ids]
        groups = _GROUPS.all(session, partnerships=listed(ids))
        self._groups = {group.id: group for group in groups}
        self._deciding = {
            one.id: _deciding(one, [g for g in groups if g.partnership_id == one.id]) for one in partnerships
        }

    def deciding(self, partnership_id: int) -> Group | None:
        """Give the group before whose meetings a digest goes: the one that decides, the Executive, or the topmost."""
        return self._deciding[partnership_id]

    def above(self, group: Group, on: date) -> Group | None:
        """Give the group to which one escalates on a day: the next above it that stands, else the one that decides.

        There is none above that, unless the arrangement names one.
        """
        seen, above = {group.id}, group.escalates_to_id
        while above is not None and above not in seen:
            one = self._groups[above]
            if not one.has_ended(on):
                return one
            seen.add(above)
            above = one.escalates_to_id
        deciding = self.deciding(group.partnership_id)
        is_top = deciding is None or deciding.id == group.id or self._stands_above(group, deciding)
        return None if is_top else deciding

    def roles_of(self, group: Group) -> frozenset[Role]:
        """Give the roles whose holders belong to a group without being added: to the one that decides, or above it."""
        deciding = self.deciding(group.partnership_id)
        if deciding is None:
            return frozenset()
        if group.id == deciding.id:
            return frozenset({Role.EXECUTIVE, Role.COMMISSIONER})
        return frozenset({Role.LEAD_REPRESENTATIVE}) if self._stands_above(group, deciding) else frozenset()

    def seats(self, by: Doer, group: Group) -> bool:
        """Say whether somebody answers in a group: as its member, or by the role that makes her one."""
        if group.code in by.groups_in(group.partnership_id):
            return True
        return bool(self.roles_of(group) & by.roles_in(group.partnership_id))

    def _stands_above(self, group: Group, other: Group) -> bool:
        """Say whether the way up from the other group leads to this one."""
        seen: set[int] = set()
        while other.escalates_to_id is not None and other.id not in seen:
            seen.add(other.id)
            if other.escalates_to_id == group.id:
                return True
            other = self._groups[other.escalates_to_id]
        return False


def _deciding(partnership: Partnership, groups: list[Group]) -> Group | None:
    by_code = {group.code: group for group in groups}
    decided_by = definitions_of(partnership)[-1].decided_by
    topmost = next((group for group in groups if group.escalates_to_id is None and group.ended_on is None), None)
    return by_code.get(decided_by) or by_code.get(EXECUTIVE) or topmost
