"""What follows a decision where partners have a say: their ratification, and how a difference was resolved."""

from datetime import datetime
from typing import Literal

from tracker import history
from tracker.cases.clocks import begin_clock, stop_clocks
from tracker.cases.days import not_before, out_of_order
from tracker.cases.decision import partner_named
from tracker.cases.decision_models import Ratification, Resolution
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, take_step
from tracker.clock import london_day
from tracker.database import to_json
from tracker.errors import NotAllowed, Refused
from tracker.facts import Facts, Name, Words
from tracker.groups.queries import safeguarding_partners
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.people.roles import Role
from tracker.rows import change, write
from workflows.dates import PartialDate, uk_date
from workflows.requirements import Unmet
from workflows.vocabulary import Do, Event, Outcome
from workflows.wording import listed


class RecordRatification(Facts):
    """A safeguarding partner's answer to a decision; a no needs its reason."""

    on: PartialDate
    partner: Name
    answer: Literal["yes", "no"]
    reason: Words | None = None


class RecordResolution(Facts):
    """How a difference was settled: `review` or `no_review` where that changes the decision, else in words."""

    on: PartialDate
    outcome: Words
    participants: list[Name] | Name = []
    reason: Words | None = None


def record_ratification(standing: Standing, facts: RecordRatification, *, now: datetime, by: Doer) -> None:
    """Record a safeguarding partner's answer; after the last yes the case moves on, a no goes to resolution."""
    role = ask(standing, Do.RECORD_RATIFICATION, by)
    partners = safeguarding_partners(standing.session, standing.case.partnership_id)
    partner = partner_named(partners, facts.partner)
    _answers_for(standing, by, partner)
    also = not_before(standing, facts.on, "the ratification", Event.DECISION)
    given = standing.answers.get(partner)
    if given is not None and (given.answer == "yes" or given.resolved):
        when = "" if given.on is None else f" on {uk_date(given.on)}"
        raise Refused(f"{partner} has answered{when}.", code="already_done")
    if facts.answer == "no" and not facts.reason:
        also.append(Unmet("reason", f"Say why {partner} objects.", "record-ratification"))
    last = facts.answer == "yes" and [*standing.partners_to_answer, *standing.objections] == [partner]
    take_step(
        standing,
        Do.RECORD_RATIFICATION,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.RATIFICATION if last else None,
        also=also,
        what=f"{partner} answered {facts.answer} on {uk_date(facts.on)}",
        more={"partner": partner, "answer": facts.answer},
    )
    assert standing.decision is not None, "a definition with ratification has decided before"
    write(
        standing.session,
        Ratification(
            decision_id=standing.decision.id, partner=partner, on=facts.on, answer=facts.answer, reason=facts.reason
        ),
    )
    move_on(standing, by=by, now=now, turned_by=Event.RATIFICATION if last else None)


def _answers_for(standing: Standing, by: Doer, partner: str) -> None:
    """Let a partner's own person answer for that partner only; the coordinator records for any."""
    partnership_id = standing.case.partnership_id
    if by.has(Role.COORDINATOR, partnership_id) or not by.has(Role.PARTNER, partnership_id):
        return
    agencies = {standing.session.get_one(Agency, agency_id).name for agency_id in by.partner_for}
    if agencies and partner not in agencies:
        raise NotAllowed(f"{by.name} answers for {listed(sorted(agencies))}, not for {partner}.")


def _before_its_objection(standing: Standing, on: PartialDate) -> list[Unmet]:
    days = [given.on for given in standing.answers.values() if given.answer == "no" and not given.resolved]
    later = [day for day in days if day is not None and on.certainly_before(day)]
    return [out_of_order("the resolution", "the objection", max(later))] if later else []


def record_resolution(standing: Standing, facts: RecordResolution, *, now: datetime, by: Doer) -> None:
    """Record how a difference was settled; the objections count as answered, and a changed decision is followed."""
    role = ask(standing, Do.RECORD_RESOLUTION, by)
    late = not_before(standing, facts.on, "the resolution", Event.DECISION) or _before_its_objection(standing, facts.on)
    before = standing.outcome
    participants = [facts.participants] if isinstance(facts.participants, str) else facts.participants
    take_step(
        standing,
        Do.RECORD_RESOLUTION,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.RESOLUTION,
        also=late,
        what=f"Resolved on {uk_date(facts.on)}: {facts.outcome}",
        more={"participants": participants},
    )
    decision = standing.decision
    assert decision is not None, "a definition with a resolution has decided before"
    for objection in standing.answers.values():
        if objection.answer == "no":
            objection.resolved = True
            change(standing.session, objection, "resolved")
    write(
        standing.session,
        Resolution(
            decision_id=decision.id,
            on=facts.on,
            outcome=facts.outcome,
            participants=to_json(participants),
            reason=facts.reason,
        ),
    )
    standing.forget()
    if standing.outcome is not before:
        _follow_changed_outcome(standing, now, by)
    move_on(standing, by=by, now=now, turned_by=Event.RESOLUTION)


def _follow_changed_outcome(standing: Standing, now: datetime, by: Doer) -> None:
    """A resolution turned the decision round: the review's clock begins from the decision (K4), or stops."""
    decided_on = standing.day_of(Event.DECISION)
    rules = [rule for rule in standing.definition.clocks if rule.only_for is Outcome.REVIEW]
    if standing.outcome is Outcome.REVIEW and decided_on is not None:
        for rule in rules:
            begin_clock(standing, rule, decided_on, now)
    else:
        stop_clocks(standing, "resolved without a review", london_day(now), {rule.code for rule in rules})
    history.note(
        standing.session,
        standing.case.reference,
        "decision_changed",
        at=now,
        by=by,
        what="The resolution changed the decision",
    )
