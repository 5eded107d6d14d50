"""Who has read what: a row for each time somebody opens a record, folded to one in five minutes."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import select

from tracker.cases.models import Reading
from tracker.database import unit_of_work
from tracker.rows import write

_FOLDED = timedelta(minutes=5)


def note_read(engine: Engine, person_id: int, about: str, now: datetime) -> None:
    """Record that somebody opened a record, unless she did so in the last five minutes; in a unit of work of its own.

    So the record itself is read without waiting for anybody who writes.
    """
    question = select(Reading.id).where(
        Reading.person_id == person_id, Reading.about == about, Reading.at > now - _FOLDED, Reading.at <= now
    )
    with unit_of_work(engine) as session:
        if session.exec(question.limit(1)).first() is None:
            write(session, Reading(person_id=person_id, about=about, at=now))
