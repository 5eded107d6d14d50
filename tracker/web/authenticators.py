"""Setting up an authenticator: the QR code, the first code that confirms it, and the recovery codes, shown once."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from tracker.database import reading, unit_of_work
from tracker.people import authenticator, sign_in
from tracker.people.identities import Proof, identity_of
from tracker.people.sessions import SignedIn
from tracker.people.sign_in import NotSignedIn
from tracker.policy import HALF_SIGNED_IN, SIGNED_IN, policy
from tracker.web.doorway import address_of, entering, limited, wanted_by, with_next
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.pages import page, see_other
from tracker.web.visitors import Db, recognise

routes = APIRouter()

WRONG_PASSWORD = "The password is not right"
NO_PASSWORD = "Enter your password"
NO_CODE = "Enter the 6 figures that your authenticator app shows"


@routes.get("/sign-in/authenticator")
@policy(HALF_SIGNED_IN)
def first_page(request: Request, db: Db) -> Response:
    """Let somebody without an authenticator set one up; whoever has one is asked for its code."""
    return _elsewhere(request, db) or _set_up_page(request, Form())


@routes.post("/sign-in/authenticator")
@policy(HALF_SIGNED_IN)
def confirm_first(request: Request, db: Db, form: Posted) -> Response:
    """Keep the authenticator once its first code is right, let its holder in, and show her recovery codes."""
    return _elsewhere(request, db) or _confirmed(request, form)


def _elsewhere(request: Request, db: Db) -> Response | None:
    signed_in: SignedIn = request.state.signed_in
    if signed_in.is_whole:
        return see_other("/account/authenticator")
    if authenticator.has_authenticator(db, signed_in.person_id):
        return see_other(with_next("/sign-in/code", wanted_by(request)))
    return None


@routes.get("/account/authenticator")
@policy(SIGNED_IN)
def another_page(request: Request) -> Response:
    """Let somebody who is signed in change to another authenticator."""
    return _set_up_page(request, Form())


@routes.post("/account/authenticator")
@policy(SIGNED_IN)
def confirm_another(request: Request, form: Posted) -> Response:
    """Keep the new authenticator when the password and its first code are right; other browsers are signed out."""
    return _set_up_page(request, form) if not knows_password(request, form) else _confirmed(request, form)


@routes.get("/account/recovery-codes")
@policy(SIGNED_IN)
def recovery_codes_page(request: Request, db: Db) -> Response:
    """Ask for the password before new recovery codes are shown."""
    return _recovery_page(request, Form())


@routes.post("/account/recovery-codes")
@policy(SIGNED_IN)
def new_recovery_codes(request: Request, form: Posted) -> Response:
    """Make ten recovery codes in the place of those before, and show them once."""
    if not knows_password(request, form):
        return _recovery_page(request, form)
    house, signed_in = house_of(request), request.state.signed_in
    with unit_of_work(house.engine) as session:
        codes = authenticator.new_recovery_codes(session, signed_in.person_id, house.now())
    return page(request, "pages/sign_in/recovery_codes.html", codes=codes, on="/account", is_set_up=False)


def _recovery_page(request: Request, form: Form) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    house, signed_in = house_of(request), request.state.signed_in
    with reading(house.engine) as session:
        left = authenticator.recovery_codes_left(session, signed_in.person_id)
    return page(request, "pages/account/recovery_codes.html", status, form=form, left=left)


def knows_password(request: Request, form: Form) -> bool:
    """Compare the password that was given again; notes on the form when it is not right."""
    house, password = house_of(request), form.typed.get("password", "")
    if not password:
        form.says("password", NO_PASSWORD)
        return False
    with limited():
        fits = sign_in.give_password_again(
            house.engine, request.state.signed_in, password, from_address=address_of(request), now=house.now()
        )
    if not fits:
        form.says("password", WRONG_PASSWORD)
    return fits


def _confirmed(request: Request, form: Form) -> Response:
    house, signed_in = house_of(request), request.state.signed_in
    code, wanted = form.text("code"), wanted_by(request, form)
    if not code:
        form.says("code", NO_CODE)
        return _set_up_page(request, form)
    try:
        with limited():
            token, codes = sign_in.set_up_authenticator(
                house.engine, signed_in, _offered(request), code, now=house.now(), at=house.codes_by()
            )
    except NotSignedIn as wrong:
        form.says("code", str(wrong))
        return _set_up_page(request, form)
    # The page belongs to the session that begins with it: its forms carry the token of that one.
    recognise(request, house, token)
    on = "/account" if signed_in.is_whole else wanted
    answer = page(request, "pages/sign_in/recovery_codes.html", codes=codes, on=on, is_set_up=True)
    return entering(request, answer, token)


def _set_up_page(request: Request, form: Form) -> Response:
    import segno  # it is wanted once for each person

    signed_in: SignedIn = request.state.signed_in
    secret = _offered(request)
    qr = segno.make(authenticator.address_for_app(secret, signed_in.email), error="m", micro=False)
    drawn = qr.svg_inline(scale=4, border=4, omitsize=True, light="#fff", svgclass="app-qr", lineclass=None)
    key = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    wanted = wanted_by(request, form)
    return page(
        request,
        "pages/sign_in/authenticator.html",
        status,
        form=form,
        # Drawn by us from an address that stands in it as squares, never as text.
        qr=Markup(drawn),
        key=key,
        asks_password=signed_in.is_whole,
        next="" if wanted == "/" else wanted,
    )


def _offered(request: Request) -> str:
    """Give the secret that is offered to this session; it changes once it has been taken."""
    house, signed_in = house_of(request), request.state.signed_in
    with reading(house.engine) as session:
        known = identity_of(session, signed_in.person_id, Proof.AUTHENTICATOR)
        since = known.made_at.isoformat() if known is not None else "none"
    return authenticator.offered_secret(house.secret, request.cookies[house.cookie], since)
