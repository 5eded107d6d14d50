"""Choosing a password with a link from an email: the first one, or another one when it was forgotten."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.people import joining
from tracker.people.joining import PasswordRefused
from tracker.people.tickets import Purpose
from tracker.policy import ANYBODY, BY_LINK, policy
from tracker.web.doorway import address_of, end_current, limited, next_step
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.pages import page

routes = APIRouter()


@routes.get("/sign-in/forgotten")
@policy(ANYBODY)
def forgotten_page(request: Request) -> Response:
    """Ask for the address of whoever has forgotten her password."""
    return page(request, "pages/sign_in/forgotten.html", form=Form(), is_asked=False)


@routes.post("/sign-in/forgotten")
@policy(ANYBODY)
def ask_for_reset(request: Request, form: Posted) -> Response:
    """Send an email to whoever has the address; the answer is the same for every address."""
    house = house_of(request)
    if not form.text("email"):
        form.says("email", "Enter your email address")
        return page(request, "pages/sign_in/forgotten.html", HTTPStatus.UNPROCESSABLE_ENTITY, form=form, is_asked=False)
    with limited():
        joining.ask_for_reset(
            house.engine, form.text("email"), house.secret, from_address=address_of(request), now=house.now()
        )
    return page(request, "pages/sign_in/forgotten.html", form=form, is_asked=True)


@routes.api_route("/welcome/{token}", methods=["GET", "HEAD"])
@policy(BY_LINK)
def welcome_page(request: Request, token: str) -> Response:
    """Let somebody who is invited choose her first password."""
    return _choosing(request, token, Purpose.INVITATION, Form())


@routes.post("/welcome/{token}")
@policy(BY_LINK)
def choose_first(request: Request, token: str, form: Posted) -> Response:
    """Keep the first password, and go on to the authenticator."""
    return _chosen(request, token, Purpose.INVITATION, form)


@routes.api_route("/reset/{token}", methods=["GET", "HEAD"])
@policy(BY_LINK)
def reset_page(request: Request, token: str) -> Response:
    """Let somebody who forgot her password choose another one."""
    return _choosing(request, token, Purpose.RESET, Form())


@routes.post("/reset/{token}")
@policy(BY_LINK)
def choose_another(request: Request, token: str, form: Posted) -> Response:
    """Keep another password, end every session, and go on to the code: a reset does not stand in for it."""
    return _chosen(request, token, Purpose.RESET, form)


def _choosing(request: Request, token: str, purpose: Purpose, form: Form) -> Response:
    house = house_of(request)
    email = joining.who_may_choose(house.engine, token, purpose, house.now())
    if email is None:
        return _broken(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(
        request,
        "pages/sign_in/choose.html",
        status,
        form=form,
        email=email,
        is_first=purpose is Purpose.INVITATION,
        form_token=house.form_token(f"link {token}"),
    )


def _chosen(request: Request, token: str, purpose: Purpose, form: Form) -> Response:
    house = house_of(request)
    password = form.typed.get("password", "")
    if not password:
        form.says("password", "Enter the password that you choose")
        return _choosing(request, token, purpose, form)
    try:
        session_token = joining.choose_password(house.engine, token, purpose, password, house.now())
    except PasswordRefused as wrong:
        form.says("password", str(wrong))
        return _choosing(request, token, purpose, form)
    if session_token is None:
        return _broken(request)
    end_current(request)
    return next_step(request, session_token, "/")


def _broken(request: Request) -> Response:
    """Say the same of a ticket that was used, that has run out, that was never made."""
    return page(request, "pages/sign_in/link_broken.html", HTTPStatus.NOT_FOUND)
