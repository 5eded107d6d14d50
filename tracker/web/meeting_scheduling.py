"""Scheduling a meeting, by the coordinator."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.database import reading
from tracker.groups.bodies import standing_groups
from tracker.groups.models import Partnership
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import for_roles, policy
from tracker.showing.meeting import Document
from tracker.showing.show import show
from tracker.web.deed_forms import form_page, send
from tracker.web.fields import Choice, Field, Kind, filled
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.meeting_papers import hour
from tracker.web.messages import leave_message
from tracker.web.pages import day, see_other
from tracker.web.visitors import Db, Reader

routes = APIRouter()

PLACE = Field(
    "place",
    Kind.LINE,
    "Where is it? (optional)",
    hint="A room or a link. It stands in calendars, so nothing confidential.",
    width=30,
)
_HOW_OFTEN = [
    Choice(str(weeks), f"Every {weeks} weeks" if weeks > 1 else "Every week") for weeks in (1, 2, 4, 6, 8, 13, 26)
]
_REPEATS = Field("every_weeks", Kind.SELECT, "Does it repeat? (leave this for a single meeting)", choices=_HOW_OFTEN)
_UNTIL = Field(
    "until",
    Kind.DATE,
    "Until when? (only for a series)",
    hint="At most two years ahead. The rhythm is counted from the first day; a meeting on a bank holiday moves alone.",
)
HOUR = Field("at", Kind.LINE, "At what time?", hint="By the 24-hour clock, like 10:00 or 14:30", width=5)


@routes.get("/meetings/new")
@policy(for_roles(Role.COORDINATOR))
def new_meeting(request: Request, db: Db, reader: Reader) -> Response:
    """Show the form to schedule a meeting."""
    fields = _fields(db, reader)
    return form_page(request, "pages/meetings/new.html", filled(fields, {"at": "10:00"}), fields)


@routes.post("/meetings/new")
@policy(for_roles(Role.COORDINATOR))
def schedule_meeting(request: Request, db: Db, reader: Reader, form: Posted) -> Response:
    """Schedule a meeting and show it."""
    fields = _fields(db, reader)
    asked = [field for field in fields if field not in (_REPEATS, _UNTIL)]
    series = _series(form)
    places = {"series.until": _UNTIL, "series.every_weeks": _REPEATS, "series": _UNTIL}
    done = send(request, reader, "schedule-meeting", None, form, asked, also=series, places=places)
    if done is None:
        return form_page(request, "pages/meetings/new.html", form, fields)
    said = f"{done.reference} is the first of the series." if series else f"{done.reference} is scheduled."
    leave_message(request, f"{said} {when(request, reader, done.reference)}")
    return see_other(f"/meetings/{done.reference}")


def _series(form: Form) -> Mapping[str, Any]:
    """Give the rhythm that was asked for, if any; says where half of it is missing."""
    every, until = form.text("every_weeks"), form.date("until")
    if every and not until:
        form.says("until", "Enter the day until which the series runs")
    if until and not every:
        form.says("every_weeks", "Choose how often the group meets, or leave the last day empty")
    if not every or not until:
        return {}
    return {"series": {"every_weeks": int(every) if every.isdigit() else every, "until": until}}


def when(request: Request, reader: Doer, reference: str) -> str:
    """Say when a meeting is, and why it is not on the day that was asked for, as it stands after a deed."""
    house = house_of(request)
    with reading(house.engine) as session:
        meeting: Document = show(session, "meeting", reference, reader, house.now())
    said = f"It is on {day(meeting['on'])} at {hour(meeting['on'], meeting['at'])}"
    return f"{said}, because {meeting['proposed_why']}." if meeting["proposed_why"] else f"{said}."


def _fields(session: Session, reader: Doer) -> Sequence[Field]:
    partnerships = reader.partnerships_as(Role.COORDINATOR)
    codes = {id_: session.get_one(Partnership, id_).code for id_ in partnerships}
    groups = standing_groups(session, partnerships, reader.day)
    return (
        Field(
            "group",
            Kind.SELECT,
            "Which group meets?",
            missing="Choose the group that meets",
            choices=[Choice(f"{codes[group.partnership_id]}/{group.code}", group.name) for group in groups],
        ),
        Field(
            "on",
            Kind.DATE,
            "On which day?",
            hint="A meeting on a weekend or bank holiday goes to the working day before",
            missing="Enter the day of the meeting",
        ),
        HOUR,
        PLACE,
        _REPEATS,
        _UNTIL,
    )
