"""The front door: where each reader's work begins, and what needs the coordinator today."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from tracker.people.roles import Role
from tracker.web.pages import page, see_other
from tracker.web.policy import SIGNED_IN, for_roles, policy
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()


@routes.get("/")
@policy(SIGNED_IN)
def home(reader: Reader) -> Response:
    """Send each reader to where her work is."""
    return see_other("/today")


@routes.get("/today")
@policy(for_roles(Role.COORDINATOR))
def today(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show the coordinator what needs her today."""
    return page(request, "pages/today.html")
