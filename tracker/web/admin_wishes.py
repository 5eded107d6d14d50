"""Which emails somebody gets, as who looks after the partnership sees and changes it."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.errors import NotFound
from tracker.loading.wishes import DEED, Wishes, change_wishes
from tracker.people.doer import Doer
from tracker.policy import policy
from tracker.showing.people import PersonRead
from tracker.web.admin import FOR_ADMINISTRATORS, Here, Place, admin_page
from tracker.web.admin_once import Doing, done_once
from tracker.web.admin_people import person_at
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Now, Reader
from tracker.web.wishes_form import SAID, form_of, wishes_fields, wishes_in

routes = APIRouter()


@routes.get("/admin/people/{code}/wishes")
@policy(FOR_ADMINISTRATORS)
def wishes(request: Request, db: Db, reader: Reader, here: Here, code: str) -> Response:
    """Ask which emails somebody is to get."""
    read = _written_to(request, db, reader, here, code)
    known = Wishes.of(read.person, reader.day)
    return _page(request, here, code, read, known, form_of(known))


@routes.post("/admin/people/{code}/wishes")
@policy(FOR_ADMINISTRATORS)
def change(request: Request, db: Db, reader: Reader, now: Now, here: Here, code: str, form: Posted) -> Response:
    """Keep which emails somebody is to get; what does not fit comes back."""
    read = _written_to(request, db, reader, here, code)
    known = Wishes.of(read.person, reader.day)
    wished, person_id = wishes_in(form, known), read.person.id

    def act(session: Session, by: Doer) -> None:
        change_wishes(session, person_id, wished, now=now, by=by, at=here.partnership)

    facts = {"person": code, "wished": str(wished)}
    if not done_once(request, reader, form, Doing(DEED, here.partnership, facts), act, SAID):
        return _page(request, here, code, read, known, form)
    leave_message(request, f"Which emails {read.person.name} gets is kept.")
    return see_other(here.at(f"/admin/people/{code}"))


def _written_to(request: Request, db: Session, reader: Doer, here: Place, code: str) -> PersonRead:
    read = person_at(house_of(request), db, here, code)
    if read.person.email is None or read.has_left(reader.day):
        raise NotFound("Nobody writes to them.")
    return read


def _page(request: Request, here: Place, code: str, read: PersonRead, known: Wishes, form: Form) -> Response:
    status = form.status if form.errors else 200
    fields = wishes_fields("them")
    shown = {"read": read, "code": code, "known": known, "fields": fields, "form": form}
    return admin_page(request, "person_wishes", here, status, **shown)
