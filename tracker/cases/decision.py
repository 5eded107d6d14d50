"""The decision on a case, by the body that decides: what it chose and why, who agreed, and who dissented."""

from datetime import datetime

from pydantic import field_validator

from tracker.cases.days import not_before
from tracker.cases.decision_models import Decision, DecisionVoice, MethodWork
from tracker.cases.drafts import end_draft
from tracker.cases.naming import name_partners
from tracker.cases.recorded import newest_panel_response
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, take_step
from tracker.cases.telling import tell_of_decision
from tracker.errors import NotFound
from tracker.facts import Facts, Name, Words
from tracker.groups.queries import safeguarding_partners
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.rows import write
from workflows.dates import PartialDate, uk_date
from workflows.requirements import Unmet
from workflows.vocabulary import Do, Event, Method, Outcome, PanelResponse
from workflows.wording import listed


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
    scrutineer_said: Words | None = None

    @field_validator("dissent", mode="before")
    @classmethod
    def _one_or_many(cls, dissent: object) -> object:
        return [] if dissent is None else [dissent] if isinstance(dissent, dict) else dissent


def record_decision(standing: Standing, facts: RecordDecision, *, now: datetime, by: Doer) -> None:
    """Record what the body that decides decided, and move the case on.

    Only a member of that body may; everything that is missing is said at once.
    """
    role = ask(standing, Do.RECORD_DECISION, by, facts.outcome)
    missing = what_is_missing(standing, facts)
    take_step(
        standing,
        Do.RECORD_DECISION,
        branch=facts.outcome,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=None if facts.outcome is Outcome.SEND_BACK else Event.DECISION,
        also=missing,
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
            scrutineer_said=facts.scrutineer_said,
            body=standing.definition.body_named(standing.definition.decided_by).name,
            against_recommendation=_goes_against(standing, facts.outcome),
            against_panel_advice=_against_panel(standing, facts.outcome),
            recorded_by_id=by.id,
        ),
    )
    end_draft(standing.session, standing.case.id, now)
    for voice in _voices(standing, facts)[0]:
        voice.decision_id = decision.id
        write(standing.session, voice)
    for method in dict.fromkeys(facts.methods):
        write(standing.session, MethodWork(case_id=standing.case.id, decision_id=decision.id, code=method))
    name_partners(standing, now)
    move_on(standing, by=by, now=now, turned_by=None if facts.outcome is Outcome.SEND_BACK else Event.DECISION)
    tell_of_decision(standing, decision, now)


def what_is_missing(standing: Standing, facts: RecordDecision) -> list[Unmet]:
    """Give what the facts of a decision lack, beside what its step asks for; they are proposed to the step as well.

    A draft is looked through with it before anybody records it.
    """
    standing.propose(methods=[method.value for method in facts.methods], reason=facts.reason)
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
    return [*_reason_needed(standing, facts), *_voices(standing, facts)[1], *late]


_AGAINST_ADVICE = {
    (Outcome.REVIEW, PanelResponse.ADVISES_AGAINST),
    (Outcome.NO_REVIEW, PanelResponse.ADVISES_REVIEW),
}


def _goes_against(standing: Standing, outcome: Outcome) -> bool:
    recommended = standing.recommendation
    return recommended is not None and outcome is not Outcome.SEND_BACK and recommended.outcome != outcome


def _against_panel(standing: Standing, outcome: Outcome) -> bool:
    advice = newest_panel_response(standing.session, standing.case.id)
    return advice is not None and (outcome, advice.kind) in _AGAINST_ADVICE


def _reason_needed(standing: Standing, facts: RecordDecision) -> list[Unmet]:
    """Say for what a reason is needed (K10), unless one is given or the step itself asks for it."""
    if facts.reason:
        return []
    step = standing.lifecycle.step_from(standing.state, Do.RECORD_DECISION, facts.outcome)
    if step is not None and any(need.code == "reason" for need in step.needs):
        return []
    why = [
        *(["deciding against the recommendation"] if _goes_against(standing, facts.outcome) else []),
        *(["going against the national Panel's advice"] if _against_panel(standing, facts.outcome) else []),
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
    dissenting = {partner_named(partners, voice.partner): voice.reason for voice in facts.dissent}
    agreeing = [partner_named(partners, name) for name in facts.agreed_by or ()]
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


def partner_named(partners: list[str], name: str) -> str:
    """Find a safeguarding partner by its name, whatever the case of its letters; raises `NotFound`."""
    for partner in partners:
        if partner.casefold() == name.casefold():
            return partner
    raise NotFound(f"{name} is no safeguarding partner here. They are: {', '.join(partners) or 'none recorded'}.")
