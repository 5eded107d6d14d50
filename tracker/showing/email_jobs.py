"""What waits for a coordinator about emails: doubts to settle, and what could not go."""

from collections.abc import Iterator, Sequence

from sqlmodel import Session, col, select

from notifications.finding import Brief
from tracker.groups.models import Partnership
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.people.roles import Role
from tracker.showing.emails import in_doubt, not_gone, people_of
from tracker.showing.job import Job

DOUBTS, FAILURES = "emails_in_doubt", "emails_not_gone"


def jobs_of_emails(session: Session, partnership: str | None, reader: Doer | None) -> Iterator[Job]:
    """Give one job for a partnership's emails in doubt and one for those that could not go, for its coordinator."""
    doubtful, failed = in_doubt(session, reader), not_gone(session, reader)
    if not doubtful and not failed:
        return
    readers = {message.person_id for message in (*doubtful, *failed)}
    for one in session.exec(select(Partnership).order_by(col(Partnership.id))).all():
        if partnership not in (None, one.code) or (reader is not None and not reader.has(Role.COORDINATOR, one.id)):
            continue
        people = set(session.exec(people_of([one.id]).where(col(Person.id).in_(readers))))
        if number := _of(doubtful, people):
            words = "an email of which" if number == 1 else f"{number:,} emails of which"
            yield _job(f"Settle {words} we do not know whether {'it' if number == 1 else 'they'} went.", DOUBTS, one)
        if number := _of(failed, people):
            words = "an email" if number == 1 else f"{number:,} emails"
            yield _job(f"See to {words} that could not be sent.", FAILURES, one)


def _of(messages: Sequence[Brief], people: set[int]) -> int:
    return sum(message.person_id in people for message in messages)


def _job(sentence: str, code: str, partnership: Partnership) -> Job:
    return Job(sentence, "settle-emails", code, partnership.id, title="Emails")
