"""The action plan as a file for a spreadsheet, written while it is sent: it never stands in memory as a whole."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import Engine

from tracker.actions.paging import plan_for
from tracker.actions.plan_rows import PlanRow, Row, plan_rows
from tracker.actions.reading import TO_BE_CHECKED
from tracker.database import reading
from tracker.people.doer import Doer
from tracker.showing.plan_files import guarded
from tracker.web.plan_filters import Asked
from workflows.dates import iso_text

_AT_ONCE = 500
_HEADER = (
    *("Reference", "Title", "Action", "Status", "Why", "Due", "Owner", "Agency", "Themes", "From", "Last update"),
)


def lines_of(engine: Engine, reader: Doer, now: datetime, asked: Asked) -> Iterator[bytes]:
    """Give the file in parts: what is asked for, as the reader sees it, in the order of the list."""
    # Excel takes a file without this mark for another alphabet.
    yield b"\xef\xbb\xbf" + _written([_HEADER])
    with reading(engine) as session:
        ids = plan_for(session, reader, now).every_id(asked.wanted)
        for start in range(0, len(ids), _AT_ONCE):
            rows = plan_rows(session, ids[start : start + _AT_ONCE], reader, now)
            session.expunge_all()
            yield _written([[guarded(cell) for cell in _cells(row)] for row in rows])


def _cells(row: PlanRow) -> Sequence[str]:
    """Give the cells of an action; dates as they are known, so that a spreadsheet can sort them."""
    return (
        row.reference,
        row.title or "",
        row.text,
        row.rag.word,
        f"{row.rag.reason}. {TO_BE_CHECKED}" if row.waits else row.rag.reason,
        iso_text(row.due) or "",
        row.owner.person.name if row.owner else "",
        row.agency or "",
        "; ".join(row.themes),
        "; ".join(map(_from, row.sources)),
        iso_text(row.updated_on) or "",
    )


def _from(source: Row) -> str:
    named = f" ({source['case']})" if source["case"] else ""
    return f"{source['words']}{named}{source['more']}"


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows(rows)
    return written.getvalue().encode()
