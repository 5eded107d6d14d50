"""A pack is frozen as it is sent: shown again in years as it was; what comes later is a listed supplement."""

from datetime import datetime

from sqlmodel import Session

from tracker import history
from tracker.database import to_json
from tracker.errors import Refused
from tracker.facts import NoFacts
from tracker.groups.meetings import ask_about
from tracker.groups.models import Meeting
from tracker.papers.digest import digest_figures, has_digest
from tracker.papers.models import Pack
from tracker.papers.pack import Document, as_read, pack_now, packs_of, supplement
from tracker.people.doer import Doer
from tracker.rows import write


def freeze_pack(session: Session, meeting: Meeting, facts: NoFacts, *, now: datetime, by: Doer) -> None:
    """Freeze the pack of a meeting; where it has one already, freeze what has come since as a supplement."""
    ask_about(session, meeting, "freeze_pack", by)
    if not has_digest(session, meeting):
        raise Refused("Packs are made for the meetings of the body that decides.", code="no_pack")
    if meeting.status != "planned":
        raise Refused(f"{meeting.reference} is {meeting.status}: its pack stands as it was.", code="wrong_status")
    frozen = freeze(session, meeting, digest_figures(session, meeting, now), now, by.id)
    if frozen is None:
        raise Refused("Nothing has changed since the pack was frozen.", code="already_done")
    what = "Pack frozen" if frozen.number == 1 else f"Supplement {frozen.number - 1} frozen"
    history.note(session, meeting.reference, "freeze_pack", at=now, by=by, role="coordinator", what=what)


def freeze(session: Session, meeting: Meeting, figures: Document, now: datetime, person_id: int | None) -> Pack | None:
    """Keep the pack as it stands, or what it adds to the one that is kept; nothing where it adds nothing."""
    whole = pack_now(session, meeting, figures, now)
    packs = packs_of(session, meeting)
    contents = supplement(map(as_read, packs), whole) if packs else whole
    if packs and not any(section["items"] for section in contents["sections"]):
        return None
    pack = Pack(
        meeting_id=meeting.id,
        number=packs[-1].number + 1 if packs else 1,
        frozen_at=now,
        frozen_by_id=person_id,
        contents=to_json(contents),
    )
    return write(session, pack)
