"""A spreadsheet of actions is sent: read at once by a process of its own, and kept for its sender."""

import tempfile
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlmodel import Session

from tracker.actions.import_drafts import drafts_of, keep_draft
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.database import reading, unit_of_work
from tracker.errors import NotAllowed, Refused
from tracker.facts import storable, visible
from tracker.files.kinds import LARGEST_FILE, size_words
from tracker.importing.reading import read_lines
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import policy
from tracker.web.forms import COUNTED_HERE, Form, Upload, form_with_files
from tracker.web.house import house_of
from tracker.web.import_files import IMPORTS
from tracker.web.pages import page, see_other
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()
_ENDINGS = (".xlsx", ".csv", ".txt", ".tsv", ".xlsm", ".xls", ".ods", ".xlsb")


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
    hidden = barred_cases_named(session, reader.id)
    drafts = [(one, without_references(name, hidden), *more) for one, name, *more in drafts_of(session, reader.id, now)]
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
