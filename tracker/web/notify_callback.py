"""Where GOV.UK Notify tells what became of an email: no page, and for nobody else."""

import hmac
import json
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, Field, ValidationError
from starlette.exceptions import HTTPException

from notifications.delivered import Delivered, hear
from tracker.database import unit_of_work
from tracker.policy import ANYBODY, policy
from tracker.web.house import house_of
from tracker.web.visitors import Now

routes = APIRouter()

LARGEST = 10_000


class Told(BaseModel):
    """What Notify sends: which email, by its name and by ours, and what became of it. The rest is not read."""

    id: str = Field(pattern="^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$")
    reference: str = Field(min_length=1, max_length=200)
    status: str = Field(max_length=40)
    created_at: str | None = Field(default=None, max_length=40)
    sent_at: str | None = Field(default=None, max_length=40)
    completed_at: str | None = Field(default=None, max_length=40)


async def told(request: Request) -> Told | None:
    """Read what a callback holds, nothing where it is none; refused before a byte is read without the token.

    One answer for a wrong token and for an installation without one: 403, as for a form from elsewhere.
    """
    expected = house_of(request).installation.notify.callback_token
    given = request.headers.get("authorization", "").encode()
    # Compared also where there is none to compare with, so that the time tells nothing.
    is_right = hmac.compare_digest(given, f"Bearer {expected or ''}".encode())
    if expected is None or not is_right:
        raise HTTPException(HTTPStatus.FORBIDDEN)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            return None
    try:
        return Told.model_validate(json.loads(bytes(body)))
    except (ValidationError, ValueError, RecursionError):
        return None


@routes.post("/notify/callback")
@policy(ANYBODY)
def hear_notify(request: Request, now: Now, callback: Annotated[Told | None, Depends(told)]) -> Response:
    """Keep what became of an email. Notify comes again after five minutes for one that is not known yet."""
    said = None if callback is None else Delivered.said(callback.model_dump())
    if callback is None or said is None:
        return PlainTextResponse("This is no callback about an email.", HTTPStatus.BAD_REQUEST)
    with unit_of_work(house_of(request).engine) as session:
        is_known = hear(session, callback.reference, callback.id, said, now)
    if not is_known:
        return PlainTextResponse("This email is not known here yet.", HTTPStatus.SERVICE_UNAVAILABLE)
    return Response(status_code=HTTPStatus.NO_CONTENT)
