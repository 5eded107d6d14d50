"""Inviting somebody who was added to sign in; the history of the partnership says that it was done, and by whom."""

from datetime import datetime

from sqlmodel import Session, col, select

from tracker import history
from tracker.clock import london_day
from tracker.groups.models import Partnership
from tracker.people import joining
from tracker.people.administering import must_look_after
from tracker.people.doer import Doer, doer_by_email
from tracker.people.models import Person


def invite_person(
    session: Session,
    partnership: Partnership | None,
    email: str,
    secret: str,
    *,
    now: datetime,
    by: Doer | None = None,
    anew: bool = False,
) -> Person:
    """Put an invitation into the outbox and give whom it goes to; without `partnership` each of hers keeps the line.

    `by` looks after the partnership; it is the operator of the machine (None) on the command line. `anew` takes what
    she signed in with away first. Raises `NotAllowed`, `NotFound` for an unknown address, `Refused` for somebody who
    has left or has chosen a password already.
    """
    person = joining.invite(session, email, secret, now, anew=anew)
    what = f"{person.name} was invited to sign in{' anew, as if for the first time' if anew else ''}."
    for one in _partnerships_of(session, person, now) if partnership is None else [partnership]:
        role = must_look_after(by, one.id)
        history.note(session, one.code, "people_invite", at=now, by=by, role=role, what=what)
    session.flush()
    history.write_noted(session)
    return person


def _partnerships_of(session: Session, person: Person, now: datetime) -> list[Partnership]:
    doer = doer_by_email(session, str(person.email), london_day(now))
    question = select(Partnership).where(col(Partnership.id).in_({*doer.roles, *doer.groups}))
    return list(session.exec(question.order_by(col(Partnership.id))))
