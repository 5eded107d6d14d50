"""What the coordinator does to a meeting: moved, cancelled, or closed with what was said and who came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.database import reading
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.groups.bodies import sitting_on
from tracker.groups.models import Group, Partnership
from tracker.groups.queries import meeting_by_reference, partnership_by_code
from tracker.papers.agenda import STANDING
from tracker.papers.agenda_editing import headings_of, left_out_of
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
from tracker.web.meeting_scheduling import HOUR, PLACE, when
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


_TOLD = "Members are told by email, unless your partnership has that switched off."
_REASON = Field("reason", Kind.WORDS, "Reason", hint=NO_NAMES, missing="Give the reason")
_NEW_DAY = Field("on", Kind.DATE, "On which day is it now?", missing="Enter the new day of the meeting")
_POINTS = Field("key_points", Kind.WORDS, "Key points (optional)", hint=NO_NAMES, rows=8)
_ITEM = Field("add", Kind.LINE, "Add an item (optional)", hint=NO_NAMES, width=30)
_CAME = (Choice("yes", "Came"), Choice("no", "Did not come"))

_FORMS: Mapping[str, _Words] = {
    "move-meeting": _Words(
        "Move this meeting",
        "Its digest moves with it. One that was sent already is replaced. " + _TOLD,
        "Move the meeting",
        "is moved",
        (_NEW_DAY, HOUR),
    ),
    "edit-meeting": _Words(
        "Say where this meeting is and who is in its chair",
        "Both stand in the calendars of the members. The chair may go round from meeting to meeting.",
        "Save",
        "is changed",
        (),
    ),
    "edit-agenda": _Words(
        "Change the agenda of this meeting",
        "The agenda is made from the work. Add what else is to be discussed, or leave a heading out of this meeting. "
        "The item on escalations always stands.",
        "Save the agenda",
        "has its agenda",
        (),
    ),
    "freeze-pack": _Words(
        "Freeze the papers of this meeting",
        "They are kept as they stand now, and can be shown again in years. Papers that were frozen before stay as they "
        "are: what has changed since is listed in a supplement.",
        "Freeze the papers",
        "has its papers frozen",
        (),
    ),
    "hold-digest": _Words(
        "Hold the digest of this meeting",
        "It does not go until you let it go or send it, also when its time has come.",
        "Hold the digest",
        "has its digest held",
        (_REASON,),
    ),
    "release-digest": _Words(
        "Let the digest of this meeting go",
        "It goes at its time. Where that has passed, it goes with the next post.",
        "Let the digest go",
        "has its digest let go",
        (),
    ),
    "send-digest": _Words(
        "Send the digest of this meeting now",
        "It goes with the next post to the members of the group, with the figures of that moment. It goes once.",
        "Send the digest now",
        "has its digest sent with the next post",
        (),
    ),
    "end-series": _Words(
        "End this series",
        "This meeting and all later ones of its series are cancelled. Those before it stay as they are. " + _TOLD,
        "End the series",
        "and the later meetings of its series are cancelled",
        (_REASON,),
    ),
    "cancel-meeting": _Words(
        "Cancel this meeting",
        "A digest that was not sent is not sent. " + _TOLD,
        "Cancel the meeting",
        "is cancelled",
        (_REASON,),
    ),
    "close-meeting": _Words(
        "Close this meeting",
        "What was said stands on the agenda of the next meeting. The action list goes to the members of the group by "
        "email: decisions, answers, escalations and actions that were recorded.",
        "Close the meeting",
        "is closed",
        (_POINTS,),
    ),
}


@routes.get("/meetings/{reference}/{deed_name}")
@policy(for_roles(Role.COORDINATOR))
def meeting_form(request: Request, reader: Reader, reference: str, deed_name: str) -> Response:
    """Show the form to change, move, cancel or close a meeting, or its agenda."""
    _words(deed_name)
    place = _Place(request, reference, reader)
    if place.meeting["status"] != "planned":
        raise Refused(f"{place.meeting['reference']} is {place.meeting['status']} already.")
    return _page(request, place, deed_name, filled(place.fields(deed_name), place.known(deed_name)))


@routes.post("/meetings/{reference}/{deed_name}")
@policy(for_roles(Role.COORDINATOR))
def do_to_meeting(request: Request, reader: Reader, reference: str, deed_name: str, form: Posted) -> Response:
    """Change, move, cancel or close a meeting, or its agenda, and show it."""
    words = _words(deed_name)
    place = _Place(request, reference, reader)
    also, fields = place.also(deed_name, form), place.fields(deed_name)
    asked = [field for field in fields if field.name not in _PUT_TOGETHER]
    places = {field.name: field for field in fields}
    done = send(request, reader, deed_name, reference, form, asked, also=also, places=places)
    if done is None:
        return _page(request, _Place(request, reference, reader), deed_name, form)
    more = f" {when(request, reader, done.reference)}" if deed_name == "move-meeting" else ""
    leave_message(request, f"{done.reference} {words.done}.{more}")
    return see_other(f"/meetings/{done.reference}")


def _words(deed_name: str) -> _Words:
    if deed_name not in _FORMS:
        raise NotFound("There is no such page.")
    return _FORMS[deed_name]


# What the page puts together itself: what was left empty says something too.
_PUT_TOGETHER = ("place", "chair", "add", "back", "remove")


class _Place:
    """A meeting as it stands, with what its forms ask about it; raises `NotFound` or `NotAllowed`."""

    def __init__(self, request: Request, reference: str, reader: Doer) -> None:
        house = house_of(request)
        with reading(house.engine) as session:
            self.meeting: Document = show(session, "meeting", reference, reader, house.now())
            partnership: Partnership = partnership_by_code(session, self.meeting["partnership"])
            agencies = agencies_of(session, partnership.id)
            self.came = [Field(f"came-{one.id}", Kind.ONE_OF, one.name, choices=_CAME) for one in agencies]
            found = meeting_by_reference(session, reference)
            members = sitting_on(session, session.get_one(Group, found.group_id), reader.day)
            self._chairs = [Choice(one.email or one.name, one.name) for one in members]
            hidden = barred_cases_named(session, reader.id)
            self._headings, self._left_out = (
                [Choice(code, without_references(words, hidden)) for code, words in items if code != STANDING]
                for items in (headings_of(session, found), left_out_of(session, found))
            )
        if not reader.has(Role.COORDINATOR, partnership.id):
            raise NotAllowed("This page is for the coordinator of the partnership.")

    def fields(self, deed_name: str) -> Sequence[Field]:
        """Give what a form asks about this meeting."""
        if deed_name == "edit-meeting":
            hint = "Without a choice the chair of the group is in the chair."
            return (PLACE, Field("chair", Kind.SELECT, "Who is in the chair? (optional)", hint, choices=self._chairs))
        if deed_name != "edit-agenda":
            return _FORMS[deed_name].fields
        back = Field("back", Kind.SOME_OF, "Bring back what was left out", choices=self._left_out)
        remove = Field("remove", Kind.SOME_OF, "Leave out of this meeting", choices=self._headings)
        return (_ITEM, remove, *([back] if self._left_out else []))

    def known(self, deed_name: str) -> dict[str, Any]:
        """Give what stands in a form from the beginning."""
        if deed_name == "edit-meeting":
            chosen = [one.value for one in self._chairs if one.words == self.meeting["chair"]]
            return {"place": self.meeting["place"], "chair": chosen[0] if chosen else None}
        return {"at": self.meeting["at"]} if deed_name == "move-meeting" else {}

    def also(self, deed_name: str, form: Form) -> dict[str, Any]:
        """Give the facts that a page puts together itself."""
        if deed_name == "edit-meeting":
            return {"place": form.text("place"), "chair": form.text("chair")}
        if deed_name == "edit-agenda":
            added = [words for words in [form.text("add"), *form.all("back")] if words]
            return {"add": added, "remove": form.all("remove")}
        return {"attendance": self._attendance(form)} if deed_name == "close-meeting" else {}

    def _attendance(self, form: Form) -> dict[str, str]:
        """Give who came, as far as that was answered."""
        return {field.label: form.text(field.name) for field in self.came if form.text(field.name)}


def _page(request: Request, place: _Place, deed_name: str, form: Form) -> Response:
    meeting = place.meeting
    return form_page(
        request,
        "pages/meetings/form.html",
        form,
        place.fields(deed_name),
        words=_FORMS[deed_name],
        meeting=meeting,
        hour=hour(meeting["on"], meeting["at"]),
        came=place.came if deed_name == "close-meeting" else [],
    )
