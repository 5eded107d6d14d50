"""The papers of a meeting of the body that decides: a page that prints, one tagged PDF, and a Word file."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.groups.bodies import deciding_group, sits_on
from tracker.groups.models import Group
from tracker.groups.queries import partnership_with_id
from tracker.papers.pack_words import cells_of, empty_of, filled_of, heading_of, in_short, more_of, said_of, together
from tracker.papers.readership import references_to_open
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import policy
from tracker.showing.meeting import meeting_of_reader, pack_document
from tracker.web.meeting_papers import FOR_READERS
from tracker.web.pages import page
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@routes.get("/meetings/{reference}/papers")
@policy(FOR_READERS)
def papers(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show the papers of a meeting as its reader may see them: as they were frozen, or as they stand."""
    pack = _pack(request, db, reader, now, reference)
    group = db.get_one(Group, meeting_of_reader(db, reference, reader).group_id)
    named = {one["reference"] for section in pack["sections"] for one in section["items"]}
    return page(
        request,
        "pages/meetings/pack.html",
        pack=pack,
        heading=heading_of(pack),
        in_short=in_short(pack),
        said=said_of(pack),
        sections=filled_of(pack),
        empty=empty_of(pack),
        to_open=references_to_open(db, named, reader),
        cells_of=cells_of,
        more_of=more_of,
        query=_query(request),
        may_answer=sits_on(db, reader, group),
        may_decide=_decides(db, reader, group.partnership_id),
    )


@routes.get("/meetings/{reference}/papers.pdf")
@policy(FOR_READERS)
def papers_as_pdf(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Give the same as one tagged PDF."""
    from tracker.papers.pack_pdf import pack_as_pdf  # it is wanted before meetings only

    pack = _pack(request, db, reader, now, reference)
    return _file(pack_as_pdf(pack, _partnership(db, reader, reference)), pack, "pdf", "application/pdf")


@routes.get("/meetings/{reference}/papers.docx")
@policy(FOR_READERS)
def papers_as_word(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Give the same as a Word file, with the same numbers."""
    from tracker.papers.pack_docx import pack_as_docx  # a sixth of a second of every start

    pack = _pack(request, db, reader, now, reference)
    return _file(pack_as_docx(pack, _partnership(db, reader, reference)), pack, "docx", _WORD)


def _decides(db: Session, reader: Doer, partnership_id: int) -> bool:
    """Say whether somebody decides on cases; not everybody who answers an escalation with the deciding body does."""
    deciding = deciding_group(db, partnership_id)
    is_member = deciding is not None and deciding.code in reader.groups_in(partnership_id)
    return is_member or reader.has(Role.EXECUTIVE, partnership_id)


def _pack(request: Request, db: Session, reader: Doer, now: datetime, reference: str) -> dict[str, Any]:
    pack: dict[str, Any] = together(pack_document(db, reference, reader, now, _asked(request)))
    return pack


def _asked(request: Request) -> int | None:
    """Read which of the frozen papers are wanted; what is no number asks for none that there are."""
    text = request.query_params.get("number")
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else 99_999


def _query(request: Request) -> str:
    number = _asked(request)
    return "" if number is None else f"?number={number}"


def _partnership(db: Session, reader: Doer, reference: str) -> str:
    meeting = meeting_of_reader(db, reference, reader)
    return partnership_with_id(db, db.get_one(Group, meeting.group_id).partnership_id).name


def _file(content: bytes, pack: dict[str, Any], ending: str, kind: str) -> Response:
    more = f"-supplement-{pack['supplement']}" if pack["supplement"] else ""
    name = f"papers-{pack['meeting']}-{pack['on']}{more}.{ending}"
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
