"""Delivers what waits in the outbox: claim, ask for the facts of the moment, send, mark."""

import logging
import os
import socket
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session, col, select

from notifications.outbox import Message, MessageState, ripe, waiting
from notifications.rendering import Mail
from notifications.transports import OutgoingMail, PermanentRefusal, TemporaryRefusal, Transport

LOG = logging.getLogger(__name__)

OpenSession = Callable[[], AbstractContextManager[Session]]
ComposeFor = Callable[[Session, Message], Mail | None]

CLAIM_LASTS = timedelta(minutes=15)
LONGEST_REST = timedelta(minutes=240)
MOST_ATTEMPTS = 12


@dataclass(frozen=True, slots=True)
class DeliveryCount:
    """What one round of delivery did, and how many messages that are due could not go yet."""

    sent: int
    superseded: int
    failed: int
    waiting: int


def deliver_waiting(
    open_session: OpenSession, transport: Transport, compose_for: ComposeFor, now: Callable[[], datetime]
) -> DeliveryCount:
    """Send every message whose moment has come, one by one, and say what became of them.

    `open_session` opens a unit of work that begins by writing. `compose_for` writes the email from the facts of the
    moment, or gives `None` when there is no reason for it any more. A message that cannot be written fails alone.
    """
    post = _Post(open_session, transport, compose_for, now, f"{socket.gethostname()}:{os.getpid()}")
    outcomes: Counter[MessageState] = Counter()
    while (outcome := post.deliver_next()) is not None:
        outcomes[outcome] += 1
    with open_session() as session:
        left = len(waiting(session, now()))
    return DeliveryCount(
        sent=outcomes[MessageState.SENT],
        superseded=outcomes[MessageState.SUPERSEDED],
        failed=outcomes[MessageState.FAILED],
        waiting=left,
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """A message that this sender holds; every later write names its fence, so that a sender overtaken cannot mark."""

    id: int
    kind: str
    fence: int
    attempts: int


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

    def deliver_next(self) -> MessageState | None:
        """Take the next message through to its end, or give `None` when none is ripe."""
        try:
            with self.open_session() as session:
                message = self._take(session)
                if message is None:
                    return None
                claim = _Claim(message.id, message.kind, message.fence, message.attempts)
                outgoing = self._write(session, message)
        except _Poisoned as poison:
            # The claim was rolled back with everything else, so the fence is the one before it.
            return self._fail(claim, poison.cause, fence=claim.fence - 1)
        return self._send(claim, outgoing) if isinstance(outgoing, OutgoingMail) else outgoing

    def _take(self, session: Session) -> Message | None:
        moment = self.now()
        oldest = select(Message.id).where(ripe(moment)).order_by(col(Message.due_at), col(Message.id)).limit(1)
        claimed = (
            update(Message)
            .where(col(Message.id) == oldest.with_for_update(skip_locked=True).scalar_subquery(), ripe(moment))
            .values(
                state=MessageState.SENDING.value,
                claimed_by=self.name,
                claimed_until=moment + CLAIM_LASTS,
                fence=Message.fence + 1,
                attempts=Message.attempts + 1,
            )
            .returning(Message)
            .execution_options(synchronize_session=False)
        )
        return session.exec(claimed).scalar_one_or_none()

    def _write(self, session: Session, message: Message) -> OutgoingMail | MessageState:
        if message.attempts > MOST_ATTEMPTS:
            message.state = MessageState.FAILED.value
            message.last_error = f"Given up after {MOST_ATTEMPTS} attempts. {message.last_error or ''}".rstrip()
            return MessageState.FAILED
        try:
            mail = self._compose(session, message)
        except TemporaryRefusal as refusal:
            return self._put_back(message, refusal)
        if mail is None:
            message.state = MessageState.SUPERSEDED.value
            return MessageState.SUPERSEDED
        message.subject = mail.subject
        message.body_sha256 = sha256("\0".join((mail.subject, mail.text, mail.html)).encode()).hexdigest()
        return OutgoingMail(
            message_id=f"<{message.id}.{sha256(message.key.encode()).hexdigest()[:16]}@learning-tracker>",
            kind=message.kind,
            to_address=message.to_address,
            sent_at=self.now(),
            mail=mail,
        )

    def _put_back(self, message: Message, refusal: TemporaryRefusal) -> MessageState:
        """Let a message rest that cannot be written now."""
        claim = _Claim(message.id, message.kind, message.fence, message.attempts)
        message.state, message.last_error = MessageState.QUEUED.value, str(refusal)[:500]
        message.claimed_by, message.claimed_until = None, None
        message.try_again_at = self.now() + _rest(claim)
        return MessageState.QUEUED

    def _compose(self, session: Session, message: Message) -> Mail | None:
        try:
            return self.compose_for(session, message)
        except (OperationalError, InterfaceError, TemporaryRefusal):
            # The database is away or locked, or a setting is missing: not the message's fault, it goes another time.
            raise
        except Exception as wrong:
            raise _Poisoned(wrong) from wrong

    def _send(self, claim: _Claim, outgoing: OutgoingMail) -> MessageState:
        try:
            # Claimed before: a sender may have died after handing it over, so the transport is asked first.
            receipt = self.transport.find(outgoing.message_id) if claim.fence > 1 else None
            receipt = receipt or self.transport.send(outgoing)
        except TemporaryRefusal as refusal:
            if claim.attempts >= MOST_ATTEMPTS:
                return self._fail(claim, refusal, fence=claim.fence)
            again = self.now() + _rest(claim)
            return self._settle(claim, MessageState.QUEUED, try_again_at=again, last_error=str(refusal)[:500])
        except Exception as wrong:
            return self._fail(claim, wrong, fence=claim.fence)
        return self._settle(
            claim, MessageState.SENT, sent_at=outgoing.sent_at, provider_id=receipt.provider_id, last_error=None
        )

    def _fail(self, claim: _Claim, wrong: Exception, *, fence: int) -> MessageState:
        # The reason may quote a title, so it stands in the row and not in the log.
        LOG.error("message %s (%s) failed: %s", claim.id, claim.kind, type(wrong).__name__)
        refused = isinstance(wrong, TemporaryRefusal | PermanentRefusal)
        reason = str(wrong) if refused else f"{type(wrong).__name__}: {wrong}"
        return self._settle(claim, MessageState.FAILED, fence=fence, last_error=reason[:500])

    def _settle(
        self, claim: _Claim, state: MessageState, *, fence: int | None = None, **values: object
    ) -> MessageState:
        held = (col(Message.id) == claim.id, col(Message.fence) == (claim.fence if fence is None else fence))
        unsettled = col(Message.state).in_([MessageState.QUEUED.value, MessageState.SENDING.value])
        freed = {"state": state.value, "claimed_by": None, "claimed_until": None, **values}
        with self.open_session() as session:
            change = update(Message).where(*held, unsettled).values(freed).returning(col(Message.id))
            settled = session.exec(change.execution_options(synchronize_session=False)).scalar_one_or_none()
        if settled is None:
            LOG.warning("message %s (%s) was taken over by another sender", claim.id, claim.kind)
            return MessageState.SENDING
        return state


def _rest(claim: _Claim) -> timedelta:
    """Give how long to rest after a refusal: 1, 2, 4 … minutes, spread so that not all come back at once."""
    rest = min(timedelta(minutes=2 ** (claim.attempts - 1)), LONGEST_REST)
    return rest * (1 + (claim.id % 10) / 50)
