"""Files of actions that somebody sent and has not stored yet: hers alone, and gone after a day."""

import json
import zlib
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, delete, select

from tracker.actions.imported import ImportDraft
from tracker.errors import NotFound
from tracker.files.models import fingerprint_of
from tracker.rows import write

KEPT_FOR = timedelta(days=1)
# So many of one person; the oldest gives way.
MOST = 5


def keep_draft(session: Session, person_id: int, name: str, lines: bytes, now: datetime) -> int:
    """Keep a file that was read, and give its number; the same file sent again is the one that is there already."""
    forget_old_drafts(session, now)
    fingerprint = fingerprint_of(name.encode() + b"\0" + lines)
    hers = select(ImportDraft.id).where(ImportDraft.person_id == person_id)
    is_same = (ImportDraft.fingerprint == fingerprint, col(ImportDraft.report).is_(None))
    known = session.exec(hers.where(*is_same)).first()
    if known is not None:
        return known
    older = session.exec(hers.order_by(col(ImportDraft.id).desc()).offset(MOST - 1)).all()
    session.exec(delete(ImportDraft).where(col(ImportDraft.id).in_(older)))
    draft = ImportDraft(person_id=person_id, name=name, fingerprint=fingerprint, made_at=now)
    draft.lines = zlib.compress(lines, 1)
    return write(session, draft).id


def draft_of(session: Session, person_id: int, number: int, now: datetime, *, lock: bool = False) -> ImportDraft:
    """Find a file that somebody sent within the last day; raises `NotFound`, also for one of somebody else."""
    question = select(ImportDraft).where(ImportDraft.id == number, ImportDraft.person_id == person_id)
    question = question.where(ImportDraft.made_at > now - KEPT_FOR)
    found = session.exec(question.with_for_update() if lock else question).first()
    if found is None:
        raise NotFound("There is no such file on its way in.")
    return found


def drafts_of(session: Session, person_id: int, now: datetime) -> list[tuple[int, str, datetime, bool]]:
    """Give the files that somebody sent within the last day: number, name, when, and whether it is stored."""
    shown = (ImportDraft.id, ImportDraft.name, ImportDraft.made_at, col(ImportDraft.report).is_not(None))
    question = select(*shown).where(ImportDraft.person_id == person_id, ImportDraft.made_at > now - KEPT_FOR)
    return [(number, name, at, bool(is_stored)) for number, name, at, is_stored in session.exec(_newest(question))]


def _newest(question: Any) -> Any:  # a question of several columns
    return question.order_by(col(ImportDraft.id).desc())


def forget_old_drafts(session: Session, now: datetime) -> None:
    """Forget every file whose day is over, with what became of it."""
    session.exec(delete(ImportDraft).where(col(ImportDraft.made_at) <= now - KEPT_FOR))


def lines_in(draft: ImportDraft) -> bytes:
    """Give what was read of a file."""
    return zlib.decompress(draft.lines or b"")


def write_report_of(draft: ImportDraft, document: dict[str, Any]) -> None:
    """Keep what became of a file in the place of what it held."""
    draft.report, draft.lines = zlib.compress(json.dumps(document).encode(), 1), None


def report_in(draft: ImportDraft) -> dict[str, Any] | None:
    """Give what became of a file that is stored."""
    if draft.report is None:
        return None
    found: dict[str, Any] = json.loads(zlib.decompress(draft.report))
    return found
