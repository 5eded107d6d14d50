"""From the notification to the decision: the panel and its recommendation, the national Panel and its answer."""

from datetime import datetime
from typing import Literal

from tracker.cases.days import not_before, out_of_order
from tracker.cases.decision_models import NationalPanelResponse, PanelRecommendation
from tracker.cases.naming import name_body
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, take_step
from tracker.facts import Code, Facts, Words
from tracker.groups.themes import themes_called
from tracker.people.doer import Doer
from tracker.rows import write
from workflows.dates import PartialDate, uk_date
from workflows.requirements import Unmet
from workflows.vocabulary import Do, Event, PanelResponse


class On(Facts):
    """A step that needs its day only."""

    on: PartialDate


class RecordRecommendation(Facts):
    """What the panel recommends and why, and what has to be learnt at once (`none` has to be said)."""

    on: PartialDate
    outcome: Literal["review", "no_review"]
    reason: Words | None = None
    immediate_learning: Words | None = None
    themes: list[Code] = []


class RecordPanelResponse(Facts):
    """What the national Panel answered."""

    on: PartialDate
    kind: PanelResponse
    text: Words | None = None


def convene_panel(standing: Standing, facts: On, *, now: datetime, by: Doer) -> None:
    """Convene the panel that looks first, and name its members on the case."""
    role = ask(standing, Do.CONVENE_PANEL, by)
    late = not_before(standing, facts.on, "the panel", Event.NOTIFICATION, Event.INCIDENT_KNOWN)
    what = f"Convened the panel on {uk_date(facts.on)}"
    take_step(
        standing,
        Do.CONVENE_PANEL,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.PANEL_CONVENED,
        also=late,
        what=what,
    )
    name_body(standing, standing.definition.recommended_by, now)
    move_on(standing, by=by, now=now, turned_by=Event.PANEL_CONVENED)


def record_recommendation(standing: Standing, facts: RecordRecommendation, *, now: datetime, by: Doer) -> None:
    """Record what the panel recommends, with the immediate learning."""
    role = ask(standing, Do.RECORD_RECOMMENDATION, by)
    late = not_before(
        standing, facts.on, "the recommendation", Event.PANEL_CONVENED, Event.NOTIFICATION, Event.INCIDENT_KNOWN
    )
    standing.propose(immediate_learning=facts.immediate_learning, reason=facts.reason)
    themes = themes_called(standing.session, facts.themes, standing.case.partnership_id)
    take_step(
        standing,
        Do.RECORD_RECOMMENDATION,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.RECOMMENDATION,
        also=[*late, *_before_it_was_sent_back(standing, facts.on, "the recommendation")],
        what=f"Recommended on {uk_date(facts.on)}: {facts.outcome.replace('_', ' ')}",
        more={"outcome": facts.outcome, "themes": [theme.code for theme in themes]},
    )
    write(
        standing.session,
        PanelRecommendation(
            case_id=standing.case.id,
            on=facts.on,
            outcome=facts.outcome,
            reason=facts.reason,
            immediate_learning=facts.immediate_learning,
        ),
    )
    move_on(standing, by=by, now=now, turned_by=Event.RECOMMENDATION)


def _before_it_was_sent_back(standing: Standing, on: PartialDate, what: str) -> list[Unmet]:
    """What is done again on a case that was sent back comes after the sending back."""
    if standing.day_of(Event.RECOMMENDATION) is None or standing.decision is None:
        return []
    sent_back = standing.decision.on
    if sent_back is None or not on.certainly_before(sent_back):
        return []
    return [out_of_order(what, "the sending back", sent_back)]


def send_to_national_panel(standing: Standing, facts: On, *, now: datetime, by: Doer) -> None:
    """Record that the rapid review went to the national Panel, which ends its clock and starts nothing."""
    role = ask(standing, Do.SEND_TO_NATIONAL_PANEL, by)
    late = not_before(standing, facts.on, "the sending", Event.NOTIFICATION, Event.INCIDENT_KNOWN, Event.PANEL_CONVENED)
    was_sent = standing.day_of(Event.SENT_TO_PANEL) is not None
    again = _before_it_was_sent_back(standing, facts.on, "the sending") if was_sent else []
    what = f"Sent to the national Panel on {uk_date(facts.on)}"
    take_step(
        standing,
        Do.SEND_TO_NATIONAL_PANEL,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.SENT_TO_PANEL,
        also=[*late, *again],
        what=what,
    )
    move_on(standing, by=by, now=now, turned_by=Event.SENT_TO_PANEL)


def record_panel_response(standing: Standing, facts: RecordPanelResponse, *, now: datetime, by: Doer) -> None:
    """Record what the national Panel answered; it advises, the partnership decides."""
    role = ask(standing, Do.RECORD_PANEL_RESPONSE, by)
    late = not_before(standing, facts.on, "the response", Event.SENT_TO_PANEL, Event.NOTIFICATION)
    take_step(
        standing,
        Do.RECORD_PANEL_RESPONSE,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.PANEL_RESPONSE,
        also=late,
        what=f"The national Panel answered on {uk_date(facts.on)}: {facts.kind.value.replace('_', ' ')}",
        more={"kind": facts.kind.value},
    )
    write(
        standing.session,
        NationalPanelResponse(case_id=standing.case.id, on=facts.on, kind=facts.kind, text=facts.text),
    )
    move_on(standing, by=by, now=now, turned_by=Event.PANEL_RESPONSE)
