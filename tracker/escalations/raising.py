"""Raising an escalation, passing it up, withdrawing it."""

from datetime import date, datetime
from typing import Annotated

from pydantic import StringConstraints, field_validator
from sqlmodel import Session

from tracker import history
from tracker.actions.queries import action_by_reference
from tracker.cases.queries import case_by_reference
from tracker.clock import london_day
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.escalations.models import Escalation, EscalationAbout, EscalationStep
from tracker.escalations.speaking import FOR_EVERY_GROUP, may_move, speaks_as
from tracker.facts import Code, Facts, Reason, Title, Words
from tracker.groups.belonging import group_of_hers
from tracker.groups.bodies import group_above, must_stand
from tracker.groups.models import Group
from tracker.groups.queries import meeting_by_reference, next_number
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.rows import write
from workflows.escalation import EscalationStatus
from workflows.wording import listed

Urgency = Annotated[Code, StringConstraints(max_length=20)]


class RaiseEscalation(Facts):
    """What a group asks, why, how urgent it is, what it is about, and at which meeting it is to be answered."""

    group: Code
    title: Title
    ask: Words
    why: Words | None = None
    urgency: Urgency | None = None
    about: list[Code] = []
    meeting: Code | None = None

    @field_validator("about", mode="before")
    @classmethod
    def _one_or_many(cls, about: object) -> object:
        return [] if about is None else [about] if isinstance(about, str) else about


def raise_escalation(
    session: Session, reference: str | None, facts: RaiseEscalation, *, now: datetime, by: Doer
) -> Escalation:
    """Raise a question of a group to the body above it, where it waits until that answers.

    `reference` names the partnership, where several have such a group.
    """
    group = group_of_hers(session, facts.group, reference, by)
    role = _ask_for_group(group, by, "raise escalations")
    today = london_day(now)
    must_stand(group, today)
    level = group_above(session, group, today)
    if level is None:
        raise Refused(f"Nothing stands above {group.name}: it decides itself.", code="nothing_above")
    subjects = _subjects(session, facts.about, by)
    escalation = Escalation(
        reference=f"E{next_number(session, 'escalation')}",
        partnership_id=group.partnership_id,
        group_id=group.id,
        level_id=level.id,
        meeting_id=_meeting_id(session, facts.meeting, group, today),
        title=facts.title,
        ask=facts.ask,
        why=facts.why,
        urgency=facts.urgency,
        raised_on=today,
        raised_by_id=by.id,
    )
    write(session, escalation)
    for subject in subjects:
        subject.escalation_id = escalation.id
        write(session, subject)
    what = f"{group.name} asks {level.name}: {facts.title}"
    _note(session, escalation, "raise_escalation", what, now, by, role, new=EscalationStatus.WAITING)
    return escalation


def withdraw_escalation(session: Session, escalation: Escalation, facts: Reason, *, now: datetime, by: Doer) -> None:
    """Withdraw an escalation that still waits, for a reason that stays readable."""
    group = session.get_one(Group, escalation.group_id)
    role = _ask_for_group(group, by, "withdraw escalations")
    _must_wait(escalation, "withdraw")
    escalation.status = EscalationStatus.WITHDRAWN
    escalation.withdrawn_on = london_day(now)
    escalation.withdrawn_why = facts.reason
    session.add(escalation)
    what = f"Withdrawn: {facts.reason}"
    old, new = EscalationStatus.WAITING, EscalationStatus.WITHDRAWN
    _note(session, escalation, "withdraw_escalation", what, now, by, role, old, new)


def pass_up_escalation(session: Session, escalation: Escalation, facts: Reason, *, now: datetime, by: Doer) -> None:
    """Pass an escalation that waits to the body above the one it waits at; the path it took stays visible."""
    level = session.get_one(Group, escalation.level_id)
    is_coordinator = by.has(Role.COORDINATOR, escalation.partnership_id)
    if not may_move(session, level, by):
        raise NotAllowed(
            f"{by.name} may not pass up {escalation.reference}: that is for {level.name} and the coordinator."
        )
    _must_wait(escalation, "pass up")
    above = group_above(session, level, london_day(now))
    if above is None:
        raise Refused(f"Nothing stands above {level.name}: it has to answer itself.", code="nothing_above")
    step = EscalationStep(
        escalation_id=escalation.id,
        from_group_id=level.id,
        to_group_id=above.id,
        on=london_day(now),
        reason=facts.reason,
    )
    write(session, step)
    escalation.level_id = above.id
    escalation.deferred_until = None
    session.add(escalation)
    what = f"Passed up from {level.name} to {above.name}: {facts.reason}"
    role = "coordinator" if is_coordinator else level.name
    _note(session, escalation, "pass_up_escalation", what, now, by, role, level.code, above.code)


def _ask_for_group(group: Group, by: Doer, deed: str) -> str:
    """Let through who belongs to a group, and the roles that speak for every group; gives the role for the history."""
    role = speaks_as(group, by)
    if role is None:
        words = [role.words for role in sorted(FOR_EVERY_GROUP)]
        raise NotAllowed(f"{by.name} may not {deed} of {group.name}: that is for its members and the {listed(words)}.")
    return role


def _subjects(session: Session, references: list[str], by: Doer) -> list[EscalationAbout]:
    """Find the cases and actions that an escalation is about; the person has to see each of them."""
    subjects = []
    for reference in dict.fromkeys(references):
        try:
            action = action_by_reference(session, reference, by)
            subjects.append(EscalationAbout(escalation_id=0, action_id=action.id))
        except NotFound:
            subjects.append(EscalationAbout(escalation_id=0, case_id=_case_id(session, reference, by)))
    return subjects


def _case_id(session: Session, reference: str, by: Doer) -> int:
    try:
        return case_by_reference(session, reference, by).id
    except NotFound:
        raise NotFound(
            f"There is no case or action with the reference {reference} that you can open. Ask the business unit."
        ) from None


def _meeting_id(session: Session, reference: str | None, group: Group, today: date) -> int | None:
    """Find the meeting at which a group raises an escalation, or a body above it is to answer it."""
    if reference is None:
        return None
    meeting = meeting_by_reference(session, reference)
    meets = session.get_one(Group, meeting.group_id)
    if meets.partnership_id != group.partnership_id:
        raise NotFound(f"There is no meeting {reference!r}.")
    allowed = [group, *_above(session, group, today)]
    if meets.id not in {one.id for one in allowed}:
        names = listed([one.name for one in allowed], "or")
        raise Refused(f"{meeting.reference} is a meeting of {meets.name}: choose one of {names}.", code="bad_meeting")
    if meeting.status != "planned":
        raise Refused(f"{meeting.reference} is {meeting.status}: choose a meeting that is planned.", code="bad_meeting")
    return meeting.id


def _above(session: Session, group: Group, today: date) -> list[Group]:
    """Give the groups that stand above one, the nearest first."""
    found: list[Group] = []
    above = group_above(session, group, today)
    while above is not None and above.id not in {one.id for one in found}:
        found.append(above)
        above = group_above(session, above, today)
    return found


def _must_wait(escalation: Escalation, verb: str) -> None:
    if escalation.status != EscalationStatus.WAITING:
        words = EscalationStatus(escalation.status).words.lower()
        raise Refused(f"Cannot {verb} {escalation.reference}: it is {words}.", code="wrong_status")


def _note(
    session: Session,
    escalation: Escalation,
    deed: str,
    what: str,
    now: datetime,
    by: Doer,
    role: str,
    old: str | None = None,
    new: str | None = None,
) -> None:
    history.note(session, escalation.reference, deed, at=now, by=by, role=role, what=what, old=old, new=new)
