"""The action plan as a file for a spreadsheet; as comma-separated values it never stands in memory as a whole."""

import io
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session

from tracker.actions.paging import plan_for
from tracker.database import reading
from tracker.people.doer import Doer
from tracker.showing.plan_files import csv_parts, write_xlsx
from tracker.showing.plan_sheet import SheetRow, sheet_rows
from tracker.web.plan_filters import Asked

_AT_ONCE = 500


def lines_of(engine: Engine, reader: Doer, now: datetime, asked: Asked) -> Iterator[bytes]:
    """Give the file in parts: what is asked for, as the reader sees it, in the order of the list."""
    with reading(engine) as session:
        yield from csv_parts(_portions(session, reader, now, asked))


def workbook_of(session: Session, reader: Doer, now: datetime, asked: Asked) -> bytes:
    """Give the same as a workbook."""
    written = io.BytesIO()
    write_xlsx(written, (row for rows in _portions(session, reader, now, asked) for row in rows))
    return written.getvalue()


def _portions(session: Session, reader: Doer, now: datetime, asked: Asked) -> Iterator[list[SheetRow]]:
    ids = plan_for(session, reader, now).every_id(asked.wanted)
    for start in range(0, len(ids), _AT_ONCE):
        yield sheet_rows(session, ids[start : start + _AT_ONCE], reader, now)
        session.expunge_all()
