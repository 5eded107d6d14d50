"""Whose email it is: the partnership's name, and its coordinator, to whom a reply goes."""

from datetime import date

from sqlmodel import Session

from notifications.facts import Letterhead
from tracker.groups.models import Partnership
from tracker.kept import kept
from tracker.people.queries import people_with_role
from tracker.people.roles import Role


def letterhead_of(session: Session, partnership_id: int, on: date) -> Letterhead:
    """Give the letterhead of a partnership; replies go to the first of its coordinators who has an address."""
    return kept(session, ("letterhead", partnership_id, on), lambda: _letterhead(session, partnership_id, on))


def _letterhead(session: Session, partnership_id: int, on: date) -> Letterhead:
    name = session.get_one(Partnership, partnership_id).name
    coordinators = people_with_role(session, partnership_id, Role.COORDINATOR, on)
    address = next((person.email for person in coordinators if person.email), None)
    return Letterhead(partnership=name, contact=address or "", reply_to=address)
