"""What is due at this moment, done once: reminders, digests, then the delivery of what waits."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from sqlmodel import Session

from notifications.delivery import deliver_waiting
from notifications.leases import LEASE_SECONDS
from notifications.transports import Transport
from tracker import history
from tracker.database import reading, unit_of_work
from tracker.escalations import telling
from tracker.groups.queries import meeting_by_reference
from tracker.papers.digest import digest_due
from tracker.papers.digest_post import put_digest
from tracker.people import unsent
from tracker.people.links import LinkMaker
from tracker.reminders.bundle import bundles_due, put_bundle
from tracker.reminders.letters import compose_for

Counts = dict[str, int]


def run_due(
    engine: Engine,
    transport: Transport,
    *,
    now: datetime,
    links: LinkMaker | None = None,
    lease_seconds: float = LEASE_SECONDS,
    waits_for_the_dead: bool = False,
) -> Counts:
    """Do once what is due at this moment, then deliver; safe to repeat, and to run on several machines at once.

    Gives the numbers of what was put into the outbox and of what became of it. `links` makes the links in the emails,
    as they go: none lies in the outbox.
    """
    counts = {"reminders": plan_reminders(engine, now), "digests": plan_digests(engine, now)}
    open_session: Callable[[], AbstractContextManager[Session]] = partial(unit_of_work, engine)
    delivered = deliver_waiting(
        open_session,
        transport,
        lambda session, message: compose_for(session, message, now, links),
        lambda: now,
        lease_seconds=lease_seconds,
        waits_for_the_dead=waits_for_the_dead,
    )
    mark_groups_told(engine, now)
    forget_what_is_old(engine, now)
    return counts | {
        "sent": delivered.sent,
        "superseded": delivered.superseded,
        "failed": delivered.failed,
        "uncertain": delivered.uncertain,
        "waiting": delivered.waiting,
    }


def plan_reminders(engine: Engine, now: datetime) -> int:
    """Put this morning's reminders into the outbox, each person's in a unit of work of its own; says how many emails.

    Nobody else waits while they are looked for. What changes between the looking and the sending is seen when the
    email is written.
    """
    with reading(engine) as session:
        bundles = bundles_due(session, now)
    put = 0
    for calls in bundles:
        with unit_of_work(engine) as session:
            put += put_bundle(session, calls, now)
    return put


def plan_digests(engine: Engine, now: datetime) -> int:
    """Put the digests that are due into the outbox, each meeting in a unit of work of its own; says how many emails."""
    with reading(engine) as session:
        due = [meeting.reference for meeting in digest_due(session, now)]
    put = 0
    for reference in due:
        with unit_of_work(engine) as session:
            put += put_digest(session, meeting_by_reference(session, reference), now)
            session.flush()
            history.write_noted(session)
    return put


def mark_groups_told(engine: Engine, now: datetime) -> None:
    """Mark the escalations whose answer went to the group that asked."""
    with unit_of_work(engine) as session:
        for escalation_id in telling.groups_to_mark_told(session):
            telling.mark_told(session, escalation_id, now)
        session.flush()
        history.write_noted(session)


def forget_what_is_old(engine: Engine, now: datetime) -> None:
    """Forget the forms that came too late and were not sent again in their hour."""
    with unit_of_work(engine) as session:
        unsent.forget_old(session, now)
