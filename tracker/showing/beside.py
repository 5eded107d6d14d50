"""What stands beside an action: what was joined with it, what it is linked with, and what it looks like."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from tracker.actions.models import Action
from tracker.actions.pair_models import ActionJoin
from tracker.actions.pairs import joined_into, joined_with, likes_of, linked_with
from tracker.actions.queries import may_see_action
from tracker.among import among, listed
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.rows import Question
from workflows.action import ActionStatus
from workflows.dates import iso_text

Document = dict[str, Any]


class Beside:
    """What was joined into an action, by the ids of what came, and how a document shows it."""

    def __init__(self, session: Session, action: Action, reader: Doer | None) -> None:
        self._session = session
        self._action = action
        self._reader = reader
        joined = joined_with(session, listed([action.reference]))
        rows = _JOINS.rows(session, ids=listed(joined)) if joined else ()
        self.references: Mapping[int, str] = {row[0]: row[1] for row in rows}
        self._joins: Sequence[Any] = rows  # rows as their columns are

    def document(self) -> Document:
        """Give it as `show` prints it."""
        action = self._action
        is_joined = action.status == ActionStatus.MERGED
        likes = () if is_joined else likes_of(self._session, [action.id], self._reader).get(action.id, ())
        return {
            "joined_into": joined_into(self._session, action.id) if is_joined else None,
            "joined": [_joined(row) for row in self._joins],
            "linked": self._seen(linked_with(self._session, action.id)),
            "looks_like": [
                {"reference": like.reference, "title": like.title, "text": like.text, "alike": like.score / 100}
                for like in likes
            ],
        }

    def _seen(self, references: Sequence[str]) -> list[str]:
        return _visible(self._session, references, self._reader)

    def without_unseen(self, lines: list[Document]) -> list[Document]:
        """Leave out the lines of a history that name an action which the reader may not see."""
        named = sorted({line["other"] for line in lines if "other" in line and line["deed"] in OF_TWO})
        if not named or self._reader is None:
            return lines
        seen = set(self._seen(named))
        return [line for line in lines if line["deed"] not in OF_TWO or line.get("other") in seen]


OF_TWO = ("merge_actions", "split_action", "not_alike", "link_actions")


def _visible(session: Session, references: Sequence[str], reader: Doer | None) -> list[str]:
    if not references:
        return []
    question = select(Action.reference).where(col(Action.reference).in_(references), may_see_action(reader))
    return list(session.exec(question.order_by(col(Action.id))))


def _joined(row: Sequence[Any]) -> Document:
    _, reference, title, text, due, owner, into, at, by, reason, undone = row
    return {
        "reference": reference,
        "title": title,
        "text": text,
        "status": json.loads(undone)["status"],
        "owner": owner,
        "due": iso_text(due),
        "into": into,
        "at": at.isoformat(),
        "by": by,
        "reason": reason,
    }


_kept, _by = aliased(Action), aliased(Person)
_JOINS = Question(
    sqlalchemy.select(
        *(col(Action.id), col(Action.reference), col(Action.title), col(Action.text)),
        *(col(Action.due), col(Person.name), col(_kept.reference)),
        *(col(ActionJoin.at), col(_by.name), col(ActionJoin.reason), col(ActionJoin.undone)),
    )
    .select_from(ActionJoin)
    .join(Action, col(Action.id) == ActionJoin.gone_id)
    .join(_kept, col(_kept.id) == ActionJoin.kept_id)
    .join(_by, col(_by.id) == ActionJoin.by_id)
    .join(Person, col(Person.id) == Action.owner_id, isouter=True)
    .where(among(col(ActionJoin.gone_id), "ids"), col(ActionJoin.split_at).is_(None))
    .order_by(col(ActionJoin.id))
)
