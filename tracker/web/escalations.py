"""The escalation tracker: what was asked and answered, as a page, as a file, and each one by itself."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.clock import london_day
from tracker.escalations.quarters import escalation_quarters
from tracker.escalations.queries import escalation_by_reference, subjects_about
from tracker.escalations.speaking import groups_to_raise_for
from tracker.groups.next_meetings import next_meetings
from tracker.groups.queries import partnership_by_code
from tracker.policy import SIGNED_IN, policy
from tracker.showing.lists import list_rows
from tracker.showing.meeting import READ_MEETINGS
from tracker.showing.partnership import partnership_rows
from tracker.showing.show import show
from tracker.web import escalation_answers, escalation_course, escalation_proposals, escalation_raising
from tracker.web.downloads import csv_file
from tracker.web.escalation_tabs import TOO_LONG, Tabs
from tracker.web.pages import page
from tracker.web.visitors import Db, Now, Reader
from workflows.escalation import EscalationStatus

routes = APIRouter()
# Before the pages below: an address like /escalations/new is no reference.
for stage in (escalation_raising, escalation_proposals, escalation_answers, escalation_course):
    routes.include_router(stage.routes)

_COLUMNS = (
    "Reference",
    "Title",
    "Raised by",
    "Raised on",
    "Asked of",
    "What is asked",
    "Status",
    "Days waiting",
    "Meetings gone by",
    "Response",
    "Answered on",
    "Group told on",
)


@routes.get("/escalations")
@policy(SIGNED_IN)
def escalations(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show the tracker: what comes before the next meeting, what waits, what was answered."""
    tabs = Tabs(list_rows(db, "escalations", {}, reader, now), next_meetings(db, reader, now))
    return page(
        request,
        "pages/escalations/list.html",
        tabs=tabs,
        shown=tabs.chosen(request.query_params.get("show")),
        too_long=TOO_LONG,
        may_raise=bool(groups_to_raise_for(db, reader)),
    )


@routes.get("/escalations.csv")
@policy(SIGNED_IN)
def escalations_file(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Give the tracker as a file for a spreadsheet: one of its tabs, or everything."""
    rows = list_rows(db, "escalations", {}, reader, now)
    if "show" in request.query_params:
        tabs = Tabs(rows, next_meetings(db, reader, now))
        rows = tabs.rows(tabs.chosen(request.query_params["show"]))
    return csv_file("escalations.csv", _COLUMNS, (_cells(row) for row in rows))


def _cells(row: dict[str, Any]) -> Sequence[str]:
    said = [". ".join(filter(None, (answer["said"], answer["text"]))) for answer in row["responses"]]
    return (
        row["reference"],
        row["title"],
        row["group_name"],
        row["raised_on"],
        row["level_name"],
        row["ask"],
        EscalationStatus(row["status"]).words,
        str(row["age_days"]),
        str(row["age_meetings"]),
        "\n".join(said),
        row["answered_on"] or "",
        row["told_on"] or "",
    )


@routes.get("/escalations/figures")
@policy(SIGNED_IN)
def figures(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show how many escalations were raised and answered in each quarter, how soon, and what waited at its end."""
    hers = partnership_rows(db, reader)
    ids = {row["code"]: partnership_by_code(db, row["code"]).id for row in hers}
    found = [row | {"quarters": escalation_quarters(db, ids[row["code"]], reader, london_day(now))} for row in hers]
    return page(request, "pages/escalations/figures.html", partnerships=found)


@routes.get("/escalations/{reference}")
@policy(SIGNED_IN)
def escalation(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show one escalation: the question, its answers in their order, and what became of it."""
    found = escalation_by_reference(db, reference, reader)
    here = reader.roles_in(found.partnership_id) & READ_MEETINGS or reader.groups_in(found.partnership_id)
    return page(
        request,
        "pages/escalations/one.html",
        escalation=show(db, "escalation", found.reference, reader, now),
        about=subjects_about(db, [found.id], reader).get(found.id, []),
        reads_meetings=bool(here),
    )
