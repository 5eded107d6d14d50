"""The people of a partnership with their roles, groups, agencies and posts, in a fixed number of questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, func, or_, select

from tracker.actions.models import Action
from tracker.actions.queries import actions_barred
from tracker.groups.models import Group, Membership
from tracker.people.doer import Doer
from tracker.people.models import Agency, Identity, Person, PostHolding, RoleHolding
from tracker.people.roles import Role
from tracker.people.sign_in_models import SignIn, Ticket
from workflows.action import OPEN_STATUSES
from workflows.wording import capital


@dataclass(frozen=True, slots=True)
class Held:
    """A role, a group or a post: its words, from when until when."""

    words: str
    from_on: date
    until_on: date | None
    kind: str

    def holds(self, today: date) -> bool:
        """Say whether it is held on a day."""
        return self.from_on <= today and (self.until_on is None or self.until_on > today)


@dataclass(slots=True)
class PersonRead:
    """A person or post with everything that was ever held in one partnership."""

    person: Person
    agency: str | None
    held: list[Held] = field(default_factory=list)

    def now(self, today: date, kind: str) -> list[str]:
        """Give the words of what is held on a day, of one kind, each once."""
        words = [one.words for one in self.held if one.kind == kind and one.holds(today)]
        return list(dict.fromkeys(words))

    def has_left(self, today: date) -> bool:
        """Say whether the person's time has ended."""
        return self.person.has_left(today)

    def has_word(self, word: str, today: date) -> bool:
        """Say whether a word stands in the name, the address, the agency, or what is held on a day."""
        said = [one.words for one in self.held if one.holds(today)]
        texts = [self.person.name, self.person.email or "", self.agency or "", *said]
        return word.casefold() in "\n".join(texts).casefold()


def people_read(session: Session, partnership_id: int) -> list[PersonRead]:
    """Give everybody who has, or had, a part in a partnership, by name."""
    agencies = {agency.id: agency.name for agency in session.exec(select(Agency))}
    roles = session.exec(select(RoleHolding).where(RoleHolding.partnership_id == partnership_id)).all()
    joined = session.exec(
        select(Membership, Group)
        .join(Group, col(Group.id) == Membership.group_id)
        .where(Group.partnership_id == partnership_id)
    ).all()
    wanted = {role.person_id for role in roles} | {membership.person_id for membership, _ in joined}
    here = select(Agency.id).where(Agency.partnership_id == partnership_id)
    people = session.exec(select(Person).where(or_(col(Person.id).in_(wanted), col(Person.agency_id).in_(here)))).all()
    found = {
        person.id: PersonRead(person, agencies.get(person.agency_id) if person.agency_id else None)
        for person in sorted(people, key=lambda person: (person.name.casefold(), person.id))
    }
    for role in roles:
        found[role.person_id].held.append(_role(role, agencies))
    for membership, group in joined:
        words = f"{group.name} (chair)" if membership.is_chair else group.name
        held = Held(words, membership.from_on, membership.until_on, "group")
        found[membership.person_id].held.append(held)
    for holding in session.exec(select(PostHolding).where(col(PostHolding.post_id).in_(found))):
        if holding.holder_id in found:
            title = found[holding.post_id].person.name
            found[holding.holder_id].held.append(Held(title, holding.from_on, holding.until_on, "post"))
            holder = Held(found[holding.holder_id].person.name, holding.from_on, holding.until_on, "holder")
            found[holding.post_id].held.append(holder)
    return list(found.values())


def _role(holding: RoleHolding, agencies: dict[int, str]) -> Held:
    words = Role(holding.role).words
    if holding.agency_id is not None and holding.role in (Role.AGENCY_LEAD, Role.PARTNER):
        words = f"{'deputy ' if holding.is_deputy else ''}{words} for {agencies[holding.agency_id]}"
    return Held(capital(words), holding.from_on, holding.until_on, "role")


def leads_by_agency(session: Session, partnership_id: int, today: date) -> dict[int, list[tuple[str, bool]]]:
    """Give who leads for each agency on a day, the lead first, and whether each is the deputy; by the agency's id."""
    question = (
        select(RoleHolding, Person)
        .join(Person, col(Person.id) == RoleHolding.person_id)
        .where(RoleHolding.partnership_id == partnership_id, RoleHolding.role == Role.AGENCY_LEAD.value)
        .where(RoleHolding.from_on <= today)
        .where(or_(col(RoleHolding.until_on).is_(None), col(RoleHolding.until_on) > today))
        .where(or_(col(Person.ended_on).is_(None), col(Person.ended_on) > today))
        .order_by(col(RoleHolding.is_deputy), col(RoleHolding.id))
    )
    found: dict[int, list[tuple[str, bool]]] = {}
    for holding, person in session.exec(question):
        agency_id = holding.agency_id or person.agency_id
        if agency_id is not None:
            found.setdefault(agency_id, []).append((person.name, holding.is_deputy))
    return found


@dataclass(frozen=True, slots=True)
class SignInState:
    """Whether somebody can sign in: has a password, was invited when, was here when last."""

    has_password: bool
    invited_at: datetime | None
    last_at: datetime | None


def sign_in_state(session: Session, person_id: int) -> SignInState:
    """Say how it stands with somebody's signing in."""
    own = select(Identity.id).where(Identity.person_id == person_id, col(Identity.secret).is_not(None))
    password = session.exec(own.where(Identity.kind == "password", col(Identity.ended_at).is_(None)))
    invited = select(func.max(Ticket.made_at)).where(Ticket.person_id == person_id, Ticket.kind == "invitation")
    last = select(func.max(SignIn.made_at)).where(SignIn.person_id == person_id, SignIn.is_whole)
    return SignInState(password.first() is not None, session.exec(invited).one(), session.exec(last).one())


def newest_sign_ins(session: Session, person_ids: Sequence[int]) -> list[tuple[int, datetime]]:
    """Give who of some people signed in, and when last, the newest first."""
    at = func.max(SignIn.made_at)
    question = select(SignIn.person_id, at).where(col(SignIn.person_id).in_(person_ids), SignIn.is_whole)
    return list(session.exec(question.group_by(col(SignIn.person_id)).order_by(at.desc())))


def open_actions_of(session: Session, person_id: int, reader: Doer) -> int:
    """Count the open actions of a person, without those from which a declared conflict bars the reader."""
    question = select(func.count(col(Action.id))).where(
        Action.owner_id == person_id,
        col(Action.status).in_(OPEN_STATUSES),
        col(Action.id).not_in(actions_barred(reader.id)),
    )
    return session.exec(question).one()
