"""The digest in the hands of the coordinator: held back, let go again, or sent at once."""

from datetime import datetime

from sqlmodel import Session

from tracker import history
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import NoFacts, Reason
from tracker.groups.meetings import ask_about, must_be_planned
from tracker.groups.models import Meeting
from tracker.papers.digest import digest_is_sent, has_digest
from tracker.people.doer import Doer


def hold_digest(session: Session, meeting: Meeting, facts: Reason, *, now: datetime, by: Doer) -> None:
    """Hold a meeting's digest back: it does not go until it is let go again or sent, also when its time has come."""
    _ask(session, meeting, "hold_digest", now, by)
    if meeting.digest_is_held:
        raise Refused(f"The digest for {meeting.reference} is held already.", code="already_done")
    meeting.digest_is_held, meeting.digest_at = True, None
    _note(session, meeting, "hold_digest", f"Digest held: {facts.reason}", now, by)


def release_digest(session: Session, meeting: Meeting, facts: NoFacts, *, now: datetime, by: Doer) -> None:
    """Let a digest go that was held: as planned, or with the next post where its time has passed."""
    _ask(session, meeting, "release_digest", now, by)
    if not meeting.digest_is_held:
        raise Refused(f"The digest for {meeting.reference} is not held.", code="wrong_status")
    meeting.digest_is_held = False
    _note(session, meeting, "release_digest", "Digest no longer held", now, by)


def send_digest(session: Session, meeting: Meeting, facts: NoFacts, *, now: datetime, by: Doer) -> None:
    """Send a meeting's digest with the next post, before its time and also where it was held; it goes once (K9)."""
    _ask(session, meeting, "send_digest", now, by)
    if meeting.digest_at is not None:
        raise Refused(f"The digest for {meeting.reference} goes with the next post already.", code="already_done")
    meeting.digest_is_held, meeting.digest_at = False, now
    _note(session, meeting, "send_digest", "Digest sent at once", now, by)


def _ask(session: Session, meeting: Meeting, deed: str, now: datetime, by: Doer) -> None:
    ask_about(session, meeting, deed, by)
    if not has_digest(session, meeting):
        raise Refused("A digest goes before the meetings of the body that decides alone.", code="no_digest")
    must_be_planned(meeting, london_day(now), "hold or send the digest of")
    if digest_is_sent(session, meeting):
        raise Refused(f"The digest for {meeting.reference} was sent already.", code="already_done")


def _note(session: Session, meeting: Meeting, deed: str, what: str, now: datetime, by: Doer) -> None:
    session.add(meeting)
    history.note(session, meeting.reference, deed, at=now, by=by, role="coordinator", what=what)
