"""What an email says at the moment it goes: its facts are asked again, and nothing goes that has no reason any more."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlmodel import Session, select

from notifications.facts import AboutAction, AboutCase, MailFacts
from notifications.moments import LONDON
from notifications.outbox import Message
from notifications.rendering import Mail, compose
from notifications.transports import TemporaryRefusal
from tracker.actions import helping
from tracker.actions.models import Action, ActionUpdate
from tracker.actions.queries import is_barred
from tracker.cases.models import Case
from tracker.cases.queries import barred_case_ids
from tracker.clock import london_day, london_moment
from tracker.escalations import telling
from tracker.groups.letterheads import letterhead_of
from tracker.papers import digest_post
from tracker.people.links import LinkMaker
from tracker.reminders import link_letters, sign_in_letters, unreached
from tracker.reminders.bundle import EMAILS
from tracker.reminders.morning import one_morning
from tracker.reminders.page_links import with_page_links
from tracker.reviews.models import Lead


def compose_to_send(session: Session, message: Message, now: datetime, links: LinkMaker | None = None) -> Mail | None:
    """Write an email that goes now; one that was left from an earlier day waits for this morning's, to be one with it.

    Raises `TemporaryRefusal` for one that waits: nobody gets two on a day.
    """
    if message.kind in EMAILS and message.routine:
        today = london_day(now)
        morning = london_moment(today, message.due_at.astimezone(LONDON).time())
        if london_day(message.due_at) < today and now < morning:
            raise TemporaryRefusal("It was left from an earlier day and goes with this morning's email.", morning - now)
    return compose_for(session, message, now, links)


def compose_for(session: Session, message: Message, now: datetime, links: LinkMaker | None = None) -> Mail | None:
    """Write an email from the facts of this moment; nothing when there is no reason for it any more.

    With `links` its reader can answer without an account; without them the email asks for a reply.
    """
    name: str | None = message.kind
    facts: MailFacts | None
    if message.kind in EMAILS:
        morning = one_morning(session, message, now)
        name, facts = morning.facts.email, morning.facts
        if name is not None and links is not None:
            facts = link_letters.morning_with_links(session, message, morning, now, links)
    elif message.kind == link_letters.NEW_LINK:
        facts = link_letters.new_link_facts(session, message, now, links)
    elif message.kind in sign_in_letters.PURPOSES:
        facts = sign_in_letters.sign_in_facts(session, message, now, links)
    else:
        facts = _FACTS[message.kind](session, message, now)
    if name is None or facts is None:
        return None
    if links is not None:
        facts = link_letters.with_links(session, message, facts, now, links)
        facts = with_page_links(message, facts, links.base_url)
    return compose(name, facts, is_repeat=message.repeats > 0)


def _about_update(session: Session, message: Message, now: datetime) -> AboutAction | None:
    """A question about an update goes as long as the update is the one that is queried."""
    update = session.get_one(ActionUpdate, message.known()["update"])
    action = session.get_one(Action, update.action_id)
    if update.state != "queried" or is_barred(session, action.id, message.person_id):
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
    helping.KIND: helping.needs_help_facts,
    unreached.KIND: unreached.unreached_facts,
    "update_queried": _about_update,
    "independence": _about_lead,
    "executive_decision": _about_case,
    link_letters.NOT_THEIRS: link_letters.not_theirs_facts,
}
