"""Personal tokens for the JSON interface: one is made with the password, shown once, and ended by its holder."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.database import unit_of_work
from tracker.errors import FactsWrong, NotFound, Refused
from tracker.people import sessions, tokens
from tracker.policy import SIGNED_IN, policy
from tracker.web.authenticators import knows_password
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.pages import page, see_other
from tracker.web.visitors import Now, Reader

routes = APIRouter()


@dataclass(frozen=True, slots=True)
class TokenShown:
    """A token as its holder's page lists it; the token itself is not known any more."""

    name: str
    made_at: datetime
    last_day: date
    used_on: date | None


def tokens_shown(session: Session, person_id: int, now: datetime) -> Sequence[TokenShown]:
    """Give the tokens of somebody that work, for her own page."""
    return [
        TokenShown(token.name, token.made_at, tokens.last_day(token), token.used_on)
        for token in tokens.tokens_of(session, person_id, now)
    ]


@routes.get("/account/tokens/new")
@policy(SIGNED_IN)
def new_token_page(request: Request) -> Response:
    """Ask what a new token is for, and for the password."""
    return _new_token_page(request, Form())


@routes.post("/account/tokens/new")
@policy(SIGNED_IN)
def make_token(request: Request, reader: Reader, now: Now, form: Posted) -> Response:
    """Make a token and show it, this once."""
    name = form.text("name")
    if not name:
        form.says("name", "Write what the token is for")
    if not knows_password(request, form) or form.errors:
        return _new_token_page(request, form)
    try:
        with unit_of_work(house_of(request).engine) as session:
            token = tokens.make_token(session, reader.id, name, now)
    except (FactsWrong, Refused) as wrong:
        form.says("name", str(wrong))
        return _new_token_page(request, form)
    address = f"{house_of(request).installation.base_url}/api/cases"
    return page(request, "pages/account/token.html", called=name, token=token, address=address)


@routes.post("/account/tokens/end")
@policy(SIGNED_IN)
def end_token(request: Request, reader: Reader, now: Now, form: Posted) -> Response:
    """End a token of the reader; one that has ended already stays ended."""
    name = form.typed.get("name", "")
    # Sent twice, the second one meets what the first one has done.
    with suppress(NotFound), unit_of_work(house_of(request).engine) as session:
        tokens.end_token(session, reader.id, name, now)
        sessions.leave_message(session, request.state.signed_in.session_id, f"The token “{name}” has ended.")
    return see_other("/account")


def _new_token_page(request: Request, form: Form) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return page(request, "pages/account/token_new.html", status, form=form)
