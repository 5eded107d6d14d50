"""A form that came after its sender was signed out: kept for her, and given back when she has signed in again.

Whose form it is says the token it carries, which only a page of one of her sessions has: nobody can plant a text for
somebody else, and nobody else ever gets it. Nothing is recorded before she has seen it again and sent it.
"""

import re
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import Response
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from tracker.actions.queries import action_by_reference
from tracker.cases.queries import case_by_reference
from tracker.cases.unnamed import without_references
from tracker.database import reading
from tracker.errors import NotFound
from tracker.escalations.queries import escalation_by_reference
from tracker.papers.readership import barred_references
from tracker.people import sessions
from tracker.people.doer import Doer
from tracker.people.unsent import Unsent, unsent_forms
from tracker.policy import SIGNED_IN, Who, policy, policy_of
from tracker.web.doorway import way_on
from tracker.web.forms import Form, is_token_of, read_form, texts_of
from tracker.web.house import house_of
from tracker.web.keeping import keep_form
from tracker.web.pages import page, see_other
from tracker.web.problems import Forged, problem
from tracker.web.visitors import Db, Now, Reader, SignInNeeded

routes = APIRouter()

HERE = "/unsent"
# What is typed there are passwords and codes, which are never kept; and to be signed out needs no second try.
_NEVER_KEPT = ("/account", "/sign-out", "/sign-in")


def add_unsent_pages(app: FastAPI) -> None:
    """Let the application keep forms that come too late, and send their senders to sign in."""
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(Forged, _not_of_this_session)


@routes.get(HERE)
@policy(SIGNED_IN)
def unsent(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show the forms of the last hour that were not recorded, to go on with them."""
    kept = [form for form in unsent_forms(db, reader.id, now) if _may_still_be_hers(db, reader, form)]
    shown = [
        {
            "place": form.place,
            "at": form.made_at,
            "had_file": form.had_file,
            "fields": [(name, value) for name, values in form.typed.items() for value in values],
            "texts": texts_of(form.typed),
        }
        for form in kept
    ]
    return page(request, "pages/unsent.html", kept=shown)


def _may_still_be_hers(session: Session, reader: Doer, form: Unsent) -> bool:
    """Say whether what a form is about, and names, is still the reader's to see: else even a reference is too much."""
    whole = [unquote(form.place), dict(form.typed)]
    names_none = without_references(whole, barred_references(session, reader.id)) == whole
    return names_none and _may_still_open(session, reader, form.place)


def _may_still_open(session: Session, reader: Doer, place: str) -> bool:
    address = urlsplit(place)
    kind, _, rest = address.path.strip("/").partition("/")
    named = [rest.partition("/")[0] if kind == "cases" else "", dict(parse_qsl(address.query)).get("case", "")]
    try:
        for reference in named:
            if reference not in ("", "new"):
                case_by_reference(session, reference, reader)
        for reference in re.findall(r"\bA\d+\b", rest.upper()) if kind == "actions" else ():
            action_by_reference(session, reference, reader)
        for reference in re.findall(r"\bE\d+\b", rest.upper()) if kind == "escalations" else ():
            escalation_by_reference(session, reference, reader)
    except NotFound:
        return False
    return True


# One of the two readers of forms: whoever is not signed in has not come as far as the other one.
async def _to_sign_in(request: Request, _fault: Exception) -> Response:
    """Send a visitor to sign in, and back to where she was; a form that she sent is kept for her."""
    if request.method in ("GET", "HEAD"):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return see_other("/sign-in" if here == "/" else f"/sign-in?next={quote(here, safe='')}")
    if not _may_be_kept(request):
        return see_other("/sign-in")
    try:
        form = await read_form(request)
    except HTTPException:
        return see_other(f"/sign-in?next={HERE}")
    whose = await run_in_threadpool(_keep, request, form)
    return see_other("/sign-in" if whose is None else f"/sign-in?next={HERE}")


def _not_of_this_session(request: Request, _fault: Exception) -> Response:
    """Answer a form of another session: her own, which she gets back; somebody else's; or nobody's."""
    whose = _keep(request, request.state.form) if _may_be_kept(request) else None
    reader = request.state.reader
    if whose is not None and reader is not None and reader.id == whose:
        return see_other(HERE)
    if whose is not None:
        return problem(
            request,
            HTTPStatus.FORBIDDEN,
            "This form is somebody else’s",
            "It was opened while somebody else was signed in with this browser. Nothing was recorded.",
            "Whoever opened it gets it back, as it was, on signing in within an hour. Sign out to let them.",
        )
    return problem(
        request,
        HTTPStatus.FORBIDDEN,
        "This form is too old",
        "Nothing was recorded. Go back, copy what you typed, load the page again and send it once more.",
    )


def _may_be_kept(request: Request) -> bool:
    declared = policy_of(request.scope["endpoint"])
    is_for_readers = declared is not None and declared.who is Who.SIGNED_IN
    return is_for_readers and not request.url.path.startswith(_NEVER_KEPT)


def _keep(request: Request, form: Form) -> int | None:
    """Keep a form for the person from one of whose sessions it comes, and give who that is; nobody else's is kept."""
    house = house_of(request)
    now, token = house.now(), form.text("form_token")
    with reading(house.engine) as session:
        known = sessions.begun_lately(session, now)
    whose = next((person for number, person in known if is_token_of(house, f"session {number}", token)), None)
    if whose is None:
        return None
    place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if way_on(place) == place:
        keep_form(request, whose, form, place, now)
    return whose
