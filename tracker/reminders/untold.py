"""What a morning's email was to say and leaves out: it counts as untold, so that it is said when it may be."""

import json
from collections.abc import Set

from sqlmodel import Session, col, delete, select, update

from notifications.outbox import Message
from tracker.reminders.calls import Kind, about
from tracker.reminders.models import RungTold
from tracker.reminders.morning import Said


def take_out(session: Session, message: Message, said: Set[Said]) -> None:
    """Take out of an email whatever it does not say now, with its rung; for the unit of work in which it is written.

    An action that is on hold, a reader who is away: when that is over the newest rung goes, once, with the email of
    another morning, and not with this one where it is tried again.
    """
    calls: list[Said] = [(kind, number, version) for kind, number, version in message.known()["calls"]]
    unsaid = [call for call in calls if call not in said]
    for kind, number, version in unsaid:
        newest = (
            select(RungTold.id)
            .where(RungTold.about == about(Kind(kind), number), RungTold.person_id == message.person_id)
            .where(RungTold.version == version)
            .order_by(col(RungTold.id).desc())
            .limit(1)
        )
        session.exec(delete(RungTold).where(col(RungTold.id).in_(newest)))
    if unsaid:
        facts = json.dumps({**message.known(), "calls": [call for call in calls if call in said]}, sort_keys=True)
        session.exec(update(Message).where(col(Message.id) == message.id).values(facts=facts))
