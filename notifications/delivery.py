"""Delivers what waits in the outbox, in rounds that any number of machines may make at once."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from notifications import doubts, leases
from notifications.in_line import line
from notifications.leases import OpenSession
from notifications.outbox import MessageState
from notifications.sender import Sender
from notifications.transports import Transport
from notifications.writing import ComposeFor, ReadAhead, Writer, nothing_ahead


@dataclass(frozen=True, slots=True)
class DeliveryCount:
    """What one round of delivery did; how many messages are uncertain, and how many that are due could not go yet."""

    sent: int
    superseded: int
    failed: int
    uncertain: int
    waiting: int


def deliver_waiting(
    open_session: OpenSession,
    transport: Transport,
    compose_for: ComposeFor,
    now: Callable[[], datetime],
    *,
    read_ahead: ReadAhead = nothing_ahead,
    lease_seconds: float = leases.LEASE_SECONDS,
    waits_for_the_dead: bool = False,
    is_ended: Callable[[], bool] = lambda: False,
) -> DeliveryCount:
    """Send every message whose moment has come, one by one, and say what became of them.

    `open_session` opens a unit of work that begins by writing. `compose_for` writes the email from the facts of the
    moment, or gives `None` when there is no reason for it any more; `read_ahead` reads for several together what that
    will ask. A message that cannot be written fails alone.
    Where `is_ended` says so, the message in hand is the last. What another sender holds is left to it; whoever comes
    by only once waits until it is known whether that one lives.
    """
    outcomes: Counter[MessageState] = Counter()
    is_over = False
    while not is_over:
        holder = leases.new_holder()
        writer = Writer(open_session, compose_for, read_ahead, now, holder)
        sender = Sender(open_session, transport, writer, now, holder)
        with leases.held(open_session, f"sender {holder}", holder, lease_seconds):
            doubts.take_over(open_session, transport, now, is_ended)
            try:
                outcomes.update(sender.deliver_all(is_ended))
            finally:
                transport.close()
        # Whoever comes by only once begins again, also where its own lease ran out on the way.
        is_over = is_ended() or not (waits_for_the_dead and doubts.wait_for_the_dead(open_session))
    with open_session() as session:
        left = line(session, now())
    return DeliveryCount(
        sent=outcomes[MessageState.SENT],
        superseded=outcomes[MessageState.SUPERSEDED],
        failed=outcomes[MessageState.FAILED],
        uncertain=left.uncertain,
        waiting=left.waiting,
    )
