"""What shows that an action is done (K14): in words, as a link, or as a file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, func, select

from tracker.actions.models import Action, ActionUpdate, Evidence
from tracker.actions.queries import action_by_reference
from tracker.among import among, listed
from tracker.errors import NotFound, Refused
from tracker.facts import Words, storable
from tracker.files.given import FileGiven, refuse_places
from tracker.files.kinds import FileKind
from tracker.files.models import SHOWN, FileShown, StoredFile, keep_file
from tracker.people.doer import Doer
from tracker.rows import Question, write
from workflows.dates import PartialDate

MOST_OF_AN_ACTION = 20
NO_EVIDENCE = "Say what shows that it is done, or add a file."


class EvidenceGiven(BaseModel):
    """What shows that something is done, in words or as a link, and from which day it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Words
    on: PartialDate | None = None


AllEvidence = Words | EvidenceGiven | list[Words | EvidenceGiven]


@dataclass(frozen=True, slots=True)
class Given:
    """By whom evidence was given and when, with which update, and who has looked at it already."""

    by: Doer
    now: datetime
    update_id: int | None = None
    looked_at_by_id: int | None = None


def write_evidence(
    session: Session, action: Action, words: AllEvidence, files: Sequence[FileGiven], given: Given
) -> dict[str, list[str]]:
    """Write what shows that an action is done, piece by piece; gives what the history keeps of it beside its words."""
    for piece in words if isinstance(words, list) else [words]:
        said = EvidenceGiven(text=piece) if isinstance(piece, str) else piece
        _write(session, action, given, said.text, on=said.on)
    for file in files:
        kept = keep_file(session, file.file_name, file.kind, file.content, given.now)
        _write(session, action, given, kept.name, file_id=kept.id)
    return {"files": [file.fingerprint for file in files]} if files else {}


def _write(
    session: Session,
    action: Action,
    given: Given,
    text: str,
    *,
    on: PartialDate | None = None,
    file_id: int | None = None,
) -> None:
    evidence = Evidence(action_id=action.id, update_id=given.update_id, text=text, file_id=file_id, on=on)
    evidence.given_by_id, evidence.looked_at_by_id = given.by.id, given.looked_at_by_id
    write(session, evidence)


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is there already, and stays when the update it came with is sent anew."""

    id: int
    name: str
    fingerprint: str


def files_kept_from(session: Session, update: ActionUpdate | None, by: Doer) -> list[KeptFile]:
    """Give the files of an update that its own sender sends anew."""
    if update is None or update.person_id != by.id:
        return []
    question = (
        select(StoredFile.id, StoredFile.name, StoredFile.sha256)
        .join(Evidence, col(Evidence.file_id) == StoredFile.id)
        .where(Evidence.update_id == update.id)
        .order_by(col(Evidence.id))
    )
    return [KeptFile(*row) for row in session.exec(question)]


def keep_files(session: Session, action: Action, kept: Sequence[KeptFile], given: Given) -> None:
    """Let files of an earlier update stand as evidence of the later one."""
    for file in kept:
        _write(session, action, given, file.name, file_id=file.id)


def files_to_write(
    session: Session,
    action: Action,
    files: Sequence[FileGiven],
    kept: Sequence[KeptFile] = (),
    confirmed: Sequence[str] = (),
) -> list[FileGiven]:
    """Give the files that are not there already; raises `Refused` for a photo that says its place, and for too many."""
    refuse_places(files, confirmed)
    known = {file.fingerprint for file in kept}
    new = [file for file in files if file.fingerprint not in known]
    question = select(func.count(func.distinct(Evidence.file_id))).where(Evidence.action_id == action.id)
    if new and session.exec(question).one() + len(new) > MOST_OF_AN_ACTION:
        raise Refused(
            f"{action.reference} has no room for more files: it holds {MOST_OF_AN_ACTION} at most. Say in words where "
            "the evidence is kept.",
            code="too_many_files",
        )
    return new


@dataclass(frozen=True, slots=True)
class FileOfAction:
    """A file among the evidence of an action: with which update it came, and who gave it."""

    evidence_id: int
    update_id: int | None
    given_by_id: int | None
    shown: FileShown


def files_of(session: Session, *action_ids: int) -> list[FileOfAction]:
    """Give the files among the evidence of actions; each is numbered by its place among all evidence of its action."""
    return [
        FileOfAction(evidence_id, update_id, by_id, FileShown(number, name, FileKind(kind), size, sha256))
        for evidence_id, update_id, by_id, number, name, kind, size, sha256 in _FILES.rows(
            session, actions=listed(action_ids)
        )
    ]


def _ask_for_files() -> Question:
    place = func.row_number().over(partition_by=col(Evidence.action_id), order_by=col(Evidence.id)).label("place")
    numbered = select(Evidence.id, place).where(among(col(Evidence.action_id), "actions")).subquery()
    return Question(
        select(Evidence.id, Evidence.update_id, Evidence.given_by_id, numbered.c.place, *SHOWN)
        .join(numbered, numbered.c.id == Evidence.id)
        .join(StoredFile, col(StoredFile.id) == Evidence.file_id)
        .order_by(col(Evidence.id))
    )


_FILES = _ask_for_files()


def evidence_for(session: Session, reference: str, number: int, reader: Doer) -> tuple[Action, StoredFile]:
    """Give a file among the evidence of an action that a reader sees, with the action; raises `NotFound`."""
    if not storable(reference):
        raise NotFound("There is no action with such a character in its reference.")
    action = action_by_reference(session, reference, reader)
    return action, evidence_file(session, action, number)


def evidence_read(action: Action, number: int) -> str:
    """Name a file as the record of who has read what names it."""
    return f"{action.reference}/evidence/{number}"


def evidence_file(session: Session, action: Action, number: int, given_by: Iterable[int] | None = None) -> StoredFile:
    """Give a file among the evidence of an action, whole; with `given_by` only one that these people gave.

    Raises `NotFound` where there is none.
    """
    found = next((file for file in files_of(session, action.id) if file.shown.number == number), None)
    if found is None or (given_by is not None and found.given_by_id not in set(given_by)):
        raise NotFound(f"There is no file {number} among the evidence of {action.reference}.")
    return session.get_one(StoredFile, session.get_one(Evidence, found.evidence_id).file_id)
