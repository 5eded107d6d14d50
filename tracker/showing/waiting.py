"""What a coordinator waits for: what was asked of others and has not come, from whom, and since when."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.waiting import asked_back, asked_outside
from tracker.actions.wanting import Share
from tracker.among import among, listed
from tracker.cases.decision_models import NationalPanelResponse
from tracker.cases.models import Case, CaseEvent
from tracker.cases.queries import count_open_cases
from tracker.cases.recorded import owed_returns
from tracker.groups.definitions_kept import lifecycle_kept
from tracker.papers.case_figures import statuses_before
from tracker.people.doer import Doer
from tracker.reminders.by_hand import of_lead, reminded_today
from tracker.reminders.calls import Kind, about
from tracker.rows import Question
from tracker.showing.case_jobs import is_reviewed
from tracker.showing.waiting_partners import owed_by_partners
from tracker.standing import WholeStanding
from workflows.dates import PartialDate, iso_text
from workflows.vocabulary import Do, Event

Row = dict[str, Any]

# Of these an email reminds; a body that decides has its digest.
_BY_EMAIL = ("return", "independence", "update")

_BEFORE_A_DECISION = (Event.RECOMMENDATION.value, Event.PANEL_CONVENED.value, Event.NOTIFICATION.value)


def list_waiting(session: Session, standings: Sequence[WholeStanding], share: Share, now: datetime) -> list[Row]:
    """Give what others were asked for about open cases, and about a coordinator's share of the actions; oldest first.

    Each says whether a reminder can be sent, and whether one was sent today.
    """
    cases = [standing.case for standing in standings]
    rows = [
        *_returns(session, cases),
        *_panel(session, cases),
        *_decisions(session, cases),
        *_partners(session, cases),
        *_leads(standings),
        *_updates(session, share),
        *_requests(session, share),
    ]
    silent = {standing.case.reference for standing in standings if standing.hold is not None}
    reminded = reminded_today(session, (row["subject"] for row in rows), now)
    for row in rows:
        may = row["code"] in _BY_EMAIL and not (row["code"] == "return" and row["case"] in silent)
        row["reminder"] = "sent" if row["subject"] in reminded else "may_go" if may else None
    return sorted(rows, key=lambda row: row["since"] or "")


def count_for_decision(session: Session, partnership_id: int, reader: Doer) -> int:
    """Count the open cases of a partnership that wait for the body that decides, of those that a reader sees."""
    counted = count_open_cases(session, partnership_id, reader)
    kept = {definition_id for definition_id, _ in counted}
    waits = {definition_id: statuses_before(lifecycle_kept(session, definition_id)) for definition_id in kept}
    return sum(number for (definition_id, status), number in counted.items() if status in waits[definition_id])


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
    for owed in owed_returns(session, list(by_id)):
        case = by_id[owed.case_id]
        what, subject = f"Agency return for {case.pseudonym}", about(Kind.RETURN, owed.id)
        yield _row("return", what, owed.agency, owed.asked_on, **_of(case, subject))


def _panel(session: Session, cases: Sequence[Case]) -> Iterator[Row]:
    """Give the cases that the national Panel has and has not answered, while its answer can be recorded."""
    by_id = {case.id: case for case in cases if _is_open(session, case, Do.RECORD_PANEL_RESPONSE)}
    for case_id, sent_on in _NOT_ANSWERED.rows(session, ids=listed(by_id)):
        case = by_id[case_id]
        what = f"Reply on the rapid review of {case.pseudonym}"
        yield _row("panel_response", what, "The national Panel", sent_on, case=case.reference)


def _decisions(session: Session, cases: Sequence[Case]) -> Iterator[Row]:
    """Give the cases that wait for the body that decides, since the panel's advice or what came before it."""
    by_id = {case.id: case for case in cases if _is_open(session, case, Do.RECORD_DECISION)}
    days = {(case_id, name): on for case_id, name, on in _DAYS.rows(session, ids=listed(by_id))}
    for case in by_id.values():
        definition = lifecycle_kept(session, case.definition_id).definition
        body = definition.body_named(definition.decided_by).name
        since = next((days[case.id, name] for name in _BEFORE_A_DECISION if (case.id, name) in days), None)
        yield _row("decision", f"Decision on {case.pseudonym}", body, since, case=case.reference)


def _partners(session: Session, cases: Sequence[Case]) -> Iterator[Row]:
    """Give the partners that have not answered to a decision, and those with whom a difference is to be settled."""
    asked = {case.id for case in cases if _is_open(session, case, Do.RECORD_RATIFICATION)}
    settling = {case.id for case in cases if _is_open(session, case, Do.RECORD_RESOLUTION)}
    for owed in owed_by_partners(session, [case for case in cases if case.id in asked | settling]):
        case, who = owed.case, (owed.partner, owed.since)
        if owed.objects and case.id in settling:
            what = f"Settlement of an objection to the decision on {case.pseudonym}"
            yield _row("resolution", what, *who, case=case.reference)
        elif not owed.objects and case.id in asked:
            yield _row("ratification", f"Ratification of the decision on {case.pseudonym}", *who, case=case.reference)


_NOT_ANSWERED = Question(
    select(col(CaseEvent.case_id), col(CaseEvent.on)).where(
        CaseEvent.name == Event.SENT_TO_PANEL.value,
        among(col(CaseEvent.case_id), "ids"),
        col(CaseEvent.case_id).not_in(select(NationalPanelResponse.case_id)),
    )
)
_DAYS = Question(
    select(col(CaseEvent.case_id), col(CaseEvent.name), col(CaseEvent.on)).where(
        among(col(CaseEvent.case_id), "ids"), col(CaseEvent.name).in_(_BEFORE_A_DECISION)
    )
)


def _leads(standings: Sequence[WholeStanding]) -> Iterator[Row]:
    for standing in standings:
        unconfirmed = set() if is_reviewed(standing) else set(standing.leads_not_confirmed)
        for lead in standing.leads:
            if lead.name in unconfirmed and lead.involvement not in ("none", "direct"):
                what = f"Independence of a lead for {standing.case.pseudonym}"
                yield _row("independence", what, lead.name, lead.appointed_on, **_of(standing.case, of_lead(lead.id)))


def _requests(session: Session, share: Share) -> Iterator[Row]:
    """Give the requests to bodies outside that are not answered; nobody is reminded of them."""
    for reference, body, asked_on in asked_outside(session, share):
        yield _row("outside", f"Answer to the request of {reference}", body, asked_on, action=reference)


def _updates(session: Session, share: Share) -> Iterator[Row]:
    """Give the actions whose newest update was asked back, with their owners."""
    for number, reference, owner, since in asked_back(session, share):
        what, subject = f"Answer to a question about {reference}", about(Kind.ACTION, number)
        yield _row("update", what, owner, since, action=reference, subject=subject)
