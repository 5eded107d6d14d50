"""What the morning's emails of several people will each ask, read for all of them together when they go."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from notifications.outbox import Message
from tracker.cases.named import barred_cases_of
from tracker.clock import london_day
from tracker.people.links import LinkMaker, links_of
from tracker.people.queries import people_with_ids
from tracker.reminders.asked import asked_actions
from tracker.reminders.bundle import is_bundle
from tracker.reminders.calls import Kind

_OF_ACTIONS = (Kind.ACTION, Kind.NEW_ACTION, Kind.MOVED, Kind.REVIEW)


def read_ahead(session: Session, messages: Sequence[Message], now: datetime, links: LinkMaker | None = None) -> None:
    """Read the readers of some emails, their conflicts, their actions and their links, in a question each.

    Each email is written as if it stood alone: it asks for the same and finds it known.
    """
    people = people_with_ids(session, [message.person_id for message in messages])
    mornings = [message for message in messages if is_bundle(message)]
    readers = [message.person_id for message in mornings]
    barred_cases_of(session, readers)
    calls = [call for message in mornings for call in message.known()["calls"]]
    asked_actions(session, [number for kind, number, _ in calls if kind in _OF_ACTIONS], london_day(now), people)
    if links is not None:
        links_of(session, readers, now)
