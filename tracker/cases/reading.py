"""Who has read what: a row for each time somebody opens a record, folded to one in five minutes."""

from datetime import datetime, timedelta

from sqlalchemy import Engine, bindparam
from sqlmodel import col, select

from tracker.cases.models import Reading
from tracker.database import UtcDateTime, reading, unit_of_work
from tracker.rows import Question, write

_FOLDED = timedelta(minutes=5)
_RECENT = Question(
    select(Reading.id)
    .where(Reading.person_id == bindparam("person"), Reading.about == bindparam("about"))
    .where(
        col(Reading.at) > bindparam("since", type_=UtcDateTime), col(Reading.at) <= bindparam("now", type_=UtcDateTime)
    )
    .limit(1)
)


def note_read(engine: Engine, person_id: int, about: str, now: datetime) -> None:
    """Record that somebody opened a record, unless she did so in the last five minutes; in a unit of work of its own.

    So the record itself is read without waiting for anybody who writes.
    """
    known = {"person": person_id, "about": about, "since": now - _FOLDED, "now": now}
    with reading(engine) as session:
        if _RECENT.rows(session, **known):
            return
    with unit_of_work(engine) as session:
        if not _RECENT.rows(session, **known):
            write(session, Reading(person_id=person_id, about=about, at=now))
