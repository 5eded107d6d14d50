"""Evidence as files: handed out to whoever sees the action, to be saved and never shown; who had one is noted."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from notifications.links import Purpose
from tracker.actions.evidence import evidence_file, evidence_for, evidence_read
from tracker.actions.owned import own_action
from tracker.cases.reading import note_read
from tracker.errors import NotFound
from tracker.files.handing_out import headers_of, number_in
from tracker.files.kinds import FileKind
from tracker.files.models import StoredFile
from tracker.people.links import LinkBroken
from tracker.policy import BY_LINK, policy
from tracker.web.action_deeds import READ_ACTIONS
from tracker.web.house import house_of
from tracker.web.link_doors import enter
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()


@routes.get("/actions/{reference}/evidence/{number}")
@policy(READ_ACTIONS)
def evidence(request: Request, db: Db, reader: Reader, now: Now, reference: str, number: str) -> Response:
    """Hand out a file among the evidence of an action."""
    action, file = evidence_for(db, reference, number_in(number), reader)
    note_read(house_of(request).engine, reader.id, evidence_read(action, number_in(number)), now)
    return to_be_saved(file)


@routes.get("/u/{token}/{reference}/evidence/{number}")
@policy(BY_LINK)
def own_evidence(request: Request, db: Db, now: Now, reference: str, number: str) -> Response:
    """Hand a file back to the owner who gave it, behind her link."""
    visit = enter(request, db, Purpose.ACTIONS, now)
    if not (reference.isascii() and reference.isalnum()):
        raise LinkBroken
    try:
        action = own_action(db, visit.owner, reference.upper(), now).action
        file = evidence_file(db, action, number_in(number), {visit.owner.id} | visit.owner.stands_for)
    except NotFound:
        raise LinkBroken from None
    note_read(house_of(request).engine, visit.owner.id, evidence_read(action, number_in(number)), now)
    return to_be_saved(file)


def to_be_saved(file: StoredFile) -> Response:
    """Answer with a file, to be saved."""
    return Response(file.content, media_type=FileKind(file.kind).media_type, headers=dict(headers_of(file.name)))
