"""A spreadsheet of actions comes in: sent, understood, looked at row by row, decided on, and stored."""

import json
import tempfile
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from tracker.actions.import_drafts import drafts_of, keep_draft, lines_in, write_report_of
from tracker.actions.imported import ImportDraft
from tracker.database import reading, unit_of_work
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.facts import storable, visible
from tracker.files.kinds import LARGEST_FILE, size_words
from tracker.groups.queries import codes_of, every_partnership
from tracker.importing.choosing import FIELD_WORDS, field_words
from tracker.importing.headings import LEFT_OUT
from tracker.importing.judging import Outcome
from tracker.importing.plans import import_file
from tracker.importing.reading import file_of, read_lines
from tracker.importing.reporting import Report, report_csv, report_xlsx, why
from tracker.importing.wording import OUTCOMES
from tracker.intents import LONGEST
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import for_roles, policy
from tracker.web.forms import COUNTED_HERE, Form, Posted, Upload, form_with_files
from tracker.web.house import house_of
from tracker.web.import_files import (
    DECISIONS,
    FROM,
    LEAVE_OUT,
    NOT_WANTED,
    TAKE_OVER,
    Tried,
    chosen_in,
    decided_in,
    find,
    names_review,
    review_of,
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

IMPORTS = for_roles(Role.COORDINATOR)
PER_PAGE = 50
_INTENT = "intent"
_TO_COME: Mapping[Outcome, str] = {
    Outcome.IMPORT: "Will be imported",
    Outcome.FLAG: "Will be imported, to be looked at",
    Outcome.REFUSE: "Will be refused",
}
_ENDINGS = (".xlsx", ".csv", ".txt", ".tsv", ".xlsm", ".xls", ".ods", ".xlsb")
_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _admit(reader: Reader) -> None:
    if not reader.partnerships_as(Role.COORDINATOR):
        raise NotAllowed(f"{reader.name} coordinates no partnership.")


_WithFile = Annotated[Form, Depends(form_with_files(_admit))]


@routes.get("/actions/import")
@policy(IMPORTS)
def ask_for_file(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Ask for a spreadsheet of actions."""
    return _asked(request, db, reader, now, Form())


def _asked(request: Request, session: Session, reader: Doer, now: datetime, form: Form) -> HTMLResponse:
    status = form.status if form.errors else HTTPStatus.OK
    drafts = drafts_of(session, reader.id, now)
    return page(request, "pages/actions/import.html", status, form=form, drafts=drafts)


@routes.post("/actions/import", max_body_size=COUNTED_HERE)
@policy(IMPORTS)
def take_file(request: Request, reader: Reader, now: Now, form: _WithFile) -> Response:
    """Read a spreadsheet, keep it for its sender, and go on to what was found in it."""
    engine = house_of(request).engine
    upload = next(iter(form.uploads.get("files", ())), None)
    lines = None if upload is None else _read(form, upload)
    if upload is None:
        form.says("files", "Choose the spreadsheet, as an Excel workbook (.xlsx) or as CSV")
    if lines is None or upload is None or form.errors:
        with reading(engine) as session:
            return _asked(request, session, reader, now, form)
    with unit_of_work(engine) as session:
        number = keep_draft(session, reader.id, _name(upload), lines, now)
    return see_other(f"/actions/import/{number}")


def _read(form: Form, upload: Upload) -> bytes | None:
    if len(upload.content) >= LARGEST_FILE:
        size, most = size_words(len(upload.content)), size_words(LARGEST_FILE)
        form.says("files", f"The file is {size}. It must be smaller than {most}")
        return None
    name = _name(upload)
    ending = Path(name).suffix.lower()
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / f"plan{ending if ending in _ENDINGS else ''}"
        path.write_bytes(upload.content)
        try:
            return read_lines(path, name)
        except Refused as refused:
            form.says("files", str(refused))
            return None


def _name(upload: Upload) -> str:
    """Give the name of a file as far as it can be kept and shown."""
    last = upload.name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if storable(letter) and visible(letter) and letter.isprintable())
    return kept[-200:].strip() or "plan"


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
    is_new = outcome in (Outcome.IMPORT, Outcome.FLAG, Outcome.LEFT_OUT)
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
        "is_new": is_new,
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
        if _is_new(form, draft):
            _decide(form, draft, tried(session, draft, reader, now))
            session.add(draft)
    if form.errors or form.text("do") != "store":
        return _after(request, reader, now, form, number, show)
    return _store(request, reader, now, form, number)


def _is_new(form: Form, draft: ImportDraft) -> bool:
    """Say whether a form is to be done: not a second time, and not when something else was decided meanwhile."""
    if json.loads(draft.decided).get(_INTENT) == form.intent:
        return False
    if form.seen != draft.version:
        form.status = HTTPStatus.CONFLICT
        form.says("form", "You decided something else about this file meanwhile. Look again, then decide")
    return not form.errors


def _keep_decided(draft: ImportDraft, form: Form, decided: Mapping[int, str]) -> None:
    """Keep what was decided, with the form by which it was."""
    found: dict[str, Any] = {name: sorted(one for one in decided if decided[one] == name) for name in DECISIONS}
    draft.decided = json.dumps(found | {_INTENT: form.intent[:LONGEST]})
    draft.version += 1


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
    _keep_decided(draft, form, decided)


def _store(request: Request, reader: Doer, now: datetime, form: Form, number: str) -> Response:
    engine = house_of(request).engine
    with reading(engine) as session:
        draft = find(session, reader, number, now)
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
    leave_message(request, f"{counted(made, 'action')} imported, {counted(taken, 'change')} taken over")
    return see_other(f"/actions/import/{number}")


@routes.get("/actions/import/{number}/headings")
@policy(IMPORTS)
def ask_for_headings(request: Request, db: Db, reader: Reader, now: Now, number: str) -> Response:
    """Show what each heading was taken for, to be corrected."""
    return _headings(request, db, reader, now, Form(), number)


def _headings(request: Request, session: Session, reader: Doer, now: datetime, form: Form, number: str) -> HTMLResponse:
    draft = find(session, reader, number, now)
    hers = reader.partnerships_as(Role.COORDINATOR)
    return page(
        request,
        "pages/actions/import_headings.html",
        form.status if form.errors else HTTPStatus.OK,
        form=form,
        draft=draft,
        document=tried(session, draft, reader, now).document,
        fields=FIELD_WORDS,
        field_words=field_words,
        review=review_of(draft),
        partnerships=[(one.code, one.name, one.id) for one in every_partnership(session) if one.id in hers],
    )


@routes.post("/actions/import/{number}/headings")
@policy(IMPORTS)
def choose_headings(request: Request, reader: Reader, now: Now, form: Posted, number: str) -> Response:
    """Keep what headings mean, whose copy it is and which partnership is meant; then look at the rows again."""
    with unit_of_work(house_of(request).engine) as session:
        draft = find(session, reader, number, now, lock=True)
        if form.text("review") and not names_review(session, draft, reader, form.text("review")):
            form.says("review", "Enter the reference or the published name of a review, like TH-2021-001")
        if draft.report is None and _is_new(form, draft):
            sheets = tried(session, draft, reader, now).document["sheets"]
            chosen = _chosen(form, sheets, chosen_in(draft)) | {FROM: {"review": _typed(form, "review")}}
            draft.chosen = json.dumps(chosen)
            hers = reader.partnerships_as(Role.COORDINATOR)
            codes = {code: one for one, code in codes_of(session, hers).items()}
            draft.partnership_id = codes.get(form.text("partnership"))
            draft.copy_of = _typed(form, "copy_of")
            # Other headings make other rows.
            _keep_decided(draft, form, {})
            session.add(draft)
    if form.errors:
        with reading(house_of(request).engine) as session:
            return _headings(request, session, reader, now, form, number)
    return see_other(f"/actions/import/{number}")


def _typed(form: Form, name: str) -> str:
    """Give what was typed as far as it can be kept."""
    typed = form.text(name)
    return typed[:200] if storable(typed) and visible(typed) else ""


def _chosen(form: Form, sheets: Any, before: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """Give what was chosen for headings otherwise than they are understood, beside what was chosen before."""
    found = {name: dict(chosen) for name, chosen in before.items()}
    for place, sheet in enumerate(sheets):
        in_doubt = {heading for doubt in sheet["in_doubt"] for heading in doubt["headings"]}
        for column, (heading, meaning) in enumerate(sheet["columns"].items()):
            chosen = form.typed.get(f"sheet-{place}-{column}")
            if chosen is None or chosen not in (*FIELD_WORDS, LEFT_OUT):
                continue
            if chosen != (meaning or LEFT_OUT) or heading in in_doubt:
                found.setdefault(sheet["sheet"] or "", {})[heading] = chosen
    return found


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
