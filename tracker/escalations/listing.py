"""The escalation tracker: the list that everybody with an account reads, those that wait first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import Session, col, select

from tracker.actions.models import Action
from tracker.actions.queries import may_see_action
from tracker.cases.models import Case
from tracker.cases.queries import case_by_reference, may_see_case
from tracker.cases.unnamed import without_references
from tracker.clock import london_day
from tracker.escalations.ageing import Ages
from tracker.escalations.answers import answers_to
from tracker.escalations.models import Escalation, EscalationAbout, EscalationResponse
from tracker.escalations.queries import (
    hidden_references,
    may_see_escalation,
    newest_settling,
    references_about,
)
from tracker.filters import check_filters
from tracker.groups.bodies import groups_by_id
from tracker.groups.ladder import Ladder
from tracker.groups.models import Group, Partnership
from tracker.groups.queries import codes_of
from tracker.people.doer import Doer
from workflows.dates import iso_text
from workflows.escalation import EscalationStatus

ESCALATION_FILTERS = ("partnership", "group", "level", "status", "case", "about")


def list_escalations(
    session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime
) -> list[dict[str, Any]]:
    """Give the escalations that a reader sees and that fit every filter: those that wait first, the oldest first."""
    check_filters("escalations", where, ESCALATION_FILTERS)
    question = select(Escalation).where(may_see_escalation(reader), *_conditions(session, where, reader))
    escalations = list(session.exec(question.order_by(col(Escalation.raised_on), col(Escalation.id))))
    ids = [escalation.id for escalation in escalations]
    groups = groups_by_id(session, [id_ for row in escalations for id_ in (row.group_id, row.level_id)])
    settled = newest_settling(session, ids)
    answers = answers_to(session, ids)
    about = references_about(session, ids, reader)
    partnerships = codes_of(session, {row.partnership_id for row in escalations})
    ladder = Ladder(session, partnerships)
    hers = {row.level_id for row in escalations if reader is not None and ladder.seats(reader, groups[row.level_id])}
    ages = Ages(session, escalations, london_day(now))
    escalations.sort(key=lambda escalation: escalation.status != EscalationStatus.WAITING)
    rows = [
        {
            **_row(row, groups, settled.get(row.id), about.get(row.id, []), ages),
            "partnership": partnerships[row.partnership_id],
            "responses": answers.get(row.id, []),
            "may_answer": row.level_id in hers,
        }
        for row in escalations
    ]
    shown: list[dict[str, Any]] = without_references(rows, hidden_references(session, reader))
    return shown


def _conditions(session: Session, where: Mapping[str, str], reader: Doer | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if "partnership" in where:
        known = select(Partnership.id).where(Partnership.code == where["partnership"].lower())
        conditions.append(col(Escalation.partnership_id).in_(known))
    for key, column in (("group", Escalation.group_id), ("level", Escalation.level_id)):
        if key in where:
            groups = select(Group.id).where(Group.code == where[key].rpartition("/")[2])
            conditions.append(col(column).in_(groups))
    if "status" in where:
        conditions.append(col(Escalation.status) == where["status"])
    if "case" in where:
        case = case_by_reference(session, where["case"], reader)
        conditions.append(exists().where(_is_about(), col(EscalationAbout.case_id) == case.id))
    if "about" in where:
        known_action = select(Action.id).where(Action.reference == where["about"].upper(), may_see_action(reader))
        known_case = select(Case.id).where(Case.reference == where["about"].upper(), may_see_case(reader))
        of = or_(col(EscalationAbout.action_id).in_(known_action), col(EscalationAbout.case_id).in_(known_case))
        conditions.append(exists().where(_is_about(), of))
    return conditions


def _is_about() -> ColumnElement[bool]:
    return col(EscalationAbout.escalation_id) == Escalation.id


def _row(
    escalation: Escalation,
    groups: Mapping[int, Group],
    settled: EscalationResponse | None,
    about: list[str],
    ages: Ages,
) -> dict[str, Any]:
    return {
        "reference": escalation.reference,
        "group": groups[escalation.group_id].code,
        "group_name": groups[escalation.group_id].name,
        "level": groups[escalation.level_id].code,
        "level_name": groups[escalation.level_id].name,
        "title": escalation.title,
        "ask": escalation.ask,
        "status": escalation.status,
        "raised_on": escalation.raised_on.isoformat(),
        **ages.of(escalation, settled),
        "deferred_until": iso_text(escalation.deferred_until),
        "review_on": iso_text(escalation.review_on),
        "answer": None if settled is None else settled.answer,
        "answered_on": None if settled is None else str(settled.on),
        "told_on": iso_text(escalation.told_on),
        "withdrawn_on": iso_text(escalation.withdrawn_on),
        "about": about,
    }
