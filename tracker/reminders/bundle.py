"""One email for a person and morning with everything that is due for her (K13): put into the outbox once."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from notifications import outbox
from tracker.clock import london_day, london_moment
from tracker.groups.models import Partnership
from tracker.groups.queries import partnership_settings, working_days_of
from tracker.groups.settings import as_time
from tracker.people.models import Person
from tracker.reminders.calls import Call, Kind, Morning, calls_of
from tracker.reminders.models import RungTold

# The email is named by what presses most, in this order; the letter is written anew when it goes.
_NAMES = {
    Kind.ACTION: "action_reminder",
    Kind.CLOCK: "statutory_dates",
    Kind.HOLD: "look_again",
    Kind.RETURN: "return_due",
    Kind.REVIEW: "review_due",
    Kind.NEW_ACTION: "new_action",
}
EMAILS = (*_NAMES.values(), "reflection_due")


def remind(session: Session, now: datetime) -> int:
    """Put this morning's reminders into the outbox where the hour has come; says for how many people.

    Routine emails go on working days. The same morning asked for twice puts nothing twice: one key for a person and
    day, and a rung is told once for a version of its date.
    """
    calls: dict[int, list[Call]] = {}
    for partnership in session.exec(select(Partnership).order_by(col(Partnership.id))):
        morning = _morning_of(session, partnership, now)
        for call in calls_of(morning) if morning is not None else ():
            calls.setdefault(call.person.id, []).append(call)
    return sum(_put(session, _not_told(session, theirs), now) for theirs in calls.values())


def _morning_of(session: Session, partnership: Partnership, now: datetime) -> Morning | None:
    """Give a partnership's morning, unless its hour has not come or the day is no working day."""
    settings = partnership_settings(session, partnership, now)
    calendar = working_days_of(session, partnership.id)
    today = london_day(now)
    if not calendar.is_working_day(today) or now < london_moment(today, as_time(settings["reminders.at"])):
        return None
    return Morning(session, partnership, settings, calendar, now)


def _not_told(session: Session, calls: Iterable[Call]) -> list[Call]:
    """Leave out what the person was told before."""
    calls = list(calls)
    question = select(RungTold.about, RungTold.version, RungTold.name).where(
        RungTold.person_id == calls[0].person.id, col(RungTold.about).in_({call.about for call in calls})
    )
    told = set(session.exec(question).all())
    return [call for call in calls if (call.about, call.version, call.rung) not in told]


def _put(session: Session, calls: list[Call], now: datetime) -> bool:
    """Put one person's email and keep what it tells; nothing when nothing is due, or when she had hers today."""
    if not calls:
        return False
    person, today = calls[0].person, london_day(now)
    is_new = outbox.put(
        session,
        kind=_name_of(calls),
        person_id=person.id,
        to_name=person.name,
        to_address=_address(person),
        about=_about(calls),
        key=f"reminder:{person.id}:{today.isoformat()}",
        facts={"calls": [[call.kind.value, call.record_id, call.version] for call in calls]},
        due_at=now,
        planned_at=now,
        routine=True,
    )
    if is_new:
        for call in calls:
            _keep(session, call, now)
    return is_new


def _keep(session: Session, call: Call, now: datetime) -> None:
    insert = postgresql.insert if session.connection().dialect.name == "postgresql" else sqlite.insert
    row = {
        "about": call.about,
        "person_id": call.person.id,
        "version": call.version,
        "name": call.rung,
        "day": call.day,
        "told_at": now,
    }
    session.connection().execute(insert(RungTold).values(row).on_conflict_do_nothing())


def _name_of(calls: list[Call]) -> str:
    kinds = {call.kind for call in calls}
    return next(name for kind, name in _NAMES.items() if kind in kinds)


def _about(calls: list[Call]) -> str:
    """Name what the email is about, by which `list emails` finds it."""
    return ", ".join(dict.fromkeys(call.reference for call in calls))


def _address(person: Person) -> str:
    assert person.email is not None, "only people with an address are called"
    return person.email
