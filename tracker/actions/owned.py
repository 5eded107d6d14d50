"""The actions of one person, as she meets them by her link: her own, and what was said of each last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.evidence import files_of
from tracker.actions.models import Acceptance, Action, ActionUpdate, Evidence
from tracker.actions.queries import WAITING, may_see_action, newest_update
from tracker.actions.reading import ActionRead, read_actions
from tracker.errors import NotFound
from tracker.files.models import FileShown
from tracker.people.doer import Doer
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
    reads = read_actions(session, *_hers(owner), col(Action.status).in_(OPEN_STATUSES), reader=owner, now=now)
    return sorted(reads, key=_place)


def partnerships_of_own(session: Session, owner: Doer) -> set[int]:
    """Give the partnerships of the open actions for which a person answers."""
    question = select(Action.partnership_id).where(*_hers(owner), col(Action.status).in_(OPEN_STATUSES))
    return set(session.exec(question.distinct()))


def own_action(session: Session, owner: Doer, reference: str, now: datetime) -> ActionRead:
    """Give one of a person's actions, also one that is closed; raises `NotFound` for every other."""
    reads = read_actions(session, *_hers(owner), col(Action.reference) == reference, reader=owner, now=now)
    if not reads:
        raise NotFound(f"There is no action {reference} that you can open. Ask the business unit.")
    return reads[0]


def last_word(session: Session, action: Action) -> LastWord | None:
    """Give what was said of an action last; nothing before the first update."""
    update = newest_update(session, action)
    if update is None:
        return None
    of_it = (Evidence.update_id == update.id, col(Evidence.file_id).is_(None))
    pieces = session.exec(select(Evidence.text).where(*of_it).order_by(col(Evidence.id)))
    files = [file.shown for file in files_of(session, action.id) if file.update_id == update.id]
    asked = select(Acceptance.reason).where(Acceptance.update_id == update.id, Acceptance.answer == "queried")
    question = session.exec(asked.order_by(col(Acceptance.id).desc())).first()
    dealt_with = select(ActionUpdate.at).where(ActionUpdate.action_id == action.id, ActionUpdate.state == "accepted")
    since = session.exec(dealt_with.order_by(col(ActionUpdate.id).desc())).first()
    return LastWord(update, "\n".join(pieces), files, question if update.state == "queried" else None, since)


def _hers(owner: Doer) -> tuple[Any, ...]:  # conditions of a query
    return col(Action.owner_id).in_({owner.id} | owner.stands_for), may_see_action(owner)


def _place(read: ActionRead) -> tuple[bool, bool, PartialDate, int]:
    due = read.action.due
    return read.rag.colour is not Colour.RED, due is None, due or PartialDate(2200), read.action.id
