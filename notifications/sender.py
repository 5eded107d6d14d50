"""One sender at work: takes a message, has it written, hands it over, and marks what became of it."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from notifications import claims
from notifications.claims import Claim, claim_of
from notifications.leases import OpenSession
from notifications.outbox import Message, MessageState, message_id_of
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

ComposeFor = Callable[[Session, Message], Mail | None]

LONGEST_REST = timedelta(minutes=60)
GIVEN_UP_AFTER = timedelta(hours=72)
# So many in a row that find nobody there end a round: the rest would only wait as long for the same answer.
MOST_UNREACHABLE = 5


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a message in hand, and whether nothing else could have gone either."""

    state: MessageState
    is_unreachable: bool = False


class _Overtaken(Exception):
    """The message is no longer this sender's: its lease ran out, and somebody else may have it."""


class _Apart(Exception):
    """Carries a fault out of where another one would be made of it: out of a unit of work, or out of a transport."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


class _Poisoned(_Apart):
    """The message cannot be written; it leaves the unit of work so that nothing of it is kept."""


class _NotWritten(_Apart):
    """The database could not be told that the message is about to go, so it does not go."""


@dataclass(frozen=True, slots=True)
class Sender:
    """One sender and what it works with."""

    open_session: OpenSession
    transport: Transport
    compose_for: ComposeFor
    now: Callable[[], datetime]
    name: str

    def deliver_all(self, is_ended: Callable[[], bool]) -> Counter[MessageState]:
        """Deliver until nothing is ripe, nobody answers any more, or a message was taken over from this sender.

        Says what became of how many.
        """
        outcomes: Counter[MessageState] = Counter()
        unreachable = 0
        while not is_ended() and unreachable < MOST_UNREACHABLE and (outcome := self._deliver_next()) is not None:
            unreachable = unreachable + 1 if outcome.is_unreachable else 0
            outcomes[outcome.state] += 1
            if outcome.state is MessageState.SENDING:
                break
        return outcomes

    def _deliver_next(self) -> _Outcome | None:
        """Take the next message through to its end, or give `None` when none is ripe."""
        try:
            with self.open_session() as session:
                message = claims.take_next(session, self.name, self.now())
                if message is None:
                    return None
                claim = claim_of(message)
                outgoing = self._write(session, message, claim)
        except _Poisoned as poison:
            # The claim was rolled back with everything else, so the fence is the one before it.
            return self._fail(claim, poison.cause, fence=claim.fence - 1)
        return self._send(claim, outgoing) if isinstance(outgoing, OutgoingMail) else _Outcome(outgoing)

    def _write(self, session: Session, message: Message, claim: Claim) -> OutgoingMail | MessageState:
        try:
            mail = self._compose(session, message)
        except TemporaryRefusal as refusal:
            # It cannot be written now: it rests.
            again = {"not_before": self.now() + _rest(claim, refusal), "last_error": _reason(refusal)}
            return self._leave(session, claim, MessageState.QUEUED, **again)
        if mail is None:
            return self._leave(session, claim, MessageState.SUPERSEDED)
        return OutgoingMail(
            message_id=message_id_of(message),
            kind=message.kind,
            to_address=message.to_address,
            sent_at=self.now(),
            mail=mail,
        )

    def _leave(self, session: Session, claim: Claim, state: MessageState, **known: object) -> MessageState:
        """Leave a message that does not go now, or not at all."""
        claims.write_down(session, claim, state=state.value, claimed_by=None, **known)
        return state

    def _compose(self, session: Session, message: Message) -> Mail | None:
        try:
            return self.compose_for(session, message)
        except (OperationalError, InterfaceError, TemporaryRefusal):
            # The database is away or locked, or a setting is missing: not the message's fault, it goes another time.
            raise
        except Exception as wrong:
            raise _Poisoned(wrong) from wrong

    def _send(self, claim: Claim, outgoing: OutgoingMail) -> _Outcome:
        written = _what_is_known_of(outgoing.mail)
        may_have_gone = False

        def commit() -> None:
            nonlocal may_have_gone
            self._commit(claim, written)
            may_have_gone = True

        try:
            receipt = self.transport.send(outgoing, commit)
        except _Overtaken:
            return self._overtaken(claim)
        except _NotWritten as fault:
            raise fault.cause from None
        except TemporaryRefusal as refusal:
            return self._refused(claim, refusal, written)
        except PermanentRefusal as refusal:
            return self._fail(claim, refusal, fence=claim.fence, **written)
        except Exception as wrong:
            if may_have_gone:
                return self._doubt(claim, wrong)
            return self._fail(claim, wrong, fence=claim.fence, **written)
        known = {"sent_at": outgoing.sent_at, "provider_id": receipt.provider_id}
        return self._settle(claim, MessageState.SENT, claim.fence, **known, doubtful_since=None, last_error=None)

    def _commit(self, claim: Claim, written: Mapping[str, str]) -> None:
        try:
            with self.open_session(of_one_statement=True) as session:
                is_mine = claims.commit(session, claim, self.name, **written)
        except Exception as fault:
            raise _NotWritten(fault) from fault
        if not is_mine:
            raise _Overtaken

    def _doubt(self, claim: Claim, wrong: Exception) -> _Outcome:
        LOG.warning("message %s (%s) may have gone: %s", claim.id, claim.kind, type(wrong).__name__)
        known = {"doubtful_since": self.now(), "last_error": _reason(wrong)}
        # A service that does not answer makes a doubt of every message, so it ends a round like one that is away.
        return replace(self._settle(claim, MessageState.UNCERTAIN, claim.fence, **known), is_unreachable=True)

    def _refused(self, claim: Claim, refusal: TemporaryRefusal, written: Mapping[str, str]) -> _Outcome:
        if self.now() - claim.tried_since >= GIVEN_UP_AFTER:
            return self._fail(claim, refusal, fence=claim.fence, **written)
        known = {**written, "not_before": self.now() + _rest(claim, refusal), "last_error": _reason(refusal)}
        outcome = self._settle(claim, MessageState.QUEUED, claim.fence, **known)
        return _Outcome(outcome.state, is_unreachable=isinstance(refusal, Unreachable))

    def _fail(self, claim: Claim, wrong: Exception, *, fence: int, **written: str) -> _Outcome:
        # The reason may quote a title, so it stands in the row and not in the log.
        LOG.error("message %s (%s) failed: %s", claim.id, claim.kind, type(wrong).__name__)
        of_address = isinstance(wrong, PermanentRefusal) and wrong.of_address
        known = {**written, "last_error": _reason(wrong), "address_refused": of_address}
        return self._settle(claim, MessageState.FAILED, fence, **known)

    def _settle(self, claim: Claim, state: MessageState, fence: int, **known: object) -> _Outcome:
        with self.open_session(of_one_statement=True) as session:
            settled = claims.settle_alone(session, claim.id, fence, state, **known)
        return _Outcome(state) if settled else self._overtaken(claim)

    def _overtaken(self, claim: Claim) -> _Outcome:
        LOG.warning("message %s (%s) was taken over by another sender", claim.id, claim.kind)
        return _Outcome(MessageState.SENDING)


def _what_is_known_of(mail: Mail) -> dict[str, str]:
    """Give what is kept of an email's words: its subject, and by what it can be told whether a text is the same."""
    digest = sha256("\0".join((mail.subject, mail.text, mail.html)).encode()).hexdigest()
    return {"subject": mail.subject, "body_sha256": digest}


def _reason(wrong: Exception) -> str:
    is_sentence = isinstance(wrong, TemporaryRefusal | PermanentRefusal | Doubtful)
    return (str(wrong) if is_sentence else f"{type(wrong).__name__}: {wrong}")[:500]


def _rest(claim: Claim, refusal: TemporaryRefusal) -> timedelta:
    """Give how long to rest after a refusal: 1, 2, 4 … minutes, spread so that not all come back at once."""
    rest = min(timedelta(minutes=2 ** min(claim.attempts - 1, 10)), LONGEST_REST)
    return max(rest * (1 + (claim.id % 10) / 50), refusal.retry_after)
