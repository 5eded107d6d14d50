"""One email for a person and morning with everything that is due for her (K13): put into the outbox once."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from notifications import outbox
from notifications.doubts import find_left_behind
from notifications.outbox import Message, MessageState, NewMessage
from tracker.actions.helping import tell_lead_of_silence
from tracker.actions.models import Action
from tracker.clock import london_day, london_moment
from tracker.database import write_all_once
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_settings, working_days_of
from tracker.groups.settings import as_time
from tracker.reminders.calls import Call, Kind, Morning
from tracker.reminders.models import RungTold
from tracker.reminders.of_actions import action_calls
from tracker.reminders.of_cases import case_calls
from tracker.reminders.slots import mornings_are_put

# The email is named by what presses most, in this order; the letter is written anew when it goes.
_NAMES = {
    Kind.ACTION: "action_reminder",
    Kind.CLOCK: "statutory_dates",
    Kind.HOLD: "look_again",
    Kind.ACTION_HOLD: "look_again",
    Kind.RETURN: "return_due",
    Kind.REVIEW: "review_due",
    Kind.RECHECK: "review_due",
    Kind.NEW_ACTION: "new_action",
    Kind.MOVED: "date_moved",
}
EMAILS = (*dict.fromkeys(_NAMES.values()), "reflection_due")

Bundle = Sequence[Call]


def is_bundle(message: Message) -> bool:
    """Say whether an email is what a morning had for its reader, and not one that somebody sent by hand."""
    return message.routine and message.kind in EMAILS


def waits_for_a_morning(session: Session, message: Message, now: datetime) -> bool:
    """Say whether a morning's email was left from an earlier day and today's are not all put, to be one with them."""
    is_left = is_bundle(message) and london_day(message.due_at) < london_day(now)
    return is_left and not mornings_are_put(session, now)


def bundles_due(session: Session, now: datetime) -> list[Bundle]:
    """Give for each person all that is due for her this morning, over all partnerships, where the hour has come.

    Routine emails go on working days. Whose partnerships have different hours is written to at the last of them.
    """
    mornings = list(_mornings(session, now))
    if not any(morning.goes_at <= now for morning in mornings):
        return []
    calls: dict[int, list[Call]] = {}
    for morning in mornings:
        for call in (*action_calls(morning), *case_calls(morning)):
            calls.setdefault(call.subject.person.id, []).append(call)
    # In one order always: two sweeps that put the same emails must not wait for each other.
    return [theirs for _, theirs in sorted(calls.items()) if all(call.goes_at <= now for call in theirs)]


def put_bundles(session: Session, bundles: Sequence[Bundle], now: datetime) -> int:
    """Put the emails of some people and keep what they tell; says how many are new.

    The same morning asked for twice puts nothing twice: one key for a person and day. What she was to be told on an
    earlier morning and has not left the house goes with it.
    """
    # What a sender that was killed had in hand has not left the house either.
    find_left_behind(session, now)
    with_unsent = _with_unsent(session)
    new = outbox.put_all(session, [_message(calls, now) for calls in bundles])
    put = [calls for calls in bundles if _key(_reader_of(calls), now) in new]
    for calls in put:
        if _reader_of(calls) in with_unsent:
            _take_over(session, _reader_of(calls), now)
    _keep(session, [call for calls in put for call in calls], now)
    for calls in put:
        for call in calls:
            _tell_lead(session, call, now)
    return len(put)


def _reader_of(calls: Bundle) -> int:
    return calls[0].subject.person.id


def _message(calls: Bundle, now: datetime) -> NewMessage:
    person = calls[0].subject.person
    assert person.email is not None, "only people with an address are called"
    return NewMessage(
        kind=_name_of(calls),
        person_id=person.id,
        to_name=person.name,
        to_address=person.email,
        about=", ".join(dict.fromkeys(call.subject.reference for call in calls)),
        key=_key(person.id, now),
        facts={"calls": [[call.subject.kind.value, call.subject.record_id, call.version] for call in calls]},
        due_at=max(call.goes_at for call in calls),
        planned_at=now,
        routine=True,
        # A statutory clock or a reflection; where only the rest is lost, the next reminder says it again.
        critical=any(call.subject.kind is Kind.CLOCK for call in calls),
    )


def _key(person_id: int, now: datetime) -> str:
    return f"{_PREFIX}{person_id}:{london_day(now).isoformat()}"


_PREFIX = "reminder:"


def _mornings(session: Session, now: datetime) -> Iterator[Morning]:
    """Give the mornings of the partnerships for which today is a working day."""
    today = london_day(now)
    for partnership in session.exec(select(Partnership).order_by(col(Partnership.id))).all():
        settings = partnership_settings(session, partnership, now)
        calendar = working_days_of(session, partnership.id)
        if calendar.is_working_day(today):
            goes_at = london_moment(today, as_time(settings["reminders.at"]))
            yield Morning(session, partnership, settings, calendar, now, goes_at)


def _with_unsent(session: Session) -> set[int]:
    """Give the people for whom a reminder waits."""
    waits = (Message.state == MessageState.QUEUED.value, col(Message.key).startswith(_PREFIX))
    return set(session.exec(select(Message.person_id).where(*waits)))


def _take_over(session: Session, person_id: int, now: datetime) -> None:
    """Put into the new email what an earlier one still holds that could not be sent, so that one goes and not two."""
    key = _key(person_id, now)
    earlier: list[list[object]] = []
    references: list[str] = []
    waiting = outbox.messages(session, person_id=person_id, state=MessageState.QUEUED.value)
    [new] = [message for message in waiting if message.key == key]
    is_critical = new.critical
    for message in waiting:
        if message.key.startswith(_PREFIX) and message.key != key and outbox.supersede(session, key=message.key):
            earlier += message.known()["calls"]
            references += message.about.split(", ")
            is_critical = is_critical or message.critical
    if earlier:
        facts = json.dumps({"calls": earlier + new.known()["calls"]}, sort_keys=True)
        named = ", ".join(dict.fromkeys([*references, *new.about.split(", ")]))
        values = {"facts": facts, "about": named, "critical": is_critical}
        session.exec(update(Message).where(col(Message.key) == key).values(values))


def _keep(session: Session, calls: Sequence[Call], now: datetime) -> None:
    rows = [
        {
            "about": call.subject.about,
            "person_id": call.subject.person.id,
            "version": call.version,
            "name": call.rung,
            "day": call.day,
            "told_at": now,
        }
        for call in calls
    ]
    write_all_once(session, RungTold, rows)


def _tell_lead(session: Session, call: Call, now: datetime) -> None:
    """After so many unanswered reminders of an action its agency's lead is asked to help."""
    if call.subject.kind is Kind.ACTION and call.tells_lead:
        action = session.get_one(Action, call.subject.record_id)
        tell_lead_of_silence(session, action, call.subject.person, unanswered=call.unanswered, now=now)


def _name_of(calls: Bundle) -> str:
    kinds = {call.subject.kind for call in calls}
    return next(name for kind, name in _NAMES.items() if kind in kinds)
