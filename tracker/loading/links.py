"""Ending a signed link before its time: whoever has it opens nothing with it any more."""

from datetime import datetime

from sqlmodel import Session

from tracker import history
from tracker.errors import Refused
from tracker.groups.models import Partnership
from tracker.people.administering import must_look_after
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.sign_in_models import Link


def end_link(session: Session, partnership: Partnership, link: Link, *, now: datetime, by: Doer) -> None:
    """End a link; raises `NotAllowed`, or `Refused` when it has ended already."""
    role = must_look_after(by, partnership.id)
    if link.ended_at is not None:
        raise Refused("This link has ended already. Nothing was changed.", code="already_done")
    link.ended_at = now
    session.add(link)
    what = f"A signed link of {session.get_one(Person, link.person_id).name} was ended."
    history.note(session, partnership.code, "link_end", at=now, by=by, role=role, what=what)
    session.flush()
    history.write_noted(session)
