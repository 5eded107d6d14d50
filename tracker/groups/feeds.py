"""Addresses under which calendars read the meetings of their holders: made, found by, ended; kept as digests only."""

import secrets
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.groups.models import CalendarFeed
from tracker.people.models import Person
from tracker.people.sessions import digest
from tracker.rows import write


def make_feed(session: Session, person_id: int, now: datetime) -> str:
    """End the address that somebody's calendar has, if any, and give the token of a new one, this once (256 bits)."""
    end_feed(session, person_id, now)
    token = secrets.token_urlsafe(32)
    write(session, CalendarFeed(person_id=person_id, token_digest=digest(token), made_at=now))
    return token


def end_feed(session: Session, person_id: int, now: datetime) -> None:
    """Let the address of somebody's calendar work no longer; there may be none."""
    for feed in session.exec(select(CalendarFeed).where(CalendarFeed.person_id == person_id, *_LIVING)).all():
        feed.ended_at = now
        session.add(feed)


def feed_made_at(session: Session, person_id: int) -> datetime | None:
    """Give the moment at which the address of somebody's calendar was made, while it works."""
    question = select(CalendarFeed.made_at).where(CalendarFeed.person_id == person_id, *_LIVING)
    return session.exec(question).first()


def holder_of_feed(session: Session, token: str) -> Person | None:
    """Give whose calendar reads at an address; nobody where it is unknown or has ended."""
    question = (
        select(Person)
        .join(CalendarFeed, col(CalendarFeed.person_id) == Person.id)
        .where(CalendarFeed.token_digest == digest(token), *_LIVING)
    )
    return session.exec(question).first()


_LIVING = (col(CalendarFeed.ended_at).is_(None),)
