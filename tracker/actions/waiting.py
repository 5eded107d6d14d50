"""Updates that wait to be checked: what was sent, by whom, and what shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import sqlalchemy
from sqlalchemy import ColumnElement
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from tracker.actions.evidence import files_of
from tracker.actions.models import Acceptance, Action, ActionUpdate, Evidence
from tracker.actions.queries import IS_NEWEST, WAITING, may_see_action
from tracker.actions.wanting import Share
from tracker.among import among, listed
from tracker.clock import london_day
from tracker.files.models import FileShown
from tracker.kept import kept
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.rows import Question, RowsOf
from workflows.action import OPEN_STATUSES
from workflows.dates import PartialDate

MOST_AT_ONCE = 50
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class WaitingUpdate:
    """An update to accept or to query, with its action; `question` is what was asked back about it already."""

    action: Action
    update: ActionUpdate
    by: str
    agency: str | None
    evidence: Sequence[str]
    files: Sequence[FileShown]
    question: str | None


def waiting_updates(session: Session, reader: Doer, partnerships: Sequence[int]) -> list[WaitingUpdate]:
    """Give the updates that wait, those to be checked first and the oldest on top; so many at once."""
    question = (
        select(Action, ActionUpdate, Person.name, Agency.name)
        .join(ActionUpdate, col(ActionUpdate.action_id) == Action.id)
        .join(Person, col(Person.id) == ActionUpdate.person_id)
        .join(Agency, col(Agency.id) == Action.agency_id, isouter=True)
        .where(*_waiting(reader, partnerships))
        .order_by(col(ActionUpdate.state).desc(), col(ActionUpdate.id))
        .limit(MOST_AT_ONCE)
    )
    rows = session.exec(question).all()
    ids = [update.id for _, update, _, _ in rows]
    said: dict[int | None, list[str]] = {}
    in_words = (col(Evidence.update_id).in_(ids), col(Evidence.file_id).is_(None))
    for piece in session.exec(select(Evidence).where(*in_words).order_by(col(Evidence.id))):
        said.setdefault(piece.update_id, []).append(piece.text)
    files: dict[int | None, list[FileShown]] = {}
    for file in files_of(session, *(action.id for action, _, _, _ in rows)):
        files.setdefault(file.update_id, []).append(file.shown)
    asked = select(Acceptance.update_id, Acceptance.reason).where(col(Acceptance.update_id).in_(ids))
    questions = dict(session.exec(asked.order_by(col(Acceptance.id))).all())
    return [
        WaitingUpdate(
            action,
            update,
            by,
            agency or action.agency_name,
            said.get(update.id, ()),
            files.get(update.id, ()),
            questions.get(update.id),
        )
        for action, update, by, agency in rows
    ]


def updates_to_check(session: Session, share: Share) -> tuple[int, Sequence[Action]]:
    """Count the updates that nobody has looked at yet, and give the first few of their actions, the oldest on top."""
    number, first = kept(session, ("updates to check", share), lambda: _counted(session, share))
    actions = {action.id: action for action in _ACTIONS.all(session, ids=listed(first))} if first else {}
    return number, [actions[action_id] for action_id in first]


def _counted(session: Session, share: Share) -> tuple[int, Sequence[int]]:
    """Count them and name the first; the share holds all by which a reader sees them, and every update is a deed."""
    found = sorted(_sent(share).rows(session))
    named = len(found) if len(found) <= _MOST_NAMED else _MOST_NAMED - 1
    return len(found), [action_id for _, action_id in found[:named]]


@lru_cache(maxsize=200)
def _sent(share: Share) -> Question:
    """Sorting is left to whoever asks: the database would read every action that is not named as well."""
    return Question(
        sqlalchemy.select(col(ActionUpdate.id), col(ActionUpdate.action_id))
        .join(Action, col(Action.id) == ActionUpdate.action_id)
        .where(col(ActionUpdate.state) == "sent", IS_NEWEST, _IS_OPEN, *share.conditions)
    )


def asked_back(session: Session, share: Share) -> Sequence[tuple[int, str, str, date]]:
    """Give the actions whose newest update was asked back, by their ids: their references, owners, and since when."""
    return [
        (number, reference, owner, london_day(asked_at or sent_at))
        for number, reference, owner, sent_at, asked_at in _queried(share).rows(session)
    ]


@lru_cache(maxsize=200)
def _queried(share: Share) -> Question:
    asked = select(func.max(Acceptance.at)).where(Acceptance.update_id == ActionUpdate.id).scalar_subquery()
    return Question(
        sqlalchemy.select(col(Action.id), col(Action.reference), col(Person.name), col(ActionUpdate.at), asked)
        .select_from(Action)
        .join(ActionUpdate, col(ActionUpdate.action_id) == Action.id)
        .join(Person, col(Person.id) == Action.owner_id)
        .where(col(ActionUpdate.state) == "queried", IS_NEWEST, _IS_OPEN, *share.conditions)
        .order_by(col(Action.id))
    )


def asked_outside(session: Session, share: Share) -> Sequence[tuple[str, str, PartialDate]]:
    """Give the open actions that ask something of a body outside without an answer: reference, body, since."""
    return [(reference, body, asked_on) for reference, body, asked_on in _requests(share).rows(session)]


@lru_cache(maxsize=200)
def _requests(share: Share) -> Question:
    this = aliased(Action)
    # The few that ask outside are found by themselves first: every other way leads along all that are open.
    asking = select(this.id).where(
        col(this.outside_body) > "",
        col(this.open_by).is_not(None),
        col(this.asked_on).is_not(None),
        col(this.answered_on).is_(None),
    )
    return Question(
        sqlalchemy.select(col(Action.reference), col(Action.outside_body), col(Action.asked_on))
        .where(col(Action.id).in_(asking), *share.conditions)
        .order_by(col(Action.id))
    )


_IS_OPEN = col(Action.status).in_([status.value for status in OPEN_STATUSES])
_ACTIONS = RowsOf(Action, select(Action).where(among(col(Action.id), "ids")))


def _waiting(reader: Doer, partnerships: Sequence[int]) -> tuple[ColumnElement[bool], ...]:
    return (
        col(ActionUpdate.state).in_(WAITING),
        IS_NEWEST,
        col(Action.status).in_(OPEN_STATUSES),
        col(Action.partnership_id).in_(partnerships),
        may_see_action(reader),
    )
