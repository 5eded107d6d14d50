"""What is asked of a body outside: it has no due date and nobody is reminded, but its answer ages."""

from datetime import datetime

from sqlmodel import Session

from tracker import history
from tracker.actions.editing import let_the_date_go
from tracker.actions.models import Action
from tracker.actions.progress import start
from tracker.actions.rights import ask, must_allow
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Facts, Name, Words
from tracker.people.doer import Doer
from workflows.dates import PartialDate, uk_date


class AskOutside(Facts):
    """Which body outside the partnership is asked, and when; without a body, the one that the action names."""

    on: PartialDate
    body: Name | None = None


class RecordAnswer(Facts):
    """What the body outside answered, and when."""

    on: PartialDate
    text: Words


def ask_outside(session: Session, action: Action, facts: AskOutside, *, now: datetime, by: Doer) -> None:
    """Record that a body outside was asked; asked again before it answered, its answer ages from the first day."""
    role = ask(by, action, "ask_outside")
    must_allow(action, "ask_outside")
    if facts.on.first > london_day(now):
        raise Refused("The day on which the body was asked must be today or earlier.", code="bad_date")
    body = facts.body or action.outside_body
    if body is None:
        raise Refused("Say which body outside was asked.", code="no_outside_body")
    is_again = body == action.outside_body and action.asked_on is not None and action.answered_on is None
    old = action.outside_body
    if not is_again:
        action.outside_body, action.asked_on = body, facts.on
        action.answered_on = action.answer = None
    let_the_date_go(action)
    start(action)
    session.add(action)
    what = f"Asked {body}{' again' if is_again else ''} on {uk_date(facts.on)}"
    about = (session, action.reference, "ask_outside")
    history.note(*about, at=now, by=by, role=role, what=what, old=old, new=body, more={"on": str(facts.on)})


def record_answer(session: Session, action: Action, facts: RecordAnswer, *, now: datetime, by: Doer) -> None:
    """Record what a body outside answered; the action stays open until it is complete or ended."""
    role = ask(by, action, "record_answer")
    must_allow(action, "record_answer")
    if action.asked_on is None:
        raise Refused(f"No body outside was asked yet for {action.reference}. Record that first.", code="nobody_asked")
    if facts.on.first > london_day(now):
        raise Refused("The day of the answer must be today or earlier.", code="bad_date")
    if facts.on.certainly_before(action.asked_on):
        asked = uk_date(action.asked_on)
        raise Refused(f"The answer must be on or after the day on which it was asked for, {asked}.", "out_of_order")
    old = action.answer
    action.answered_on, action.answer = facts.on, facts.text
    session.add(action)
    what = f"{action.outside_body} answered on {uk_date(facts.on)}: {facts.text}"
    about = (session, action.reference, "record_answer")
    history.note(*about, at=now, by=by, role=role, what=what, old=old, new=facts.text, more={"on": str(facts.on)})
