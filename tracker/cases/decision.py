"""The decision on a case: by the body that decides, ratified where the process says so, resolved where they differ."""

from datetime import datetime
from typing import Literal

from pydantic import field_validator
from sqlalchemy import bindparam
from sqlmodel import col, select

from tracker import history
from tracker.cases.clocks import begin_clock, stop_clocks
from tracker.cases.models import (
    Decision,
    DecisionVoice,
    MethodWork,
    NationalPanelResponse,
    Ratification,
    Resolution,
)
from tracker.cases.queries import give_access
from tracker.cases.standing import Standing, not_before
from tracker.cases.steps import ask, move_on, take_step
from tracker.cases.telling import tell_of_decision
from tracker.clock import london_day
from tracker.database import to_json, write
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.facts import Facts, Name, Words
from tracker.groups.queries import safeguarding_partners
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.people.queries import people_with_role
from tracker.people.roles import Role
from tracker.rows import Question
from workflows.dates import PartialDate, uk_date
from workflows.requirements import Unmet
from workflows.vocabulary import Do, Event, Method, Outcome, listed


class Dissent(Facts):
    """A partner that did not agree, and why."""

    partner: Name
    reason: Words


class RecordDecision(Facts):
    """What the body decided; the reason is needed as K10 says."""

    on: PartialDate
    outcome: Outcome
    methods: list[Method] = []
    reason: Words | None = None
    agreed_by: list[Name] | None = None
    dissent: list[Dissent] = []

    @field_validator("dissent", mode="before")
    @classmethod
    def _one_or_many(cls, dissent: object) -> object:
        return [] if dissent is None else [dissent] if isinstance(dissent, dict) else dissent


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


def record_decision(standing: Standing, facts: RecordDecision, *, now: datetime, by: Doer) -> None:
    """Record what the body that decides decided, and move the case on.

    Only a member of that body may; everything that is missing is said at once.
    """
    role = ask(standing, Do.RECORD_DECISION, by, facts.outcome)
    late = not_before(
        standing,
        facts.on,
        "the decision",
        Event.RECOMMENDATION,
        Event.SENT_TO_PANEL,
        Event.PANEL_CONVENED,
        Event.NOTIFICATION,
        Event.INCIDENT_KNOWN,
    )
    advice = _newest_advice(standing)
    against_panel = (facts.outcome, advice) in _AGAINST_ADVICE
    against_recommendation = _goes_against(standing, facts.outcome)
    standing.propose(methods=[method.value for method in facts.methods], reason=facts.reason)
    voices, missing = _voices(standing, facts)
    take_step(
        standing,
        Do.RECORD_DECISION,
        branch=facts.outcome,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=None if facts.outcome is Outcome.SEND_BACK else Event.DECISION,
        also=[*_reason_needed(standing, facts, against_recommendation, against_panel), *missing, *late],
        what=f"Decided on {uk_date(facts.on)}: {facts.outcome.value.replace('_', ' ')}",
        more={"outcome": facts.outcome.value, "methods": [method.value for method in facts.methods]},
    )
    decision = write(
        standing.session,
        Decision(
            case_id=standing.case.id,
            on=facts.on,
            outcome=facts.outcome,
            reason=facts.reason,
            body=standing.definition.body_named(standing.definition.decided_by).name,
            against_recommendation=against_recommendation,
            against_panel_advice=against_panel,
            recorded_by_id=by.id,
        ),
    )
    for voice in voices:
        voice.decision_id = decision.id
        write(standing.session, voice)
    for method in dict.fromkeys(facts.methods):
        write(standing.session, MethodWork(case_id=standing.case.id, decision_id=decision.id, code=method))
    _name_partners(standing, now)
    move_on(standing, by=by, now=now, turned_by=None if facts.outcome is Outcome.SEND_BACK else Event.DECISION)
    tell_of_decision(standing, decision, now)


_AGAINST_ADVICE = {(Outcome.REVIEW, "advises_against"), (Outcome.NO_REVIEW, "advises_review")}


def _newest_advice(standing: Standing) -> str | None:
    rows = _ADVICE.rows(standing.session, case=standing.case.id)
    return rows[0][0] if rows else None


_ADVICE = Question(
    select(NationalPanelResponse.kind)
    .where(NationalPanelResponse.case_id == bindparam("case"))
    .order_by(col(NationalPanelResponse.id).desc())
    .limit(1)
)


def _goes_against(standing: Standing, outcome: Outcome) -> bool:
    recommended = standing.recommendation
    return recommended is not None and outcome is not Outcome.SEND_BACK and recommended.outcome != outcome


def _reason_needed(standing: Standing, facts: RecordDecision, recommendation: bool, panel: bool) -> list[Unmet]:
    """Say for what a reason is needed (K10), unless one is given or the step itself asks for it."""
    if facts.reason:
        return []
    step = standing.lifecycle.step_from(standing.state, Do.RECORD_DECISION, facts.outcome)
    if step is not None and any(need.code == "reason" for need in step.needs):
        return []
    why = [
        *(["deciding against the recommendation"] if recommendation else []),
        *(["going against the national Panel's advice"] if panel else []),
        *(["deciding on no review"] if facts.outcome is Outcome.NO_REVIEW else []),
        *(["sending the case back"] if facts.outcome is Outcome.SEND_BACK else []),
    ]
    return [Unmet("reason", f"Give the reason for {listed(why)}.", "record-decision")] if why else []


def _voices(standing: Standing, facts: RecordDecision) -> tuple[list[DecisionVoice], list[Unmet]]:
    """Give who agreed and who dissented; every partner of the deciding body has to be one or the other."""
    body = standing.definition.body_named(standing.definition.decided_by)
    named = facts.agreed_by is not None or facts.dissent
    is_one_person = body.role == Role.COMMISSIONER
    partners = (
        [] if is_one_person and not named else safeguarding_partners(standing.session, standing.case.partnership_id)
    )
    dissenting = {_partner(partners, voice.partner): voice.reason for voice in facts.dissent}
    agreeing = [_partner(partners, name) for name in facts.agreed_by or ()]
    if facts.agreed_by is None:
        agreeing = [partner for partner in partners if partner not in dissenting]
    silent = [partner for partner in partners if partner not in agreeing and partner not in dissenting]
    both = [partner for partner in agreeing if partner in dissenting]
    missing = []
    if silent and not is_one_person:
        sentence = f"Tick every partner who agreed, or record the disagreement: {listed(silent)} said neither."
        missing.append(Unmet("partners", sentence, "record-decision"))
    if both:
        missing.append(Unmet("partners", f"{listed(both)} cannot agree and dissent.", "record-decision"))
    voices = [DecisionVoice(decision_id=0, partner=partner, agreed=True) for partner in dict.fromkeys(agreeing)]
    voices += [
        DecisionVoice(decision_id=0, partner=partner, agreed=False, reason=reason)
        for partner, reason in dissenting.items()
    ]
    return voices, missing


def _partner(partners: list[str], name: str) -> str:
    for partner in partners:
        if partner.casefold() == name.casefold():
            return partner
    raise NotFound(f"{name} is no safeguarding partner here. They are: {', '.join(partners) or 'none recorded'}.")


def _name_partners(standing: Standing, now: datetime) -> None:
    """Where partners ratify, name those who answer for them on the case."""
    if not standing.definition.ratified_by_partners:
        return
    today = london_day(now)
    for person in people_with_role(standing.session, standing.case.partnership_id, Role.PARTNER, today):
        give_access(standing.session, standing.case, person.id, "answers for a safeguarding partner", today)


def record_ratification(standing: Standing, facts: RecordRatification, *, now: datetime, by: Doer) -> None:
    """Record a safeguarding partner's answer; after the last yes the case moves on, a no goes to resolution."""
    role = ask(standing, Do.RECORD_RATIFICATION, by)
    partners = safeguarding_partners(standing.session, standing.case.partnership_id)
    partner = _partner(partners, facts.partner)
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


def record_resolution(standing: Standing, facts: RecordResolution, *, now: datetime, by: Doer) -> None:
    """Record how a difference was settled; the objections count as answered, and a changed decision is followed."""
    role = ask(standing, Do.RECORD_RESOLUTION, by)
    late = not_before(standing, facts.on, "the resolution", Event.DECISION)
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
            standing.session.add(objection)
    standing.session.flush()
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
