"""Actions as reminders need them: read many at a time, with nothing that no reminder asks for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.actions.models import Action, ActionDate, ActionHold, ActionUpdate
from tracker.actions.owners import OwnerRead, owners_of
from tracker.actions.queries import WAITING
from tracker.actions.reading import ActionRead
from tracker.among import among, listed
from tracker.clock import london_day
from tracker.kept import once_each
from tracker.people.models import Person
from tracker.rows import Question
from workflows.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold of an action that stands: its id, since when, and when somebody is to look at it again."""

    id: int
    since: date
    look_again_on: date


@dataclass(frozen=True, slots=True)
class Asked:
    """An action of which somebody may be reminded. `moved_on`: when its due date was moved to where it is."""

    id: int
    reference: str
    title: str | None
    partnership_id: int
    timescale_kind: str
    due: PartialDate | None
    due_version: int
    review_on: PartialDate | None
    made_on: date
    owner_since: date | None
    loaded_id: str | None
    owner: OwnerRead | None
    hold: Hold | None
    waits: bool
    asked_back: bool
    updated_on: date | None
    moved_on: date | None

    @property
    def may_be_asked(self) -> bool:
        """Say whether it is neither on hold nor waits to be checked (K13); asked back, it is its owner's turn."""
        return self.hold is None and (self.asked_back or not self.waits)

    @property
    def given_on(self) -> date:
        """Give the day from which it is hers who answers: passed to her, with its post, or by somebody who left."""
        of_post = self.owner.since if self.owner is not None else None
        return max(self.owner_since or self.made_on, of_post or date.min)


def asked_actions(
    session: Session, ids: Iterable[int], today: date, known: Mapping[int, Person] | None = None
) -> list[Asked]:
    """Give the open actions among those with the ids, for what one email says; `known` are people who were read.

    Whoever knows early of which actions several emails will ask reads them together, and none is read again.
    """

    def read(unknown: Sequence[int]) -> dict[int, Asked]:
        return {one.id: one for one in AskedActions(session, today, known).read(unknown)}

    return list(once_each(session, ("asked", today), sorted(ids), read).values())


class AskedActions:
    """Reads actions by their ids; owners that were read before, and people who are known, are not read again."""

    def __init__(self, session: Session, today: date, known: Mapping[int, Person] | None = None) -> None:
        self._session = session
        self._today = today
        self._known = known
        self._owners: dict[int, OwnerRead] = {}

    def read(self, ids: Sequence[int]) -> list[Asked]:
        """Give the open actions among those with the ids, in the order of their making."""
        if not ids:
            return []
        rows = _ACTIONS.rows(self._session, ids=listed(ids))
        self._meet({row[_OWNER] for row in rows if row[_OWNER] is not None})
        moved = moved_days(self._session, {row[0]: row[5] for row in rows if row[6] > 1})
        found = []
        for row in rows:
            owner_id, hold_id, since, look_again_on, state, updated_at = row[_OWNER:]
            found.append(
                Asked(
                    **dict(zip(_NAMES, row, strict=False)),
                    owner=self._owners.get(owner_id),
                    hold=None if hold_id is None else Hold(hold_id, since, look_again_on),
                    waits=state in WAITING,
                    asked_back=state == "queried",
                    updated_on=None if updated_at is None else london_day(updated_at),
                    moved_on=moved.get(row[0]),
                )
            )
        return found

    def _meet(self, owner_ids: set[int]) -> None:
        unknown = owner_ids - self._owners.keys()
        if unknown:
            self._owners |= owners_of(self._session, unknown, self._today, self._known)


def asked_of(session: Session, reads: Sequence[ActionRead]) -> list[Asked]:
    """Give actions that were read for a page in the same form."""
    moved = moved_days(session, {read.action.id: read.action.due for read in reads if read.action.due_version > 1})
    return [
        Asked(
            **{name: getattr(read.action, name) for name in _NAMES},
            owner=read.owner,
            hold=None if read.hold is None else Hold(read.hold.id, read.hold.since, read.hold.look_again_on),
            waits=read.waits,
            asked_back=read.asked_back,
            updated_on=read.updated_on,
            moved_on=moved.get(read.action.id),
        )
        for read in reads
    ]


def moved_days(session: Session, due: Mapping[int, PartialDate | None]) -> Mapping[int, date]:
    """Give the days on which the due dates that hold now were moved to where they are."""
    if not due:
        return {}
    newest = {number: (day, at) for number, day, at in _MOVES.rows(session, ids=listed(due))}
    return {number: london_day(at) for number, (day, at) in newest.items() if day == due[number]}


# In the order of the fields of `Asked`.
_NAMES = (
    "id",
    "reference",
    "title",
    "partnership_id",
    "timescale_kind",
    "due",
    "due_version",
    "review_on",
    "made_on",
    "owner_since",
    "loaded_id",
)
_IDS = "ids"
_OWNER = len(_NAMES)
_COLUMNS = [Action.__table__.c[name] for name in _NAMES]  # type: ignore[attr-defined]
_NEWEST = select(func.max(col(ActionUpdate.id))).where(col(ActionUpdate.action_id) == Action.id).correlate(Action)
_ACTIONS = Question(
    select(
        *_COLUMNS,
        col(Action.owner_id),
        *(col(ActionHold.id), col(ActionHold.since), col(ActionHold.look_again_on)),
        *(col(ActionUpdate.state), col(ActionUpdate.at)),
    )
    .select_from(Action)
    .outerjoin(ActionHold, (col(ActionHold.action_id) == Action.id) & col(ActionHold.until).is_(None))
    .outerjoin(ActionUpdate, col(ActionUpdate.id) == _NEWEST.scalar_subquery())
    .where(among(col(Action.id), _IDS), col(Action.open_by) > "")
    .order_by(col(Action.id))
)
_MOVES = Question(
    select(col(ActionDate.action_id), col(ActionDate.due), col(ActionDate.at))
    .where(col(ActionDate.kind) == "moved", among(col(ActionDate.action_id), _IDS))
    .order_by(col(ActionDate.id))
)
