"""Actions as they stand today: colour, flags, sources and people, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.models import Action, ActionHold, ActionSource, ActionTheme, ActionUpdate
from tracker.actions.owners import OwnerRead, owners_of
from tracker.actions.queries import WAITING
from tracker.cases.models import Case
from tracker.cases.queries import may_see_case
from tracker.clock import london_day
from tracker.groups.models import Partnership, Theme
from tracker.groups.queries import partnership_settings
from tracker.people.doer import Doer
from tracker.people.models import Agency
from tracker.reviews.models import Recommendation
from workflows.action import OPEN_STATUSES, ActionStatus, Report, TimescaleKind
from workflows.colour import Course, Rag, rag
from workflows.dates import iso_text

Document = dict[str, Any]
IdsWanted = SelectOfScalar[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRead:
    """An action as it stands on a day, for one reader: what she may not open is not named."""

    action: Action
    partnership: str
    rag: Rag
    overdue_days: int
    blocked: bool
    hold: ActionHold | None
    waits: bool
    asked_back: bool
    updated_on: date | None
    no_update: bool
    agency: str | None
    owner: OwnerRead | None
    themes: Sequence[str]
    sources: Sequence[Document]

    @property
    def is_open(self) -> bool:
        """Say whether the action is neither done nor ended."""
        return ActionStatus(self.action.status) in OPEN_STATUSES

    @property
    def flags(self) -> dict[str, bool]:
        """Give what stands beside the colour."""
        return {"overdue": self.overdue_days > 0, "blocked": self.blocked, "on_hold": self.hold is not None}


def read_actions(
    session: Session, *conditions: ColumnElement[bool], reader: Doer | None, now: datetime
) -> list[ActionRead]:
    """Give the actions that fit the conditions, in the order of their making; who may see them is a condition too."""
    rows = session.exec(select(Action).where(*conditions).order_by(col(Action.id))).all()
    if not rows:
        return []
    around = _Around(session, select(Action.id).where(*conditions), reader, now)
    return [around.read(action) for action in rows]


def row(read: ActionRead) -> Document:
    """Give an action as a line of a list."""
    action = read.action
    return {
        "reference": action.reference,
        "version": action.version,
        "partnership": read.partnership,
        "title": action.title,
        "text": action.text,
        "status": action.status,
        "report": action.report,
        "rag": rag_document(read),
        "flags": read.flags,
        "overdue_days": read.overdue_days,
        "sources": list(read.sources),
        "level": action.level,
        "agency": read.agency,
        "owner": None if read.owner is None else read.owner.document(),
        "due": iso_text(action.due),
        "precision": None if action.due is None else action.due.precision,
        "review_on": iso_text(action.review_on),
        "themes": list(read.themes),
    }


def rag_document(read: ActionRead) -> Document:
    """Give colour, word and reason; the note says that an update waits to be checked."""
    note = "Sent, to be checked" if read.waits else None
    return {"colour": read.rag.colour.value, "word": read.rag.word, "reason": read.rag.reason, "note": note}


class _Around:
    """What belongs to the wanted actions: updates, holds, people, themes, sources, and the settings that hold."""

    def __init__(self, session: Session, wanted: IdsWanted, reader: Doer | None, now: datetime) -> None:
        self.today = london_day(now)
        partnerships = session.exec(select(Partnership)).all()
        self.codes = {partnership.id: partnership.code for partnership in partnerships}
        self.settings = {one.id: partnership_settings(session, one, now) for one in partnerships}
        self.newest = _newest_updates(session, wanted)
        self.holds = _holds(session, wanted)
        self.agencies = dict(session.exec(select(Agency.id, Agency.name)).all())
        self.owners = owners_of(session, wanted, self.today)
        self.themes = _themes(session, wanted)
        self.sources = _sources(session, wanted, reader)

    def read(self, action: Action) -> ActionRead:
        """Give one of the actions as it stands."""
        course = self._course(action)
        settings = self.settings[action.partnership_id]
        amber_days, no_update_days = settings["colour.amber_days"], settings["colour.no_update_days"]
        silent_since = course.updated_on or action.made_on
        return ActionRead(
            action=action,
            partnership=self.codes[action.partnership_id],
            rag=rag(course, self.today, amber_days=amber_days, no_update_days=no_update_days),
            overdue_days=course.overdue_days(self.today),
            blocked=course.blocked,
            hold=self.holds.get(action.id),
            waits=course.waits,
            asked_back=course.waits and self.newest[action.id].state == "queried",
            updated_on=course.updated_on,
            no_update=course.is_open and (self.today - silent_since).days >= no_update_days,
            agency=self.agencies[action.agency_id] if action.agency_id else action.agency_name,
            owner=None if action.owner_id is None else self.owners[action.owner_id],
            themes=self.themes.get(action.id, ()),
            sources=self.sources.get(action.id, ()),
        )

    def _course(self, action: Action) -> Course:
        newest = self.newest.get(action.id)
        return Course(
            status=ActionStatus(action.status),
            timescale=TimescaleKind(action.timescale_kind),
            due=action.due,
            says=None if action.report is None else Report(action.report),
            waits=newest is not None and newest.state in WAITING,
            said_before=None if action.report_before is None else Report(action.report_before),
            updated_on=None if newest is None else london_day(newest.at),
        )


def _newest_updates(session: Session, wanted: IdsWanted) -> dict[int, ActionUpdate]:
    newest = select(func.max(ActionUpdate.id)).where(col(ActionUpdate.action_id).in_(wanted))
    question = select(ActionUpdate).where(col(ActionUpdate.id).in_(newest.group_by(col(ActionUpdate.action_id))))
    return {update.action_id: update for update in session.exec(question)}


def _holds(session: Session, wanted: IdsWanted) -> dict[int, ActionHold]:
    question = select(ActionHold).where(col(ActionHold.until).is_(None), col(ActionHold.action_id).in_(wanted))
    return {hold.action_id: hold for hold in session.exec(question)}


def _themes(session: Session, wanted: IdsWanted) -> dict[int, list[str]]:
    question = (
        select(ActionTheme.action_id, Theme.code)
        .join(Theme, col(Theme.id) == ActionTheme.theme_id)
        .where(col(ActionTheme.action_id).in_(wanted))
        .order_by(col(Theme.code))
    )
    found: dict[int, list[str]] = {}
    for action_id, code in session.exec(question):
        found.setdefault(action_id, []).append(code)
    return found


def _sources(session: Session, wanted: IdsWanted, reader: Doer | None) -> dict[int, list[Document]]:
    """A case that the reader may not open stands there as a case, without its reference."""
    question = (
        select(ActionSource, Case.reference, Recommendation.number)
        .join(Case, col(Case.id) == ActionSource.case_id, isouter=True)
        .join(Recommendation, col(Recommendation.id) == ActionSource.recommendation_id, isouter=True)
        .where(col(ActionSource.action_id).in_(wanted))
        .order_by(col(ActionSource.id))
    )
    named = select(ActionSource.case_id).where(col(ActionSource.action_id).in_(wanted))
    seen = set(session.exec(select(Case.id).where(col(Case.id).in_(named), may_see_case(reader))))
    found: dict[int, list[Document]] = {}
    for source, reference, number in session.exec(question):
        shown = {
            "kind": source.kind,
            "case": reference if source.case_id in seen else None,
            "recommendation": number,
            "words": source.words,
        }
        found.setdefault(source.action_id, []).append(shown)
    return found
