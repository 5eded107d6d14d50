"""What waits for a coordinator about emails: doubts to settle, what could not go, and what nobody heard of again."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from notifications.finding import Brief
from tracker.groups.models import Partnership
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.roles import Role
from tracker.showing.emails import people_of
from tracker.showing.job import Job
from tracker.showing.unsettled_emails import DOUBTS, FAILURES, SILENT, unsettled_emails

IN_DOUBT, NOT_GONE, WITHOUT_END = "emails_in_doubt", "emails_not_gone", "emails_without_end"


def jobs_of_emails(session: Session, partnership: str | None, reader: Doer | None, now: datetime) -> Iterator[Job]:
    """Give one job for each kind of a partnership's emails that somebody has to see to, for its coordinator."""
    groups = unsettled_emails(session, reader, now)
    readers = {message.person_id for group in groups.values() for message in group}
    if not readers:
        return
    for one in session.exec(select(Partnership).order_by(col(Partnership.id))).all():
        if partnership not in (None, one.code) or (reader is not None and not reader.has(Role.COORDINATOR, one.id)):
            continue
        people = set(session.exec(people_of([one.id]).where(col(Person.id).in_(readers))))
        if number := _of(groups[DOUBTS], people):
            they = "it" if number == 1 else "they"
            yield _job(f"Settle {_emails(number)} of which we do not know whether {they} went.", IN_DOUBT, one)
        if number := _of(groups[FAILURES], people):
            yield _job(f"See to {_emails(number)} that could not be sent.", NOT_GONE, one)
        if number := _of(groups[SILENT], people):
            sentence = f"Ask whether {_emails(number)} arrived: for three days the mail service has not said."
            yield _job(sentence, WITHOUT_END, one)


def _emails(number: int) -> str:
    return "an email" if number == 1 else f"{number:,} emails"


def _of(messages: Sequence[Brief], people: set[int]) -> int:
    return sum(message.person_id in people for message in messages)


def _job(sentence: str, code: str, partnership: Partnership) -> Job:
    return Job(sentence, "settle-emails", code, partnership.id, title="Emails")
