"""Somebody at the door: a person with the roles and groups she has on a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, String, bindparam, text
from sqlmodel import Session

from tracker.errors import NotFound
from tracker.people.roles import Role
from tracker.rows import Question


@dataclass(frozen=True, slots=True)
class Doer:
    """Who does a deed or reads a record: her roles and groups in each partnership on the day, by the ids of these.

    `stands_for`: the posts she holds on the day, and the people who left and passed their work to her.
    """

    id: int
    name: str
    email: str | None
    roles: Mapping[int, frozenset[Role]]
    groups: Mapping[int, frozenset[str]]
    led_agencies: frozenset[int]
    day: date
    partner_for: frozenset[int]
    stands_for: frozenset[int] = frozenset()

    def __hash__(self) -> int:
        """Let what was found for her be kept for whoever is the same in everything."""
        return hash((self.id, self.day, frozenset(self.roles.items()), frozenset(self.groups.items())))

    def roles_in(self, partnership_id: int) -> frozenset[Role]:
        """Give her roles in a partnership."""
        return self.roles.get(partnership_id, frozenset())

    def groups_in(self, partnership_id: int) -> frozenset[str]:
        """Give the codes of her groups in a partnership."""
        return self.groups.get(partnership_id, frozenset())

    def has(self, role: Role, partnership_id: int) -> bool:
        """Say whether she has a role in a partnership."""
        return role in self.roles_in(partnership_id)

    def partnerships_as(self, *roles: Role) -> list[int]:
        """Give the partnerships in which she has one of the roles."""
        return [partnership for partnership, held in self.roles.items() if held & set(roles)]


_HOLDINGS = Question(
    text(
        "SELECT p.id, p.name, p.email, p.agency_id, 'role', r.partnership_id, r.role, r.agency_id FROM person p "
        "LEFT JOIN role_holding r ON r.person_id = p.id AND r.from_on <= :day "
        "AND (r.until_on IS NULL OR r.until_on > :day) "
        "WHERE p.email = :email AND (p.ended_on IS NULL OR p.ended_on > :day) "
        "UNION ALL "
        "SELECT p.id, p.name, p.email, p.agency_id, 'group', g.partnership_id, g.code, NULL FROM person p "
        "JOIN membership m ON m.person_id = p.id AND m.from_on <= :day AND (m.until_on IS NULL OR m.until_on > :day) "
        "JOIN partnership_group g ON g.id = m.group_id "
        "WHERE p.email = :email AND (p.ended_on IS NULL OR p.ended_on > :day) "
        "UNION ALL "
        "SELECT p.id, p.name, p.email, p.agency_id, 'post', NULL, NULL, h.post_id FROM person p "
        "JOIN post_holding h ON h.holder_id = p.id AND h.from_on <= :day AND (h.until_on IS NULL OR h.until_on > :day) "
        "WHERE p.email = :email AND (p.ended_on IS NULL OR p.ended_on > :day) "
        "UNION ALL "
        "SELECT p.id, p.name, p.email, p.agency_id, 'leaver', NULL, NULL, left_us.id FROM person p "
        "JOIN person left_us ON left_us.passes_to_id = p.id AND left_us.ended_on <= :day "
        "WHERE p.email = :email AND (p.ended_on IS NULL OR p.ended_on > :day)"
    ).bindparams(bindparam("day", type_=Date), bindparam("email", type_=String))
)


def nobody_at(email: str) -> NotFound:
    """Give the refusal of an address that nobody has."""
    return NotFound(f"There is nobody with the address {email}. `tracker people list` shows everybody.")


def doer_by_email(session: Session, email: str, day: date) -> Doer:
    """Find who stands at the door; raises `NotFound` for an address that nobody has, or had until before the day."""
    rows = _HOLDINGS.rows(session, email=email.strip().lower(), day=day)
    if not rows:
        raise nobody_at(email)
    roles: dict[int, set[Role]] = {}
    groups: dict[int, set[str]] = {}
    led: set[int] = set()
    answers_for: set[int] = set()
    stands_for: set[int] = set()
    for _, _, _, _, kind, partnership, code, agency in rows:
        if kind == "group":
            groups.setdefault(partnership, set()).add(code)
        elif kind in ("post", "leaver"):
            stands_for.add(agency)
        elif partnership is not None:
            roles.setdefault(partnership, set()).add(Role(code))
            if code == Role.AGENCY_LEAD and agency is not None:
                led.add(agency)
            if code == Role.PARTNER and agency is not None:
                answers_for.add(agency)
    person_id, name, address, agency_id = rows[0][:4]
    return Doer(
        id=person_id,
        name=name,
        email=address,
        roles={partnership: frozenset(held) for partnership, held in roles.items()},
        groups={partnership: frozenset(codes) for partnership, codes in groups.items()},
        led_agencies=frozenset(led | ({agency_id} if agency_id and _leads(roles) else set())),
        day=day,
        partner_for=frozenset(answers_for),
        stands_for=frozenset(stands_for),
    )


def _leads(roles: Mapping[int, set[Role]]) -> bool:
    return any(Role.AGENCY_LEAD in held for held in roles.values())
