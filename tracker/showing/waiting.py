"""What a coordinator waits for: what was asked of others and has not come, from whom, and since when."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, false, or_
from sqlmodel import Session, col, func, select

from tracker.actions.models import Acceptance, Action, ActionUpdate
from tracker.actions.queries import IS_NEWEST, Condition, may_see_action
from tracker.actions.wanting import of_coordinator
from tracker.cases.models import AgencyReturn, Case, CaseEvent, NationalPanelResponse
from tracker.cases.open_clocks import held_cases
from tracker.cases.queries import IS_OPEN, may_see_case
from tracker.clock import london_day
from tracker.groups.definitions_kept import lifecycle_kept
from tracker.papers.case_figures import statuses_before
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.reminders.by_hand import of_lead, reminded_today
from tracker.reminders.calls import Kind, about
from tracker.showing.case_jobs import is_reviewed
from tracker.standings import standings_of
from workflows.action import OPEN_STATUSES
from workflows.dates import PartialDate, iso_text
from workflows.vocabulary import Do, Event

Row = dict[str, Any]

# Of these an email reminds; a body that decides has its digest.
_BY_EMAIL = ("return", "independence", "update")

_BEFORE_A_DECISION = (Event.RECOMMENDATION.value, Event.PANEL_CONVENED.value, Event.NOTIFICATION.value)


def list_waiting(
    session: Session,
    cases: Sequence[Case],
    partnership_ids: Sequence[int],
    reader: Doer,
    now: datetime,
    *,
    everybody: bool,
) -> list[Row]:
    """Give what others were asked for about open cases, and about the actions of partnerships; the oldest first.

    Of the actions those that a coordinator sees: her own, or those of `everybody`. Each says whether a reminder can be
    sent, and whether one was sent today.
    """
    rows = [
        *_returns(session, cases),
        *_panel(session, cases),
        *_decisions(session, cases),
        *_leads(session, cases),
        *_updates(session, partnership_ids, reader, () if everybody else (of_coordinator(reader),)),
    ]
    held = held_cases(session, [case.id for case in cases])
    silent = {case.reference for case in cases if case.id in held}
    reminded = reminded_today(session, (row["subject"] for row in rows), now)
    for row in rows:
        may = row["code"] in _BY_EMAIL and not (row["code"] == "return" and row["case"] in silent)
        row["reminder"] = "sent" if row["subject"] in reminded else "may_go" if may else None
    return sorted(rows, key=lambda row: row["since"] or "")


def count_for_decision(session: Session, partnership_id: int, reader: Doer) -> int:
    """Count the open cases of a partnership that wait for the body that decides, of those that a reader sees."""
    here = (col(Case.partnership_id) == partnership_id, IS_OPEN)
    kept = session.exec(select(Case.definition_id).where(*here).distinct()).all()
    waits = [
        and_(col(Case.definition_id) == number, col(Case.status).in_(statuses_before(lifecycle_kept(session, number))))
        for number in kept
    ]
    question = select(func.count()).select_from(Case).where(*here, may_see_case(reader), or_(false(), *waits))
    return session.exec(question).one()


def _is_open(session: Session, case: Case, do: Do) -> bool:
    return any(step.do is do for step in lifecycle_kept(session, case.definition_id).steps_from(case.status))


def _row(code: str, what: str, who: str, since: date | PartialDate | None, **of: str | None) -> Row:
    since_when = since.isoformat() if isinstance(since, date) else iso_text(since)
    row = {"code": code, "what": what, "who": who, "since": since_when, "case": None, "action": None, "subject": ""}
    return row | of


def _of(case: Case, subject: str) -> dict[str, str | None]:
    return {"case": case.reference, "subject": subject}


def _returns(session: Session, cases: Sequence[Case]) -> Iterator[Row]:
    by_id = {case.id: case for case in cases}
    question = select(AgencyReturn, Agency.name).join(Agency, col(Agency.id) == AgencyReturn.agency_id)
    question = question.where(col(AgencyReturn.returned_on).is_(None), col(AgencyReturn.case_id).in_(by_id))
    for asked, agency in session.exec(question.order_by(col(AgencyReturn.id))):
        case = by_id[asked.case_id]
        what, subject = f"Agency return for {case.pseudonym}", about(Kind.RETURN, asked.id)
        yield _row("return", what, agency, asked.asked_on, **_of(case, subject))


def _panel(session: Session, cases: Sequence[Case]) -> Iterator[Row]:
    """Give the cases that the national Panel has and has not answered, while its answer can be recorded."""
    by_id = {case.id: case for case in cases if _is_open(session, case, Do.RECORD_PANEL_RESPONSE)}
    question = select(col(CaseEvent.case_id), col(CaseEvent.on)).where(
        CaseEvent.name == Event.SENT_TO_PANEL.value,
        col(CaseEvent.case_id).in_(by_id),
        col(CaseEvent.case_id).not_in(select(NationalPanelResponse.case_id)),
    )
    for case_id, sent_on in session.exec(question):
        case = by_id[case_id]
        what = f"Reply on the rapid review of {case.pseudonym}"
        yield _row("panel_response", what, "The national Panel", sent_on, case=case.reference)


def _decisions(session: Session, cases: Sequence[Case]) -> Iterator[Row]:
    """Give the cases that wait for the body that decides, since the panel's advice or what came before it."""
    by_id = {case.id: case for case in cases if _is_open(session, case, Do.RECORD_DECISION)}
    question = select(col(CaseEvent.case_id), col(CaseEvent.name), col(CaseEvent.on))
    question = question.where(col(CaseEvent.case_id).in_(by_id), col(CaseEvent.name).in_(_BEFORE_A_DECISION))
    days = {(case_id, name): on for case_id, name, on in session.exec(question)}
    for case in by_id.values():
        definition = lifecycle_kept(session, case.definition_id).definition
        body = definition.body_named(definition.decided_by).name
        since = next((days[case.id, name] for name in _BEFORE_A_DECISION if (case.id, name) in days), None)
        yield _row("decision", f"Decision on {case.pseudonym}", body, since, case=case.reference)


def _leads(session: Session, cases: Sequence[Case]) -> Iterator[Row]:
    for standing in standings_of(session, cases):
        unconfirmed = set() if is_reviewed(standing) else set(standing.leads_not_confirmed)
        for lead in standing.leads:
            if lead.name in unconfirmed and lead.involvement not in ("none", "direct"):
                what = f"Independence of a lead for {standing.case.pseudonym}"
                yield _row("independence", what, lead.name, lead.appointed_on, **_of(standing.case, of_lead(lead.id)))


def _updates(
    session: Session, partnership_ids: Sequence[int], reader: Doer, conditions: Sequence[Condition]
) -> Iterator[Row]:
    """Give the actions whose newest update was asked back, with their owners."""
    asked = select(func.max(Acceptance.at)).where(Acceptance.update_id == ActionUpdate.id).scalar_subquery()
    question = (
        select(Action, Person.name, ActionUpdate.at, asked)
        .join(ActionUpdate, col(ActionUpdate.action_id) == Action.id)
        .join(Person, col(Person.id) == Action.owner_id)
        .where(ActionUpdate.state == "queried", IS_NEWEST, *conditions)
        .where(col(Action.partnership_id).in_(partnership_ids), col(Action.status).in_(OPEN_STATUSES))
        .where(may_see_action(reader))
        .order_by(col(Action.id))
    )
    for action, owner, sent_at, asked_at in session.exec(question):
        what, since = f"Answer to a question about {action.reference}", london_day(asked_at or sent_at)
        subject = about(Kind.ACTION, action.id)
        yield _row("update", what, owner, since, action=action.reference, subject=subject)
