"""Naming people on a case, so that they can open it: those who look first, whose step is next, or who ratify."""

from datetime import datetime

from sqlmodel import select

from tracker.cases.models import CaseAccess
from tracker.cases.named import give_access
from tracker.cases.queries import SEE_EVERY_CASE
from tracker.cases.standing import Standing
from tracker.clock import london_day
from tracker.groups.queries import members_of
from tracker.people.queries import people_with_role
from tracker.people.roles import Role
from workflows.arrangement import COORDINATOR
from workflows.vocabulary import Do


def name_those_who_look_first(standing: Standing, now: datetime) -> None:
    """Where no panel is convened, name those who recommend on the case from the start."""
    if any(step.do is Do.CONVENE_PANEL and step.to for step in standing.definition.steps):
        return
    name_body(standing, standing.definition.recommended_by, now)


def name_body(standing: Standing, code: str, now: datetime) -> None:
    """Name the members of a body on the case, so that they can open it."""
    today = london_day(now)
    body = standing.definition.body_named(code)
    for member in members_of(standing.session, standing.case.partnership_id, code, today):
        give_access(standing.session, standing.case, member.id, f"member of the {body.name}", today)


def name_partners(standing: Standing, now: datetime) -> None:
    """Where partners ratify, name those who answer for them on the case."""
    if not standing.definition.ratified_by_partners:
        return
    today = london_day(now)
    for person in people_with_role(standing.session, standing.case.partnership_id, Role.PARTNER, today):
        give_access(standing.session, standing.case, person.id, "answers for a safeguarding partner", today)


def name_those_who_are_next(standing: Standing, now: datetime) -> None:
    """Name the members of each group that takes a step from where the case stands, so that they can open it.

    Nobody is named twice: whose access was ended stays without it. The body that looks first is named when it is
    convened, the partners when there is a decision to ratify.
    """
    steps = standing.lifecycle.steps_from(standing.state)
    codes = dict.fromkeys(code for step in steps for code in step.by if _has_to_be_named(standing, code))
    if not codes:
        return
    session, case, today = standing.session, standing.case, london_day(now)
    named = set(session.exec(select(CaseAccess.person_id).where(CaseAccess.case_id == case.id)))
    for code in codes:
        body = standing.definition.body_named(code)
        for member in members_of(session, case.partnership_id, code, today):
            if member.id not in named:
                give_access(session, case, member.id, f"member of the {body.name}", today)


def _has_to_be_named(standing: Standing, code: str) -> bool:
    definition = standing.definition
    if code in (COORDINATOR, definition.recommended_by):
        return False
    return definition.body_named(code).role not in SEE_EVERY_CASE
