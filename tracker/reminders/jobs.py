"""What is due at this moment, done once: reminders, digests, then the delivery of what waits."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine

from notifications import leases
from notifications.delivered import Following, follow
from notifications.delivery import DeliveryCount, deliver_waiting
from notifications.in_line import line
from notifications.leases import LEASE_SECONDS, OpenSession
from notifications.transports import Transport
from tracker.database import reading, unit_of_work
from tracker.papers.digest import digest_due
from tracker.people.links import LinkMaker
from tracker.reminders.holding import is_held
from tracker.reminders.letters import compose_to_send
from tracker.reminders.planning import IsEnded, ask_for_new_owners, never, plan_digests, plan_reminders
from tracker.reminders.reading_ahead import read_ahead
from tracker.reminders.slots import mornings_due
from tracker.reminders.tidying import forget_what_is_old, mark_groups_told, mark_refused_addresses

Counts = dict[str, int]


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
                left = line(session, self.now())
                return DeliveryCount(0, 0, 0, uncertain=left.uncertain, waiting=left.waiting)
        count = deliver_waiting(
            self._open_session,
            self.transport,
            lambda session, message: compose_to_send(session, message, self.now(), self.links),
            self.now,
            read_ahead=lambda session, messages: read_ahead(session, messages, self.now(), self.links),
            lease_seconds=lease_seconds,
            waits_for_the_dead=waits_for_the_dead,
            is_ended=is_ended,
        )
        if isinstance(self.transport, Following) and not is_ended():
            follow(self._open_session, self.transport, self.now(), is_ended)
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
    def _open_session(self) -> OpenSession:
        return partial(unit_of_work, self.engine, uses_kept=True)


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
    deliver = partial(room.deliver, lease_seconds=lease_seconds, waits_for_the_dead=waits_for_the_dead)
    try:
        counts = room.plan()
    except Exception:
        # What waits goes all the same: no fault of a plan keeps back a link for signing in.
        deliver()
        raise
    delivered = deliver()
    room.tidy()
    return counts | {
        "sent": delivered.sent,
        "superseded": delivered.superseded,
        "failed": delivered.failed,
        "uncertain": delivered.uncertain,
        "waiting": delivered.waiting,
    }
