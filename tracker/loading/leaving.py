"""Ending somebody's time: what she held ends today, her open actions pass on, and nothing is deleted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select, update

from notifications import outbox
from tracker import history
from tracker.actions.models import Action
from tracker.actions.queries import actions_barred
from tracker.cases.decision_models import MethodWork
from tracker.cases.models import Case, CaseAccess, CaseEvent
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.groups.models import Group, Membership, Partnership
from tracker.people import sessions, tickets, tokens
from tracker.people.administering import must_look_after
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person, PostHolding, RoleHolding
from tracker.people.queries import person_by_email
from tracker.people.sign_in_models import Link
from tracker.reviews.models import Lead
from workflows.action import OPEN_STATUSES
from workflows.vocabulary import Event, Method


def end_person(
    session: Session, email: str, passes_to: str, now: datetime, by: Doer | None = None
) -> Mapping[str, Any]:
    """End the time of whoever has an address, and pass her open actions to whoever has the other.

    Raises `NotFound` for an unknown address, and what `end_time` raises.
    """
    return end_time(session, person_by_email(session, email), person_by_email(session, passes_to), now, by)


def end_time(
    session: Session, person: Person, successor: Person, now: datetime, by: Doer | None = None
) -> Mapping[str, Any]:
    """End somebody's roles, groups, posts, sign-ins, links and access today, and pass her open actions to a successor.

    What she leads of a review that goes on has no lead any more.

    `by` looks after every partnership she works for; it is the operator of the machine (None) on the command line.
    Raises `NotAllowed`, or `Refused` when she has left already or the successor cannot take over.
    """
    today = london_day(now)
    partnerships = partnerships_of(session, person, today)
    roles = {partnership.id: _may_end(by, person, partnership) for partnership in partnerships}
    if person.id == successor.id:
        raise Refused("Name somebody else with --passes-to: nobody can take over from herself.", code="same_person")
    if person.ended_on is not None:
        raise Refused(f"{person.name} has left already. Nothing was changed.", code="already_done")
    if successor.ended_on is not None:
        raise Refused(f"{successor.name} has left, too: name somebody who is there.", code="successor_left")
    _end_holdings(session, person, today)
    # Her emails before her links, as whoever sends takes them, so that the two do not wait for each other.
    outbox.supersede(session, person_id=person.id)
    _end_ways_in(session, person, now)
    role = next(iter(roles.values()), None)
    _end_leads(session, person, now, by, role)
    passed = _pass_actions(session, person, successor, now, by, role)
    person.ended_on, person.passes_to_id = today, successor.id
    session.add(person)
    for partnership in partnerships:
        what = f"{person.name} has left; {successor.name} takes over."
        role = roles[partnership.id]
        history.note(session, partnership.code, "people_end", at=now, by=by, role=role, what=what)
    session.flush()
    history.write_noted(session)
    return {"name": person.name, "ended_on": today.isoformat(), "passes_to": successor.name, "actions": passed}


def _may_end(by: Doer | None, person: Person, partnership: Partnership) -> str | None:
    """Give the role in which somebody may end a person's time in a partnership; nobody ends her own."""
    if by is not None and by.id == person.id:
        raise Refused("You cannot end your own access. Ask somebody else who may.", code="same_person")
    try:
        return must_look_after(by, partnership.id)
    except NotAllowed:
        raise NotAllowed(
            f"{person.name} works outside your partnership as well. Ask whoever runs the service to end their access."
        ) from None


def partnerships_of(session: Session, person: Person, today: date) -> list[Partnership]:
    """Give the partnerships for which somebody works today; else those for which she did, else that of her agency."""
    roles = session.exec(select(RoleHolding).where(RoleHolding.person_id == person.id))
    groups = select(Membership, Group).join(Group, col(Group.id) == Membership.group_id)
    groups = groups.where(Membership.person_id == person.id)
    held = [(role.partnership_id, role.until_on) for role in roles]
    held += [(group.partnership_id, membership.until_on) for membership, group in session.exec(groups)]
    ids = {place for place, until in held if until is None or until > today} or {place for place, _ in held}
    if not ids and person.agency_id is not None:
        ids = {session.get_one(Agency, person.agency_id).partnership_id}
    return list(session.exec(select(Partnership).where(col(Partnership.id).in_(ids)).order_by(col(Partnership.id))))


def _end_holdings(session: Session, person: Person, today: date) -> None:
    roles = select(RoleHolding).where(RoleHolding.person_id == person.id, col(RoleHolding.until_on).is_(None))
    groups = select(Membership).where(Membership.person_id == person.id, col(Membership.until_on).is_(None))
    posts = select(PostHolding).where(PostHolding.holder_id == person.id, col(PostHolding.until_on).is_(None))
    held: list[RoleHolding | Membership | PostHolding]
    held = [*session.exec(roles), *session.exec(groups), *session.exec(posts)]
    for holding in held:
        holding.until_on = today
        session.add(holding)
    named = select(CaseAccess).where(CaseAccess.person_id == person.id, col(CaseAccess.until).is_(None))
    for access in session.exec(named):
        access.until = today
        session.add(access)


def _end_leads(session: Session, person: Person, now: datetime, by: Doer | None, role: str | None) -> None:
    """End what she leads of reviews that go on: somebody else is appointed. Who led what is agreed stays as it was."""
    agreed = select(CaseEvent.case_id).where(CaseEvent.name == Event.REPORT_AGREED.value)
    question = (
        select(Lead, MethodWork, Case)
        .join(MethodWork, col(MethodWork.id) == Lead.method_id)
        .join(Case, col(Case.id) == MethodWork.case_id)
        .where(Lead.person_id == person.id, col(Lead.ended_on).is_(None))
        .where(col(Case.closed_at).is_(None), col(Case.id).not_in(agreed))
    )
    for lead, work, case in session.exec(question.order_by(col(Lead.id))).all():
        lead.ended_on, lead.ended_why = london_day(now), f"{person.name} has left."
        session.add(lead)
        session.exec(update(Case).where(col(Case.id) == case.id).values(version=Case.version + 1))
        what = f"{person.name} has left, and leads the {Method(work.code).label} no longer."
        history.note(session, case.reference, "people_end", at=now, by=by, role=role, what=what)


def _end_ways_in(session: Session, person: Person, now: datetime) -> None:
    """End what lets her in without her address being asked for again: sign-ins, links, tokens, invitations."""
    sessions.end_all(session, person.id, now)
    tokens.end_tokens(session, person.id, now)
    still = col(Link.ended_at).is_(None)
    session.exec(update(Link).where(col(Link.person_id) == person.id, still).values(ended_at=now))
    tickets.end_all(session, person.id, now)


def _pass_actions(
    session: Session, person: Person, successor: Person, now: datetime, by: Doer | None, role: str | None
) -> list[str]:
    """What a declared conflict keeps from the successor is left without an owner, for the coordinator to name one."""
    question = select(Action).where(Action.owner_id == person.id, col(Action.status).in_(OPEN_STATUSES))
    barred = set(session.exec(actions_barred(successor.id)))
    passed = []
    for action in session.exec(question.order_by(col(Action.id)).with_for_update()):
        is_taken = action.id not in barred
        action.owner_id, action.owner_since = (successor.id, london_day(now)) if is_taken else (None, None)
        action.version += 1
        session.add(action)
        what = f"Passed from {person.name}, who has left, to {successor.name}."
        if not is_taken:
            what = f"{person.name} has left. It has no owner now."
        history.note(
            session,
            action.reference,
            "people_end",
            at=now,
            by=by,
            role=role,
            what=what,
            old=person.name,
            new=successor.name if is_taken else None,
        )
        if is_taken:
            passed.append(action.reference)
    return passed
