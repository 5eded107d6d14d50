"""Pairs of actions that look alike: shown side by side, linked, said not to be alike, or joined into one."""

from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from tracker.actions.comparing import MOST_AT_ONCE, compare_whole_plan
from tracker.actions.pairs import MOST_COUNTED, number_of_pairs, waiting_pairs
from tracker.actions.plan_rows import plan_rows
from tracker.database import reading
from tracker.errors import NotFound, Refused
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR
from tracker.policy import for_roles, policy
from tracker.web.deed_forms import form_page, send
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.join_form import join_facts, join_fields, join_known, summary_of
from tracker.web.messages import leave_message
from tracker.web.pages import see_other
from tracker.web.paging import pages_of
from tracker.web.pair_reading import as_pair, shown_pair, two_of
from tracker.web.pair_words import counted_pairs
from tracker.web.visitors import Now, Reader

routes = APIRouter()

JOINS_ACTIONS = for_roles(*ROLES_FOR["merge_actions"])
PER_PAGE = 20
_DONE = {"link-actions": "{0} and {1} are linked", "not-alike": "{0} and {1} are not offered as a pair again"}
_HOME = "/actions/pairs"


@routes.get("/actions/pairs")
@policy(JOINS_ACTIONS)
def pairs(request: Request, reader: Reader, now: Now, page: str = "1", one: str = "", other: str = "") -> Response:
    """Show the pairs that wait for a decision; two references in the address are compared."""
    form = Form()
    if one and other:
        try:
            with reading(house_of(request).engine) as session:
                first, second = two_of(session, f"{one.strip()}-{other.strip()}", reader)
            return see_other(f"{_HOME}/{first.reference}-{second.reference}")
        except NotFound as nobody:
            form.says("other", str(nobody))
    return _list(request, reader, now, form, page, one, other)


@routes.post("/actions/pairs")
@policy(JOINS_ACTIONS)
def compare(request: Request, reader: Reader, now: Now, form: Posted) -> Response:
    """Compare the whole plan of each partnership that the reader coordinates."""
    for partnership_id in reader.partnerships_as(*ROLES_FOR["merge_actions"]) if not form.errors else ():
        try:
            compare_whole_plan(house_of(request).engine, partnership_id, most=MOST_AT_ONCE)
        except Refused as refused:
            form.says("form", str(refused))
    if form.errors:
        return _list(request, reader, now, form, "1", "", "")
    leave_message(request, "The whole plan was compared. What looks alike stands below")
    return see_other(_HOME)


@routes.get("/actions/pairs/{pair}")
@policy(JOINS_ACTIONS)
def one_pair(request: Request, reader: Reader, now: Now, pair: str) -> Response:
    """Show two actions side by side."""
    return _shown(request, reader, now, pair, Form())


@routes.post("/actions/pairs/{pair}")
@policy(JOINS_ACTIONS)
def decide(request: Request, reader: Reader, now: Now, form: Posted, pair: str) -> Response:
    """Link two actions, or say that they are not alike."""
    with reading(house_of(request).engine) as session:
        first, second = two_of(session, pair, reader)
    deed = "link-actions" if form.text("deed") == "link-actions" else "not-alike"
    also = {"other": second.reference, **_seen_of_other(form)}
    done = send(request, reader, deed, first.reference, form, (), also=also)
    if done is None:
        return _shown(request, reader, now, pair, form)
    leave_message(request, _DONE[deed].format(first.reference, second.reference))
    return see_other("/actions" if form.text("back") == "/actions" else _HOME)


@routes.get("/actions/pairs/{pair}/join")
@policy(JOINS_ACTIONS)
def ask_to_join(request: Request, reader: Reader, now: Now, pair: str) -> Response:
    """Ask which of two actions stays, who owns it from now on, and why; say what is kept and who is told."""
    return _join_page(request, reader, now, pair, None)


@routes.post("/actions/pairs/{pair}/join")
@policy(JOINS_ACTIONS)
def join(request: Request, reader: Reader, now: Now, form: Posted, pair: str) -> Response:
    """Join two actions into one, and go on to it."""
    with reading(house_of(request).engine) as session:
        first, second = two_of(session, pair, reader)
        shown = shown_pair(session, (first, second), reader, now)
    fields = join_fields(shown)
    keeps_second = form.text("kept") == second.reference
    kept, gone = (second, first) if keeps_second else (first, second)
    seen = (form.seen, _seen_of_other(form).get("other_seen"))
    form.seen, other_seen = reversed(seen) if keeps_second else seen
    sent = join_facts(form, fields, shown)
    also = {"other": gone.reference} | ({} if other_seen is None else {"other_seen": other_seen})
    done = send(request, reader, "merge-actions", kept.reference, form, sent, also=also)
    if done is None:
        return _join_page(request, reader, now, pair, form)
    leave_message(request, f"{gone.reference} is joined with {kept.reference}")
    return see_other(f"/actions/{quote(done.reference)}")


def _seen_of_other(form: Form) -> dict[str, int]:
    typed = form.text("other_seen")
    return {"other_seen": int(typed)} if typed.isascii() and typed.isdigit() and len(typed) < 10 else {}


def _list(request: Request, reader: Doer, now: datetime, form: Form, page: str, one: str, other: str) -> HTMLResponse:
    with reading(house_of(request).engine) as session:
        waiting = number_of_pairs(session, reader)
        pages = max(1, -(-min(waiting, MOST_COUNTED) // PER_PAGE))
        number = min(int(page), pages) if page.isascii() and page.isdigit() and 0 < len(page) < 7 else 1
        found = waiting_pairs(session, reader, PER_PAGE, (max(number, 1) - 1) * PER_PAGE)
        ids = dict.fromkeys(number for pair in found for number in (pair.one_id, pair.other_id))
        rows = plan_rows(session, list(ids), reader, now)
    return form_page(
        request,
        "pages/actions/pairs.html",
        form,
        (),
        pairs=[as_pair(pair, rows) for pair in found],
        waiting=counted_pairs(waiting),
        pages=pages,
        links=pages_of(lambda number: f"{_HOME}?page={number}", max(number, 1), pages, "Pages of pairs"),
        one=one,
        other=other,
    )


def _shown(request: Request, reader: Doer, now: datetime, pair: str, form: Form) -> HTMLResponse:
    with reading(house_of(request).engine) as session:
        shown = shown_pair(session, two_of(session, pair, reader), reader, now)
    return form_page(request, "pages/actions/pair.html", form, (), pair=shown)


def _join_page(request: Request, reader: Doer, now: datetime, pair: str, form: Form | None) -> HTMLResponse:
    with reading(house_of(request).engine) as session:
        shown = shown_pair(session, two_of(session, pair, reader), reader, now)
    if not shown.can_be_decided:
        raise Refused("One of these two was joined with another action before. Look at it.", code="already_done")
    is_stale = form is None or form.status == HTTPStatus.CONFLICT
    seen = (
        [shown.one.version, shown.other.version]
        if is_stale or form is None
        else [form.text("seen"), form.text("other_seen")]
    )
    return form_page(
        request,
        "pages/actions/join.html",
        form or join_known(shown),
        join_fields(shown),
        pair=shown,
        seen=seen,
        summary=summary_of(shown),
    )
