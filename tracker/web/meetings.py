"""The meetings of a reader's partnerships, coming and past: each with its agenda, and the digest before it."""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlmodel import Session

from tracker.clock import london_day
from tracker.errors import NotAllowed
from tracker.escalations.speaking import groups_to_raise_for
from tracker.groups.bodies import sits_on
from tracker.groups.models import Group
from tracker.groups.next_meetings import next_meetings
from tracker.groups.queries import meeting_by_reference
from tracker.papers.digest import answer_by
from tracker.papers.readership import references_to_open
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import policy
from tracker.showing.lists import list_rows
from tracker.showing.meeting import meeting_of_reader, reads_papers
from tracker.showing.show import show
from tracker.web import attendance, meeting_deeds, meeting_scheduling
from tracker.web.meeting_papers import FOR_READERS, Papers, digest_sections, hour
from tracker.web.pages import page, see_other
from tracker.web.visitors import Db, Now, Reader

routes = APIRouter()
# Before the pages below: an address like /meetings/new is no reference.
routes.include_router(meeting_scheduling.routes)
routes.include_router(attendance.routes)


@routes.get("/meetings")
@policy(FOR_READERS)
def meetings(request: Request, db: Db, reader: Reader, now: Now) -> Response:
    """Show the meetings that come, and those that were."""
    today = london_day(now).isoformat()
    rows = [row | {"hour": hour(row["on"], row["at"])} for row in list_rows(db, "meetings", {}, reader, now)]
    planned = [row for row in rows if row["status"] == "planned"]
    return page(
        request,
        "pages/meetings/list.html",
        coming=[row for row in planned if row["on"] >= today],
        unclosed=[row for row in planned if row["on"] < today],
        past=[row for row in reversed(rows) if row["status"] != "planned"],
        several=len({row["partnership"] for row in rows}) > 1,
        may_schedule=bool(reader.partnerships_as(Role.COORDINATOR)),
    )


@routes.get("/meetings/next")
@policy(FOR_READERS)
def next_meeting(db: Db, reader: Reader, now: Now) -> Response:
    """Send the reader to the next meeting of the body that decides, or to all meetings when none is planned."""
    coming = next_meetings(db, reader, now)
    return see_other(f"/meetings/{coming[0].reference}" if coming else "/meetings")


@routes.get("/meetings/{reference}")
@policy(FOR_READERS)
def meeting(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show a meeting: when it is, its agenda with what stands under each heading, and what became of it."""
    document = show(db, "meeting", reference, reader, now)
    group = db.get_one(Group, meeting_by_reference(db, reference).group_id)
    return page(
        request,
        "pages/meetings/one.html",
        meeting=document,
        hour=hour(document["on"], document["at"]),
        papers=Papers(db, document["agenda"], reader),
        may_answer=sits_on(db, reader, group),
        reads_papers=reads_papers(reader, group),
        raise_link=_raise_link(db, document, group, reader),
        to_open=_to_open(db, document, reader),
        may_add=_may_add(document, group, reader, now),
        deeds=_deeds(document, group, reader, now),
    )


@routes.get("/meetings/{reference}/digest")
@policy(FOR_READERS)
def digest(request: Request, db: Db, reader: Reader, now: Now, reference: str) -> Response:
    """Show the digest of a meeting as those who decide read it: as it was sent, or as it stands now."""
    found = meeting_of_reader(db, reference, reader)
    group = db.get_one(Group, found.group_id)
    if not reads_papers(reader, group):
        raise NotAllowed(f"The papers of {group.name} are for its members. Ask the coordinator if you need them.")
    figures = show(db, "digest", found.reference, reader, now)
    is_coming = found.status == "planned" and found.on >= london_day(now)
    return page(
        request,
        "pages/meetings/digest.html",
        digest=figures,
        group=group,
        hour=hour(figures["on"], figures["at"]),
        answer_by=answer_by(db, found, london_day(now)) if is_coming else None,
        deeds=_digest_deeds(figures) if is_coming and reader.has(Role.COORDINATOR, group.partnership_id) else [],
        papers=Papers(db, digest_sections(figures), reader),
        may_answer=sits_on(db, reader, group),
    )


def _raise_link(session: Session, document: dict[str, Any], group: Group, reader: Doer) -> str | None:
    """Give where an escalation is raised from a meeting, for those who may raise one for its group."""
    if document["status"] != "planned" or group.id not in {one.id for one in groups_to_raise_for(session, reader)}:
        return None
    query = {"group": f"{document['partnership']}/{group.code}", "meeting": document["reference"]}
    return f"/escalations/new?{urlencode(query)}"


def _to_open(session: Session, document: dict[str, Any], reader: Doer) -> frozenset[str]:
    """Give those of the cases and actions on the action list that a reader may open."""
    listed = document["action_list"] or {"decisions": [], "actions": []}
    return references_to_open(session, {row["reference"] for row in (*listed["decisions"], *listed["actions"])}, reader)


def _may_add(document: dict[str, Any], group: Group, reader: Doer, now: datetime) -> bool:
    """Say whether a reader may add an action that was agreed at a meeting: from its day on."""
    is_held = document["status"] != "cancelled" and document["on"] <= london_day(now).isoformat()
    return is_held and reader.has(Role.COORDINATOR, group.partnership_id)


def _deeds(document: dict[str, Any], group: Group, reader: Doer, now: datetime) -> list[str]:
    """Name the deeds that its coordinator may do to a meeting now."""
    if document["status"] != "planned" or not reader.has(Role.COORDINATOR, group.partnership_id):
        return []
    today, on = london_day(now), date.fromisoformat(document["on"])
    coming = ["move-meeting", "edit-meeting", "edit-agenda", "cancel-meeting"] if on >= today else []
    coming += ["freeze-pack"] if on >= today and document["digest"] else []
    coming += _digest_deeds(document["digest"]) if on >= today and document["digest"] else []
    coming += ["end-series"] if on >= today and document["series"] else []
    return coming + (["close-meeting"] if on <= today else [])


def _digest_deeds(digest: dict[str, Any]) -> list[str]:
    """Name what may be done with a digest that has not gone."""
    if digest["sent_at"]:
        return []
    return ["send-digest", "release-digest" if digest["held"] else "hold-digest"]


# After the pages above: an address like /meetings/M1/digest is no deed.
routes.include_router(meeting_deeds.routes)
