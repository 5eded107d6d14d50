"""From the notification to the recommendation: returns of the agencies, the panel, the national Panel's answer."""

from datetime import datetime
from typing import Literal

from sqlmodel import select

from tracker import history
from tracker.cases.models import AgencyReturn, NationalPanelResponse, PanelRecommendation
from tracker.cases.opening import name_body
from tracker.cases.queries import give_access
from tracker.cases.standing import Standing, not_before, out_of_order
from tracker.cases.steps import ask, belongs, move_on, not_far_ahead, take_step
from tracker.clock import london_day
from tracker.database import write
from tracker.errors import NotAllowed, Refused
from tracker.facts import Code, Day, Facts, Name, Words
from tracker.groups.queries import agency_by_name, themes_by_code
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.people.permissions import refusal, require
from tracker.people.queries import leads_of
from tracker.people.roles import Role
from workflows.dates import PartialDate, uk_date
from workflows.requirements import Unmet
from workflows.vocabulary import Do, Event, PanelResponse


class AskReturn(Facts):
    """Which agency is asked, and by when it is to answer."""

    agency: Name
    due_on: Day


class RecordReturn(Facts):
    """Which agency answered, and when."""

    agency: Name
    on: PartialDate


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


def ask_return(standing: Standing, facts: AskReturn, *, now: datetime, by: Doer) -> None:
    """Ask an agency for its return; asked again, the newest date counts."""
    case, session = standing.case, standing.session
    _may_handle_returns(standing, by, "ask_return")
    _must_be_open(standing)
    agency = agency_by_name(session, case.partnership_id, facts.agency)
    today = london_day(now)
    not_far_ahead(PartialDate.of(facts.due_on), now, "The return")
    if facts.due_on < today:
        raise Refused("The date by which the agency is to answer must be today or later.", code="bad_date")
    asked = _return_of(standing, agency)
    if asked is None:
        write(session, AgencyReturn(case_id=case.id, agency_id=agency.id, asked_on=today, due_on=facts.due_on))
    elif asked.returned_on is not None:
        raise Refused(f"{agency.name} has answered on {uk_date(asked.returned_on)}.", code="already_done")
    else:
        asked.due_on = facts.due_on
        session.add(asked)
    for lead in leads_of(session, agency.id, today):
        give_access(session, case, lead.id, f"lead of {agency.name}, asked for its return", today)
    _note_return(standing, "ask_return", f"Asked {agency.name} for its return by {uk_date(facts.due_on)}", now, by)


def record_return(standing: Standing, facts: RecordReturn, *, now: datetime, by: Doer) -> None:
    """Record that an agency's return came."""
    agency = agency_by_name(standing.session, standing.case.partnership_id, facts.agency)
    if agency.id not in by.led_agencies:
        _may_handle_returns(standing, by, "record_return")
    _must_be_open(standing)
    asked = _return_of(standing, agency)
    if asked is None:
        raise Refused(f"{agency.name} was not asked for a return. Ask it first.", code="not_asked")
    if asked.returned_on is not None:
        raise Refused(f"The return of {agency.name} is recorded already.", code="already_done")
    not_far_ahead(facts.on, now, "The return")
    if facts.on.certainly_before(PartialDate.of(asked.asked_on)):
        raise Refused(
            f"The date of the return must be on or after the day it was asked for, {uk_date(asked.asked_on)}.",
            code="out_of_order",
        )
    asked.returned_on = facts.on
    standing.session.add(asked)
    standing.session.flush()
    _note_return(standing, "record_return", f"{agency.name} answered on {uk_date(facts.on)}", now, by)
    move_on(standing, by=by, now=now)


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
    themes = themes_by_code(standing.session, facts.themes)
    take_step(
        standing,
        Do.RECORD_RECOMMENDATION,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.RECOMMENDATION,
        also=[*late, *_before_it_was_sent_back(standing, facts.on)],
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


def _before_it_was_sent_back(standing: Standing, on: PartialDate) -> list[Unmet]:
    """A case that was sent back is recommended anew, not before."""
    if standing.day_of(Event.RECOMMENDATION) is None or standing.decision is None:
        return []
    sent_back = standing.decision.on
    if sent_back is None or not on.certainly_before(sent_back):
        return []
    return [out_of_order("the recommendation", "the sending back", sent_back)]


def send_to_national_panel(standing: Standing, facts: On, *, now: datetime, by: Doer) -> None:
    """Record that the rapid review went to the national Panel, which ends its clock and starts nothing."""
    role = ask(standing, Do.SEND_TO_NATIONAL_PANEL, by)
    late = not_before(standing, facts.on, "the sending", Event.NOTIFICATION, Event.INCIDENT_KNOWN, Event.PANEL_CONVENED)
    what = f"Sent to the national Panel on {uk_date(facts.on)}"
    take_step(
        standing,
        Do.SEND_TO_NATIONAL_PANEL,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.SENT_TO_PANEL,
        also=late,
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


def _return_of(standing: Standing, agency: Agency) -> AgencyReturn | None:
    question = select(AgencyReturn).where(AgencyReturn.case_id == standing.case.id, AgencyReturn.agency_id == agency.id)
    return standing.session.exec(question).first()


def _may_handle_returns(standing: Standing, by: Doer, deed: str) -> None:
    if by.has(Role.COORDINATOR, standing.case.partnership_id):
        return
    if not belongs(standing, by, standing.definition.recommended_by):
        raise NotAllowed(refusal(by, deed))
    require(by, deed, standing.case.partnership_id)


def _must_be_open(standing: Standing) -> None:
    if standing.case.closed_at is not None:
        raise Refused("The case is closed: nothing more is asked of agencies.", code="wrong_status")


def _note_return(standing: Standing, deed: str, what: str, now: datetime, by: Doer) -> None:
    history.note(standing.session, standing.case.reference, deed, at=now, by=by, what=what)
