"""An email as it would go now, for a person who reads it beforehand: nothing is sent, kept, or made to be opened."""

from datetime import datetime

from sqlmodel import Session

from notifications.outbox import Message
from notifications.rendering import Mail
from notifications.transports import TemporaryRefusal
from tracker.cases.named import barred_case_ids
from tracker.errors import Refused
from tracker.papers import digest_post
from tracker.people.doer import Doer
from tracker.people.links import SpecimenLinks
from tracker.people.roles import Role
from tracker.reminders.letters import compose_for
from tracker.reminders.sign_in_letters import PURPOSES


def may_preview(message: Message, reader: Doer) -> bool:
    """Say whether somebody may read an email that she may know of: an administrator only those about signing in."""
    return message.kind in PURPOSES or message.person_id == reader.id or bool(reader.partnerships_as(Role.COORDINATOR))


def preview(session: Session, message: Message, reader: Doer, links: SpecimenLinks, now: datetime) -> Mail | None:
    """Write an email from the facts of this moment; nothing where none would go. Raises `Refused` where it cannot be.

    A digest names what its own reader may see; who reads it beforehand must not learn there what she is barred from.
    """
    written = Message(**message.model_dump())
    if message.kind == digest_post.KIND and barred_case_ids(session, reader.id):
        written.person_id, written.to_address = reader.id, reader.email or ""
    try:
        return compose_for(session, written, now, links)
    except TemporaryRefusal as refusal:
        raise Refused(str(refusal), code="bad_setting") from refusal
