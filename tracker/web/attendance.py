"""Which agencies came to the meetings of each group, and their share over a year."""

from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session, col, select

from tracker.groups.meeting_queries import attendance_by_year
from tracker.groups.models import Group
from tracker.groups.queries import every_partnership
from tracker.policy import policy
from tracker.web.meeting_papers import FOR_READERS
from tracker.web.pages import page
from tracker.web.visitors import Db, Reader

routes = APIRouter()


@routes.get("/meetings/attendance")
@policy(FOR_READERS)
def attendance(request: Request, db: Db, reader: Reader) -> Response:
    """Show for each year, newest first, and each group of the reader's partnerships how often each agency came."""
    ids = {*reader.roles, *reader.groups}
    tables = [table for one in every_partnership(db) if one.id in ids for table in _tables(db, one.id, one.name)]
    tables.sort(key=lambda table: str(table["year"]), reverse=True)
    return page(
        request,
        "pages/meetings/attendance.html",
        tables=tables,
        several=len({table["partnership"] for table in tables}) > 1,
    )


def _tables(session: Session, partnership_id: int, name: str) -> list[dict[str, Any]]:
    groups = select(Group.code, Group.name).where(col(Group.partnership_id) == partnership_id)
    names = dict(session.exec(groups).all())
    rows = attendance_by_year(session, partnership_id)
    return [
        {"partnership": name, "year": year, "group": names[code], "rows": list(found)}
        for (year, code), found in groupby(rows, key=lambda row: (row["year"], row["group"]))
    ]
