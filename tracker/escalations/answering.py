"""Answering an escalation: by a member of the body it waits at; a second answer stands beside the first."""

from datetime import date, datetime

from sqlmodel import Session

from tracker import history
from tracker.clock import london_day
from tracker.errors import NotAllowed, Refused
from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.queries import responses_to
from tracker.escalations.telling import put_answers
from tracker.facts import Day, Facts, Name, Words
from tracker.groups.bodies import sits_on
from tracker.groups.models import Group
from tracker.people.doer import Doer
from tracker.rows import write
from workflows.dates import PartialDate, uk_date
from workflows.escalation import Answer, EscalationStatus


class RespondToEscalation(Facts):
    """What the body answers, in its words; who does what by when; until when it defers."""

    on: PartialDate
    answer: Answer
    text: Words | None = None
    by_whom: Name | None = None
    by_when: PartialDate | None = None
    until: Day | None = None


def respond_to_escalation(
    session: Session, escalation: Escalation, facts: RespondToEscalation, *, now: datetime, by: Doer
) -> None:
    """Answer an escalation as a member of the body it waits at; a second answer stands beside the first.

    The group is told each time; what is deferred or asked back goes on waiting.
    """
    level = session.get_one(Group, escalation.level_id)
    if not sits_on(session, by, level):
        raise NotAllowed(f"{by.name} may not answer {escalation.reference}: it waits for {level.name}.")
    old = escalation.status
    adds = old != EscalationStatus.WAITING
    _must_be_possible(session, escalation, facts, london_day(now))
    response = EscalationResponse(
        escalation_id=escalation.id,
        on=facts.on,
        at=now,
        person_id=by.id,
        answer=facts.answer,
        text=facts.text,
        by_whom=facts.by_whom,
        by_when=facts.by_when,
        until=facts.until,
    )
    write(session, response)
    escalation.deferred_until = facts.until
    if facts.answer.settles:
        escalation.status = EscalationStatus.ANSWERED
        escalation.told_on = None
    put_answers(session, escalation, response, now)
    session.add(escalation)
    said = f"{by.name} adds" if adds else f"{level.name} answered"
    what = f"{said} on {uk_date(facts.on)}: {facts.answer.value.replace('_', ' ')}"
    if facts.until is not None:
        what += f" until {uk_date(facts.until)}"
    history.note(
        session,
        escalation.reference,
        "respond_to_escalation",
        at=now,
        by=by,
        role=level.name,
        what=what,
        old=old,
        new=escalation.status,
    )


def may_answer(session: Session, escalation: Escalation, by: Doer) -> bool:
    """Say whether somebody may answer an escalation where it waits now."""
    return sits_on(session, by, session.get_one(Group, escalation.level_id))


def _must_be_possible(session: Session, escalation: Escalation, facts: RespondToEscalation, today: date) -> None:
    """Refuse an answer that does not fit: to one withdrawn, in the wrong order of time, or half said."""
    if escalation.status == EscalationStatus.WITHDRAWN:
        raise Refused(f"Cannot answer {escalation.reference}: it is withdrawn.", code="wrong_status")
    if escalation.status != EscalationStatus.WAITING and not facts.answer.settles:
        raise Refused(
            f"{escalation.reference} is answered already: what is added has to settle it too.", code="wrong_status"
        )
    if facts.on.first > today:
        raise Refused("The date of the answer must be today or earlier.", code="bad_date")
    if facts.on.last < escalation.raised_on:
        raise Refused(
            f"The date of the answer must be on or after the day it was raised, {uk_date(escalation.raised_on)}.",
            code="out_of_order",
        )
    earlier = responses_to(session, escalation.id)
    if earlier and facts.on.certainly_before(earlier[-1].on):
        raise Refused(
            f"The date of the answer must be on or after the one before it, {uk_date(earlier[-1].on)}.",
            code="out_of_order",
        )
    _must_be_whole(facts, today)


def _must_be_whole(facts: RespondToEscalation, today: date) -> None:
    if facts.answer is Answer.DEFERRED and facts.until is None:
        raise Refused("Say until when it is deferred: `until` is a date.", code="until_missing")
    if facts.answer is not Answer.DEFERRED and facts.until is not None:
        raise Refused("`until` belongs to an answer that defers: leave it out, or answer deferred.", code="until_extra")
    if facts.until is not None and facts.until < today:
        raise Refused("The date until which it is deferred must be today or later.", code="bad_date")
    if facts.answer is Answer.ASKED_BACK and facts.text is None:
        raise Refused("Say what the group is asked first: `text` is missing.", code="text_missing")
