"""What is due at this moment, done once: reminders, digests, then the delivery of what waits."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from sqlmodel import Session

from notifications import doubts, leases, outbox
from notifications.delivered import Following, follow
from notifications.delivery import DeliveryCount, deliver_waiting
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
from tracker.reminders.bundle import bundles_due, put_bundles
from tracker.reminders.holding import is_held
from tracker.reminders.letters import compose_to_send
from tracker.reminders.refused import note_refused, refused_messages
from tracker.reminders.slots import mark_done, mornings_come, mornings_due
from tracker.reminders.unreached import ask_leads, owners_to_replace

Counts = dict[str, int]
IsEnded = Callable[[], bool]


def never() -> bool:
    """Say that the work goes on: what ends only with its own end is told nothing else."""
    return False


@dataclass(frozen=True, slots=True)
class PostRoom:
    """The work that is done without anybody asking, and what it is done with; safe on several machines at once.

    `links` makes the links in the emails, as they go: none lies in the outbox.
    """

    engine: Engine
    transport: Transport
    now: Callable[[], datetime]
    links: LinkMaker | None = None

    def plan(self, is_ended: IsEnded = never) -> Counts:
        """Put the reminders and digests that are due into the outbox; says how many emails of each."""
        now = self.now()
        return {
            "reminders": plan_reminders(self.engine, now, is_ended) + ask_for_new_owners(self.engine, now, is_ended),
            "digests": plan_digests(self.engine, now, is_ended),
        }

    def plan_alone(self, is_ended: IsEnded = never) -> Counts | None:
        """Plan, unless somebody else does so at this moment; nothing where that is so.

        It spares the work of doing it twice. That each email is put once does not depend on it.
        """
        if not self._has_plans():
            return {}
        with self.planning() as is_ours:
            return self.plan(is_ended) if is_ours else None

    def planning(self) -> AbstractContextManager[bool]:
        """Hold the lease under which one plans at a time; gives whether it is ours."""
        return leases.held(self._open_session, "sweep", leases.new_holder())

    def deliver(
        self, is_ended: IsEnded = never, *, lease_seconds: float = LEASE_SECONDS, waits_for_the_dead: bool = False
    ) -> DeliveryCount:
        """Deliver what waits, unless the post is held; where `is_ended` says so, the email in hand is the last.

        Then ask what became of what went before, where the service can be asked.
        """
        with reading(self.engine) as session:
            if is_held(session):
                uncertain, waiting = doubts.count(session), len(outbox.waiting(session, self.now()))
                return DeliveryCount(sent=0, superseded=0, failed=0, uncertain=uncertain, waiting=waiting)
        count = deliver_waiting(
            self._open_session,
            self.transport,
            lambda session, message: compose_to_send(session, message, self.now(), self.links),
            self.now,
            lease_seconds=lease_seconds,
            waits_for_the_dead=waits_for_the_dead,
            is_ended=is_ended,
        )
        if isinstance(self.transport, Following) and not is_ended():
            follow(self._open_session, self.transport, self.now())
        return count

    def tidy(self) -> None:
        """Mark what has come of the post, and forget what nobody may want any more."""
        mark_groups_told(self.engine, self.now())
        if mark_refused_addresses(self.engine, self.now()):
            # Not tomorrow morning only: whoever leads for the agency is asked on the day on which it came back.
            ask_for_new_owners(self.engine, self.now())
        forget_what_is_old(self.engine, self.now())

    def _has_plans(self) -> bool:
        with reading(self.engine) as session:
            return bool(mornings_due(session, self.now()) or digest_due(session, self.now()))

    @property
    def _open_session(self) -> Callable[[], AbstractContextManager[Session]]:
        return partial(unit_of_work, self.engine, uses_kept=True)


# So many people's emails are put together: a tenth of a second of writing.
AT_ONCE = 200


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

    Gives the numbers of what was put into the outbox and of what became of it.
    """
    room = PostRoom(engine, transport, lambda: now, links)
    counts = room.plan()
    delivered = room.deliver(lease_seconds=lease_seconds, waits_for_the_dead=waits_for_the_dead)
    room.tidy()
    return counts | {
        "sent": delivered.sent,
        "superseded": delivered.superseded,
        "failed": delivered.failed,
        "uncertain": delivered.uncertain,
        "waiting": delivered.waiting,
    }


def plan_reminders(engine: Engine, now: datetime, is_ended: IsEnded = never) -> int:
    """Put this morning's reminders into the outbox, some people's in a unit of work; says how many emails.

    Nobody else waits while they are looked for, nor long while they are put. What changes between the looking and the
    sending is seen when the email is written. A morning whose emails are all put is done; one that was left on the way
    is begun again, and puts only what is missing.
    """
    with reading(engine) as session:
        mornings = mornings_due(session, now)
        bundles = bundles_due(session, now) if mornings else []
    put = 0
    for first in range(0, len(bundles), AT_ONCE):
        if is_ended():
            return put
        with unit_of_work(engine) as session:
            put += put_bundles(session, bundles[first : first + AT_ONCE], now)
    if mornings:
        with unit_of_work(engine) as session:
            mark_done(session, mornings, now)
    return put


def plan_digests(engine: Engine, now: datetime, is_ended: IsEnded = never) -> int:
    """Put the digests that are due into the outbox, each meeting in a unit of work of its own; says how many emails."""
    with reading(engine) as session:
        due = [meeting.reference for meeting in digest_due(session, now)]
    put = 0
    for reference in due:
        if is_ended():
            return put
        with unit_of_work(engine) as session:
            put += put_digest(session, meeting_by_reference(session, reference), now)
            session.flush()
            history.write_noted(session)
    return put


def mark_groups_told(engine: Engine, now: datetime) -> None:
    """Mark the escalations whose answer went to the group that asked; nobody waits where there are none."""
    with reading(engine) as session:
        told = telling.groups_to_mark_told(session)
    for escalation_id in told:
        with unit_of_work(engine) as session:
            telling.mark_told(session, escalation_id, now)
            session.flush()
            history.write_noted(session)


def ask_for_new_owners(engine: Engine, now: datetime, is_ended: IsEnded = never) -> int:
    """Ask leads of agencies to replace owners whom no email reaches, where the hour of the morning's emails has come.

    Each owner's in a unit of work of its own; says how many emails.
    """
    with reading(engine) as session:
        owners = owners_to_replace(session, list(mornings_come(session, now)), now)
    put = 0
    for action_ids in owners:
        if is_ended():
            return put
        with unit_of_work(engine) as session:
            put += ask_leads(session, action_ids, now)
    return put


def mark_refused_addresses(engine: Engine, now: datetime) -> int:
    """Write down which addresses refused an email for good: no reminder goes there any more; says how many emails."""
    with reading(engine) as session:
        refused = refused_messages(session)
    for message_id in refused:
        with unit_of_work(engine) as session:
            note_refused(session, message_id, now)
            session.flush()
            history.write_noted(session)
    return len(refused)


def forget_what_is_old(engine: Engine, now: datetime) -> None:
    """Forget the forms that came too late and were not sent again in their hour."""
    with unit_of_work(engine) as session:
        unsent.forget_old(session, now)
