"""Whether the service lives and whether all is well, for whatever watches it: for anybody, and about nobody."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from tracker.policy import WATCHERS, policy
from tracker.showing.health import health_of
from tracker.web.house import house_of

routes = APIRouter()


@routes.get("/health/live")
@policy(WATCHERS)
def live() -> Response:
    """Say that this process answers, whatever the database and the post do."""
    return JSONResponse({"live": True})


@routes.get("/health/ready")
@policy(WATCHERS)
def ready(request: Request) -> Response:
    """Say whether all is well, with a sentence for each thing that is not; 503 while something is not."""
    house = house_of(request)
    health = health_of(house.engine, house.now())
    status = HTTPStatus.OK if health.is_well else HTTPStatus.SERVICE_UNAVAILABLE
    return JSONResponse(health.document(), status)
