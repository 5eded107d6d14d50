"""A partnership as `show partnership` prints it: its processes, settings, groups, agencies, methods and calendar."""

import json
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from tracker import history
from tracker.cases import closures
from tracker.cases.models import Case
from tracker.cases.queries import may_see_case
from tracker.clock import london_day
from tracker.errors import NotFound
from tracker.escalations.quarters import escalation_quarters
from tracker.groups.bodies import deciding_group
from tracker.groups.meeting_queries import attendance_by_year
from tracker.groups.models import Closure, Group, Membership, Partnership
from tracker.groups.queries import definitions_of, partnership_by_code, partnership_settings
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.people.queries import names_of
from workflows.dates import iso_text
from workflows.vocabulary import Method

Document = dict[str, Any]


def partnership_document(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give a partnership to everybody who has a part in it."""
    partnership = partnership_by_code(session, reference)
    if reader is not None and partnership.id not in {*reader.roles, *reader.groups}:
        raise NotFound(f"There is no partnership {reference!r} that you can open. Ask the business unit.")
    deciding = deciding_group(session, partnership.id)
    return {
        "code": partnership.code,
        "reference": partnership.code,
        "version": partnership.version,
        "name": partnership.name,
        "areas": json.loads(partnership.areas),
        "definitions": [
            {
                "name": definition.name,
                "label": definition.label,
                "title": definition.title,
                "in_force_from": definition.in_force_from,
                "in_force_until": definition.in_force_until,
            }
            for definition in definitions_of(partnership)
        ],
        "settings": partnership_settings(session, partnership, now),
        "groups": _groups(session, partnership, london_day(now)),
        "deciding_group": None if deciding is None else deciding.code,
        "agencies": _agencies(session, partnership),
        "methods": [
            {"code": method.value, "label": method.label, "needs_named_lead": method.needs_named_lead}
            for method in Method
        ],
        "closures": _closures(session, partnership, reader),
        "attendance": attendance_by_year(session, partnership.id),
        "escalations": escalation_quarters(session, partnership.id, reader, london_day(now)),
        "history": history.lines_about(session, partnership.code),
    }


def partnership_rows(session: Session, reader: Doer) -> list[Document]:
    """Give the partnerships in which a reader has a part, as lines of a list."""
    question = select(Partnership).where(col(Partnership.id).in_({*reader.roles, *reader.groups}))
    return [
        {
            "reference": partnership.code,
            "code": partnership.code,
            "name": partnership.name,
            "version": partnership.version,
        }
        for partnership in session.exec(question.order_by(col(Partnership.id)))
    ]


def _groups(session: Session, partnership: Partnership, today: date) -> list[Document]:
    groups = session.exec(select(Group).where(Group.partnership_id == partnership.id).order_by(col(Group.id))).all()
    codes = {group.id: group.code for group in groups}
    people: dict[int, list[tuple[str, bool]]] = {}
    question = (
        select(Membership.group_id, Person.name, Membership.is_chair)
        .join(Person, col(Person.id) == Membership.person_id)
        .where(col(Membership.group_id).in_(codes), Membership.from_on <= today)
        .where(or_(col(Membership.until_on).is_(None), col(Membership.until_on) > today))
        .where(or_(col(Person.ended_on).is_(None), col(Person.ended_on) > today))
        .order_by(col(Membership.id))
    )
    for group_id, name, is_chair in session.exec(question):
        people.setdefault(group_id, []).append((name, is_chair))
    wanted = {group.sponsor_id for group in groups if group.sponsor_id is not None}
    sponsors = names_of(session, wanted)
    return [_group(group, codes, people.get(group.id, []), sponsors) for group in groups]


def _group(group: Group, codes: dict[int, str], people: list[tuple[str, bool]], sponsors: dict[int, str]) -> Document:
    return {
        "code": group.code,
        "name": group.name,
        "kind": group.kind,
        "rhythm": None if group.rhythm is None else json.loads(group.rhythm),
        "escalates_to": None if group.escalates_to_id is None else codes[group.escalates_to_id],
        "members": [name for name, _ in people],
        "shown": group.shows,
        "sponsor": None if group.sponsor_id is None else sponsors[group.sponsor_id],
        "chair": next((name for name, is_chair in people if is_chair), None),
        "ended_on": iso_text(group.ended_on),
    }


def _agencies(session: Session, partnership: Partnership) -> list[Document]:
    question = select(Agency).where(Agency.partnership_id == partnership.id).order_by(col(Agency.id))
    return [
        {"name": agency.name, "is_safeguarding_partner": agency.is_safeguarding_partner}
        for agency in session.exec(question)
    ]


def _closures(session: Session, partnership: Partnership, reader: Doer | None) -> list[Document]:
    """Give the days that are no working days here, each with the clocks that it gave another date, newest first."""
    question = select(Closure).where(
        or_(col(Closure.partnership_id).is_(None), col(Closure.partnership_id) == partnership.id)
    )
    rows = session.exec(question.order_by(col(Closure.id).desc())).all()
    moved = _redated(session, partnership, reader) if rows else {}
    return [
        {
            "on": closure.on.isoformat(),
            "name": closure.name,
            "partnership": None if closure.partnership_id is None else partnership.code,
            "redated": moved.get((closures.why(closure), closure.added_at), []),
        }
        for closure in rows
    ]


def _redated(
    session: Session, partnership: Partnership, reader: Doer | None
) -> dict[tuple[str, datetime], list[Document]]:
    """Give the clocks that closures moved, as the histories of the cases have them; of cases that the reader sees."""
    references = select(Case.reference).where(Case.partnership_id == partnership.id, may_see_case(reader))
    question = select(history.HistoryLine).where(
        history.HistoryLine.deed == "clock_redated", col(history.HistoryLine.about).in_(references)
    )
    moved: dict[tuple[str, datetime], list[Document]] = {}
    for line in session.exec(question.order_by(col(history.HistoryLine.seq))):
        body = json.loads(line.body)
        row = {"case": line.about, "clock": body.get("clock"), "old": body["old"], "new": body["new"]}
        moved.setdefault((body.get("because_of", ""), line.at), []).append(row)
    return moved
