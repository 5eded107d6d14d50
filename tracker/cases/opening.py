"""Opening a case, under a reference and a pseudonym of its own, and recording that it was notified."""

import re
from datetime import datetime
from typing import Annotated, Literal

from pydantic import StringConstraints, field_validator
from sqlmodel import Session, select

from tracker.cases.clocks import turn_clocks
from tracker.cases.days import must_follow, not_far_ahead
from tracker.cases.models import Case, CaseTheme, ContributingPartnership
from tracker.cases.naming import name_those_who_look_first
from tracker.cases.pseudonyms import PSEUDONYMS
from tracker.cases.queries import cases_of, reference_taken
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, record_event, take_step
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.facts import Code, Facts, Name, Words
from tracker.groups.definitions_kept import keep_definition
from tracker.groups.models import Partnership
from tracker.groups.queries import definition_for, next_number, partnership_settings
from tracker.groups.themes import themes_called
from tracker.people.doer import Doer
from tracker.people.permissions import ROLES_FOR, refusal
from tracker.people.roles import Role
from tracker.rows import write
from workflows.dates import PartialDate, uk_date
from workflows.definition import NEW, Definition
from workflows.vocabulary import CaseStatus, Do, Event
from workflows.wording import listed

Area = Annotated[Name, StringConstraints(max_length=120)]
_REFERENCE = re.compile(r"[A-Z0-9-]{2,20}")
_CONSIDERED = "Considered without a notification."
_OF_OTHERS = re.compile(r"[AEM][0-9]+")


class OpenCase(Facts):
    """What is known when a case is opened; `known_on` is the day on which the incident became known.

    `reason`: why a case is considered without a notification. Left out, the history says only that it is.
    """

    partnership: Code
    reference: str | None = None
    known_on: PartialDate
    notified_on: PartialDate | None = None
    kind: Code = "rapid_review"
    version: Code | None = None
    harm: Literal["death", "serious_harm", "other"] | None = None
    contributing: list[Name] = []
    themes: list[Code] = []
    area: Area | None = None
    reason: Words | None = None

    @field_validator("reference")
    @classmethod
    def _written_as_a_reference(cls, reference: str | None) -> str | None:
        if reference is not None and not _REFERENCE.fullmatch(reference.strip().upper()):
            raise ValueError("A reference has 2 to 20 letters, digits and hyphens.")
        if reference is not None and _OF_OTHERS.fullmatch(reference.strip().upper()):
            raise ValueError("This is how actions, escalations and meetings are called. Choose another.")
        return reference.strip().upper() if reference else None


class RecordNotification(Facts):
    """The day on which the local authority notified the national Panel."""

    notified_on: PartialDate


def new_case(session: Session, partnership: Partnership, facts: OpenCase, *, now: datetime, by: Doer) -> Case:
    """Write the row of a case that is being opened, under a reference that nobody had before.

    Raises `NotAllowed` unless she may open cases of the partnership, `Refused` for a reference that is taken.
    """
    if not ROLES_FOR["open_case"] & by.roles_in(partnership.id) and not by.groups_in(partnership.id):
        raise NotAllowed(refusal(by, "open_case"))
    definition = definition_for(partnership, facts.version, str(facts.known_on)[:7])
    _must_be_a_kind(definition, facts)
    kept = keep_definition(session, definition, now)
    if facts.reference and reference_taken(session, facts.reference):
        raise Refused(f"The reference {facts.reference} is taken. Choose another.", code="reference_taken")
    case = Case(
        reference=facts.reference or next_reference(session, partnership, now, london_day(now).year),
        partnership_id=partnership.id,
        definition_id=kept.id,
        kind=facts.kind,
        status=_first_status(definition),
        pseudonym=next_pseudonym(session, partnership),
        harm=facts.harm,
        area=facts.area,
        coordinator_id=by.id if by.has(Role.COORDINATOR, partnership.id) else None,
        opened_at=now,
    )
    return write(session, case)


def _must_be_a_kind(definition: Definition, facts: OpenCase) -> None:
    kinds = list(dict.fromkeys(("rapid_review", "considered", *definition.review_kinds)))
    if facts.kind not in kinds:
        raise Refused(f"There is no kind of case {facts.kind!r}. Kinds are {listed(kinds)}.", code="unknown_kind")
    if facts.kind == "considered" and facts.notified_on is not None:
        raise Refused("A case that is only considered has no notification: leave notified_on out.", code="unknown_kind")


def open_case(standing: Standing, facts: OpenCase, *, now: datetime, by: Doer) -> None:
    """Open a case: its first status, its first clocks, and what it is about."""
    branch = _branch(standing.definition, facts)
    standing.state = NEW
    reason = facts.reason or _CONSIDERED
    standing.propose(notified_on=facts.notified_on, reason=reason)
    role = ask(standing, Do.OPEN_CASE, by, branch)
    if facts.notified_on is not None:
        standing.events[Event.INCIDENT_KNOWN] = facts.known_on
        must_follow(standing, facts.notified_on, "the notification", Event.INCIDENT_KNOWN)
        standing.events.clear()
    take_step(
        standing,
        Do.OPEN_CASE,
        role=role,
        by=by,
        now=now,
        branch=branch,
        on=facts.known_on,
        event=Event.INCIDENT_KNOWN,
        what=f"Opened, known on {uk_date(facts.known_on)}",
        more={"definition": standing.definition.name}
        | ({"reason": reason} if facts.reason or facts.kind == "considered" else {}),
    )
    _about(standing, facts)
    name_those_who_look_first(standing, now)
    if facts.notified_on is None:
        move_on(standing, by=by, now=now, turned_by=Event.INCIDENT_KNOWN)
        return
    not_far_ahead(facts.notified_on, now, "The notification")
    record_event(standing, Event.NOTIFICATION, facts.notified_on)
    turn_clocks(standing, Event.INCIDENT_KNOWN, now=now, by=by)
    move_on(standing, by=by, now=now, turned_by=Event.NOTIFICATION)


def _about(standing: Standing, facts: OpenCase) -> None:
    session, case = standing.session, standing.case
    for name in dict.fromkeys(facts.contributing):
        known = session.exec(select(Partnership.id).where(Partnership.code == name.lower())).first()
        write(session, ContributingPartnership(case_id=case.id, partnership_id=known, name=name))
    for theme in themes_called(session, facts.themes, case.partnership_id):
        write(session, CaseTheme(case_id=case.id, theme_id=theme.id))


def record_notification(standing: Standing, facts: RecordNotification, *, now: datetime, by: Doer) -> None:
    """Record the day of the notification, from which the rapid review's clock runs."""
    role = ask(standing, Do.RECORD_NOTIFICATION, by)
    must_follow(standing, facts.notified_on, "the notification", Event.INCIDENT_KNOWN)
    take_step(
        standing,
        Do.RECORD_NOTIFICATION,
        role=role,
        by=by,
        now=now,
        on=facts.notified_on,
        event=Event.NOTIFICATION,
        what=f"Notified on {uk_date(facts.notified_on)}",
    )
    move_on(standing, by=by, now=now, turned_by=Event.NOTIFICATION)


def _branch(definition: Definition, facts: OpenCase) -> str:
    """Choose how the case begins: considered only, notified, or known and not yet notified."""
    branches = {step.branch for step in definition.steps if step.do is Do.OPEN_CASE}
    if facts.kind == "considered" and "considered" in branches:
        return "considered"
    return "notified" if facts.notified_on is not None and "notified" in branches else ""


def _first_status(definition: Definition) -> str:
    step = next(step for step in definition.steps if step.do is Do.OPEN_CASE)
    return CaseStatus(step.to or "").value


def next_reference(session: Session, partnership: Partnership, now: datetime, year: int) -> str:
    """Give the partnership's next reference of a year; none is ever given twice."""
    prefix = partnership_settings(session, partnership, now)["prefix"]
    while True:
        number = next_number(session, f"case:{prefix}-{year}")
        reference = f"{prefix}-{year}-{number:03d}"
        if not reference_taken(session, reference):
            return reference


def next_pseudonym(session: Session, partnership: Partnership) -> str:
    """Give the next bird or tree; after the last one the round begins again with a number."""
    turn, place = divmod(cases_of(session, partnership.id), len(PSEUDONYMS))
    return PSEUDONYMS[place] if turn == 0 else f"{PSEUDONYMS[place]} {turn + 1}"
