"""What nobody knows: messages whose sender died or heard no answer after handing them over, until they are settled."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, func, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from notifications import leases
from notifications.claims import settle
from notifications.leases import OpenSession
from notifications.outbox import Message, MessageState, message_id_of
from notifications.transports import TemporaryRefusal, Transport

# A statutory date or an escalation goes once more after so long, with a word that it may come twice.
REPEATED_AFTER = timedelta(minutes=15)
# A service is asked about so many before new messages go: also one that is slow to answer leaves time for these.
MOST_ASKED = 10


def take_over(
    open_session: OpenSession, transport: Transport, now: Callable[[], datetime], is_ended: Callable[[], bool]
) -> None:
    """See to what dead senders left behind: what had not gone waits again, what may have gone is uncertain.

    Then settle what can be: by asking a transport that can tell; where it cannot, by sending once more what must not be
    missed, and by leaving alone a reminder whose next one went meanwhile. Where `is_ended` says so, nobody is asked
    any more; nor after so many, for new messages wait meanwhile.
    """
    moment = now()
    with open_session() as session:
        find_left_behind(session, moment)
        in_doubt = count(session)
    if not in_doubt:
        return
    if transport.tells_after is not None:
        _ask(open_session, transport, moment, is_ended)
        return
    with open_session() as session:
        _repeat_critical(session, moment)
        _assume_covered(session)


def wait_for_the_dead(open_session: OpenSession) -> bool:
    """Wait until it is known whether those who hold messages live; says whether one does not, and left some behind."""
    in_hand = col(Message.state).in_([MessageState.SENDING.value, MessageState.COMMITTING.value])
    with open_session() as session:
        holders = session.exec(select(Message.claimed_by).where(in_hand).distinct()).all()
        left = {holder: leases.left(session, holder) for holder in holders if holder is not None}
    # Nobody holds one for longer: where more is left, the clock was set back.
    time.sleep(min(max(0.0, *left.values()), leases.LEASE_SECONDS) + 0.05 if left else 0.0)
    with open_session() as session:
        return any(leases.left(session, holder) <= 0 for holder in left)


def uncertain(session: Session) -> list[Message]:
    """Give the messages of which nobody knows whether they went, the oldest doubt first."""
    question = select(Message).where(Message.state == MessageState.UNCERTAIN.value)
    return list(session.exec(question.order_by(col(Message.doubtful_since), col(Message.id))))


def count(session: Session) -> int:
    """Count the messages of which nobody knows whether they went."""
    return session.exec(select(func.count()).where(Message.state == MessageState.UNCERTAIN.value)).one()


def settle_all(session: Session, messages: Sequence[Message], *, send_again: bool, now: datetime) -> int:
    """Let a person settle doubts at once: they count as sent, or they go once more; says how many were still open."""
    if not send_again:
        return sum(settle(session, one.id, one.fence, MessageState.ASSUMED_SENT) for one in messages)
    anew = {"not_before": now, "tried_since": None, "doubtful_since": None}
    return sum(
        settle(session, one.id, one.fence, MessageState.QUEUED, repeats=one.repeats + 1, **anew) for one in messages
    )


def find_left_behind(session: Session, moment: datetime) -> None:
    """Give back what belongs to senders that are not heard of any more."""
    is_left = col(Message.claimed_by).not_in(leases.holders(session))
    handed_over = {"state": MessageState.UNCERTAIN.value, "doubtful_since": moment, "claimed_by": None}
    for state, values in (
        (MessageState.SENDING, {"state": MessageState.QUEUED.value, "claimed_by": None}),
        (MessageState.COMMITTING, handed_over | {"last_error": "The program ended while it was being sent."}),
    ):
        change = update(Message).where(col(Message.state) == state.value, is_left).values(values)
        session.exec(change.execution_options(synchronize_session=False))


def _ask(open_session: OpenSession, transport: Transport, moment: datetime, is_ended: Callable[[], bool]) -> None:
    """Ask a transport that can tell what became of each message that has been in doubt for long enough."""
    assert transport.tells_after is not None, "only who can tell is asked"
    with open_session() as session:
        ripe = [one for one in uncertain(session) if _since(one) + transport.tells_after <= moment]
        asked = [(one.id, one.fence, _since(one), message_id_of(one)) for one in ripe[:MOST_ASKED]]
    for number, fence, since, name in asked:
        if is_ended():
            return
        try:
            receipt = transport.find(name)
        except TemporaryRefusal:
            return
        with open_session() as session:
            if receipt is None:
                settle(session, number, fence, MessageState.QUEUED, doubtful_since=None, not_before=moment)
            else:
                said = {"sent_at": since, "provider_id": receipt.provider_id, "last_error": None}
                settle(session, number, fence, MessageState.SENT, **said)


def _repeat_critical(session: Session, moment: datetime) -> None:
    is_ripe = (col(Message.critical).is_(True), Message.repeats == 0)
    in_doubt = (Message.state == MessageState.UNCERTAIN.value, col(Message.doubtful_since) <= moment - REPEATED_AFTER)
    settle_all(session, session.exec(select(Message).where(*in_doubt, *is_ripe)).all(), send_again=True, now=moment)


def _assume_covered(session: Session) -> None:
    """A routine email is over when later ones to its reader have gone that are about all that it was about."""
    later = aliased(Message)
    gone_since = (col(later.person_id) == Message.person_id, col(later.sent_at) > Message.doubtful_since)
    in_doubt = (col(Message.state) == MessageState.UNCERTAIN.value, col(Message.routine).is_(True))
    question = select(Message.id, Message.fence, Message.about, later.about).join(later, and_(*gone_since))
    told: dict[tuple[int, int, str], set[str]] = {}
    for number, fence, about, gone in session.exec(question.where(*in_doubt, col(later.routine).is_(True))):
        told.setdefault((number, fence, about), set()).update(_named(gone))
    for (number, fence, about), names in told.items():
        if _named(about) <= names:
            settle(session, number, fence, MessageState.ASSUMED_SENT)


def _named(about: str) -> set[str]:
    return set(about.split(", "))


def _since(message: Message) -> datetime:
    assert message.doubtful_since is not None, "a doubt has a beginning"
    return message.doubtful_since
