"""What the coordinator does to a meeting: moved, cancelled, or closed with what was said and who came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.database import reading
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_by_code
from tracker.people.doer import Doer
from tracker.people.queries import agencies_of
from tracker.people.roles import Role
from tracker.policy import for_roles, policy
from tracker.showing.meeting import Document
from tracker.showing.show import show
from tracker.web.deed_forms import form_page, send
from tracker.web.fields import NO_NAMES, Choice, Field, Kind, filled
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.meeting_papers import hour
from tracker.web.meeting_scheduling import HOUR, when
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Reader

routes = APIRouter()


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of one form, and its questions."""

    heading: str
    explained: str
    button: str
    done: str
    fields: Sequence[Field]


_REASON = Field("reason", Kind.WORDS, "Reason", hint=NO_NAMES, missing="Give the reason")
_NEW_DAY = Field("on", Kind.DATE, "On which day is it now?", missing="Enter the new day of the meeting")
_POINTS = Field("key_points", Kind.WORDS, "Key points (optional)", hint=NO_NAMES, rows=8)
_CAME = (Choice("yes", "Came"), Choice("no", "Did not come"))

_FORMS: Mapping[str, _Words] = {
    "move-meeting": _Words(
        "Move this meeting",
        "Its digest moves with it. One that was sent already is replaced.",
        "Move the meeting",
        "is moved",
        (_NEW_DAY, HOUR),
    ),
    "cancel-meeting": _Words(
        "Cancel this meeting",
        "A digest that was not sent is not sent.",
        "Cancel the meeting",
        "is cancelled",
        (_REASON,),
    ),
    "close-meeting": _Words(
        "Close this meeting",
        "What was said stands on the agenda of the next meeting.",
        "Close the meeting",
        "is closed",
        (_POINTS,),
    ),
}


@routes.get("/meetings/{reference}/{deed_name}")
@policy(for_roles(Role.COORDINATOR))
def meeting_form(request: Request, reader: Reader, reference: str, deed_name: str) -> Response:
    """Show the form to move, cancel or close a meeting."""
    words = _words(deed_name)
    place = _Place(request, reference, reader)
    if place.meeting["status"] != "planned":
        raise Refused(f"{place.meeting['reference']} is {place.meeting['status']} already.")
    known = {"at": place.meeting["at"]} if deed_name == "move-meeting" else {}
    return _page(request, place, words, filled(words.fields, known))


@routes.post("/meetings/{reference}/{deed_name}")
@policy(for_roles(Role.COORDINATOR))
def do_to_meeting(request: Request, reader: Reader, reference: str, deed_name: str, form: Posted) -> Response:
    """Move, cancel or close a meeting, and show it."""
    words = _words(deed_name)
    place = _Place(request, reference, reader)
    also = place.attendance(form) if deed_name == "close-meeting" else {}
    done = send(request, reader, deed_name, reference, form, words.fields, also=also)
    if done is None:
        return _page(request, _Place(request, reference, reader), words, form)
    more = f" {when(request, reader, done.reference)}" if deed_name == "move-meeting" else ""
    leave_message(request, f"{done.reference} {words.done}.{more}")
    return see_other(f"/meetings/{done.reference}")


def _words(deed_name: str) -> _Words:
    if deed_name not in _FORMS:
        raise NotFound("There is no such page.")
    return _FORMS[deed_name]


class _Place:
    """A meeting as it stands, and the agencies whose people may have come; raises `NotFound` or `NotAllowed`."""

    def __init__(self, request: Request, reference: str, reader: Doer) -> None:
        house = house_of(request)
        with reading(house.engine) as session:
            self.meeting: Document = show(session, "meeting", reference, reader, house.now())
            partnership: Partnership = partnership_by_code(session, self.meeting["partnership"])
            agencies = agencies_of(session, partnership.id)
            self.came = [Field(f"came-{one.id}", Kind.ONE_OF, one.name, choices=_CAME) for one in agencies]
        if not reader.has(Role.COORDINATOR, partnership.id):
            raise NotAllowed("This page is for the coordinator of the partnership.")

    def attendance(self, form: Form) -> dict[str, Any]:
        """Give who came, as far as that was answered."""
        return {"attendance": {field.label: form.text(field.name) for field in self.came if form.text(field.name)}}


def _page(request: Request, place: _Place, words: _Words, form: Form) -> Response:
    meeting = place.meeting
    return form_page(
        request,
        "pages/meetings/form.html",
        form,
        words.fields,
        words=words,
        meeting=meeting,
        hour=hour(meeting["on"], meeting["at"]),
        came=place.came if words is _FORMS["close-meeting"] else [],
    )
