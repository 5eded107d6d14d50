"""The returns of agencies: each is asked what it knows of a case, and answers by a day."""

from datetime import datetime

from sqlmodel import select

from tracker import history
from tracker.cases.days import not_far_ahead
from tracker.cases.models import AgencyReturn
from tracker.cases.named import give_access
from tracker.cases.standing import Standing
from tracker.cases.steps import belongs, move_on
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.facts import Day, Facts, Name
from tracker.groups.queries import agency_by_name
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.people.permissions import refusal, require
from tracker.people.queries import leads_of
from tracker.people.roles import Role
from tracker.rows import write
from workflows.dates import PartialDate, uk_date


class AskReturn(Facts):
    """Which agency is asked, and by when it is to answer."""

    agency: Name
    due_on: Day


class RecordReturn(Facts):
    """Which agency answered, and when."""

    agency: Name
    on: PartialDate


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
