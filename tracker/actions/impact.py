"""Looking at actions again: whether improvements last, and what changed for children because of them."""

from datetime import datetime

from sqlmodel import Session

from tracker import history
from tracker.actions.models import Action, Impact
from tracker.actions.plan import not_too_far
from tracker.actions.rights import ask, must_allow, not_by_its_owner
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.facts import Facts, Words
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.rows import write
from workflows.action import ActionStatus
from workflows.dates import PartialDate, uk_date


class ReviewAction(Facts):
    """When an action was looked at, what was seen, and when it is looked at next."""

    on: PartialDate
    next_review_on: PartialDate | None = None
    text: Words | None = None


class RecordImpact(Facts):
    """What changed because of an action, how that is known, and whether the change has become habit."""

    text: Words
    measure: Words | None = None
    embedded: bool = False


def review_action(session: Session, action: Action, facts: ReviewAction, *, now: datetime, by: Doer) -> None:
    """Record that an action was looked at, also one that is complete, and when it is looked at next."""
    role = ask(by, action, "review_action")
    must_allow(action, "review_action")
    if facts.on.first > london_day(now):
        raise Refused("The date of the review must be today or earlier.", code="bad_date")
    if facts.next_review_on is not None and facts.next_review_on.certainly_before(facts.on):
        raise Refused(
            f"The date of the next review must be on or after this one, {uk_date(facts.on)}.", code="out_of_order"
        )
    not_too_far(facts.next_review_on, london_day(now))
    old, action.review_on = action.review_on, facts.next_review_on
    session.add(action)
    seen = f": {facts.text}" if facts.text else ""
    history.note(
        session,
        action.reference,
        "review_action",
        at=now,
        by=by,
        role=role,
        what=f"Looked at on {uk_date(facts.on)}{seen}",
        old=old and str(old),
        new=facts.next_review_on and str(facts.next_review_on),
        more={"on": str(facts.on)},
    )


def record_impact(session: Session, action: Action, facts: RecordImpact, *, now: datetime, by: Doer) -> None:
    """Record what changed because of an action; a complete one becomes embedded when the coordinator says so."""
    role = ask(by, action, "record_impact")
    must_allow(action, "record_impact")
    old = action.status
    if facts.embedded:
        _embed(action, by)
        session.add(action)
    write(
        session,
        Impact(
            action_id=action.id,
            on=london_day(now),
            text=facts.text,
            measure=facts.measure,
            embedded=facts.embedded,
        ),
    )
    what = "Recorded the impact; embedded" if facts.embedded else "Recorded the impact"
    history.note(
        session, action.reference, "record_impact", at=now, by=by, role=role, what=what, old=old, new=action.status
    )


def _embed(action: Action, by: Doer) -> None:
    not_by_its_owner(by, action, "says that it is embedded")
    if not by.has(Role.COORDINATOR, action.partnership_id):
        raise NotAllowed(f"{by.name} may not say that it is embedded: that is for the coordinator.")
    if action.status not in (ActionStatus.COMPLETE, ActionStatus.EMBEDDED):
        raise Refused(
            f"{action.reference} is {ActionStatus(action.status).words}. An action is embedded after it is complete.",
            code="not_complete",
        )
    action.status = ActionStatus.EMBEDDED
