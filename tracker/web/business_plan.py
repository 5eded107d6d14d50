"""The plan as a business plan: every objective with its outcomes, timescale and progress, to read and to take away."""

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session, select

from tracker.actions.models import ActionSource
from tracker.people.doer import Doer
from tracker.policy import policy
from tracker.showing.business_plan import Row, by_objective
from tracker.showing.business_plan_files import as_csv, as_xlsx
from tracker.showing.lists import list_rows
from tracker.web.action_deeds import READ_ACTIONS
from tracker.web.pages import page
from tracker.web.visitors import Db, Now, Reader
from workflows.action import SourceKind

routes = APIRouter()

# A page of more is read by nobody; the file holds all.
MOST = 400

_KINDS = {
    "csv": (as_csv, "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@routes.get("/actions/business-plan")
@policy(READ_ACTIONS)
def plan(request: Request, db: Db, reader: Reader, now: Now, show: str = "") -> Response:
    """Show the outcomes of every objective; those of the partnership's own objectives only, where it has some."""
    own = _of_own(db, reader, now)
    rows = own if own and show != "all" else list_rows(db, "business-plan", {}, reader, now)
    is_own = bool(own) and show != "all"
    return page(
        request,
        "pages/actions/business_plan.html",
        objectives=by_objective(rows[:MOST]),
        number=len(rows),
        most=MOST,
        is_own=is_own,
        has_own=bool(own),
        query="" if is_own else "?show=all",
    )


@routes.get("/actions/business-plan.csv")
@policy(READ_ACTIONS)
def as_comma_separated(db: Db, reader: Reader, now: Now, show: str = "") -> Response:
    """Give the same as comma-separated values."""
    return _file(db, reader, now, show, "csv")


@routes.get("/actions/business-plan.xlsx")
@policy(READ_ACTIONS)
def as_workbook(db: Db, reader: Reader, now: Now, show: str = "") -> Response:
    """Give the same as a workbook."""
    return _file(db, reader, now, show, "xlsx")


def _file(session: Session, reader: Doer, now: Now, show: str, kind: str) -> Response:
    own = _of_own(session, reader, now) if show != "all" else []
    write, media_type = _KINDS[kind]
    content = write(own or list_rows(session, "business-plan", {}, reader, now))
    name = f"business-plan-{reader.day.isoformat()}.{kind}"
    return Response(content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _of_own(session: Session, reader: Doer, now: Now) -> list[Row]:
    """Give the outcomes that come from objectives of the partnership itself, and from no review."""
    priority = SourceKind.PRIORITY
    if session.exec(select(ActionSource.id).where(ActionSource.kind == priority).limit(1)).first() is None:
        return []
    return list_rows(session, "business-plan", {"source": priority}, reader, now)
