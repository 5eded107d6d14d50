"""Ending somebody's time: what she held ends today, her open actions pass on, and nothing is deleted."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from notifications import outbox
from tracker import history
from tracker.actions.models import Action
from tracker.cases.models import CaseAccess
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.groups.models import Group, Membership, Partnership
from tracker.people.models import Person, PostHolding, RoleHolding
from tracker.people.queries import person_by_email
from workflows.action import OPEN_STATUSES


def end_person(session: Session, email: str, passes_to: str, now: datetime) -> Mapping[str, Any]:
    """End somebody's roles, groups, posts and access today, and pass her open actions to a successor.

    Raises `NotFound` for an unknown address, `Refused` when she has left already or the successor cannot take over.
    """
    today = london_day(now)
    person, successor = person_by_email(session, email), person_by_email(session, passes_to)
    if person.id == successor.id:
        raise Refused("Name somebody else with --passes-to: nobody can take over from herself.", code="same_person")
    if person.ended_on is not None:
        raise Refused(f"{person.name} has left already. Nothing was changed.", code="already_done")
    if successor.ended_on is not None:
        raise Refused(f"{successor.name} has left, too: name somebody who is there.", code="successor_left")
    partnerships = _partnerships_of(session, person)
    _end_holdings(session, person, today)
    passed = _pass_actions(session, person, successor, now)
    outbox.supersede(session, person_id=person.id)
    person.ended_on, person.passes_to_id = today, successor.id
    session.add(person)
    for partnership in partnerships:
        what = f"{person.name} has left; {len(passed)} actions pass to {successor.name}."
        history.note(session, partnership.code, "people_end", at=now, by=None, what=what)
    session.flush()
    history.write_noted(session)
    return {"name": person.name, "ended_on": today.isoformat(), "passes_to": successor.name, "actions": passed}


def _partnerships_of(session: Session, person: Person) -> list[Partnership]:
    by_role = select(RoleHolding.partnership_id).where(RoleHolding.person_id == person.id)
    by_group = select(Group.partnership_id).join(Membership, col(Membership.group_id) == Group.id)
    by_group = by_group.where(Membership.person_id == person.id)
    ids = {*session.exec(by_role), *session.exec(by_group)}
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


def _pass_actions(session: Session, person: Person, successor: Person, now: datetime) -> list[str]:
    question = select(Action).where(Action.owner_id == person.id, col(Action.status).in_(OPEN_STATUSES))
    passed = []
    for action in session.exec(question.order_by(col(Action.id)).with_for_update()):
        action.owner_id, action.owner_since = successor.id, london_day(now)
        action.version += 1
        session.add(action)
        what = f"Passed from {person.name}, who has left, to {successor.name}."
        history.note(
            session, action.reference, "people_end", at=now, by=None, what=what, old=person.name, new=successor.name
        )
        passed.append(action.reference)
    return passed
