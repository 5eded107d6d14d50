"""The action plan as a file for a spreadsheet; as comma-separated values it never stands in memory as a whole."""

import io
from collections.abc import Iterator, Sequence
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
        ids = _ids(session, reader, now, asked)
    yield from csv_parts(_fetched(engine, reader, now, ids))


def workbook_of(session: Session, reader: Doer, now: datetime, asked: Asked) -> bytes:
    """Give the same as a workbook."""
    written = io.BytesIO()
    write_xlsx(written, (row for rows in _portions(session, reader, now, asked) for row in rows))
    return written.getvalue()


def _fetched(engine: Engine, reader: Doer, now: datetime, ids: Sequence[int]) -> Iterator[list[SheetRow]]:
    """Give a portion at a time; between two nothing is kept from others, however slowly the reader fetches them."""
    for portion in _in_portions(ids):
        with reading(engine) as session:
            rows = sheet_rows(session, portion, reader, now)
        yield rows


def _portions(session: Session, reader: Doer, now: datetime, asked: Asked) -> Iterator[list[SheetRow]]:
    for portion in _in_portions(_ids(session, reader, now, asked)):
        yield sheet_rows(session, portion, reader, now)
        session.expunge_all()


def _ids(session: Session, reader: Doer, now: datetime, asked: Asked) -> Sequence[int]:
    return plan_for(session, reader, now).every_id(asked.wanted)


def _in_portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
