"""Passing on all open actions at once: those of somebody who left or a post that ended, or those of an agency.

What a declared conflict keeps from whoever passes on, or from whoever takes over, stays where it is, and no line that
others may read names it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import false
from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.checking import settle_for_new_owner
from tracker.actions.colouring import IS_OPEN
from tracker.actions.models import Action, ActionSource
from tracker.actions.queries import Condition, actions_barred, may_see_action
from tracker.cases.queries import lock_cases
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Facts, Name, Words
from tracker.groups.models import Partnership
from tracker.groups.queries import agency_by_name
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.people.permissions import require
from tracker.people.queries import person_named
from tracker.people.roles import Role
from workflows.dates import uk_date


class ReassignAll(Facts):
    """Whose open actions pass to whom, and why; with an agency only those of that agency.

    Actions that a conflict of interest keeps from the new owner stay where they are.
    """

    former: Name
    owner: Name
    agency: Name | None = None
    reason: Words


class ReassignAgency(Facts):
    """Which agency's open actions pass to which other one, and why; their owners stay."""

    former: Name
    agency: Name
    reason: Words


def reassign_all(session: Session, partnership: Partnership, facts: ReassignAll, *, now: datetime, by: Doer) -> None:
    """Pass all open actions of somebody to a new owner, who is told once, with the next morning's email."""
    require(by, "reassign_all", partnership.id)
    former = person_named(session, facts.former, partnership.id)
    owner = person_named(session, facts.owner, partnership.id)
    must_take_over(former, owner, now)
    found = owned_by(session, partnership.id, former.id, by, facts.agency)
    staying = set(session.exec(actions_barred(owner.id).where(col(ActionSource.action_id).in_(found))))
    passed = _locked(session, [one for one in found if one not in staying])
    if not passed:
        none_left = f"{former.name} has no open action here that you can pass to {owner.name}."
        raise Refused(none_left, code="nothing_to_pass")
    today = london_day(now)
    for action in passed:
        settle_for_new_owner(session, action, now, by)
        action.owner_id, action.owner_since = owner.id, today
        what = f"Passed to {owner.name} with the other actions of {former.name}: {facts.reason}"
        _changed(session, action, "reassign_all", what, former.name, owner.name, now, by)
    # Not how many: who reads it may be barred from some of them.
    what = f"Open actions pass from {former.name} to {owner.name}: {facts.reason}"
    history.note(session, partnership.code, "reassign_all", at=now, by=by, what=what, old=former.name, new=owner.name)


def reassign_agency(
    session: Session, partnership: Partnership, facts: ReassignAgency, *, now: datetime, by: Doer
) -> None:
    """Pass all open actions of an agency to another one, as when it was restructured; their owners stay."""
    require(by, "reassign_agency", partnership.id)
    agency = agency_by_name(session, partnership.id, facts.agency)
    if agency.name.casefold() == facts.former.strip().casefold():
        raise Refused("Name another agency: these are its actions already.", code="same_agency")
    of_it = of_agency(session, partnership.id, facts.former)
    here = (Action.partnership_id == partnership.id, IS_OPEN, of_it, may_see_action(by))
    passed = _locked(session, session.exec(select(Action.id).where(*here)).all())
    if not passed:
        raise Refused(f"{facts.former} has no open action here that you can pass on.", code="nothing_to_pass")
    for action in passed:
        action.agency_id, action.agency_name = agency.id, None
        what = f"Passed to {agency.name} with the other actions of {facts.former}: {facts.reason}"
        _changed(session, action, "reassign_agency", what, facts.former, agency.name, now, by)
    what = f"Open actions pass from {facts.former} to {agency.name}: {facts.reason}"
    old, new = facts.former, agency.name
    history.note(session, partnership.code, "reassign_agency", at=now, by=by, what=what, old=old, new=new)


def must_take_over(former: Person, owner: Person, now: datetime) -> None:
    """Refuse a new owner who is the former one, or who has left as well."""
    if owner.id == former.id:
        raise Refused(f"These are the actions of {owner.name} already. Choose somebody else.", code="same_person")
    if owner.has_left(london_day(now)) and owner.ended_on is not None:
        raise Refused(f"{owner.name} left on {uk_date(owner.ended_on)}. Choose somebody else.", code="left")


def owned_by(
    session: Session, partnership_id: int, owner_id: int, by: Doer, agency: str | None = None
) -> Sequence[int]:
    """Give the open actions of an owner that somebody may pass on: a lead those of her agency only."""
    conditions = [col(Action.partnership_id) == partnership_id, col(Action.owner_id) == owner_id, IS_OPEN]
    conditions.append(may_see_action(by))
    if agency is not None:
        conditions.append(of_agency(session, partnership_id, agency))
    if not by.has(Role.COORDINATOR, partnership_id):
        conditions.append(col(Action.agency_id).in_(by.led_agencies))
    return session.exec(select(Action.id).where(*conditions).order_by(col(Action.id))).all()


def of_agency(session: Session, partnership_id: int, name: str) -> Condition:
    """Give the condition that an action is with an agency of a partnership, also with one known by its name only."""
    agencies = session.exec(select(Agency).where(Agency.partnership_id == partnership_id)).all()
    ids = [agency.id for agency in agencies if agency.name.casefold() == name.strip().casefold()]
    is_known = col(Action.agency_id).in_(ids) if ids else false()
    return is_known | (col(Action.agency_id).is_(None) & (col(Action.agency_name) == name.strip()))


def _locked(session: Session, ids: Sequence[int]) -> Sequence[Action]:
    """Let nobody else change the cases that actions come from, nor these, until the unit of work ends."""
    sources = select(ActionSource.case_id).where(col(ActionSource.action_id).in_(ids))
    lock_cases(session, [case_id for case_id in session.exec(sources) if case_id is not None])
    question = select(Action).where(col(Action.id).in_(ids), IS_OPEN).order_by(col(Action.id))
    return session.exec(question.with_for_update(key_share=True)).all()


def _changed(
    session: Session, action: Action, deed: str, what: str, old: str, new: str, now: datetime, by: Doer
) -> None:
    action.version += 1
    session.add(action)
    history.note(session, action.reference, deed, at=now, by=by, what=what, old=old, new=new)
