"""What was done in a partnership, line by line, as far as a reader may see what it was done to."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import Session, col, func, select

from tracker.actions.models import Action
from tracker.actions.queries import barred_actions, may_see_action
from tracker.cases.access import ABOUT_CONFLICTS
from tracker.cases.models import Case
from tracker.cases.queries import SEE_EVERY_CASE, may_see_case
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.escalations.models import Escalation
from tracker.escalations.queries import may_see_escalation
from tracker.groups.models import Group, Meeting, Partnership
from tracker.history import HistoryLine
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.roles import Role
from tracker.showing.beside import OF_TWO


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the history: when, by whom and in which role, what was done to which record."""

    at: datetime
    by: str | None
    role: str | None
    deed: str
    about: str
    what: str


def sees_cases(reader: Doer, partnership_id: int) -> bool:
    """Say whether a reader has a role that sees the cases of a partnership."""
    return bool(reader.roles_in(partnership_id) & set(SEE_EVERY_CASE))


def trail(
    session: Session, partnership: Partnership, reader: Doer, *, about: str, first: int, most: int
) -> tuple[int, list[TrailLine]]:
    """Count the lines that a reader may see, and give some of them, newest first.

    Whoever sees no case sees what was done to the partnership itself: its people, settings, calendar and links.
    """
    seen = _seen(partnership, reader) & col(HistoryLine.seq).not_in(_about_hidden(session, reader))
    if about:
        seen = seen & (func.lower(HistoryLine.about) == about.lower())
    number = session.exec(select(func.count(col(HistoryLine.seq))).where(seen)).one()
    question = (
        select(HistoryLine, Person.name)
        .join(Person, col(Person.id) == HistoryLine.person_id, isouter=True)
        .where(seen)
        .order_by(col(HistoryLine.seq).desc())
        .offset(first)
        .limit(most)
    )
    hidden = barred_cases_named(session, reader.id)
    return number, [_line(line, name, hidden) for line, name in session.exec(question)]


def _about_hidden(session: Session, reader: Doer) -> list[int]:
    """Give the lines about two actions of which a declared conflict hides one: they would name it."""
    hidden = set(barred_actions(session, reader.id).values())
    if not hidden:
        return []
    of_two = select(HistoryLine.seq, HistoryLine.body).where(col(HistoryLine.deed).in_(OF_TWO))
    return [seq for seq, body in session.exec(of_two) if json.loads(body).get("other") in hidden]


def _seen(partnership: Partnership, reader: Doer) -> ColumnElement[bool]:
    about = col(HistoryLine.about)
    itself = about == partnership.code
    if not sees_cases(reader, partnership.id):
        return itself
    groups = select(Group.id).where(Group.partnership_id == partnership.id)
    its_cases = select(Case.reference).where(Case.partnership_id == partnership.id, may_see_case(reader))
    case_lines: ColumnElement[bool] = about.in_(its_cases)
    if not reader.has(Role.COORDINATOR, partnership.id):
        case_lines = and_(case_lines, col(HistoryLine.deed).not_in(ABOUT_CONFLICTS))
    return or_(
        itself,
        case_lines,
        about.in_(select(Action.reference).where(Action.partnership_id == partnership.id, may_see_action(reader))),
        about.in_(
            select(Escalation.reference).where(Escalation.partnership_id == partnership.id, may_see_escalation(reader))
        ),
        about.in_(select(Meeting.reference).where(col(Meeting.group_id).in_(groups))),
    )


def _line(line: HistoryLine, name: str | None, hidden: Any) -> TrailLine:  # references, in whatever they came
    what = str(json.loads(line.body).get("what") or "")
    shown = without_references(what, hidden)
    return TrailLine(line.at, name, line.role, line.deed, line.about, shown)
