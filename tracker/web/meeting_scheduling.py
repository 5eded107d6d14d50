"""Scheduling a meeting, by the coordinator."""

from collections.abc import Sequence

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
from tracker.web.forms import Posted
from tracker.web.house import house_of
from tracker.web.meeting_papers import hour
from tracker.web.messages import leave_message
from tracker.web.pages import day, see_other
from tracker.web.visitors import Db, Reader

routes = APIRouter()

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
    done = send(request, reader, "schedule-meeting", None, form, fields)
    if done is None:
        return form_page(request, "pages/meetings/new.html", form, fields)
    leave_message(request, f"{done.reference} is scheduled. {when(request, reader, done.reference)}")
    return see_other(f"/meetings/{done.reference}")


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
    )
