"""The open tasks of a case: what nobody is reminded of by a clock."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from tracker.among import among
from tracker.among import listed as id_list
from tracker.cases.drafts import drafted_cases
from tracker.cases.holds import REVIEW_CLOCK
from tracker.cases.models import Case, DelayNotice
from tracker.rows import RowsOf
from tracker.standing import WholeStanding
from workflows.dates import PartialDate
from workflows.wording import listed

Document = dict[str, Any]

_STAGE_OF_REVIEW = 4


def open_jobs(standing: WholeStanding, today: date) -> list[Document]:
    """Give the open tasks of a case: a draft, a notice of delay, a hold to look at again, leads to appoint or ask."""
    notices = _NOTICES.all(standing.session, ids=id_list([standing.case.id]))
    drafted = drafted_cases(standing.session, [standing.case.id])
    return _jobs(standing, notices, today, is_drafted=bool(drafted))


def open_jobs_of(session: Session, standings: Sequence[WholeStanding], today: date) -> list[tuple[Case, Document]]:
    """Give the open tasks of many cases, each with its case, in a fixed number of questions."""
    ids = [standing.case.id for standing in standings]
    notices: dict[int, list[DelayNotice]] = {}
    for notice in _NOTICES.all(session, ids=id_list(ids)):
        notices.setdefault(notice.case_id, []).append(notice)
    drafted = drafted_cases(session, ids)
    return [
        (standing.case, job)
        for standing in standings
        for job in _jobs(standing, notices.get(standing.case.id, ()), today, is_drafted=standing.case.id in drafted)
    ]


_NOTICES = RowsOf(DelayNotice, select(DelayNotice).where(among(col(DelayNotice.case_id), "ids")))


def is_reviewed(standing: WholeStanding) -> bool:
    """Say whether the review of a case is over: once its report is agreed nobody has to lead its methods any more."""
    return standing.definition.stage_of(standing.state) > _STAGE_OF_REVIEW


def _jobs(standing: WholeStanding, notices: Sequence[DelayNotice], today: date, *, is_drafted: bool) -> list[Document]:
    jobs: list[Document] = []
    if is_drafted:
        sentence = "Go on with the draft of the decision, or have it recorded."
        jobs.append({"code": "draft", "deed": "record-decision", "sentence": sentence})
    if untold := _not_told_of_the_delay(standing, notices, today):
        sentence = f"Tell {listed(untold)} that the review will be late, and why."
        jobs.append({"code": "delay_notice", "deed": "record-delay-notice", "sentence": sentence})
    if standing.hold is not None and standing.hold.look_again_on <= today:
        sentence = "Look again at the hold: release the case, or hold it on."
        jobs.append({"code": "look_again", "deed": "release-case", "sentence": sentence})
    reviewed = is_reviewed(standing)
    for method in () if reviewed else standing.methods_without_lead:
        jobs.append({"code": "appoint_lead", "deed": "appoint-lead", "sentence": f"Appoint a lead for {method}."})
    for name in () if reviewed else standing.leads_not_confirmed:
        jobs.append(
            {"code": "independence", "deed": "appoint-lead", "sentence": f"Ask {name} about direct involvement."}
        )
    return jobs


def _not_told_of_the_delay(standing: WholeStanding, notices: Sequence[DelayNotice], today: date) -> list[str]:
    """A held or overdue review owes each a notice of delay; one from before a hold that stands told of another."""
    clock = next((clock for clock in standing.case_clocks() if clock.code == REVIEW_CLOCK), None)
    if clock is None or clock.met_on is not None or clock.stopped_on is not None:
        return []
    if standing.hold is None and not clock.original_due.overdue_on(today) and clock.due == clock.original_due:
        return []
    since = None if standing.hold is None else PartialDate.of(standing.hold.since)
    told = {notice.to for notice in notices if since is None or not notice.on.certainly_before(since)}
    return [f"the {to}" for to in ("national Panel", "Secretary of State") if to not in told]
