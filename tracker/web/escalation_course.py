"""What becomes of an escalation that waits: withdrawn, passed up to the body above, or looked at again."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.clock import london_day
from tracker.database import reading
from tracker.errors import NotAllowed, Refused
from tracker.people.doer import Doer
from tracker.policy import SIGNED_IN, policy
from tracker.showing.escalation import Document
from tracker.showing.show import show
from tracker.web.deed_forms import form_page, send
from tracker.web.fields import NO_NAMES, Field, Kind, filled
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.visitors import Db, Now, Reader
from workflows.escalation import EscalationStatus

routes = APIRouter()


@dataclass(frozen=True, slots=True)
class _Turn:
    """One of the two turns that an escalation can take, with its words."""

    deed: str
    heading: str
    explained: str
    button: str
    done: str


_WITHDRAW = _Turn(
    "withdraw-escalation",
    "Withdraw this escalation",
    "It then needs no answer. It stays in the tracker with the reason.",
    "Withdraw it",
    "withdrawn",
)
_PASS_UP = _Turn(
    "pass-up-escalation",
    "Pass this escalation up",
    "It then waits for the body above. The path it took stays in the tracker with the reason.",
    "Pass it up",
    "passed up",
)
_REVIEW = (
    Field("on", Kind.DATE, "On which day was it looked at?", missing="Enter the day on which it was looked at"),
    Field("text", Kind.WORDS, "What was seen? (optional)", hint=NO_NAMES),
    Field("next_review_on", Kind.DATE, "When is it looked at next? (optional)"),
)
_FIELDS = (Field("reason", Kind.WORDS, "Reason", hint=NO_NAMES, missing="Give the reason"),)


@routes.get("/escalations/{reference}/withdraw")
@policy(SIGNED_IN)
def withdraw_form(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show the form to withdraw an escalation."""
    return _form(request, _WITHDRAW, show(db, "escalation", reference, reader, now), reader)


@routes.post("/escalations/{reference}/withdraw")
@policy(SIGNED_IN)
def withdraw(request: Request, reader: Reader, reference: str, form: Posted) -> Response:
    """Withdraw an escalation and show it."""
    return _take(request, _WITHDRAW, reference, reader, form)


@routes.get("/escalations/{reference}/pass-up")
@policy(SIGNED_IN)
def pass_up_form(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show the form to pass an escalation up."""
    return _form(request, _PASS_UP, show(db, "escalation", reference, reader, now), reader)


@routes.post("/escalations/{reference}/pass-up")
@policy(SIGNED_IN)
def pass_up(request: Request, reader: Reader, reference: str, form: Posted) -> Response:
    """Pass an escalation up and show it."""
    return _take(request, _PASS_UP, reference, reader, form)


@routes.get("/escalations/{reference}/review")
@policy(SIGNED_IN)
def review_form(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show the form to look again at an escalation that stays open."""
    document = show(db, "escalation", reference, reader, now)
    _must_be_open(document, "review-escalation", reader)
    return _review_page(request, document, filled(_REVIEW, {"on": london_day(now).isoformat()}))


@routes.post("/escalations/{reference}/review")
@policy(SIGNED_IN)
def review(request: Request, reader: Reader, reference: str, form: Posted) -> Response:
    """Record that an escalation was looked at, and show it."""
    done = send(request, reader, "review-escalation", reference, form, _REVIEW)
    if done is not None:
        leave_message(request, f"{done.reference} was looked at. It goes on waiting.")
        return see_other(f"/escalations/{done.reference}")
    return _review_page(request, _as_it_stands(request, reader, reference), form)


def _as_it_stands(request: Request, reader: Doer, reference: str) -> Document:
    """Give the escalation after a deed was tried, so that the page shows what stood in its way."""
    house = house_of(request)
    with reading(house.engine) as session:
        return show(session, "escalation", reference, reader, house.now())


def _review_page(request: Request, document: Document, form: Form) -> Response:
    return form_page(request, "pages/escalations/review.html", form, _REVIEW, escalation=document)


def _must_be_open(document: Document, deed: str, reader: Doer) -> None:
    if document["status"] != EscalationStatus.WAITING:
        raise Refused(f"{document['reference']} waits no longer: it is {document['status_words'].lower()}.")
    if deed not in document["steps"]:
        raise NotAllowed(f"{reader.name} may not do this with {document['reference']}. Ask the coordinator.")


def _form(request: Request, turn: _Turn, document: Document, reader: Doer) -> Response:
    _must_be_open(document, turn.deed, reader)
    return _page(request, turn, document, Form())


def _take(request: Request, turn: _Turn, reference: str, reader: Doer, form: Form) -> Response:
    done = send(request, reader, turn.deed, reference, form, _FIELDS)
    if done is not None:
        leave_message(request, f"{done.reference} is {turn.done}.")
        return see_other(f"/escalations/{done.reference}")
    return _page(request, turn, _as_it_stands(request, reader, reference), form)


def _page(request: Request, turn: _Turn, document: Document, form: Form) -> Response:
    return form_page(request, "pages/escalations/reason.html", form, _FIELDS, turn=turn, escalation=document)
