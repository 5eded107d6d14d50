"""Delivers what waits in the outbox: claim, write from the facts of the moment, send, mark."""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session, col, select

from notifications import doubts, leases
from notifications.outbox import Message, MessageState, message_id_of, waiting
from notifications.rendering import Mail
from notifications.transports import (
    Doubtful,
    OutgoingMail,
    PermanentRefusal,
    TemporaryRefusal,
    Transport,
    Unreachable,
)

LOG = logging.getLogger(__name__)

OpenSession = Callable[[], AbstractContextManager[Session]]
ComposeFor = Callable[[Session, Message], Mail | None]

LONGEST_REST = timedelta(minutes=60)
GIVEN_UP_AFTER = timedelta(hours=72)
# So many in a row that find nobody there end a round: the rest would only wait as long for the same answer.
MOST_UNREACHABLE = 5


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
    lease_seconds: float = leases.LEASE_SECONDS,
    waits_for_the_dead: bool = False,
    is_ended: Callable[[], bool] = lambda: False,
) -> DeliveryCount:
    """Send every message whose moment has come, one by one, and say what became of them.

    `open_session` opens a unit of work that begins by writing. `compose_for` writes the email from the facts of the
    moment, or gives `None` when there is no reason for it any more. A message that cannot be written fails alone.
    Where `is_ended` says so, the message in hand is the last. What another sender holds is left to it; whoever comes
    by only once waits until it is known whether that one lives.
    """
    holder = leases.new_holder()
    post = _Post(open_session, transport, compose_for, now, holder)
    outcomes: Counter[MessageState] = Counter()
    with leases.held(open_session, f"sender {holder}", holder, lease_seconds):
        doubts.take_over(open_session, transport, now)
        try:
            outcomes.update(post.deliver_all(is_ended))
            while waits_for_the_dead and not is_ended() and doubts.wait_for_the_dead(open_session):
                doubts.take_over(open_session, transport, now)
                outcomes.update(post.deliver_all(is_ended))
        finally:
            transport.close()
    with open_session() as session:
        left, uncertain = len(waiting(session, now())), doubts.count(session)
    return DeliveryCount(
        sent=outcomes[MessageState.SENT],
        superseded=outcomes[MessageState.SUPERSEDED],
        failed=outcomes[MessageState.FAILED],
        uncertain=uncertain,
        waiting=left,
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """A message that this sender holds; every later write names its fence, so that a sender overtaken cannot mark."""

    id: int
    kind: str
    fence: int
    attempts: int
    tried_since: datetime


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a message in hand, and whether nothing else could have gone either."""

    state: MessageState
    is_unreachable: bool = False


class _Overtaken(Exception):
    """The message is no longer this sender's: its lease ran out, and somebody else may have it."""


class _NotWritten(Exception):
    """The database could not be told that the message is about to go, so it does not go."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class _Poisoned(Exception):
    """The message cannot be written; it leaves the unit of work so that nothing of it is kept."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True, slots=True)
class _Post:
    """One sender and what it works with."""

    open_session: OpenSession
    transport: Transport
    compose_for: ComposeFor
    now: Callable[[], datetime]
    name: str

    def deliver_all(self, is_ended: Callable[[], bool]) -> Counter[MessageState]:
        """Deliver until nothing is ripe, or nobody answers any more; says what became of how many."""
        outcomes: Counter[MessageState] = Counter()
        unreachable = 0
        while not is_ended() and unreachable < MOST_UNREACHABLE and (outcome := self.deliver_next()) is not None:
            unreachable = unreachable + 1 if outcome.is_unreachable else 0
            outcomes[outcome.state] += 1
        return outcomes

    def deliver_next(self) -> _Outcome | None:
        """Take the next message through to its end, or give `None` when none is ripe."""
        try:
            with self.open_session() as session:
                message = self._take(session)
                if message is None:
                    return None
                claim = _claim(message, self.now())
                outgoing = self._write(session, message, claim)
        except _Poisoned as poison:
            # The claim was rolled back with everything else, so the fence is the one before it.
            return self._fail(claim, poison.cause, fence=claim.fence - 1)
        return self._send(claim, outgoing) if isinstance(outgoing, OutgoingMail) else _Outcome(outgoing)

    def _take(self, session: Session) -> Message | None:
        moment = self.now()
        is_ripe = (col(Message.state) == MessageState.QUEUED.value, col(Message.not_before) <= moment)
        first = select(Message.id).where(*is_ripe).order_by(col(Message.not_before), col(Message.id)).limit(1)
        claimed = (
            update(Message)
            .where(col(Message.id) == first.with_for_update(skip_locked=True).scalar_subquery(), *is_ripe)
            .values(
                state=MessageState.SENDING.value,
                claimed_by=self.name,
                fence=Message.fence + 1,
                attempts=Message.attempts + 1,
            )
            .returning(Message)
            .execution_options(synchronize_session=False)
        )
        return session.exec(claimed).scalar_one_or_none()

    def _write(self, session: Session, message: Message, claim: _Claim) -> OutgoingMail | MessageState:
        message.tried_since = claim.tried_since
        try:
            mail = self._compose(session, message)
        except TemporaryRefusal as refusal:
            return self._put_back(message, claim, refusal)
        if mail is None:
            message.state = MessageState.SUPERSEDED.value
            return MessageState.SUPERSEDED
        message.subject = mail.subject
        message.body_sha256 = sha256("\0".join((mail.subject, mail.text, mail.html)).encode()).hexdigest()
        return OutgoingMail(
            message_id=message_id_of(message),
            kind=message.kind,
            to_address=message.to_address,
            sent_at=self.now(),
            mail=mail,
        )

    def _put_back(self, message: Message, claim: _Claim, refusal: TemporaryRefusal) -> MessageState:
        """Let a message rest that cannot be written now."""
        message.state, message.last_error = MessageState.QUEUED.value, str(refusal)[:500]
        message.claimed_by = None
        message.not_before = self.now() + _rest(claim, refusal)
        return MessageState.QUEUED

    def _compose(self, session: Session, message: Message) -> Mail | None:
        try:
            return self.compose_for(session, message)
        except (OperationalError, InterfaceError, TemporaryRefusal):
            # The database is away or locked, or a setting is missing: not the message's fault, it goes another time.
            raise
        except Exception as wrong:
            raise _Poisoned(wrong) from wrong

    def _send(self, claim: _Claim, outgoing: OutgoingMail) -> _Outcome:
        may_have_gone = False

        def commit() -> None:
            nonlocal may_have_gone
            self._commit(claim)
            may_have_gone = True

        try:
            receipt = self.transport.send(outgoing, commit)
        except _Overtaken:
            return self._overtaken(claim)
        except _NotWritten as fault:
            raise fault.cause from None
        except TemporaryRefusal as refusal:
            return self._refused(claim, refusal)
        except PermanentRefusal as refusal:
            return self._fail(claim, refusal, fence=claim.fence)
        except Exception as wrong:
            if may_have_gone:
                return self._doubt(claim, wrong)
            return self._fail(claim, wrong, fence=claim.fence)
        return self._settle(
            claim,
            MessageState.SENT,
            sent_at=outgoing.sent_at,
            provider_id=receipt.provider_id,
            doubtful_since=None,
            last_error=None,
        )

    def _commit(self, claim: _Claim) -> None:
        """Write down, while the message is still this sender's, that from now on it may have gone."""
        try:
            with self.open_session() as session:
                change = (
                    update(Message)
                    .where(col(Message.id) == claim.id, col(Message.fence) == claim.fence)
                    .where(col(Message.state) == MessageState.SENDING.value)
                    .where(leases.holders(session).where(leases.TABLE.c.holder == self.name).exists())
                    .values(state=MessageState.COMMITTING.value)
                    .returning(col(Message.id))
                )
                is_mine = session.exec(change.execution_options(synchronize_session=False)).scalar_one_or_none()
        except Exception as fault:
            raise _NotWritten(fault) from fault
        if is_mine is None:
            raise _Overtaken

    def _doubt(self, claim: _Claim, wrong: Exception) -> _Outcome:
        LOG.warning("message %s (%s) may have gone: %s", claim.id, claim.kind, type(wrong).__name__)
        reason = str(wrong) if isinstance(wrong, Doubtful) else _of_program(wrong)
        return self._settle(claim, MessageState.UNCERTAIN, doubtful_since=self.now(), last_error=reason[:500])

    def _refused(self, claim: _Claim, refusal: TemporaryRefusal) -> _Outcome:
        if self.now() - claim.tried_since >= GIVEN_UP_AFTER:
            return self._fail(claim, refusal, fence=claim.fence)
        again = self.now() + _rest(claim, refusal)
        outcome = self._settle(claim, MessageState.QUEUED, not_before=again, last_error=str(refusal)[:500])
        return _Outcome(outcome.state, is_unreachable=isinstance(refusal, Unreachable))

    def _fail(self, claim: _Claim, wrong: Exception, *, fence: int) -> _Outcome:
        # The reason may quote a title, so it stands in the row and not in the log.
        LOG.error("message %s (%s) failed: %s", claim.id, claim.kind, type(wrong).__name__)
        reason = str(wrong) if isinstance(wrong, TemporaryRefusal | PermanentRefusal) else _of_program(wrong)
        of_address = isinstance(wrong, PermanentRefusal) and wrong.of_address
        return self._settle(
            claim, MessageState.FAILED, fence=fence, last_error=reason[:500], address_refused=of_address
        )

    def _settle(self, claim: _Claim, state: MessageState, *, fence: int | None = None, **values: object) -> _Outcome:
        with self.open_session() as session:
            settled = doubts.settle(session, claim.id, claim.fence if fence is None else fence, state, **values)
        return _Outcome(state) if settled else self._overtaken(claim)

    def _overtaken(self, claim: _Claim) -> _Outcome:
        LOG.warning("message %s (%s) was taken over by another sender", claim.id, claim.kind)
        return _Outcome(MessageState.SENDING)


def _claim(message: Message, now: datetime) -> _Claim:
    return _Claim(message.id, message.kind, message.fence, message.attempts, message.tried_since or now)


def _of_program(wrong: Exception) -> str:
    return f"{type(wrong).__name__}: {wrong}"


def _rest(claim: _Claim, refusal: TemporaryRefusal) -> timedelta:
    """Give how long to rest after a refusal: 1, 2, 4 … minutes, spread so that not all come back at once."""
    rest = min(timedelta(minutes=2 ** min(claim.attempts - 1, 10)), LONGEST_REST)
    return max(rest * (1 + (claim.id % 10) / 50), refusal.retry_after)
