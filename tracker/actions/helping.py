"""Asking an agency's lead to help with an action: its owner is stuck, or has not answered for long."""

from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from notifications.facts import AboutAction
from notifications.outbox import Message
from tracker.actions.models import Action, ActionUpdate
from tracker.actions.queries import is_barred, standing_hold
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.groups.letterheads import letterhead_of
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_settings
from tracker.people.models import Person
from tracker.people.queries import holder_of, leads_of
from tracker.people.reach import may_be_written_to, tell
from workflows.action import OPEN_STATUSES, ActionStatus, Report

KIND = "action_needs_help"


def tell_lead_of_silence(session: Session, action: Action, owner: Person, *, unanswered: int, now: datetime) -> bool:
    """Put the email about an owner who has not answered, once for her and a version of the due date."""
    return _put(
        session,
        action,
        key=f"{KIND}:{action.reference}:{action.due_version}:{owner.id}",
        facts={"action": action.id, "version": action.due_version, "owner": owner.id, "unanswered": unanswered},
        others={owner.id},
        now=now,
    )


def tell_lead_of_trouble(session: Session, action: Action, update: ActionUpdate, now: datetime) -> bool:
    """Put the email about an owner who says that she is stuck; not to her or to whoever recorded it."""
    owner = None if action.owner_id is None else session.get_one(Person, action.owner_id)
    answers = None if owner is None else holder_of(session, owner, london_day(now))
    return _put(
        session,
        action,
        key=f"{KIND}:update:{update.id}",
        facts={"action": action.id, "update": update.id, "owner": action.owner_id},
        others={update.person_id} | ({answers.id} if answers else set()),
        now=now,
    )


def needs_help_facts(session: Session, message: Message, now: datetime) -> AboutAction | None:
    """Give what a lead is told at this moment; nothing when the owner has answered or the action passed on."""
    known = message.known()
    action = session.get_one(Action, known["action"])
    if ActionStatus(action.status) not in OPEN_STATUSES or is_barred(session, action.id, message.person_id):
        return None
    if standing_hold(session, action) is not None or not _leads(session, action, message.person_id, now):
        return None
    if not (_is_stuck(action, known) if "update" in known else _is_silent(session, action, message)):
        return None
    return about_action(session, message, action, now, unanswered=known.get("unanswered", 0))


def about_action(session: Session, message: Message, action: Action, now: datetime, unanswered: int = 0) -> AboutAction:
    """Give what an email about one action may say: its title only where the partnership lets titles go."""
    partnership = session.get_one(Partnership, action.partnership_id)
    titles = partnership_settings(session, partnership, now)["email.titles"]
    return AboutAction(
        letterhead=letterhead_of(session, partnership.id, london_day(now)),
        to_name=message.to_name,
        reference=action.reference,
        title=without_references(action.title, barred_cases_named(session, message.person_id)) if titles else None,
        due_on=None if action.due is None else action.due.day_or_text,
        unanswered=unanswered,
    )


def _put(
    session: Session, action: Action, *, key: str, facts: dict[str, object], others: set[int], now: datetime
) -> bool:
    lead = lead_to_ask(session, action, others, london_day(now))
    return lead is not None and tell(session, lead, kind=KIND, about=action.reference, key=key, facts=facts, now=now)


def lead_to_ask(session: Session, action: Action, others: set[int], today: date) -> Person | None:
    """Give the lead of the action's agency, or of its owner's where it names none; the deputy while she is away."""
    agency_id = _agency_of(session, action)
    for lead in [] if agency_id is None else leads_of(session, agency_id, today):
        if lead.id not in others and may_be_written_to(lead, today) and not is_barred(session, action.id, lead.id):
            return lead
    return None


def answers_for(session: Session, action: Action, person_id: int, today: date) -> bool:
    """Say whether somebody answers for an action on a day: as its owner, for its post, or for whoever left."""
    if action.owner_id is None:
        return False
    answers = holder_of(session, session.get_one(Person, action.owner_id), today)
    return answers is not None and answers.id == person_id


def _leads(session: Session, action: Action, person_id: int, now: datetime) -> bool:
    return person_id in {lead.id for lead in leads_of(session, _agency_of(session, action) or 0, london_day(now))}


def _is_stuck(action: Action, known: dict[str, Any]) -> bool:
    """Say whether the action is with whoever said that she is stuck, and nothing else was said since."""
    return action.report == Report.STUCK and known.get("owner") in (None, action.owner_id)


def _agency_of(session: Session, action: Action) -> int | None:
    if action.agency_id is None and action.owner_id is not None:
        return session.get_one(Person, action.owner_id).agency_id
    return action.agency_id


def _is_silent(session: Session, action: Action, message: Message) -> bool:
    known = message.known()
    if action.due_version != known["version"] or action.owner_id is None:
        return False
    owner = holder_of(session, session.get_one(Person, action.owner_id), london_day(message.planned_at))
    answered = select(ActionUpdate.id).where(
        ActionUpdate.action_id == action.id, col(ActionUpdate.at) >= message.planned_at
    )
    return owner is not None and owner.id == known["owner"] and session.exec(answered).first() is None
