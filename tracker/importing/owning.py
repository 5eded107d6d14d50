"""Who is to own what was imported: found by address or as a post by name, or made."""

from datetime import date

from sqlmodel import Session, select

from tracker.cases.named import cases_barred
from tracker.groups.models import Partnership
from tracker.groups.posts import post_named
from tracker.importing.cells import folded
from tracker.importing.owners import paired
from tracker.importing.settling import Settled, Stored
from tracker.importing.verdicts import Understood
from tracker.people.models import Person, RoleHolding
from tracker.people.roles import Role
from tracker.rows import write


class Owning:
    """Finds each owner of a file once."""

    def __init__(self, session: Session, today: date) -> None:
        self._session, self._today = session, today
        self._people: dict[tuple[int, str, str], int] = {}
        self._barred: dict[int, set[int]] = {}

    def people_of(self, row: Stored, settled: Settled) -> list[int | None]:
        """Give the owner of a row, and whoever helps: by address where each name has one, else as a post by name."""
        said = row.judged.understood
        assert said is not None, "only a row that was understood has owners"
        return self.people(said, settled.partnership_of(said))

    def people(self, said: Understood, partnership_id: int) -> list[int | None]:
        """Give the same for what a row says."""
        if said.exported is not None:
            # Our own plan names one owner, whatever stands in the name.
            name, email = " ".join(said.owners.names), next(iter(said.owners.emails), "")
            helpers = [self._person(said, partnership_id, helper, "") for helper in said.exported.helpers]
            return [self._person(said, partnership_id, said.owner_words or name, email) if name else None, *helpers]
        names, emails = said.owners.names, said.owners.emails
        if not names:
            return [None]
        people = [self._person(said, partnership_id, *pair) for pair in paired(names, emails)]
        return [people[0], *dict.fromkeys(one for one in people[1:] if one not in (None, people[0]))]

    def _person(self, said: Understood, partnership_id: int, name: str, email: str) -> int | None:
        key = (partnership_id, name, email)
        if key not in self._people:
            person = _person(self._session, partnership_id, name[:120], email, self._today)
            self._people[key] = person.id
            self._barred[person.id] = set(self._session.exec(cases_barred(person.id)))
        person_id = self._people[key]
        # Whom a conflict bars from the case owns nothing that comes from it.
        return None if said.case_id in self._barred[person_id] else person_id


def _person(session: Session, partnership_id: int, name: str, email: str, today: date) -> Person:
    """Find or make an owner; an address that belongs to somebody of another name makes nobody a reader of her post."""
    partnership = session.get_one(Partnership, partnership_id)
    if not email or len(email) > 254:
        return post_named(session, partnership, name, None, today)
    known = session.exec(select(Person).where(Person.email == email)).first()
    if known is None:
        known = session.get_one(Person, write(session, Person(kind="person", name=name, email=email)).id)
        role = RoleHolding(person_id=known.id, partnership_id=partnership_id, role=Role.OWNER.value, from_on=today)
        write(session, role)
        return known
    return known if folded(known.name) == folded(name) else post_named(session, partnership, name, None, today)
