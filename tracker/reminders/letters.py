"""What an email says at the moment it goes: its facts are asked again, and nothing goes that has no reason any more."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session, col, select, update

from notifications.facts import AboutAction, AboutCase, MailFacts
from notifications.outbox import Message
from notifications.rendering import EMAILS as EMAILS_KNOWN
from notifications.rendering import Mail, compose
from notifications.transports import TemporaryRefusal
from tracker.actions import helping
from tracker.actions.models import Action, ActionUpdate
from tracker.actions.queries import is_barred, standing_hold
from tracker.cases.models import Case
from tracker.cases.named import barred_case_ids
from tracker.clock import london_day
from tracker.escalations import telling
from tracker.groups import inviting
from tracker.groups.letterheads import letterhead_of
from tracker.papers import after_meeting, digest_post
from tracker.people.links import LinkMaker
from tracker.people.queries import person_with_id
from tracker.reminders import link_letters, sign_in_letters, unreached
from tracker.reminders.bundle import EMAILS, is_bundle, waits_for_a_morning
from tracker.reminders.morning import OneMorning, one_morning
from tracker.reminders.page_links import with_page_links
from tracker.reminders.slots import mornings_in
from tracker.reminders.untold import take_out
from tracker.reviews.models import Lead
from workflows.action import OPEN_STATUSES, ActionStatus


def compose_to_send(session: Session, message: Message, now: datetime, links: LinkMaker | None = None) -> Mail | None:
    """Write an email that goes now; one that was left from an earlier day waits for this morning's, to be one with it.

    Raises `TemporaryRefusal` for one that waits: nobody gets two on a day.
    """
    if waits_for_a_morning(session, message, now):
        sentence = "It was left from an earlier day and goes with the email of the next working day's morning."
        raise TemporaryRefusal(sentence, mornings_in(session, now))
    if is_bundle(message):
        morning = one_morning(session, message, now)
        take_out(session, message, morning.said)
        return _of_morning(session, message, morning, now, links)
    if message.kind in _FACTS:
        _readdress(session, message)
    return compose_for(session, message, now, links)


def _readdress(session: Session, message: Message) -> None:
    """Let an email that waits go to the address that its reader has by now."""
    reader = person_with_id(session, message.person_id)
    if reader is not None and reader.email is not None and reader.email != message.to_address:
        message.to_address = reader.email
        session.exec(update(Message).where(col(Message.id) == message.id).values(to_address=reader.email))


def compose_for(session: Session, message: Message, now: datetime, links: LinkMaker | None = None) -> Mail | None:
    """Write an email from the facts of this moment; nothing when there is no reason for it any more.

    With `links` its reader can answer without an account; without them the email asks for a reply. Nobody who has left
    is written to, nor an address that is no longer her own. Raises `TemporaryRefusal` for an email that only a newer
    version of the program knows.
    """
    if not _has_its_reader(session, message, now):
        return None
    if message.kind not in EMAILS_KNOWN:
        raise TemporaryRefusal("This version of the program does not know emails of this kind; a newer one sends it.")
    if message.kind in EMAILS:
        return _of_morning(session, message, one_morning(session, message, now), now, links)
    facts: MailFacts | None
    if message.kind == link_letters.NEW_LINK:
        facts = link_letters.new_link_facts(session, message, now, links)
    elif message.kind in sign_in_letters.PURPOSES:
        facts = sign_in_letters.sign_in_facts(session, message, now, links)
    else:
        facts = _FACTS[message.kind](session, message, now)
    if facts is None:
        return None
    if links is not None:
        facts = link_letters.with_links(session, message, facts, now, links)
    return _written(message, message.kind, facts, links)


def _of_morning(
    session: Session, message: Message, morning: OneMorning, now: datetime, links: LinkMaker | None
) -> Mail | None:
    name, facts = morning.facts.email, morning.facts
    if name is None:
        return None
    if links is not None:
        facts = link_letters.morning_with_links(session, message, morning, now, links)
    return _written(message, name, facts, links)


def _written(message: Message, name: str, facts: MailFacts, links: LinkMaker | None) -> Mail:
    if links is not None:
        facts = with_page_links(message, facts, links.base_url)
    return compose(name, facts, is_repeat=message.repeats > 0)


def _has_its_reader(session: Session, message: Message, now: datetime) -> bool:
    reader = person_with_id(session, message.person_id)
    return reader is not None and reader.email == message.to_address and not reader.has_left(london_day(now))


def _about_update(session: Session, message: Message, now: datetime) -> AboutAction | None:
    """A question about an update goes while it waits for an answer, to whoever answers for the action."""
    update = session.get_one(ActionUpdate, message.known()["update"])
    action = session.get_one(Action, update.action_id)
    if update.state != "queried" or is_barred(session, action.id, message.person_id):
        return None
    if ActionStatus(action.status) not in OPEN_STATUSES or standing_hold(session, action) is not None:
        return None
    if not helping.answers_for(session, action, message.person_id, london_day(now)):
        return None
    return helping.about_action(session, message, action, now)


def _about_lead(session: Session, message: Message, now: datetime) -> AboutCase | None:
    """A lead is asked as long as she leads and her involvement is not known."""
    lead = session.get_one(Lead, message.known()["lead"])
    if lead.ended_on is not None or lead.involvement in ("none", "direct"):
        return None
    return _about_case(session, message, now)


def _about_case(session: Session, message: Message, now: datetime) -> AboutCase | None:
    case = session.exec(select(Case).where(Case.reference == message.known()["case"])).one()
    if case.id in barred_case_ids(session, message.person_id):
        return None
    letterhead = letterhead_of(session, case.partnership_id, london_day(now))
    return AboutCase(letterhead=letterhead, to_name=message.to_name, reference=case.reference)


_FACTS: Mapping[str, Callable[[Session, Message, datetime], MailFacts | None]] = {
    digest_post.KIND: digest_post.digest_facts,
    telling.KIND: telling.answered_facts,
    after_meeting.KIND: after_meeting.held_facts,
    inviting.KIND: inviting.dates_facts,
    helping.KIND: helping.needs_help_facts,
    unreached.KIND: unreached.unreached_facts,
    "update_queried": _about_update,
    "independence": _about_lead,
    "executive_decision": _about_case,
    link_letters.NOT_THEIRS: link_letters.not_theirs_facts,
}
