"""Calendars: the address at which somebody's own one reads her meetings, and one meeting as a file."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from tracker.clock import london_day
from tracker.database import unit_of_work
from tracker.groups import feeds
from tracker.groups.models import Group
from tracker.people import sessions
from tracker.people.doer import doer_by_email
from tracker.policy import ANYBODY, SIGNED_IN, policy
from tracker.showing.meeting import meeting_of_reader
from tracker.web.forms import Posted
from tracker.web.house import house_of
from tracker.web.meeting_papers import FOR_READERS
from tracker.web.pages import page, see_other
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()

_TYPE = "text/calendar; charset=utf-8"


@routes.get("/calendar/{token}.ics")
@policy(ANYBODY)
def feed(request: Request, db: Db, now: Now, token: str) -> Response:
    """Give a calendar to whoever knows its address; one that is unknown, ended or a leaver's is not there."""
    person = feeds.holder_of_feed(db, token)
    if person is None or person.email is None or person.has_left(london_day(now)):
        return PlainTextResponse("There is no such calendar.", HTTPStatus.NOT_FOUND)
    from tracker.showing.calendar import calendar_of

    reader = doer_by_email(db, person.email, london_day(now))
    base_url = house_of(request).installation.base_url
    return Response(calendar_of(db, reader, now, base_url), media_type=_TYPE)


@routes.post("/account/calendar")
@policy(SIGNED_IN)
def make_feed(request: Request, reader: Reader, now: Now, form: Posted) -> Response:
    """Make a new address for the reader's calendar, in the place of an older one, and show it this once."""
    house = house_of(request)
    with unit_of_work(house.engine) as session:
        token = feeds.make_feed(session, reader.id, now)
    address = f"{house.installation.base_url}/calendar/{token}.ics"
    return page(request, "pages/account/calendar.html", address=address)


@routes.post("/account/calendar/end")
@policy(SIGNED_IN)
def end_feed(request: Request, reader: Reader, now: Now, form: Posted) -> Response:
    """Let the address of the reader's calendar work no longer."""
    with unit_of_work(house_of(request).engine) as session:
        feeds.end_feed(session, reader.id, now)
        said = "Your calendar’s address has ended. What your calendar has read already stays in it."
        sessions.leave_message(session, request.state.signed_in.session_id, said)
    return see_other("/account")


@routes.get("/meetings/{reference}.ics")
@policy(FOR_READERS)
def meeting_file(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Give one meeting as a file for a calendar."""
    from tracker.showing.calendar import calendar_of_meeting

    meeting = meeting_of_reader(db, reference, reader)
    group = db.get_one(Group, meeting.group_id)
    text = calendar_of_meeting(meeting, group, now, house_of(request).installation.base_url)
    headers = {"Content-Disposition": f'attachment; filename="{meeting.reference}.ics"'}
    return Response(text, media_type=_TYPE, headers=headers)
