"""Who can be written to on a day, who can sign in, and the email that goes at once because of a deed."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from notifications import outbox
from tracker.clock import london_day
from tracker.people.models import Person


def may_be_written_to(person: Person, today: date, *, statutory: bool = False) -> bool:
    """Say whether somebody has an address, is there, has not left, and wants what is routine.

    Statutory notices reach also whoever opted out of everything else.
    """
    if person.email is None or (person.opted_out and not statutory):
        return False
    if person.ended_on is not None and person.ended_on <= today:
        return False
    absent = person.absent_from is not None and person.absent_from <= today
    return not (absent and (person.absent_until is None or today <= person.absent_until))


def may_sign_in(person: Person, now: datetime) -> bool:
    """Say whether somebody is a person with an address who has not left."""
    left = person.ended_on is not None and person.ended_on <= london_day(now)
    return person.kind == "person" and person.email is not None and not left


def tell(
    session: Session, person: Person, *, kind: str, about: str, key: str, facts: Mapping[str, object], now: datetime
) -> bool:
    """Put an email beside the deed that causes it, to go at once; says whether it is new.

    Whoever has no address gets none.
    """
    if person.email is None:
        return False
    return outbox.put(
        session,
        kind=kind,
        person_id=person.id,
        to_name=person.name,
        to_address=person.email,
        about=about,
        key=key,
        facts=facts,
        due_at=now,
        planned_at=now,
        routine=False,
    )
