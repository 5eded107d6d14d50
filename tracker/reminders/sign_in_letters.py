"""The emails about signing in: an invitation, and a new password that was asked for, each with its link."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from notifications.facts import Letterhead
from notifications.outbox import Message
from notifications.sign_in_facts import SignInLink
from notifications.transports import TemporaryRefusal
from tracker.clock import london_day, uk_clock
from tracker.errors import NotFound
from tracker.groups.letterheads import letterhead_of
from tracker.people.doer import doer_by_email
from tracker.people.joining import KINDS
from tracker.people.links import LinkMaker
from tracker.people.sessions import digest
from tracker.people.sign_in_models import Ticket
from tracker.people.tickets import Purpose, may_be_used, token_of
from workflows.dates import uk_date

PURPOSES: Mapping[str, Purpose] = {kind: purpose for purpose, kind in KINDS.items()}
_PAGES = {Purpose.INVITATION: "welcome", Purpose.RESET: "reset"}


def sign_in_facts(session: Session, message: Message, now: datetime, links: LinkMaker | None) -> SignInLink | None:
    """Give what an email with a ticket says; nothing when the ticket may not be used any more.

    Its token is made now, from what the outbox holds and the secret of the installation, and is written nowhere else.
    Raises `TemporaryRefusal` without a secret: the email is nothing without its link, and goes once there is one.
    """
    if links is None:
        raise TemporaryRefusal("TRACKER_SECRET is not set, and an email about signing in needs it for its link.")
    purpose, known = PURPOSES[message.kind], message.known()
    ticket = session.get_one(Ticket, known["ticket"])
    token = token_of(links.secret, purpose, known["nonce"])
    # Made with another secret, it would open nothing.
    if digest(token) != ticket.token_digest or not may_be_used(session, ticket, now):
        return None
    letterhead = _letterhead(session, message, now)
    if letterhead is None:
        return None
    return SignInLink(
        letterhead=letterhead,
        to_name=message.to_name,
        works_until=f"{uk_clock(ticket.expires_at)} on {uk_date(london_day(ticket.expires_at))}",
        link=f"{links.base_url}/{_PAGES[purpose]}/{links.as_shown(token)}",
    )


def _letterhead(session: Session, message: Message, now: datetime) -> Letterhead | None:
    """Give the letterhead of the first partnership in which she works; nothing when she has left meanwhile."""
    try:
        doer = doer_by_email(session, message.to_address, london_day(now))
    except NotFound:
        return None
    partnerships = [*doer.roles, *doer.groups]
    return letterhead_of(session, min(partnerships), london_day(now)) if partnerships else None
