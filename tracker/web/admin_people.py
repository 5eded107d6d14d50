"""Who there is in a partnership: the list, one person, and adding somebody."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session, col, select

from tracker.database import reading
from tracker.errors import NotFound
from tracker.groups.models import Group
from tracker.loading.addresses import address_works
from tracker.loading.inviting import invite_person
from tracker.loading.people import NewPerson, add_person
from tracker.loading.wishes import Wishes
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.people.queries import person_by_email
from tracker.people.roles import Role
from tracker.policy import policy
from tracker.showing.people import PersonRead, open_actions_of, people_read, sign_in_state
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page, code_of, portion
from tracker.web.admin_once import Doing, done_once
from tracker.web.email_ledger import ledger_to
from tracker.web.fields import Choice, Field, Kind, facts_of
from tracker.web.forms import Form, Posted
from tracker.web.house import House, house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Reader
from tracker.web.wishes_form import in_words
from workflows.wording import capital

routes = APIRouter()

ROLE_HINTS = {
    Role.COORDINATOR: "Sees every case, records steps, checks updates.",
    Role.PANEL: "Sits on the rapid review panel.",
    Role.EXECUTIVE: "Decides on cases and answers escalations. Sees every case.",
    Role.COMMISSIONER: "Decides where the process gives it to a commissioner. Sees every case.",
    Role.PARTNER: "Answers for one safeguarding partner. Choose the agency too.",
    Role.LEAD_REPRESENTATIVE: "Answers escalations that are passed up.",
    Role.GROUP_CHAIR: "Chairs a group and raises escalations for it.",
    Role.AGENCY_LEAD: "Sees every action of one agency. Choose the agency too.",
    Role.REVIEWER: "Leads a method of a review, on cases they are named on.",
    Role.SCRUTINEER: "Reads every case and changes nothing.",
    Role.OWNER: "Owns actions and updates them by a link in an email.",
    Role.ADMIN: "Looks after people and settings. Sees no case.",
}
SAID = {
    "no_role": ("roles", "Choose at least one role or group"),
    "no_agency": ("agency", "Choose the agency that they answer for"),
    "bad_email": ("email", "Enter a work email address, like name@agency.example"),
    "bad_name": ("name", "Enter a name on one line, 200 characters or fewer, with at least one word"),
    "same_person": ("email", ""),
}


def person_at(house: House, db: Session, here: Place, code: str) -> PersonRead:
    """Find a person of the partnership by public code; raises `NotFound`."""
    for read in people_read(db, here.partnership.id):
        if read.person.kind == "person" and code_of(house, "person", read.person.id) == code:
            return read
    raise NotFound("There is nobody here with this address.")


@routes.get("/admin/people")
@policy(FOR_ADMINISTRATORS)
def people(request: Request, db: Db, reader: Reader, here: Here) -> Response:
    """List everybody with roles, groups, agency and address; whoever has left only where that is asked for."""
    house = house_of(request)
    words = request.query_params.get("words", "").strip()[:100]
    left = request.query_params.get("left") == "yes"
    found = [read for read in people_read(db, here.partnership.id) if read.has_left(reader.day) is left]
    found = [read for read in found if read.has_word(words, reader.day)]
    persons = [read for read in found if read.person.kind == "person"]
    shown = portion(request, persons)
    return admin_page(
        request,
        "people",
        here,
        words=words,
        left=left,
        shown=shown,
        posts=[read for read in found if read.person.kind == "post"],
        codes={read.person.id: code_of(house, "person", read.person.id) for read in shown.rows},
        at_page=lambda number: here.at("/admin/people", words=words, left="yes" if left else "", page=number),
    )


@routes.get("/admin/people/new")
@policy(FOR_ADMINISTRATORS)
def new(request: Request, db: Db, here: Here) -> Response:
    """Ask who is to be added."""
    return admin_page(request, "person_new", here, form=Form(), fields=_fields(db, here))


@routes.post("/admin/people/new")
@policy(FOR_ADMINISTRATORS)
def add(request: Request, db: Db, reader: Reader, here: Here, form: Posted) -> Response:
    """Add somebody, and go on to the page where they can be invited."""
    house, fields = house_of(request), _fields(db, here)
    facts = facts_of(form, fields)
    added = NewPerson(
        name=facts.get("name", ""),
        partnership=here.partnership.code,
        roles=tuple(facts.get("roles", ())),
        email=facts.get("email"),
        agency=facts.get("agency"),
        groups=tuple(facts.get("groups", ())),
        chairs=tuple(facts.get("chairs", ())),
        post=facts.get("post"),
        deputy=bool(facts.get("deputy")),
    )
    doing = Doing("people_add", here.partnership, facts)
    now = house.now()
    if not done_once(request, reader, form, doing, lambda session, by: add_person(session, added, now, by), SAID):
        return admin_page(request, "person_new", here, form.status, form=form, fields=fields)
    leave_message(request, f"{added.name} has been added.")
    return see_other(here.at(_path_of(house, added)))


@routes.get("/admin/people/{code}")
@policy(FOR_ADMINISTRATORS)
def person(request: Request, db: Db, reader: Reader, here: Here, code: str) -> Response:
    """Show one person: roles over time, groups, posts, open actions, and how it stands with signing in."""
    return _person(request, db, reader, here, person_at(house_of(request), db, here, code), Form())


def _person(request: Request, db: Session, reader: Doer, here: Place, read: PersonRead, form: Form) -> Response:
    return admin_page(
        request,
        "person",
        here,
        form.status if form.errors else 200,
        form=form,
        read=read,
        code=code_of(house_of(request), "person", read.person.id),
        held=sorted(read.held, key=lambda one: one.from_on, reverse=True),
        actions=open_actions_of(db, read.person.id, reader),
        emails=in_words(Wishes.of(read.person, reader.day)),
        state=sign_in_state(db, read.person.id),
        is_reader=read.person.id == reader.id,
        ledger=ledger_to(request, db, reader, here.partnership, read.person),
    )


@routes.post("/admin/people/{code}/invitation")
@policy(FOR_ADMINISTRATORS)
def invite(request: Request, db: Db, reader: Reader, here: Here, code: str, form: Posted) -> Response:
    """Send somebody the email with which they choose a password."""
    house = house_of(request)
    read, now = person_at(house, db, here, code), house.now()
    email = read.person.email or ""

    def act(session: Session, by: Doer) -> None:
        invite_person(session, here.partnership, email, house.secret, now=now, by=by)

    if not done_once(request, reader, form, Doing("invitation", here.partnership, {"person": code}), act):
        return _person(request, db, reader, here, read, form)
    leave_message(request, f"An invitation goes to {read.person.name}.")
    return see_other(here.at(f"/admin/people/{code}"))


@routes.post("/admin/people/{code}/address")
@policy(FOR_ADMINISTRATORS)
def say_it_works(request: Request, db: Db, reader: Reader, here: Here, code: str, form: Posted) -> Response:
    """Take it back that somebody's address refuses emails."""
    house = house_of(request)
    read, now = person_at(house, db, here, code), house.now()

    def act(session: Session, by: Doer) -> None:
        address_works(session, here.partnership, session.get_one(Person, read.person.id), now=now, by=by)

    if not done_once(request, reader, form, Doing("address_works", here.partnership, {"person": code}), act):
        return _person(request, db, reader, here, read, form)
    leave_message(request, f"Emails go to {read.person.name} again.")
    return see_other(here.at(f"/admin/people/{code}"))


def _path_of(house: House, added: NewPerson) -> str:
    """Give the page of somebody who was added; of whoever has no address, the list."""
    if not added.email:
        return "/admin/people"
    with reading(house.engine) as session:
        return f"/admin/people/{code_of(house, 'person', person_by_email(session, added.email).id)}"


def _fields(db: Session, here: Place) -> list[Field]:
    agencies = db.exec(select(Agency.name).where(Agency.partnership_id == here.partnership.id).order_by(Agency.name))
    known = select(Group).where(Group.partnership_id == here.partnership.id, col(Group.ended_on).is_(None))
    groups = [Choice(group.code, group.name) for group in db.exec(known.order_by(Group.name))]
    roles = [Choice(role.value, capital(role.words), ROLE_HINTS[role]) for role in Role]
    return [
        Field("name", Kind.LINE, "Name", missing="Enter their name", width=30),
        Field("email", Kind.LINE, "Work email address", hint="Leave it empty if nobody writes to them.", width=30),
        Field("roles", Kind.SOME_OF, "Roles", choices=roles, hint="Choose all that apply. They begin today."),
        Field("agency", Kind.SELECT, "Agency", choices=[Choice(name, name) for name in agencies]),
        Field("deputy", Kind.TICK, "They deputise for the lead of the agency"),
        Field("groups", Kind.SOME_OF, "Groups they belong to", choices=groups),
        Field("chairs", Kind.SOME_OF, "Groups they chair", choices=groups),
        Field(
            "post", Kind.LINE, "Post", hint="For example, Head of early help. The post stays when they leave.", width=30
        ),
    ]
