"""What the JSON interface answers when something is in the way: one document for every kind of no (RFC 9457)."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tracker.errors import Blocker, FactsWrong, NotAllowed, NotFound, Refused
from tracker.showing.case import blocker_document
from workflows.lifecycle import StepRefused
from workflows.requirements import Unmet

log = logging.getLogger("tracker.api")

PROBLEM = "application/problem+json"
CHALLENGE = 'Bearer realm="Learning tracker"'


class SignInNeeded(Exception):
    """Nobody is signed in, or the token is none that lets somebody in."""

    code = "sign_in_needed"

    def __init__(self, *, with_token: bool) -> None:
        super().__init__(
            "The token is not known, or it has ended. Make another one."
            if with_token
            else "Sign in, or send a personal token: Authorization: Bearer TOKEN."
        )
        self.challenge = f'{CHALLENGE}, error="invalid_token"' if with_token else CHALLENGE


class Forged(Exception):
    """A change that another site had a browser ask for."""

    code = "forged"


class TooLarge(Exception):
    """What was sent is larger than anything that can be meant."""

    code = "too_large"


class NotJson(Exception):
    """What was sent does not say that it is JSON, or is packed."""

    code = "not_json"


class Answered:
    """Stands around the interface: a fault that it has answered and logged goes no further, where pages would too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception:
            if not has_begun:
                raise


def add_problems(app: FastAPI) -> None:
    """Let the application answer every error with its document."""
    statuses: Mapping[type[Exception], HTTPStatus] = {
        NotFound: HTTPStatus.NOT_FOUND,
        NotAllowed: HTTPStatus.FORBIDDEN,
        Forged: HTTPStatus.FORBIDDEN,
        Refused: HTTPStatus.CONFLICT,
        StepRefused: HTTPStatus.CONFLICT,
        FactsWrong: HTTPStatus.UNPROCESSABLE_ENTITY,
        TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        NotJson: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    }
    for kind, status in statuses.items():
        app.add_exception_handler(kind, _with(status))
    app.add_exception_handler(SignInNeeded, _sign_in_needed)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _fault)


def problem(
    status: HTTPStatus,
    code: str,
    sentence: str,
    *,
    blockers: Sequence[Blocker | Unmet] = (),
    open_steps: Sequence[str] = (),
    errors: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Answer with a problem: a sentence that says what to do, and what stands in the way."""
    document = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": sentence,
        "code": code,
        "blockers": [blocker_document(blocker) for blocker in blockers],
        "open_steps": list(open_steps),
        "errors": dict(errors or {}),
    }
    return Response(written(document), status, media_type=PROBLEM, headers=dict(headers or {}))


def written(document: Any) -> bytes:  # whatever JSON can hold
    """Write a document as JSON, with its letters as they are; half a letter, which no text has, becomes a mark."""
    return json.dumps(document, ensure_ascii=False, default=str).encode("utf-8", "replace")


def _with(status: HTTPStatus) -> Callable[[Request, Exception], Response]:
    def answer(_request: Request, fault: Exception) -> Response:
        return _of_ours(status, fault)

    return answer


def _of_ours(status: HTTPStatus, fault: Exception) -> Response:
    code = str(getattr(fault, "code", "refused"))
    headers = {}
    if code == "database_unavailable":
        status, headers = HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "5"}
    return problem(
        status,
        code,
        str(fault),
        blockers=getattr(fault, "blockers", ()),
        open_steps=getattr(fault, "open_steps", ()),
        errors=getattr(fault, "by_fact", {}),
        headers=headers,
    )


def _sign_in_needed(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, SignInNeeded), "registered for that"
    return problem(HTTPStatus.UNAUTHORIZED, fault.code, str(fault), headers={"WWW-Authenticate": fault.challenge})


_SAID = {
    HTTPStatus.NOT_FOUND: ("not_found", "There is nothing at this address. /api/openapi.json lists every one."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", "This address does not do what was asked of it."),
}


def _of_http(_request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException), "registered for that"
    status = HTTPStatus(fault.status_code)
    code, sentence = _SAID.get(status, ("refused", "This could not be read. Nothing was changed."))
    return problem(status, code, sentence, headers=fault.headers)


def _fault(request: Request, fault: Exception) -> Response:
    """Answer what nobody foresaw without technical words; the log names the route, never the address."""
    route = getattr(request.scope.get("route"), "path", "no route")
    log.error("Fault at %s %s", request.method, route, exc_info=fault)
    sentence = "Something went wrong. Nothing was changed. Try again in a few minutes."
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "fault", sentence)
