"""A person's own account: who she is here, where she is signed in, her tokens, her password."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session, col, select

from tracker.database import unit_of_work
from tracker.errors import Refused
from tracker.groups.feeds import feed_made_at
from tracker.groups.models import Group, Partnership
from tracker.loading.wishes import Wishes
from tracker.people import authenticator, joining, sessions, sign_in
from tracker.people.doer import Doer
from tracker.people.joining import PasswordRefused
from tracker.people.models import Person
from tracker.people.roles import Role
from tracker.policy import SIGNED_IN, policy
from tracker.web.doorway import address_of, entering, limited, say_on_next_page
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import page, see_other
from tracker.web.tokens import tokens_shown
from tracker.web.visitors import Db, Now, Reader
from tracker.web.wishes_form import KEPT, form_of, in_words, wish, wishes_fields

routes = APIRouter()


@routes.get("/account")
@policy(SIGNED_IN)
def account(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show somebody who she is here and where she is signed in."""
    house = house_of(request)
    return page(
        request,
        "pages/account/account.html",
        held=_held(db, reader),
        sessions=sessions.open_sessions(db, reader.id, now, house.idle, house.longest),
        emails=in_words(Wishes.of(db.get_one(Person, reader.id), reader.day)),
        tokens=tokens_shown(db, reader.id, now),
        calendar_made_at=feed_made_at(db, reader.id),
        codes_left=authenticator.recovery_codes_left(db, reader.id),
        idle=int(house.idle.total_seconds() // 60),
        longest=int(house.longest.total_seconds() // 3600),
    )


def _held(session: Session, reader: Doer) -> list[tuple[str, str]]:
    """Give what somebody is in each partnership, in words: her roles, then her groups."""
    ids = sorted({*reader.roles, *reader.groups})
    partnerships = session.exec(select(Partnership).where(col(Partnership.id).in_(ids)).order_by(col(Partnership.id)))
    held = []
    for partnership in partnerships:
        roles = [role.words.capitalize() for role in Role if reader.has(role, partnership.id)]
        codes = reader.groups_in(partnership.id)
        question = select(Group.name).where(Group.partnership_id == partnership.id, col(Group.code).in_(codes))
        groups = session.exec(question.order_by(col(Group.id))).all()
        held.append((partnership.name, ", ".join([*roles, *groups])))
    return held


@routes.get("/account/still-here.svg")
@policy(SIGNED_IN)
def still_here(request: Request, now: Now) -> Response:
    """Answer somebody who wants to stay signed in: that she asked is what counts, as with every page she opens.

    Where it could not be written down she does not stay, and is not told that she does.
    """
    if request.state.signed_in.rests_until - now <= house_of(request).idle - sessions.SEEN_EVERY:
        raise Refused("It could not be written down that you are still here.", code="database_unavailable")
    return Response('<svg xmlns="http://www.w3.org/2000/svg"/>', media_type="image/svg+xml")


@routes.post("/account/end-others")
@policy(SIGNED_IN)
def end_others(request: Request, reader: Reader, now: Now, form: Posted) -> Response:
    """End every other session of the reader."""
    house, signed_in = house_of(request), request.state.signed_in
    with unit_of_work(house.engine) as session:
        sessions.end_others(session, reader.id, signed_in.session_id, now)
        sessions.leave_message(session, signed_in.session_id, "You are signed out everywhere else.")
    return see_other("/account")


@routes.get("/account/emails")
@policy(SIGNED_IN)
def emails_page(request: Request, db: Db, reader: Reader) -> Response:
    """Ask somebody which emails she wants."""
    known = Wishes.of(db.get_one(Person, reader.id), reader.day)
    return _emails_page(request, known, form_of(known))


@routes.post("/account/emails")
@policy(SIGNED_IN)
def change_emails(request: Request, db: Db, reader: Reader, now: Now, form: Posted) -> Response:
    """Keep which emails somebody wants; what does not fit comes back."""
    known = Wishes.of(db.get_one(Person, reader.id), reader.day)
    if not wish(request, form, known, reader, now):
        return _emails_page(request, known, form)
    leave_message(request, KEPT)
    return see_other("/account")


def _emails_page(request: Request, known: Wishes, form: Form) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(request, "pages/account/emails.html", status, known=known, fields=wishes_fields(), form=form)


@routes.get("/account/password")
@policy(SIGNED_IN)
def password_page(request: Request) -> Response:
    """Ask for the old password and a new one."""
    return _password_page(request, Form())


@routes.post("/account/password")
@policy(SIGNED_IN)
def change_password(request: Request, form: Posted, now: Now) -> Response:
    """Keep another password; every other browser is signed out."""
    house, signed_in = house_of(request), request.state.signed_in
    old, new = form.typed.get("password", ""), form.typed.get("new_password", "")
    if not old:
        form.says("password", "Enter the password that you have now")
    if not new:
        form.says("new_password", "Enter the password that you choose")
    if form.errors:
        return _password_page(request, form)
    with limited():
        fits = sign_in.give_password_again(
            house.engine, signed_in, old, from_address=address_of(request), now=house.now()
        )
    if not fits:
        form.says("password", "The password is not right")
        return _password_page(request, form)
    try:
        token = joining.change_password(house.engine, signed_in, new, now)
    except PasswordRefused as wrong:
        form.says("new_password", str(wrong))
        return _password_page(request, form)
    say_on_next_page(house, token, "Your password is changed. You are signed out everywhere else.")
    return entering(request, see_other("/account"), token)


def _password_page(request: Request, form: Form) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(request, "pages/account/password.html", status, form=form)
