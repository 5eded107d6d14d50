"""Builds the JSON interface: its ways in, its answers, and the OpenAPI document that describes them."""

from datetime import timedelta
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from sqlalchemy import Engine

from tracker.api.asking import JSON, asked
from tracker.api.described import schemas
from tracker.api.problems import add_problems, written
from tracker.api.routes import build_routes
from tracker.api.visitors import Place, enforce
from tracker.policy import SIGNED_IN, policy
from tracker.settings import Installation

ADDRESS = "/api"
_TITLE = "Learning tracker"
_DESCRIPTION = (
    "The deeds, records and lists of the service, as the command line has them: a door beside the pages, with the same "
    "permissions. Send a personal token (made under *Your account*), or use the session of a browser."
)
# The interface counts what is sent itself, and answers with a problem; the frame's own answer would be bare text.
_COUNTED_HERE = 2**62


def create_api(
    installation: Installation, engine: Engine, *, cookie: str, idle: timedelta, longest: timedelta
) -> FastAPI:
    """Build the interface, to be mounted at `ADDRESS`; `cookie` names the session that the pages began."""
    api = FastAPI(
        title=_TITLE,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        dependencies=[Depends(enforce)],
        max_body_size=_COUNTED_HERE,
    )
    api.state.place = Place(installation, engine, cookie, idle, longest)
    api.include_router(build_routes())
    api.add_api_route("/openapi.json", describe, include_in_schema=False)
    add_problems(api)
    return api


@policy(SIGNED_IN)
def describe(request: Request) -> Response:
    """Give the OpenAPI document."""
    asked(request, ())
    return Response(written(document_of(request.app)), media_type=JSON)


def document_of(api: FastAPI) -> dict[str, Any]:
    """Give the OpenAPI document of the interface; it is written once."""
    if api.openapi_schema is None:
        document = get_openapi(
            title=_TITLE,
            version="1",
            summary="From a serious incident to learning that is embedded.",
            description=_DESCRIPTION,
            routes=api.routes,
            servers=[{"url": ADDRESS}],
        )
        cookie = api.state.place.cookie
        document["components"] = {
            "schemas": schemas(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A personal token."},
                "session": {
                    "type": "apiKey",
                    "in": "cookie",
                    "name": cookie,
                    "description": "The session of a browser; changes must come from a page of the service.",
                },
            },
        }
        document["security"] = [{"token": []}, {"session": []}]
        api.openapi_schema = document
    return api.openapi_schema
