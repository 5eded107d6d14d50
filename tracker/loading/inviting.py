"""Inviting somebody who was added to sign in; the history of her partnerships says that it was done."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker import history
from tracker.clock import london_day
from tracker.groups.models import Partnership
from tracker.people import joining
from tracker.people.doer import Doer, doer_by_email
from tracker.people.models import Person


def invite_person(
    session: Session, email: str, secret: str, now: datetime, *, anew: bool = False, by: Doer | None = None
) -> Person:
    """Put an invitation into the outbox and give whom it goes to; `anew` takes what she signed in with away first.

    Raises `NotFound` for an unknown address, `Refused` for somebody who has left or has chosen a password already.
    """
    person = joining.invite(session, email, secret, now, anew=anew)
    invited = doer_by_email(session, str(person.email), london_day(now))
    ids = {*invited.roles, *invited.groups}
    partnerships = select(Partnership).where(col(Partnership.id).in_(ids)).order_by(col(Partnership.id))
    what = f"{person.name} was invited to sign in{' anew, as if for the first time' if anew else ''}."
    for partnership in session.exec(partnerships):
        history.note(session, partnership.code, "people_invite", at=now, by=by, what=what)
    session.flush()
    history.write_noted(session)
    return person
