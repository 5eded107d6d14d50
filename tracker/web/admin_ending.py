"""Ending somebody's access: who takes over is asked, everything is shown once more, and then it is done."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.errors import NotFound
from tracker.loading.leaving import end_time
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.policy import policy
from tracker.showing.people import PersonRead, open_actions_of, people_read
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page, code_of
from tracker.web.admin_once import Doing, done_once
from tracker.web.admin_people import person_at
from tracker.web.fields import Choice, Field, Kind, facts_of
from tracker.web.forms import Form, Posted
from tracker.web.house import House, house_of
from tracker.web.messages import leave_message
from tracker.web.pages import counted, see_other
from tracker.web.visitors import Db, Reader

routes = APIRouter()


@routes.get("/admin/people/{code}/end")
@policy(FOR_ADMINISTRATORS)
def ask(request: Request, db: Db, reader: Reader, here: Here, code: str) -> Response:
    """Ask who takes over the work of somebody who leaves."""
    read = _there(request, db, reader, here, code)
    return _asked(request, db, reader, here, read, Form({"passes_to": request.query_params.get("to", "")}))


@routes.post("/admin/people/{code}/end")
@policy(FOR_ADMINISTRATORS)
def choose(request: Request, db: Db, reader: Reader, here: Here, code: str, form: Posted) -> Response:
    """Take the answer to the page on which it is checked; nothing is changed yet."""
    read = _there(request, db, reader, here, code)
    fields = _fields(house_of(request), db, reader, here, read.person)
    chosen = facts_of(form, fields).get("passes_to")
    if not form.errors and chosen not in {choice.value for choice in fields[0].choices}:
        form.says("passes_to", "Choose somebody who is there")
    if form.errors:
        return _asked(request, db, reader, here, read, form)
    return see_other(here.at(f"/admin/people/{code}/end/check", to=chosen))


@routes.get("/admin/people/{code}/end/check")
@policy(FOR_ADMINISTRATORS)
def check(request: Request, db: Db, reader: Reader, here: Here, code: str, to: str = "") -> Response:
    """Show what will happen, with one button named for it."""
    read = _there(request, db, reader, here, code)
    return _checked(request, db, reader, here, read, _successor(request, db, here, read, to), Form())


@routes.post("/admin/people/{code}/end/check")
@policy(FOR_ADMINISTRATORS)
def end(request: Request, db: Db, reader: Reader, here: Here, code: str, form: Posted, to: str = "") -> Response:
    """End the access, pass on the work, and go back to the list of people."""
    read = person_at(house_of(request), db, here, code)
    successor = _successor(request, db, here, read, to)
    passed = open_actions_of(db, read.person.id, reader)
    now = house_of(request).now()

    def act(session: Session, by: Doer) -> object:
        leaver, heir = (session.get_one(Person, one.person.id) for one in (read, successor))
        return end_time(session, leaver, heir, now, by)

    doing = Doing("people_end", here.partnership, {"person": read.person.id, "passes_to": successor.person.id})
    if not done_once(request, reader, form, doing, act):
        return _checked(request, db, reader, here, read, successor, form)
    if not read.has_left(reader.day):
        passes = f" {counted(passed, 'action passes', 'actions pass')} to {successor.person.name}." if passed else ""
        leave_message(request, f"{read.person.name}’s access has ended.{passes}")
    return see_other(here.at("/admin/people"))


def _there(request: Request, db: Session, reader: Doer, here: Place, code: str) -> PersonRead:
    """Find somebody who is there and is not the reader; raises `NotFound`."""
    read = person_at(house_of(request), db, here, code)
    if read.has_left(reader.day) or read.person.id == reader.id:
        raise NotFound("There is nobody here whose access can be ended.")
    return read


def _successor(request: Request, db: Session, here: Place, read: PersonRead, to: str) -> PersonRead:
    found = person_at(house_of(request), db, here, to)
    if found.person.id == read.person.id:
        raise NotFound("Nobody takes over from themselves.")
    return found


def _fields(house: House, db: Session, reader: Doer, here: Place, leaver: Person) -> list[Field]:
    others = [
        read
        for read in people_read(db, here.partnership.id)
        if read.person.kind == "person" and read.person.id != leaver.id and not read.has_left(reader.day)
    ]
    choices = [
        Choice(code_of(house, "person", read.person.id), ", ".join(filter(None, (read.person.name, read.agency))))
        for read in others
    ]
    question = "Who takes over their work?"
    hint = "Their open actions, and the emails about them, go to this person."
    missing = "Choose who takes over their work"
    return [Field("passes_to", Kind.SELECT, question, hint=hint, missing=missing, choices=choices)]


def _asked(request: Request, db: Session, reader: Doer, here: Place, read: PersonRead, form: Form) -> Response:
    fields = _fields(house_of(request), db, reader, here, read.person)
    return admin_page(
        request,
        "ending",
        here,
        form.status if form.errors else 200,
        read=read,
        code=code_of(house_of(request), "person", read.person.id),
        actions=open_actions_of(db, read.person.id, reader),
        form=form,
        fields=fields,
    )


def _checked(
    request: Request, db: Session, reader: Doer, here: Place, read: PersonRead, successor: PersonRead, form: Form
) -> Response:
    code, to = (code_of(house_of(request), "person", one.person.id) for one in (read, successor))
    return admin_page(
        request,
        "ending_check",
        here,
        form.status if form.errors else 200,
        read=read,
        successor=successor,
        change=here.at(f"/admin/people/{code}/end", to=to),
        code=code,
        actions=open_actions_of(db, read.person.id, reader),
        form=form,
    )
