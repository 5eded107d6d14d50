"""The actions of one person, as she meets them by her link: her own, and what was said of each last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func
from sqlmodel import Session, col, select

from tracker.actions.evidence import files_of
from tracker.actions.models import Acceptance, Action, ActionUpdate, Evidence
from tracker.actions.queries import WAITING, last_update, not_barred
from tracker.actions.reading import ActionRead, read_these
from tracker.among import among, listed
from tracker.errors import NotFound
from tracker.files.models import FileShown
from tracker.people.doer import Doer
from tracker.rows import Question
from workflows.action import OPEN_STATUSES
from workflows.colour import Colour
from workflows.dates import PartialDate


@dataclass(frozen=True, slots=True)
class LastWord:
    """What was said of an action last: the update, what shows it, and the question that was asked back about it.

    `files`: those of the update that its own sender gave.
    `since`: when the last update was given that is dealt with; while one waits it may be replaced by another.
    """

    update: ActionUpdate
    evidence: str
    files: Sequence[FileShown]
    question: str | None
    since: datetime | None

    @property
    def waits(self) -> bool:
        """Say whether it waits to be checked, and may be sent anew until then."""
        return self.update.state in WAITING


def own_open_actions(session: Session, owner: Doer, now: datetime) -> list[ActionRead]:
    """Give the open actions for which a person answers, red first, then by due date; none of which she is barred."""
    ids = [action_id for (action_id,) in _OPEN.rows(session, **_values(owner))]
    return sorted(read_these(session, ids, owner, now), key=_place)


def partnerships_of_own(session: Session, owner: Doer) -> set[int]:
    """Give the partnerships of the open actions for which a person answers."""
    return {partnership_id for (partnership_id,) in _PARTNERSHIPS.rows(session, **_values(owner))}


def own_action(session: Session, owner: Doer, reference: str, now: datetime) -> ActionRead:
    """Give one of a person's actions, also one that is closed; raises `NotFound` for every other."""
    ids = [action_id for (action_id,) in _ONE.rows(session, reference=reference, **_values(owner))]
    reads = read_these(session, ids, owner, now)
    if not reads:
        raise NotFound(f"There is no action {reference} that you can open. Ask the business unit.")
    return reads[0]


def last_word(session: Session, action: Action) -> LastWord | None:
    """Give what was said of an action last; nothing before the first update."""
    update = last_update(session, action)
    if update is None:
        return None
    pieces = [text for (text,) in _PIECES.rows(session, update=update.id)]
    files = [file.shown for file in files_of(session, action.id) if file.update_id == update.id]
    asked = _ASKED.rows(session, update=update.id) if update.state == "queried" else ()
    dealt_with = _DEALT_WITH.rows(session, action=action.id)
    question, since = (rows[0][0] if rows else None for rows in (asked, dealt_with))
    return LastWord(update, "\n".join(pieces), files, question, since)


# Whoever answers for an action reaches it: only a declared conflict hides it from her.
_HERS = (among(col(Action.owner_id), "own"), not_barred())
# Not the column itself: SQLite would look among all open actions for hers, and hers are few.
_STATUS = func.coalesce(col(Action.status), "")
_OF_OPEN = (*_HERS, _STATUS.in_([status.value for status in OPEN_STATUSES]))
_OPEN = Question(select(Action.id).where(*_OF_OPEN))
_PARTNERSHIPS = Question(select(Action.partnership_id).where(*_OF_OPEN).distinct())
_ONE = Question(select(Action.id).where(*_HERS, Action.reference == bindparam("reference")))
_UPDATE = bindparam("update", type_=Integer)
_PIECES = Question(
    select(Evidence.text)
    .where(Evidence.update_id == _UPDATE, col(Evidence.file_id).is_(None))
    .order_by(col(Evidence.id))
)
_ASKED = Question(
    select(Acceptance.reason)
    .where(Acceptance.update_id == _UPDATE, Acceptance.answer == "queried")
    .order_by(col(Acceptance.id).desc())
    .limit(1)
)
_DEALT_WITH = Question(
    select(ActionUpdate.at)
    .where(ActionUpdate.action_id == bindparam("action"), ActionUpdate.state == "accepted")
    .order_by(col(ActionUpdate.id).desc())
    .limit(1)
)


def _values(owner: Doer) -> dict[str, Any]:  # the values of a question
    return {"reader": owner.id, "own": listed({owner.id} | owner.stands_for)}


def _place(read: ActionRead) -> tuple[bool, bool, PartialDate, int]:
    due = read.action.due
    return read.rag.colour is not Colour.RED, due is None, due or PartialDate(2200), read.action.id
