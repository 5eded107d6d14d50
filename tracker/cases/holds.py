"""Holding a case while something outside runs, and explaining the delay; a hold never ends by itself (K14)."""

from datetime import datetime
from typing import Literal

from tracker import history
from tracker.cases.days import not_far_ahead
from tracker.cases.models import DelayNotice, Hold
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, take_step
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.facts import Day, Facts, Words
from tracker.people.doer import Doer
from tracker.people.permissions import refusal
from tracker.people.roles import Role
from tracker.rows import change, write
from workflows.dates import PartialDate, iso_text, uk_date
from workflows.vocabulary import Do

REVIEW_CLOCK = "publish_review"


class HoldCase(Facts):
    """Why a case waits, and on which day somebody looks at it again."""

    reason: Words
    look_again_on: Day


class ReleaseCase(Facts):
    """The date by which the review is now to be published."""

    revised_due_on: Day


class RecordDelayNotice(Facts):
    """When the national Panel, or the Secretary of State, was told that the review will be late."""

    on: PartialDate
    to: Literal["national Panel", "Secretary of State"]


def hold_case(standing: Standing, facts: HoldCase, *, now: datetime, by: Doer) -> None:
    """Put a case on hold beside its status; no clock stops, but one that passes its date counts as explained (K3)."""
    role = ask(standing, Do.HOLD_CASE, by)
    today = london_day(now)
    if standing.hold is not None:
        raise Refused(f"The case is on hold already, since {uk_date(standing.hold.since)}.", code="already_done")
    if facts.look_again_on < today:
        raise Refused("The date to look again must be today or later.", code="bad_date")
    take_step(
        standing,
        Do.HOLD_CASE,
        role=role,
        by=by,
        now=now,
        what=f"On hold: {facts.reason}. Look again on {uk_date(facts.look_again_on)}",
        more={"reason": facts.reason, "look_again_on": facts.look_again_on.isoformat()},
    )
    write(
        standing.session,
        Hold(case_id=standing.case.id, reason=facts.reason, since=today, look_again_on=facts.look_again_on),
    )
    standing.forget()


def release_case(standing: Standing, facts: ReleaseCase, *, now: datetime, by: Doer) -> None:
    """End a hold and agree a revised date for the review; the original date stays beside it."""
    hold = standing.hold
    if hold is None:
        raise Refused("The case is not on hold.", code="not_on_hold")
    role = ask(standing, Do.HOLD_CASE, by, words="release the case")
    today = london_day(now)
    if facts.revised_due_on < today:
        raise Refused("The date must be today or later.", code="bad_date")
    hold.until = today
    hold.revised_due_on = facts.revised_due_on
    change(standing.session, hold, "until", "revised_due_on")
    old = None
    for clock in standing.case_clocks():
        if clock.code == REVIEW_CLOCK and clock.met_on is None and clock.stopped_on is None:
            old = clock.due
            clock.due = PartialDate.of(facts.revised_due_on)
            change(standing.session, clock, "due")
    history.note(
        standing.session,
        standing.case.reference,
        "release_case",
        at=now,
        by=by,
        role=role,
        what=f"Released; revised date {uk_date(facts.revised_due_on)}",
        old=iso_text(old),
        new=facts.revised_due_on.isoformat(),
        more={"held_days": (today - hold.since).days},
    )
    standing.forget()


def record_delay_notice(standing: Standing, facts: RecordDelayNotice, *, now: datetime, by: Doer) -> None:
    """Record that the national Panel or the Secretary of State was told why the review will be late."""
    if not by.has(Role.COORDINATOR, standing.case.partnership_id):
        raise NotAllowed(refusal(by, "record_delay_notice"))
    not_far_ahead(facts.on, now, "The notice")
    write(standing.session, DelayNotice(case_id=standing.case.id, on=facts.on, to=facts.to))
    what = f"Told the {facts.to} of the delay on {uk_date(facts.on)}"
    history.note(
        standing.session, standing.case.reference, "record_delay_notice", at=now, by=by, role="coordinator", what=what
    )
