"""Who owns the open actions: of whom nobody is reached, and passing on all of somebody or of an agency at once."""

from collections.abc import Sequence
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session, col, select

from tracker.actions.owners import OwnerRead
from tracker.database import reading
from tracker.errors import NotFound
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_with_id
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.policy import for_roles, policy
from tracker.showing.owners import OwnerCount, not_reached, owner_counts, references_of
from tracker.showing.people import people_read
from tracker.web.action_choices import agencies_of, owner_of
from tracker.web.action_deeds import plainly
from tracker.web.admin import code_of
from tracker.web.deed_forms import form_page, send
from tracker.web.fields import NO_NAMES, Choice, Field, Kind
from tracker.web.forms import Form, Posted
from tracker.web.house import House, house_of
from tracker.web.messages import leave_message
from tracker.web.pages import counted, page, see_other
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()

PASSES_ON = for_roles(*ROLES_FOR["reassign_all"])
PASSES_AGENCIES_ON = for_roles(*ROLES_FOR["reassign_agency"])
MOST_NAMED = 8


@routes.get("/actions/owners")
@policy(PASSES_ON)
def owners(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show whose open actions reach nobody, and everybody else who owns some."""
    counts = _hers(owner_counts(db, reader, now), reader)
    unreached = not_reached(counts)
    house = house_of(request)
    return page(
        request,
        "pages/actions/owners.html",
        unreached=unreached,
        named=references_of(db, unreached, reader) if unreached else {},
        most=MOST_NAMED,
        others=[count for count in counts if count.why is None],
        codes={count.key: _code(house, count) for count in counts},
        may_pass_agencies=bool(reader.partnerships_as(*ROLES_FOR["reassign_agency"])),
    )


@routes.get("/actions/owners/agency")
@policy(PASSES_AGENCIES_ON)
def agency(request: Request, reader: Reader, partnership: str = "") -> Response:
    """Ask which agency's open actions pass to which other one."""
    with reading(house_of(request).engine) as session:
        here, several = _partnership(session, reader, partnership)
        fields = _agency_fields(session, here)
    return _agency_shown(request, Form(), fields, here, several)


@routes.post("/actions/owners/agency")
@policy(PASSES_AGENCIES_ON)
def pass_agency(request: Request, reader: Reader, form: Posted, partnership: str = "") -> Response:
    """Pass all open actions of an agency to another one."""
    with reading(house_of(request).engine) as session:
        here, several = _partnership(session, reader, partnership)
        fields = _agency_fields(session, here)
    try:
        done = send(request, reader, "reassign_agency", here.code, form, fields)
    except NotFound as nothing:
        form.says("agency", plainly(nothing))
        done = None
    if done is None:
        return _agency_shown(request, form, fields, here, several)
    leave_message(request, f"The open actions of {form.text('former')} are with {form.text('agency')} now")
    return see_other("/actions/owners")


@routes.get("/actions/owners/{code}")
@policy(PASSES_ON)
def owner(request: Request, db: Db, reader: Reader, now: Now, code: str) -> Response:
    """Ask to whom all open actions of an owner pass."""
    return _shown(request, db, reader, _found(request, db, reader, now, code), Form())


@routes.post("/actions/owners/{code}")
@policy(PASSES_ON)
def pass_on(request: Request, db: Db, reader: Reader, now: Now, code: str, form: Posted) -> Response:
    """Pass all open actions of an owner to somebody else, and go back to the owners."""
    count = _known(request, db, reader, now, code)
    assert count.owner is not None, "only owners are found"
    reason = [field for field in _fields(db, reader, count) if field.name == "reason"]
    also = owner_of(form, "Choose the new owner, or enter a work email address")
    also["former"] = count.owner.person.email or count.owner.person.name
    here = partnership_with_id(db, count.partnership_id)
    try:
        done = send(request, reader, "reassign_all", here.code, form, reason, also=also, places=_PLACES)
    except NotFound as nobody:
        form.says("owner_email", plainly(nobody))
        done = None
    if done is None:
        return _shown(request, db, reader, count, form)
    with reading(house_of(request).engine) as session:
        left = references_of(session, [count], reader).get(count.key, [])
    stay = f" {counted(len(left), 'action stays', 'actions stay')} where they are: {_listed(left)}." if left else ""
    leave_message(request, f"The open actions of {count.name} have a new owner.{stay}")
    return see_other("/actions/owners")


_PLACES = {
    code: Field("owner_email", Kind.LINE, "") for code in ("same_person", "left", "ambiguous", "nothing_to_pass")
}


def _hers(counts: Sequence[OwnerCount], reader: Doer) -> list[OwnerCount]:
    may = reader.partnerships_as(*ROLES_FOR["reassign_all"])
    return [count for count in counts if count.partnership_id in may]


def _code(house: House, count: OwnerCount) -> str:
    return code_of(house, f"owner in {count.partnership_id}", count.key[1] or 0)


def _found(request: Request, session: Session, reader: Doer, now: datetime, code: str) -> OwnerCount:
    house = house_of(request)
    for count in _hers(owner_counts(session, reader, now), reader):
        if count.owner is not None and _code(house, count) == code:
            return count
    raise NotFound("There is nobody here with open actions at this address.")


def _known(request: Request, session: Session, reader: Doer, now: datetime, code: str) -> OwnerCount:
    """Find an owner also when all has passed on: a form that is sent again is answered as the first time."""
    house = house_of(request)
    try:
        return _found(request, session, reader, now, code)
    except NotFound:
        for here in reader.partnerships_as(*ROLES_FOR["reassign_all"]):
            for read in people_read(session, here):
                count = OwnerCount(here, OwnerRead(read.person, read.person), 0, 0, None)
                if _code(house, count) == code:
                    return count
        raise


def _fields(session: Session, reader: Doer, count: OwnerCount) -> Sequence[Field]:
    choices = [
        Choice(str(read.person.email or read.person.name), ", ".join(filter(None, (read.person.name, read.agency))))
        for read in people_read(session, count.partnership_id)
        if not read.has_left(reader.day) and read.person.id != count.key[1]
    ]
    return (
        Field("owner", Kind.SELECT, "Who owns them from now on?", choices=choices),
        Field("owner_email", Kind.LINE, "Or somebody else, by work email address", "For example, name@agency.example."),
        Field("reason", Kind.WORDS, "Why do they pass to somebody else?", NO_NAMES, "Say why they pass on", rows=3),
    )


def _shown(request: Request, session: Session, reader: Doer, count: OwnerCount, form: Form) -> Response:
    named = references_of(session, [count], reader).get(count.key, [])
    fields = _fields(session, reader, count)
    seen = partnership_with_id(session, count.partnership_id).version
    return form_page(request, "pages/actions/pass_on.html", form, fields, count=count, named=named, seen=seen)


def _listed(named: Sequence[tuple[str, str | None]]) -> str:
    references = [reference for reference, _ in named[:MOST_NAMED]]
    more = len(named) - len(references)
    return ", ".join(references) + (f" and {more} more" if more else "")


def _partnership(session: Session, reader: Doer, code: str) -> tuple[Partnership, Sequence[Partnership]]:
    wanted = col(Partnership.id).in_(reader.partnerships_as(*ROLES_FOR["reassign_agency"]))
    found = session.exec(select(Partnership).where(wanted).order_by(col(Partnership.id))).all()
    chosen = [one for one in found if code in ("", one.code)]
    if not chosen:
        raise NotFound("There is no such partnership that you coordinate.")
    return chosen[0], found


def _agency_fields(session: Session, here: Partnership) -> Sequence[Field]:
    choices = agencies_of(session, [here.id])
    hint = "As it stands in the plan."
    return (
        Field("former", Kind.LINE, "Whose open actions pass on?", hint, "Enter the agency whose actions pass on"),
        Field("agency", Kind.SELECT, "To which agency?", "", "Choose the agency that has them from now on", choices),
        Field("reason", Kind.WORDS, "Why do they pass on?", NO_NAMES, "Say why they pass on", rows=3),
    )


def _agency_shown(
    request: Request, form: Form, fields: Sequence[Field], here: Partnership, several: Sequence[Partnership]
) -> Response:
    return form_page(request, "pages/actions/pass_agency.html", form, fields, here=here, several=several)
