"""A spreadsheet of actions comes in: sent, understood, looked at row by row, decided on, and stored."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from tracker.actions.import_drafts import lines_in, write_report_of
from tracker.actions.imported import ImportDraft
from tracker.database import if_it_can_be, reading, unit_of_work
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.importing.choosing import field_words
from tracker.importing.plans import NOT_COMPARED, import_file
from tracker.importing.reading import file_of
from tracker.importing.reporting import Report, report_csv, report_xlsx, why
from tracker.importing.verdicts import Outcome
from tracker.importing.wording import OUTCOMES
from tracker.people.doer import Doer
from tracker.policy import policy
from tracker.web import import_headings, import_sending
from tracker.web.forms import Form, Posted
from tracker.web.house import house_of
from tracker.web.import_files import (
    IMPORTS,
    LEAVE_OUT,
    NOT_WANTED,
    TAKE_OVER,
    Tried,
    decided_in,
    find,
    is_new,
    keep_decided,
    sheets_without_review,
    shown_rows,
    tried,
    wishes_of,
)
from tracker.web.messages import leave_message
from tracker.web.pages import counted, page, see_other
from tracker.web.paging import pages_of
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()
routes.include_router(import_sending.routes)
routes.include_router(import_headings.routes)

PER_PAGE = 50
_TO_COME: Mapping[Outcome, str] = {
    Outcome.IMPORT: "Will be imported",
    Outcome.FLAG: "Will be imported, to be looked at",
    Outcome.REFUSE: "Will be refused",
}
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.get("/actions/import/{number}")
@policy(IMPORTS)
def one_file(request: Request, db: Db, reader: Reader, now: Now, number: str, show: str = "") -> Response:
    """Show what was found in a file, what would become of each row, or what became of it."""
    return _shown(request, db, find(db, reader, number, now), reader, now, Form(), show)


def _shown(
    request: Request, session: Session, draft: ImportDraft, reader: Doer, now: datetime, form: Form, show: str
) -> HTMLResponse:
    found = tried(session, draft, reader, now)
    rows = shown_rows(found.document, show)
    asked = request.query_params.get("page", "1")
    last = max(1, -(-len(rows) // PER_PAGE))
    number = min(max(int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1, 1), last)
    known = show if show in set(Outcome) else ""
    at = f"/actions/import/{draft.id}"
    return page(
        request,
        "pages/actions/import_one.html",
        form.status if form.errors else HTTPStatus.OK,
        form=form,
        draft=draft,
        is_stored=draft.report is not None,
        tried=found,
        without_review=sheets_without_review(found.document),
        document=found.document,
        lines=[
            _line(place, row, is_stored=draft.report is not None)
            for place, row in rows[(number - 1) * PER_PAGE : number * PER_PAGE]
        ],
        total=len(rows),
        first=(number - 1) * PER_PAGE + 1,
        pages=pages_of(lambda one: f"{at}?{_query(known, one)}", number, last, "Pages of rows") if last > 1 else None,
        on_page=f"?{_query(known, number)}",
        show=known,
        outcomes=OUTCOMES if draft.report is not None else {**OUTCOMES, **_TO_COME},
        decided={place: name for name, places in decided_in(draft).items() for place in places},
        field_words=field_words,
        texts={row["action"]: row["original"].get("action", "") for row in found.document["rows"] if row["action"]},
    )


def _query(show: str, number: int) -> str:
    return f"show={show}&page={number}" if show else f"page={number}"


def _line(place: int, row: Mapping[str, Any], *, is_stored: bool) -> Mapping[str, Any]:
    """Give a row as the page shows it: its outcome and what to do in words, and its original."""
    outcome = Outcome(row["outcome"])
    original = [(field_words(name), words) for name, words in row["original"].items()]
    return {
        "place": place,
        "where": f"{row['sheet']}, row {row['row']}" if row["sheet"] else f"Row {row['row']}",
        "outcome": outcome,
        "word": OUTCOMES[outcome] if is_stored else _TO_COME.get(outcome, OUTCOMES[outcome]),
        "why": why({**row, "changes": ()}),
        "changes": row.get("changes", ()),
        "text": row["original"].get("action", ""),
        "original": original,
        "case": row["case"],
        "action": row["action"],
        "is_new": outcome in (Outcome.IMPORT, Outcome.FLAG, Outcome.LEFT_OUT),
        "is_stale": row.get("changed_here_since", False),
        "accepted": row.get("accepted", False),
    }


@routes.post("/actions/import/{number}")
@policy(IMPORTS)
def decide(request: Request, reader: Reader, now: Now, form: Posted, number: str, show: str = "") -> Response:
    """Keep what was decided about the rows of a page; or store the file, all of it or nothing."""
    engine = house_of(request).engine
    with unit_of_work(engine) as session:
        draft = find(session, reader, number, now, lock=True)
        if draft.report is not None:
            return see_other(f"/actions/import/{draft.id}")
        if is_new(form, draft):
            _decide(form, draft, tried(session, draft, reader, now))
            session.add(draft)
    if form.errors or form.text("do") != "store":
        return _after(request, reader, now, form, number, show)
    return _store(request, reader, now, form, number)


def _after(request: Request, reader: Doer, now: datetime, form: Form, number: str, show: str) -> Response:
    if not form.errors:
        query = request.url.query
        return see_other(f"/actions/import/{number}{f'?{query}' if query else ''}")
    with reading(house_of(request).engine) as session:
        return _shown(request, session, find(session, reader, number, now), reader, now, form, show)


def _decide(form: Form, draft: ImportDraft, found: Tried) -> None:
    """Take over what was chosen for the rows that were shown; `all` is about every change of the file."""
    decided = {place: name for name, places in decided_in(draft).items() for place in places}
    rows = found.document["rows"]
    for place, row in enumerate(rows):
        can_be = (TAKE_OVER, NOT_WANTED) if row.get("changes") else (LEAVE_OUT,)
        if f"shown-{place}" in form.typed:
            decided.pop(place, None)
            chosen = form.text(f"row-{place}")
            if chosen in can_be and row["outcome"] not in (Outcome.REFUSE, Outcome.RECOGNISED):
                decided[place] = chosen
        if form.text("do") == "all" and row.get("changes") and not row["changed_here_since"]:
            decided[place] = TAKE_OVER
    keep_decided(draft, form, decided)


def _store(request: Request, reader: Doer, now: datetime, form: Form, number: str) -> Response:
    engine = house_of(request).engine
    with reading(engine) as session:
        draft = find(session, reader, number, now)
        if draft.report is not None:
            # The same form, sent twice at once: what the file held has given way to what became of it.
            return see_other(f"/actions/import/{number}")
        file, wishes = file_of(lines_in(draft)), wishes_of(session, draft)

    def keep(session: Session, report: Report) -> None:
        stored = find(session, reader, number, now, lock=True)
        if stored.report is not None:
            raise Refused("This file is stored already.", code="already_done")
        write_report_of(stored, report.document(with_originals=True))
        session.add(stored)

    try:
        report = import_file(
            engine, file, draft.name, wishes, email=str(reader.email), dry_run=False, now=now, also=keep
        )
    except (Refused, FactsWrong, NotAllowed) as refused:
        if getattr(refused, "code", "") == "already_done":
            return see_other(f"/actions/import/{number}")
        form.status = HTTPStatus.CONFLICT
        form.says("form", str(refused))
        return _after(request, reader, now, form, number, "")
    made = report.count(Outcome.IMPORT) + report.count(Outcome.FLAG)
    taken = sum(row.accepted for row in report.rows)
    if NOT_COMPARED in report.notes:
        with if_it_can_be("What was not compared"), unit_of_work(engine) as session:
            stored = find(session, reader, number, now, lock=True)
            write_report_of(stored, report.document(with_originals=True))
            session.add(stored)
    leave_message(request, f"{counted(made, 'action')} imported, {counted(taken, 'change')} taken over")
    return see_other(f"/actions/import/{number}")


@routes.get("/actions/import/{number}/report.{ending}")
@policy(IMPORTS)
def report_file(request: Request, db: Db, reader: Reader, now: Now, number: str, ending: str) -> Response:
    """Give the report as a file, to send back to whoever keeps the sheet."""
    if ending not in ("csv", "xlsx"):
        raise NotFound("A report is .csv or .xlsx.")
    draft = find(db, reader, number, now)
    document = tried(db, draft, reader, now).document
    is_csv = ending == "csv"
    content = report_csv(document) if is_csv else report_xlsx(document)
    name = f'attachment; filename="import-report-{draft.id}.{"csv" if is_csv else "xlsx"}"'
    kind = "text/csv; charset=utf-8" if is_csv else _WORKBOOK
    return Response(content, media_type=kind, headers={"Content-Disposition": name})
