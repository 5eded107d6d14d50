"""Whose deed it is: the coordinator's, the owner's, the lead's of the agency; and what an action's status allows."""

from datetime import date

from sqlmodel import Session

from tracker.actions.models import Action
from tracker.actions.queries import is_barred
from tracker.errors import NotAllowed, Refused
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.permissions import ROLES_FOR, refusal
from tracker.people.roles import Role
from workflows.action import ActionStatus, deeds_in, why_closed
from workflows.dates import uk_date
from workflows.lifecycle import StepRefused


def ask(by: Doer, action: Action, deed: str) -> str:
    """Let a deed through for whoever it belongs to, and give the role for the history; raises `NotAllowed`.

    Ownership is a role of its own: whoever owns the action counts as its owner, and nobody else does.
    """
    allowed = ROLES_FOR[deed]
    if Role.OWNER in allowed and owns(by, action):
        return Role.OWNER.words
    held = allowed & by.roles_in(action.partnership_id)
    if Role.COORDINATOR in held:
        return Role.COORDINATOR.words
    if Role.AGENCY_LEAD in held and action.agency_id in by.led_agencies:
        return Role.AGENCY_LEAD.words
    raise NotAllowed(refusal(by, deed))


def owns(by: Doer, action: Action) -> bool:
    """Say whether an action is hers: in her own name, as the holder of a post, or passed on by somebody who left."""
    return action.owner_id is not None and action.owner_id in {by.id} | by.stands_for


def not_by_its_owner(by: Doer, action: Action, what: str) -> None:
    """Refuse what only somebody other than the owner may do (K14)."""
    if owns(by, action):
        raise NotAllowed(f"{action.reference} is yours: somebody other than its owner {what}.")


def must_allow(action: Action, deed: str) -> None:
    """Refuse a deed that the status of the action does not allow; the refusal names those it does."""
    status = ActionStatus(action.status)
    allowed = deeds_in(status)
    if deed.replace("_", "-") not in allowed:
        raise StepRefused(why_closed(action.reference, status), "wrong_status", (), allowed)


def may_own(session: Session, action: Action, person: Person, today: date) -> None:
    """Refuse to name somebody on an action who has left, or whom a declared conflict bars from it."""
    if person.ended_on is not None and person.has_left(today):
        raise Refused(f"{person.name} left on {uk_date(person.ended_on)}. Choose somebody else.", code="left")
    if is_barred(session, action.id, person.id):
        raise Refused(f"{person.name} cannot be named on this action. Choose somebody else.", code="barred")
