"""Signing in and out: the password, then the code of the authenticator or a recovery code."""

from collections.abc import Callable
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.database import if_it_can_be, reading
from tracker.people import authenticator, sign_in
from tracker.people.sessions import SignedIn
from tracker.people.sign_in import NotSignedIn
from tracker.policy import ANYBODY, HALF_SIGNED_IN, policy
from tracker.web.doorway import (
    address_of,
    end_current,
    entering,
    leaving,
    limited,
    next_step,
    say_on_next_page,
    wanted_by,
    with_next,
)
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.pages import counted, page, see_other
from tracker.web.visitors import Db

routes = APIRouter()


@routes.get("/sign-in")
@policy(ANYBODY)
def sign_in_page(request: Request) -> Response:
    """Show the first step of signing in; whoever is signed in is sent on."""
    signed_in: SignedIn | None = request.state.signed_in
    if signed_in is not None and signed_in.is_whole:
        return see_other(wanted_by(request))
    return _password_page(request, Form())


@routes.post("/sign-in")
@policy(ANYBODY)
def give_password(request: Request, form: Posted) -> Response:
    """Take an address and a password, and go on to the second step."""
    house = house_of(request)
    email, password = form.text("email"), form.typed.get("password", "")
    if not email:
        form.says("email", "Enter your email address")
    if not password:
        form.says("password", "Enter your password")
    if form.errors:
        return _password_page(request, form)
    try:
        with limited():
            token = sign_in.give_password(
                house.engine, email, password, from_address=address_of(request), now=house.now()
            )
    except NotSignedIn as wrong:
        form.says("email", str(wrong))
        return _password_page(request, form)
    end_current(request)
    return next_step(request, token, wanted_by(request, form))


def _password_page(request: Request, form: Form) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    has_left = request.query_params.get("signed") == "out" and not form.errors
    return page(request, "pages/sign_in/password.html", status, form=form, next=_next(request, form), has_left=has_left)


def _next(request: Request, form: Form) -> str:
    wanted = wanted_by(request, form)
    return "" if wanted == "/" else wanted


@routes.get("/sign-in/code")
@policy(HALF_SIGNED_IN)
def code_page(request: Request, db: Db) -> Response:
    """Ask for the code of the authenticator."""
    return _elsewhere(request, db) or _code_page(request, Form(), "code")


@routes.get("/sign-in/recovery")
@policy(HALF_SIGNED_IN)
def recovery_page(request: Request, db: Db) -> Response:
    """Ask for a recovery code."""
    return _elsewhere(request, db) or _code_page(request, Form(), "recovery")


@routes.post("/sign-in/code")
@policy(HALF_SIGNED_IN)
def give_code(request: Request, db: Db, form: Posted) -> Response:
    """Take the code of the authenticator, and let its holder in."""
    house = house_of(request)

    def given(signed_in: SignedIn, code: str) -> str:
        return sign_in.give_code(house.engine, signed_in, code, now=house.now(), at=house.codes_by())

    missing = "Enter the 6 figures that your authenticator app shows"
    token = _second_step(request, db, form, "code", missing, given)
    if isinstance(token, Response):
        return token
    return entering(request, see_other(wanted_by(request, form)), token)


@routes.post("/sign-in/recovery")
@policy(HALF_SIGNED_IN)
def give_recovery_code(request: Request, db: Db, form: Posted) -> Response:
    """Take a recovery code, let its holder in, and say how many are left."""
    house, signed_in = house_of(request), request.state.signed_in

    def given(signed_in: SignedIn, code: str) -> str:
        return sign_in.give_recovery_code(house.engine, signed_in, code, now=house.now())

    token = _second_step(request, db, form, "recovery", "Enter one of your recovery codes", given)
    if isinstance(token, Response):
        return token
    # The code is used up: whatever cannot be said of it, she is let in.
    with if_it_can_be("The number of recovery codes that are left"):
        with reading(house.engine) as session:
            left = authenticator.recovery_codes_left(session, signed_in.person_id)
        say_on_next_page(
            house,
            token,
            f"You have used a recovery code: {counted(left, 'is', 'are')} left. If your authenticator is lost, open "
            "your account (your name, above) and set up a new one.",
        )
    return entering(request, see_other(wanted_by(request, form)), token)


def _second_step(
    request: Request, db: Db, form: Form, which: str, missing: str, given: Callable[[SignedIn, str], str]
) -> str | Response:
    """Take what is given as the second factor, and give the token of the whole session; or the page that is due."""
    elsewhere = _elsewhere(request, db)
    if elsewhere is not None:
        return elsewhere
    code = form.text("code")
    if not code:
        form.says("code", missing)
        return _code_page(request, form, which)
    try:
        with limited():
            return given(request.state.signed_in, code)
    except NotSignedIn as wrong:
        form.says("code", str(wrong))
        return _code_page(request, form, which)


def _elsewhere(request: Request, db: Db) -> Response | None:
    """Send on whoever is through already, or has no authenticator yet."""
    signed_in: SignedIn = request.state.signed_in
    wanted = wanted_by(request)
    if signed_in.is_whole:
        return see_other(wanted)
    if not authenticator.has_authenticator(db, signed_in.person_id):
        return see_other(with_next("/sign-in/authenticator", wanted))
    return None


def _code_page(request: Request, form: Form, which: str) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    wanted = wanted_by(request, form)
    other = with_next("/sign-in/recovery" if which == "code" else "/sign-in/code", wanted)
    shown = {"form": form, "next": _next(request, form), "other": other}
    return page(request, f"pages/sign_in/{which}.html", status, **shown)


@routes.post("/sign-out")
@policy(HALF_SIGNED_IN)
def sign_out(request: Request, form: Posted) -> Response:
    """End the session of this browser."""
    end_current(request)
    return leaving(request, see_other("/sign-in?signed=out"))
