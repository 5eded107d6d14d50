"""Saying that an address works that refused an email: from then on it is written to again."""

from datetime import datetime

from sqlmodel import Session, col, update

from tracker import history
from tracker.errors import Refused
from tracker.groups.models import Partnership
from tracker.people.administering import must_look_after
from tracker.people.doer import Doer
from tracker.people.models import AddressFailure, Person


def address_works(session: Session, partnership: Partnership, person: Person, *, now: datetime, by: Doer) -> None:
    """End the refusal of somebody's address; raises `NotAllowed`, or `Refused` where it stands in no doubt."""
    role = must_look_after(by, partnership.id)
    if person.has_working_address or person.email is None:
        raise Refused(f"Emails to {person.name} go as usual. Nothing was changed.", code="already_done")
    person.refused_email = person.refused_on = None
    session.add(person)
    stands = (col(AddressFailure.person_id) == person.id, col(AddressFailure.ended_at).is_(None))
    session.exec(update(AddressFailure).where(*stands).values(ended_at=now))
    what = f"The address of {person.name} works: emails go there again."
    history.note(session, partnership.code, "address_works", at=now, by=by, role=role, what=what)
    session.flush()
    history.write_noted(session)
