"""What stands around actions, found for many in a fixed number of questions: updates, holds, themes, sources."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, func, true
from sqlmodel import Session, col, select

from tracker.actions.colouring import patience_of_each
from tracker.actions.models import Action, ActionDate, ActionHold, ActionSource, ActionTheme, ActionUpdate
from tracker.actions.owners import owners_of
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.cases.queries import seen_by
from tracker.clock import london_day
from tracker.groups.queries import every_partnership, group_names
from tracker.groups.themes import vocabulary
from tracker.people.doer import Doer
from tracker.people.queries import agency_names
from tracker.reviews.models import Finding, Recommendation
from tracker.rows import Question, RowsOf


class SourceRead(NamedTuple):
    """What an action comes from; of a case that the reader may not open there is no reference."""

    kind: str
    case: str | None
    recommendation: int | None
    finding: int | None
    words: str | None


class Around:
    """What belongs to the actions with the given ids, and the settings by which they are read."""

    def __init__(self, session: Session, ids: Sequence[int], reader: Doer | None, now: datetime) -> None:
        wanted = listed(ids)
        partnerships = every_partnership(session)
        self.today = london_day(now)
        self.actions: Sequence[Action] = _ACTIONS.all(session, ids=wanted)
        self.codes = {one.id: one.code for one in partnerships}
        self.patience = patience_of_each(session, now)
        self.newest = {update.action_id: update for update in _UPDATES.all(session, ids=wanted)}
        self.holds = {hold.action_id: hold for hold in _HOLDS.all(session, ids=wanted)}
        self.agencies = agency_names(session)
        self.owners = owners_of(session, {one.owner_id for one in self.actions if one.owner_id}, self.today)
        self.themes = themes_of(session, wanted)
        self.sources = sources_of(session, wanted, reader)
        self.groups = group_names(session)
        self.moves = moves_of(session, wanted)


def themes_of(session: Session, wanted: str) -> Mapping[int, Sequence[str]]:
    """Give the codes of the themes of actions, whose ids are given as `listed` writes them.

    A theme that is merged is the one for which it stands.
    """
    known = vocabulary(session)
    found: dict[int, set[str]] = {}
    for action_id, here, theme_id in _THEMES.rows(session, ids=wanted):
        found.setdefault(action_id, set()).add(known.code(theme_id, here))
    return {action_id: sorted(codes) for action_id, codes in found.items()}


def moves_of(session: Session, wanted: str) -> Mapping[int, int]:
    """Count how often the due dates of actions were moved; those whose date never was are left out."""
    return dict(_MOVES.rows(session, ids=wanted))


def sources_of(session: Session, wanted: str, reader: Doer | None) -> Mapping[int, Sequence[SourceRead]]:
    """Give what actions come from, by their ids."""
    if reader is None:
        rows = _SOURCES.rows(session, ids=wanted)
    else:
        rows = _SOURCES_FOR.rows(session, ids=wanted, reader=reader.id, day=reader.day)
    found: dict[int, list[SourceRead]] = {}
    for action_id, *source in rows:
        found.setdefault(action_id, []).append(SourceRead(*source))
    return found


_IDS = "ids"
_OF_THESE = among(col(Action.id), _IDS)
_ACTIONS = RowsOf(Action, select(Action).where(_OF_THESE).order_by(col(Action.id)))
_NEWEST = select(func.max(ActionUpdate.id)).where(among(col(ActionUpdate.action_id), _IDS))
_UPDATES = RowsOf(
    ActionUpdate,
    select(ActionUpdate).where(col(ActionUpdate.id).in_(_NEWEST.group_by(col(ActionUpdate.action_id)))),
)
_HOLDS = RowsOf(
    ActionHold, select(ActionHold).where(col(ActionHold.until).is_(None), among(col(ActionHold.action_id), _IDS))
)
_THEMES = Question(
    select(ActionTheme.action_id, Action.partnership_id, ActionTheme.theme_id)
    .join(Action, col(Action.id) == ActionTheme.action_id)
    .where(among(col(ActionTheme.action_id), _IDS))
)


_MOVES = Question(
    select(ActionDate.action_id, func.count())
    .where(among(col(ActionDate.action_id), _IDS), ActionDate.kind == "moved")
    .group_by(col(ActionDate.action_id))
)


_SHOWN_OF_A_SOURCE = (
    col(ActionSource.action_id),
    col(ActionSource.kind),
    col(Case.reference),
    col(Recommendation.number),
    col(Finding.number),
    col(ActionSource.words),
)


def _ask_for_sources(may_see: ColumnElement[bool]) -> Question:
    return Question(
        sqlalchemy.select(*_SHOWN_OF_A_SOURCE)
        .select_from(ActionSource)
        .join(Case, and_(col(Case.id) == ActionSource.case_id, may_see), isouter=True)
        .join(Recommendation, col(Recommendation.id) == ActionSource.recommendation_id, isouter=True)
        .join(Finding, col(Finding.id) == ActionSource.finding_id, isouter=True)
        .where(among(col(ActionSource.action_id), _IDS))
        .order_by(col(ActionSource.id))
    )


_SOURCES = _ask_for_sources(true())
_SOURCES_FOR = _ask_for_sources(seen_by(bindparam("reader", type_=Integer), bindparam("day", type_=Date)))
