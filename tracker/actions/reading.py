"""Actions as they stand today: colour, flags, sources and people, read in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement
from sqlmodel import Session, select

from tracker.actions.around import Around, SourceRead
from tracker.actions.models import Action, ActionHold
from tracker.actions.owners import OwnerRead
from tracker.actions.queries import WAITING
from tracker.clock import london_day
from tracker.people.doer import Doer
from workflows.action import OPEN_STATUSES, ActionStatus, Report, TimescaleKind
from workflows.colour import Course, Rag, rag
from workflows.dates import PartialDate, iso_text

Document = dict[str, Any]
TO_BE_CHECKED = "Sent, to be checked"


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
    sources: Sequence[SourceRead]
    group: str | None = None
    moves: int = 0
    asked_days: int | None = None

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
    ids = session.exec(select(Action.id).where(*conditions)).all()
    return read_these(session, ids, reader, now)


def read_these(session: Session, ids: Sequence[int], reader: Doer | None, now: datetime) -> list[ActionRead]:
    """Give actions by their ids, in the order of their making; they are for reading, not attached to the session."""
    if not ids:
        return []
    around = Around(session, ids, reader, now)
    return [_read(action, around) for action in around.actions]


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
        "sources": [source._asdict() for source in read.sources],
        "level": action.level,
        "agency": read.agency,
        "owner": None if read.owner is None else read.owner.document(),
        "due": iso_text(action.due),
        "precision": None if action.due is None else action.due.precision,
        "review_on": iso_text(action.review_on),
        "group": read.group,
        "first_due": iso_text(action.first_due),
        "moves": read.moves,
        "outside": outside_document(read),
        "themes": list(read.themes),
    }


def rag_document(read: ActionRead) -> Document:
    """Give colour, word and reason; the note says that an update waits to be checked."""
    note = TO_BE_CHECKED if read.waits else None
    return {"colour": read.rag.colour.value, "word": read.rag.word, "reason": read.rag.reason, "note": note}


def outside_document(read: ActionRead) -> Document | None:
    """Give what was asked of a body outside and what it answered; nothing where none is asked."""
    action = read.action
    if action.outside_body is None:
        return None
    return {
        "body": action.outside_body,
        "asked_on": iso_text(action.asked_on),
        "answered_on": iso_text(action.answered_on),
        "answer": action.answer,
        "days": read.asked_days,
    }


def _read(action: Action, around: Around) -> ActionRead:
    """Give one of the actions as it stands."""
    newest = around.newest.get(action.id)
    said = None if newest is None else (newest.state, newest.at)
    reports = action.report, action.report_before
    asked = action.asked_on, action.answered_on
    course = course_of(action.status, action.timescale_kind, action.due, reports, said, asked)
    patience = around.patience[action.partnership_id]
    silent_since = course.updated_on or action.made_on
    return ActionRead(
        action=action,
        partnership=around.codes[action.partnership_id],
        rag=rag(course, around.today, amber_days=patience.amber_days, no_update_days=patience.no_update_days),
        overdue_days=course.overdue_days(around.today),
        blocked=course.blocked,
        hold=around.holds.get(action.id),
        waits=course.waits,
        asked_back=newest is not None and course.waits and newest.state == "queried",
        updated_on=course.updated_on,
        no_update=course.is_open and (around.today - silent_since).days >= patience.no_update_days,
        agency=around.agencies[action.agency_id] if action.agency_id else action.agency_name,
        owner=None if action.owner_id is None else around.owners[action.owner_id],
        themes=around.themes.get(action.id, ()),
        sources=around.sources.get(action.id, ()),
        group=around.groups[action.group_id] if action.group_id else None,
        moves=around.moves.get(action.id, 0),
        asked_days=course.asked_days(around.today),
    )


def course_of(
    status: str,
    timescale: str,
    due: PartialDate | None,
    reports: tuple[str | None, str | None],
    newest: tuple[str, datetime] | None,
    asked: tuple[PartialDate | None, PartialDate | None] = (None, None),
) -> Course:
    """Put together what the colour of an action depends on.

    `reports`: the owner's last word, and the one that counted before; `newest`: state and moment of the newest update;
    `asked`: since when a body outside is asked, and when it answered.
    """
    says, before = reports
    asked_on, answered_on = asked
    return Course(
        status=ActionStatus(status),
        timescale=TimescaleKind(timescale),
        due=due,
        says=None if says is None else Report(says),
        waits=newest is not None and newest[0] in WAITING,
        said_before=None if before is None else Report(before),
        updated_on=None if newest is None else london_day(newest[1]),
        asked_on=asked_on,
        is_answered=answered_on is not None,
    )
