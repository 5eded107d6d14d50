"""What was seen of the links in emails: opened, answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from notifications.outbox import Message
from tracker.people.sign_in_models import Link, LinkVisit
from tracker.reminders.bundle import EMAILS

_TO_ACTIONS = frozenset({*EMAILS, "update_queried", "new_link"})


@dataclass(frozen=True, slots=True)
class LinkUse:
    """When the link of an email was first opened, and an answer first given by it."""

    fetched_at: datetime | None = None
    answered_at: datetime | None = None


def use_of_links(session: Session, messages: Sequence[Message]) -> dict[int, LinkUse]:
    """Give what was seen of the links of emails, by the id of the message, in two questions.

    All emails to a person hold one link while it lives: what is seen of it counts for the newest that had gone by then.
    """
    sent = {(message.person_id, message.sent_at) for message in messages if message.sent_at is not None}
    found = {message.id: LinkUse() for message in messages}
    if not sent:
        return found
    people, first = {person for person, _ in sent}, min(at for _, at in sent)
    gone = select(Message.id, Message.person_id, Message.kind, Message.sent_at)
    gone = gone.where(col(Message.person_id).in_(people), col(Message.sent_at) >= first)
    went = [(number, person, kind, at) for number, person, kind, at in session.exec(gone) if at is not None]
    newest_first = sorted(went, key=lambda one: one[3], reverse=True)
    visits = (
        select(LinkVisit.at, LinkVisit.what, Link.person_id, Link.purpose)
        .join(Link, col(Link.id) == LinkVisit.link_id)
        .where(col(Link.person_id).in_(people), col(LinkVisit.at) >= first)
        .order_by(col(LinkVisit.at))
    )
    for at, what, person_id, purpose in session.exec(visits):
        held = (
            number
            for number, reader, kind, sent_at in newest_first
            if reader == person_id and sent_at <= at and (kind == "independence" or kind in _TO_ACTIONS)
            if (kind == "independence") == (purpose == "independence")
        )
        number = next(held, None)
        if number in found:
            found[number] = _seen(found[number], what, at)
    return found


def _seen(use: LinkUse, what: str, at: datetime) -> LinkUse:
    if what == "fetched":
        return use if use.fetched_at else replace(use, fetched_at=at)
    return use if use.answered_at else replace(use, answered_at=at)
