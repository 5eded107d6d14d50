"""What happens to an action on its way: held and released, passed on, its date moved, ended without being done."""

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from tracker import history
from tracker.actions.checking import settle_for_new_owner
from tracker.actions.models import Action, ActionDate, ActionHold
from tracker.actions.plan import not_too_far
from tracker.actions.progress import release
from tracker.actions.queries import standing_hold
from tracker.actions.rights import ask, may_own, must_allow
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Day, Facts, Name, NoFacts, Words
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.queries import person_named
from tracker.rows import write
from workflows.action import WITHOUT_DATE, ActionStatus, TimescaleKind
from workflows.dates import PartialDate, iso_text, uk_date


class HoldAction(Facts):
    """Why an action waits, and on which day somebody looks at it again."""

    reason: Words
    look_again_on: Day


class EndAction(Facts):
    """How an action ended that is not complete, and why."""

    how: Literal["done_differently", "not_taken_forward"]
    reason: Words


class ReassignAction(Facts):
    """Who owns the action from now on, and why."""

    owner: Name
    reason: Words


class MoveDueDate(Facts):
    """The new due date, why it is moved, and who agreed that, where it was not whoever records it."""

    due_on: PartialDate
    reason: Words
    agreed_with: Name | None = None


def hold_action(session: Session, action: Action, facts: HoldAction, *, now: datetime, by: Doer) -> None:
    """Put an action on hold beside its status; it keeps its colour, and the hold never ends by itself (K14)."""
    role = ask(by, action, "hold_action")
    must_allow(action, "hold_action")
    today = london_day(now)
    hold = standing_hold(session, action)
    if hold is not None:
        raise Refused(f"{action.reference} is on hold already, since {uk_date(hold.since)}.", code="already_done")
    if facts.look_again_on < today:
        raise Refused("The date to look again must be today or later.", code="bad_date")
    write(
        session,
        ActionHold(action_id=action.id, reason=facts.reason, since=today, look_again_on=facts.look_again_on),
    )
    what = f"On hold: {facts.reason}. Look again on {uk_date(facts.look_again_on)}"
    _note(session, action, "hold_action", what, role, now, by)


def release_action(session: Session, action: Action, facts: NoFacts, *, now: datetime, by: Doer) -> None:
    """End the hold of an action; its due date is what it was."""
    role = ask(by, action, "release_action")
    must_allow(action, "release_action")
    hold = standing_hold(session, action)
    if hold is None:
        raise Refused(f"{action.reference} is not on hold.", code="not_on_hold")
    release(session, action, london_day(now))
    _note(session, action, "release_action", f"Released, on hold since {uk_date(hold.since)}", role, now, by)


def end_action(session: Session, action: Action, facts: EndAction, *, now: datetime, by: Doer) -> None:
    """Close an action that is not complete: done in another way, or not taken forward; the reason stays with it."""
    role = ask(by, action, "end_action")
    must_allow(action, "end_action")
    release(session, action, london_day(now))
    old, action.status = action.status, ActionStatus(facts.how)
    action.ended_why = facts.reason
    session.add(action)
    what = f"{ActionStatus(facts.how).words.capitalize()}: {facts.reason}"
    _note(session, action, "end_action", what, role, now, by, old=old, new=facts.how)


def reassign_action(session: Session, action: Action, facts: ReassignAction, *, now: datetime, by: Doer) -> None:
    """Pass an action to a new owner, for whom the count of unanswered reminders begins anew (K13)."""
    role = ask(by, action, "reassign_action")
    must_allow(action, "reassign_action")
    owner = person_named(session, facts.owner, action.partnership_id)
    if owner.id == action.owner_id:
        raise Refused(f"{owner.name} owns {action.reference} already.", code="already_done")
    today = london_day(now)
    may_own(session, action, owner, today)
    former = None if action.owner_id is None else session.get_one(Person, action.owner_id).name
    settle_for_new_owner(session, action, now, by)
    action.owner_id = owner.id
    action.owner_since = today
    session.add(action)
    what = f"Passed to {owner.name}: {facts.reason}"
    _note(session, action, "reassign_action", what, role, now, by, old=former, new=owner.name)


def move_due_date(session: Session, action: Action, facts: MoveDueDate, *, now: datetime, by: Doer) -> None:
    """Move the due date, with the reason; the first date stays beside it, and reminders are planned anew."""
    role = ask(by, action, "move_due_date")
    must_allow(action, "move_due_date")
    if facts.due_on == action.due:
        raise Refused(f"{action.reference} is due {uk_date(facts.due_on)} already.", code="already_done")
    if facts.due_on.overdue_on(london_day(now)):
        raise Refused("The date must be today or later.", code="bad_date")
    not_too_far(facts.due_on, london_day(now))
    if action.outside_body is not None:
        raise Refused(
            f"{action.reference} is asked of {action.outside_body}, and has no due date. Name a day on which it is "
            "looked at again instead.",
            code="no_due_date",
        )
    write_due_date(session, action, facts, role=role, now=now, by=by)


def write_due_date(session: Session, action: Action, facts: MoveDueDate, *, role: str, now: datetime, by: Doer) -> None:
    """Write a due date that was moved, whenever it is; asks nobody.

    For a plan that comes from elsewhere, where it was moved to a day that has passed by now (K11).
    """
    old, action.due = action.due, facts.due_on
    action.first_due = action.first_due or facts.due_on
    action.due_version += 1
    if action.timescale_kind in WITHOUT_DATE:
        action.timescale_kind = TimescaleKind.DATE
    session.add(action)
    moved = ActionDate(action_id=action.id, kind="moved", due=facts.due_on, reason=facts.reason, at=now)
    moved.agreed_with, moved.person_id = facts.agreed_with, by.id
    write(session, moved)
    instead = f" instead of {uk_date(old)}" if old else ""
    agreed = f", as {facts.agreed_with} agreed" if facts.agreed_with else ""
    what = f"Due {uk_date(facts.due_on)}{instead}{agreed}: {facts.reason}"
    _note(
        session,
        action,
        "move_due_date",
        what,
        role,
        now,
        by,
        old=iso_text(old),
        new=str(facts.due_on),
    )


def _note(
    session: Session,
    action: Action,
    deed: str,
    what: str,
    role: str,
    now: datetime,
    by: Doer,
    old: str | None = None,
    new: str | None = None,
) -> None:
    history.note(session, action.reference, deed, at=now, by=by, role=role, what=what, old=old, new=new)
