"""The groups of a partnership: what stands above which, who belongs to each, and what its agendas are made from."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.errors import NotAllowed, NotFound
from tracker.escalations.ending_groups import ended_with_something_open
from tracker.groups.bodies import members_and_chair, standing_groups
from tracker.groups.models import Group
from tracker.groups.queries import group_by_code
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.people.queries import person_with_id
from tracker.policy import policy
from tracker.showing.show import show
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page
from tracker.web.deed_forms import send
from tracker.web.fields import Choice, Field, Kind, filled
from tracker.web.forms import Form, Posted
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()

_SHOWN = [
    Choice("plan", "The action plan", "What is overdue, silent, or due before the next meeting."),
    Choice("cases", "The cases", "What has changed in each since the last meeting."),
]
_CHAIR = [Choice("no", "As a member"), Choice("yes", "In the chair", "The chair before stays a member.")]
_NAME = Field("name", Kind.LINE, "Name of the group", missing="Enter the name of the group", width=30)
_ENDS = "Today asks you then which group goes on with what is open."
# What each form is called, what its button says, and what was done.
_WORDS = {
    "edit-group": ("Change this group", "Save", "is changed"),
    "add-member": ("Add a member or give the chair", "Add", "has its member"),
    "end-member": ("Take a member out", "Take out", "has one member less"),
    "end-group": ("End this group", "End the group", "has ended"),
}


@routes.get("/admin/groups")
@policy(FOR_ADMINISTRATORS)
def groups(request: Request, db: Db, reader: Reader, now: Now, here: Here) -> Response:
    """List the groups with what stands above each, its chair, its members and its sponsor."""
    document = show(db, "partnership", here.partnership.code, reader, now)
    names = {group["code"]: group["name"] for group in document["groups"]}
    deeds = [deed for deed in _WORDS if _may(reader, here, deed)]
    return admin_page(
        request,
        "groups",
        here,
        groups=document["groups"],
        names=names,
        deeds=deeds,
        words=_WORDS,
        deciding=document["deciding_group"],
        left={one.code: one.left for one in ended_with_something_open(db, [here.partnership.id], reader.day, reader)},
    )


@routes.get("/admin/groups/new")
@policy(FOR_ADMINISTRATORS)
def new_group(request: Request, db: Db, reader: Reader, here: Here) -> Response:
    """Ask for a new group."""
    return _new(request, here, Form(), _fields_of_new(db, reader, here))


@routes.post("/admin/groups/new")
@policy(FOR_ADMINISTRATORS)
def add_group(request: Request, db: Db, reader: Reader, here: Here, form: Posted) -> Response:
    """Add a group, and go on to the list."""
    fields = _fields_of_new(db, reader, here)
    if send(request, reader, "add-group", here.partnership.code, form, fields) is None:
        return _new(request, here, form, fields)
    leave_message(request, f"{form.text('name')} is added.")
    return see_other(here.at("/admin/groups"))


@routes.get("/admin/groups/{code}/{deed_name}")
@policy(FOR_ADMINISTRATORS)
def group_form(request: Request, db: Db, reader: Reader, here: Here, code: str, deed_name: str) -> Response:
    """Show a form about a group."""
    group = _group(db, reader, here, code, deed_name)
    sponsor = None if group.sponsor_id is None else person_with_id(db, group.sponsor_id)
    known = {
        "name": group.name,
        "shown": group.shows,
        "escalates_to": _code(db, group.escalates_to_id),
        "sponsor": None if sponsor is None else sponsor.email or sponsor.name,
        "chair": "no",
    }
    fields = _fields(db, reader, here, group, deed_name)
    return _form(request, here, group, deed_name, filled(fields, known), fields)


@routes.post("/admin/groups/{code}/{deed_name}")
@policy(FOR_ADMINISTRATORS)
def do_to_group(
    request: Request, db: Db, reader: Reader, here: Here, code: str, deed_name: str, form: Posted
) -> Response:
    """Change a group, its members or its chair, or end it; and go on to the list."""
    group = _group(db, reader, here, code, deed_name)
    fields = _fields(db, reader, here, group, deed_name)
    also: dict[str, Any] = {"group": group.code}
    if deed_name == "edit-group":
        also |= {"escalates_to": form.text("escalates_to"), "sponsor": form.text("sponsor"), "shown": form.all("shown")}
    asked = [field for field in fields if field.name not in also]
    places = {field.name: field for field in fields}
    if send(request, reader, deed_name, here.partnership.code, form, asked, also=also, places=places) is None:
        return _form(request, here, group, deed_name, form, fields)
    leave_message(request, f"{group.name} {_WORDS[deed_name][2]}.")
    return see_other(here.at("/admin/groups"))


def _may(reader: Doer, here: Place, deed_name: str) -> bool:
    return bool(ROLES_FOR[deed_name.replace("-", "_")] & reader.roles_in(here.partnership.id))


def _group(session: Session, reader: Doer, here: Place, code: str, deed_name: str) -> Group:
    if deed_name not in _WORDS:
        raise NotFound("There is no such page.")
    group = group_by_code(session, code, partnership_id=here.partnership.id)
    if not _may(reader, here, deed_name):
        raise NotAllowed("This page is for the coordinator of the partnership.")
    return group


def _code(session: Session, group_id: int | None) -> str | None:
    return None if group_id is None else session.get_one(Group, group_id).code


def _others(session: Session, reader: Doer, here: Place, group: Group | None) -> list[Choice]:
    standing = standing_groups(session, [here.partnership.id], reader.day)
    return [Choice(one.code, one.name) for one in standing if group is None or one.id != group.id]


def _of_group(session: Session, reader: Doer, here: Place, group: Group | None) -> list[Field]:
    above = _others(session, reader, here, group)
    return [
        Field("escalates_to", Kind.SELECT, "Which group stands above it? (optional)", choices=above),
        Field(
            "sponsor", Kind.LINE, "Sponsor on the Executive (optional)", hint="An email address, or a name", width=30
        ),
        Field("shown", Kind.SOME_OF, "From what are its agendas made? (optional)", choices=_SHOWN),
    ]


def _fields_of_new(session: Session, reader: Doer, here: Place) -> Sequence[Field]:
    return [
        _NAME,
        Field(
            "code",
            Kind.LINE,
            "Short code",
            hint="2 to 40 small letters, digits and underscores, like esf. It is never changed.",
            missing="Enter a short code",
            width=10,
        ),
        *_of_group(session, reader, here, None),
        Field("ends_on", Kind.DATE, "On which day does it end? (only for a group with an end)", hint=_ENDS),
    ]


def _fields(session: Session, reader: Doer, here: Place, group: Group, deed_name: str) -> Sequence[Field]:
    if deed_name == "edit-group":
        return [_NAME, *_of_group(session, reader, here, group)]
    if deed_name == "add-member":
        who = Field("person", Kind.LINE, "Who?", hint="An email address, or a name", missing="Say who it is", width=30)
        as_chair = Field(
            "chair", Kind.ONE_OF, "How?", choices=_CHAIR, missing="Choose how", as_fact=lambda typed: typed == "yes"
        )
        return [who, as_chair]
    if deed_name == "end-member":
        members = [person for person, _ in members_and_chair(session, group, reader.day)]
        choices = [Choice(one.email or one.name, one.name) for one in members]
        return [Field("person", Kind.SELECT, "Who leaves the group?", missing="Choose who leaves", choices=choices)]
    heirs = _others(session, reader, here, group)
    return [
        Field("reason", Kind.WORDS, "Reason", missing="Give the reason", rows=3),
        Field(
            "passes_to",
            Kind.SELECT,
            "Which group goes on with its open escalations and the groups below it?",
            hint="Its meetings to come are cancelled.",
            choices=heirs,
        ),
    ]


def _new(request: Request, here: Place, form: Form, fields: Sequence[Field]) -> Response:
    status = form.status if form.errors else 200
    return admin_page(
        request,
        "group_form",
        here,
        status,
        form=form,
        fields=fields,
        heading="Add a group",
        button="Add the group",
        over="",
    )


def _form(request: Request, here: Place, group: Group, deed_name: str, form: Form, fields: Sequence[Field]) -> Response:
    heading, button, _ = _WORDS[deed_name]
    status = form.status if form.errors else 200
    return admin_page(
        request, "group_form", here, status, form=form, fields=fields, heading=heading, button=button, over=group.name
    )
