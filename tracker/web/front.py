"""The front door: where each reader's work begins, and what needs the coordinator today."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import SIGNED_IN, for_roles, policy
from tracker.web.forms import Form
from tracker.web.pages import first_page, page, see_other
from tracker.web.quick import quick
from tracker.web.today import MOST_LATER, Today
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()


# The first that fits: whoever has several roles begins with the work that waits most for her.
_BEGINS: Sequence[tuple[frozenset[str], str]] = (
    (frozenset({Role.COORDINATOR}), "/today"),
    (frozenset({Role.EXECUTIVE, Role.COMMISSIONER}), "/meetings/next"),
    (frozenset({Role.AGENCY_LEAD}), "/actions?agency=mine"),
    (frozenset({Role.SCRUTINEER}), "/cases"),
    (frozenset({Role.ADMIN}), "/admin/people"),
)


@routes.get("/")
@policy(SIGNED_IN)
def home(reader: Reader) -> Response:
    """Send each reader to where her work is."""
    return see_other(_beginning(reader))


def _beginning(reader: Doer) -> str:
    held = frozenset[str]().union(*reader.roles.values())
    return next((path for roles, path in _BEGINS if roles & held), None) or first_page(reader)


@routes.get("/today")
@quick()
@policy(for_roles(Role.COORDINATOR))
def today(request: Request, db: Db, reader: Reader, now: Now, show: str = "") -> Response:
    """Show the coordinator what needs her today; or everybody's, for whoever covers for another."""
    return today_page(request, db, reader, now, Form(), everybody=show == "all")


def today_page(
    request: Request, session: Session, reader: Doer, now: datetime, form: Form, *, everybody: bool
) -> Response:
    """Show Today; a reminder that was refused comes back in its `form`."""
    shown = Today(session, reader, now, everybody=everybody)
    return page(
        request,
        "pages/today.html",
        form.status if form.errors else HTTPStatus.OK,
        form=form,
        everybody=shown.everybody,
        jobs=shown.jobs,
        waiting=shown.waiting,
        cases=shown.cases,
        most_later=MOST_LATER,
        meetings=shown.meetings,
        post_trouble=shown.post_trouble,
        held=shown.held,
    )
