"""The agencies of a partnership: the list, adding one, and who leads and deputises for each."""

from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session, col, select

from tracker.errors import NotFound
from tracker.loading.agencies import add_agency, name_lead
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.policy import policy
from tracker.showing.people import PersonRead, leads_by_agency, people_read
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page, code_of
from tracker.web.admin_once import Doing, done_once
from tracker.web.fields import Choice, Field, Kind, facts_of
from tracker.web.forms import Form, Posted
from tracker.web.house import House, house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Reader

routes = APIRouter()

NEW = [Field("name", Kind.LINE, "Name of the agency", missing="Enter the name of the agency", width=30)]
PARTS = [
    Choice("lead", "The lead", "Sees every action of the agency and passes actions on."),
    Choice("deputy", "The deputy", "The same, beside the lead."),
]


@routes.get("/admin/agencies")
@policy(FOR_ADMINISTRATORS)
def agencies(request: Request, db: Db, reader: Reader, here: Here) -> Response:
    """List the agencies with the lead and the deputy of each."""
    house = house_of(request)
    listed = _agencies(db, here)
    leads = leads_by_agency(db, here.partnership.id, reader.day)
    codes = {agency.id: code_of(house, "agency", agency.id) for agency in listed}
    return admin_page(request, "agencies", here, agencies=listed, leads=leads, codes=codes)


@routes.get("/admin/agencies/new")
@policy(FOR_ADMINISTRATORS)
def new(request: Request, here: Here) -> Response:
    """Ask which agency is to be added."""
    return admin_page(request, "agency_new", here, form=Form(), fields=NEW)


@routes.post("/admin/agencies/new")
@policy(FOR_ADMINISTRATORS)
def add(request: Request, reader: Reader, here: Here, form: Posted) -> Response:
    """Add an agency, and go on to the list."""
    name = str(facts_of(form, NEW).get("name", ""))
    now = house_of(request).now()

    def act(session: Session, by: Doer) -> object:
        return add_agency(session, here.partnership, name, now=now, by=by)

    doing = Doing("agency_add", here.partnership, {"name": name})
    unfit = "Enter a name on one line, 200 characters or fewer, with at least one word"
    said = {"bad_name": ("name", unfit), "already_done": ("name", "")}
    if not done_once(request, reader, form, doing, act, said):
        return admin_page(request, "agency_new", here, form.status, form=form, fields=NEW)
    leave_message(request, f"{name} has been added.")
    return see_other(here.at("/admin/agencies"))


@routes.get("/admin/agencies/{code}/lead")
@policy(FOR_ADMINISTRATORS)
def lead(request: Request, db: Db, reader: Reader, here: Here, code: str) -> Response:
    """Ask who leads or deputises for an agency."""
    agency = _agency_at(house_of(request), db, here, code)
    fields = _lead_fields(house_of(request), _candidates(db, reader, here, agency), agency)
    return admin_page(request, "agency_lead", here, agency=agency, form=Form(), fields=fields)


@routes.post("/admin/agencies/{code}/lead")
@policy(FOR_ADMINISTRATORS)
def change_lead(request: Request, db: Db, reader: Reader, here: Here, code: str, form: Posted) -> Response:
    """Let somebody lead or deputise from today, and go back to the list."""
    house = house_of(request)
    agency = _agency_at(house, db, here, code)
    candidates = _candidates(db, reader, here, agency)
    fields = _lead_fields(house, candidates, agency)
    facts = facts_of(form, fields)
    by_code = {code_of(house, "person", read.person.id): read for read in candidates}
    chosen = by_code.get(str(facts.get("person", "")))
    if chosen is None:
        form.says("person", _missing(agency))
    now, deputy = house.now(), facts.get("part") == "deputy"

    def act(session: Session, by: Doer) -> None:
        assert chosen is not None, "a form with errors does nothing"
        whose, who = session.get_one(Agency, agency.id), session.get_one(Person, chosen.person.id)
        name_lead(session, here.partnership, whose, who, deputy=deputy, now=now, by=by)

    doing = Doing("agency_lead", here.partnership, {"agency": agency.id, **facts})
    said = dict.fromkeys(("already_done", "not_theirs", "left", "same_person"), ("person", ""))
    if not done_once(request, reader, form, doing, act, said) or chosen is None:
        return admin_page(request, "agency_lead", here, form.status, agency=agency, form=form, fields=fields)
    does = "deputises for the lead of" if deputy else "leads for"
    leave_message(request, f"{chosen.person.name} {does} {agency.name} from today.")
    return see_other(here.at("/admin/agencies"))


def _agencies(db: Session, here: Place) -> Sequence[Agency]:
    question = select(Agency).where(Agency.partnership_id == here.partnership.id)
    return db.exec(question.order_by(col(Agency.name), col(Agency.id))).all()


def _agency_at(house: House, db: Session, here: Place, code: str) -> Agency:
    for agency in _agencies(db, here):
        if code_of(house, "agency", agency.id) == code:
            return agency
    raise NotFound("There is no agency here with this address.")


def _candidates(db: Session, reader: Doer, here: Place, agency: Agency) -> list[PersonRead]:
    """Give who can lead for an agency: its own people, and those who are of none."""
    return [
        read
        for read in people_read(db, here.partnership.id)
        if read.person.kind == "person"
        and read.person.agency_id in (None, agency.id)
        and not read.has_left(reader.day)
        and read.person.id != reader.id
    ]


def _lead_fields(house: House, candidates: Sequence[PersonRead], agency: Agency) -> list[Field]:
    choices = [Choice(code_of(house, "person", read.person.id), read.person.name) for read in candidates]
    hint = f"People of {agency.name}, and people of no agency. Add somebody first if they are not in the list."
    return [
        Field(
            "person", Kind.SELECT, "Who is it?", hint=hint, choices=choices, missing=f"Choose somebody of {agency.name}"
        ),
        Field("part", Kind.ONE_OF, "What do they become?", choices=PARTS, missing="Choose the lead or the deputy"),
    ]


def _missing(agency: Agency) -> str:
    return f"Choose somebody of {agency.name}"
