"""What a page answers when something is in the way: one table from errors to pages, and none shows technical words."""

import logging
import secrets
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from starlette.exceptions import HTTPException

from tracker.cases.queries import case_by_reference
from tracker.database import reading
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.files.kinds import LARGEST_FILE, size_words
from tracker.people.doer import Doer
from tracker.people.permissions import to_her
from tracker.web.house import house_of
from tracker.web.pages import page
from workflows.lifecycle import StepRefused

log = logging.getLogger("tracker.web")


class TooMany(Exception):
    """Too many tries in too short a time."""


class Forged(Exception):
    """A form without the token of its page."""


def add_problem_pages(app: FastAPI) -> None:
    """Let the application answer every error with its page."""
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(NotAllowed, _not_allowed)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(StepRefused, _refused)
    app.add_exception_handler(FactsWrong, _facts_wrong)
    app.add_exception_handler(TooMany, _too_many)
    app.add_exception_handler(HTTPException, _of_http)
    app.add_exception_handler(Exception, _fault)


def problem(
    request: Request,
    status: int,
    heading: str,
    *paragraphs: str,
    number: str | None = None,
    back: tuple[str, str] | None = None,
) -> HTMLResponse:
    """Answer with the page of a problem: what happened, what to do, and where a way back leads and what it says."""
    # Whoever came by a link in an email has no first page: the link in the email is her way back.
    came_by_link = request.url.path.startswith(("/u/", "/i/"))
    told = {"heading": heading, "paragraphs": paragraphs, "number": number, "came_by_link": came_by_link}
    return page(request, "problem.html", status, **told, back=back)


def _not_found(request: Request, fault: Exception) -> Response:
    if request.url.path.startswith("/cases/"):
        words = "There is no case with this reference that you can open. Ask the business unit."
        return problem(request, HTTPStatus.NOT_FOUND, "Page not found", words)
    return problem(
        request,
        HTTPStatus.NOT_FOUND,
        "Page not found",
        "If you typed the address, check it is correct. If you followed a link, what it led to may have moved, or you "
        "may not be able to open it. Ask the business unit.",
    )


def _not_allowed(request: Request, fault: Exception) -> Response:
    reader: Doer | None = getattr(request.state, "reader", None)
    words = str(fault) if reader is None else to_her(reader, str(fault))
    back = _way_back(request, reader)
    return problem(request, HTTPStatus.FORBIDDEN, "You cannot do this", words, back=back)


def _way_back(request: Request, reader: Doer | None) -> tuple[str, str] | None:
    """Give the way back to the case whose step is not hers, and its words, if she may see the case."""
    reference = request.path_params.get("reference")
    if reader is None or reference is None or not request.url.path.startswith("/cases/"):
        return None
    with reading(house_of(request).engine) as session:
        try:
            case = case_by_reference(session, str(reference), reader)
        except NotFound:
            return None
    return f"/cases/{quote(case.reference)}", f"Back to {case.pseudonym}, {case.reference}"


def _refused(request: Request, fault: Exception) -> Response:
    if getattr(fault, "code", "") == "database_unavailable":
        return _unavailable(request, fault)
    return problem(request, HTTPStatus.CONFLICT, "This could not be done", str(fault), "Nothing was changed.")


def _unavailable(request: Request, fault: Exception) -> Response:
    """Answer what only the owner of the service can mend: the log says what, the page whom to tell."""
    what_now = "Try again in a few minutes. Look first whether what you sent was recorded."
    return _numbered(
        request, fault, HTTPStatus.SERVICE_UNAVAILABLE, "Sorry, the service cannot reach its records", what_now
    )


def _facts_wrong(request: Request, fault: Exception) -> Response:
    words = str(fault), "Go back and change it. Nothing was changed."
    return problem(request, HTTPStatus.UNPROCESSABLE_ENTITY, "There is a problem", *words)


def _too_many(request: Request, fault: Exception) -> Response:
    words = str(fault) or "There were too many tries."
    return problem(request, HTTPStatus.TOO_MANY_REQUESTS, "Too many tries", words)


def _of_http(request: Request, fault: Exception) -> Response:
    assert isinstance(fault, HTTPException), "registered for that"
    if fault.status_code == HTTPStatus.NOT_FOUND:
        return _not_found(request, fault)
    if fault.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return problem(
            request,
            fault.status_code,
            "Too large",
            "What you sent is too large. Nothing was changed, and nothing of what you typed was kept.",
            "Go back with the button of your browser: most browsers still show what you typed. "
            f"Send less text, or a file smaller than {size_words(LARGEST_FILE)}.",
        )
    words = "This address does not do what was asked of it.", "Go back and try again."
    answer = problem(request, fault.status_code, "This could not be done", *words)
    # Such as what may be asked instead.
    answer.headers.update(fault.headers or {})
    return answer


def _fault(request: Request, fault: Exception) -> Response:
    """Answer what nobody foresaw: with a number by which the log finds it, and without technical words."""
    what_now = "Nothing was changed. Try again in a few minutes."
    return _numbered(request, fault, HTTPStatus.INTERNAL_SERVER_ERROR, "Sorry, something went wrong", what_now)


def _numbered(request: Request, fault: Exception, status: int, heading: str, what_now: str) -> Response:
    """Write a fault into the log, and show the number by which it is found there."""
    number = _logged(request, fault)
    return problem(
        request, status, heading, what_now, "If it happens again, tell the business unit this number.", number=number
    )


def _logged(request: Request, fault: Exception) -> str:
    """Write a fault into the log, and give the number under which it stands there."""
    number = secrets.token_hex(4).upper()
    route = getattr(request.scope.get("route"), "path", "no route")
    # The address itself may hold a reference or a token, so the log names the route.
    if getattr(fault, "code", "") == "database_unavailable":
        log.error("Fault %s at %s %s: %s%s", number, request.method, route, fault, _first_words(fault.__cause__))
    else:
        log.error("Fault %s at %s %s", number, request.method, route, exc_info=fault)
    return number


def _first_words(cause: BaseException | None) -> str:
    """Give the first line of what the database itself said: the rest is where the program was, and not at fault."""
    lines = str(getattr(cause, "orig", "")).splitlines()
    return f" ({lines[0]})" if lines else ""
