"""One sender at work: takes messages, hands over one after the other, and marks what became of each."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic, sleep

from notifications import claims
from notifications.claims import Claim
from notifications.leases import OpenSession
from notifications.outbox import MessageState, message_id_of
from notifications.rendering import Mail
from notifications.transports import OutgoingMail, PermanentRefusal, TemporaryRefusal, Transport, Unreachable
from notifications.writing import InHand, Writer, reason, rest, tried

LOG = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(hours=72)
# So many in a row that find nobody there end a round: the rest would only wait as long for the same answer.
MOST_UNREACHABLE = 5
# So many are taken and written together at most: a few hundredths of a second, where they are not long.
AT_ONCE = 25
# So many before it is known how quick the way out is: beside one that gets no answer, no others wait for minutes.
AT_FIRST = 2
# What was not begun so soon after it was written waits again: an email says what holds when it goes.
LONGEST_IN_HAND = 1.0
# Seconds: what became of a message that went is known only here. Each try waits by itself while others write.
SETTLED_AGAIN_AFTER = (0.2, 0.8)


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a message in hand, and whether nothing else could have gone either."""

    state: MessageState
    is_unreachable: bool = False


@dataclass(slots=True)
class _Round:
    """What became of how many messages so far, and whether there is a reason to end."""

    is_ended: Callable[[], bool]
    outcomes: Counter[MessageState] = field(default_factory=Counter)
    unreachable: int = 0

    def goes_on(self) -> bool:
        """Say whether another message is begun."""
        is_overtaken = self.outcomes[MessageState.SENDING] > 0
        return not is_overtaken and self.unreachable < MOST_UNREACHABLE and not self.is_ended()

    def note(self, outcome: _Outcome) -> None:
        """Note what became of a message."""
        self.outcomes[outcome.state] += 1
        self.unreachable = self.unreachable + 1 if outcome.is_unreachable else 0


class _Overtaken(Exception):
    """The message is no longer this sender's: its lease ran out, and somebody else may have it."""


class _NotWritten(Exception):
    """The database could not be told that the message is about to go, so it does not go."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Sender:
    """One sender and what it works with."""

    open_session: OpenSession
    transport: Transport
    writer: Writer
    now: Callable[[], datetime]
    name: str

    def deliver_all(self, is_ended: Callable[[], bool]) -> Counter[MessageState]:
        """Deliver until nothing is ripe, nobody answers any more, or a message was taken over from this sender.

        Says what became of how many.
        """
        course, most = _Round(is_ended), AT_FIRST
        while course.goes_on() and (in_hand := self.writer.take(most)):
            # Where the way out is slow fewer are taken, so that few are written in vain.
            most = min(AT_ONCE, 2 * self._deliver(in_hand, course))
        return course.outcomes

    def _deliver(self, in_hand: Sequence[InHand], course: _Round) -> int:
        """Send what is in hand, one after the other, and give back what cannot be begun soon; says how many ended."""
        letters = []
        for one in in_hand:
            if isinstance(one.written, Mail):
                letters.append((one, one.written))
            elif isinstance(one.written, MessageState):
                course.note(_Outcome(one.written))
            else:
                course.note(self._fail(one.claim, one.written))
        until, begun = monotonic() + LONGEST_IN_HAND, 0
        for one, mail in letters:
            if begun and not (course.goes_on() and monotonic() < until):
                break
            course.note(self._send(one, mail))
            begun += 1
        if left := [one.claim for one, _ in letters[begun:]]:
            with self.open_session() as session:
                claims.give_back(session, self.name, left)
        return len(in_hand) - len(left)

    def _send(self, one: InHand, mail: Mail) -> _Outcome:
        message, claim = one.message, one.claim
        outgoing = OutgoingMail(message_id_of(message), message.kind, message.to_address, self.now(), mail)
        written = _what_is_known_of(mail)
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
            return self._fail(claim, refusal, **written)
        except Exception as wrong:
            if may_have_gone:
                return self._doubt(claim, wrong)
            return self._fail(claim, wrong, **written)
        known = {"sent_at": outgoing.sent_at, "provider_id": receipt.provider_id}
        return self._settle(claim, MessageState.SENT, **known, doubtful_since=None, last_error=None)

    def _commit(self, claim: Claim, written: Mapping[str, str]) -> None:
        try:
            with self.open_session(of_one_statement=True) as session:
                is_mine = claims.commit(session, claim, self.name, **tried(claim), **written)
        except Exception as fault:
            raise _NotWritten(fault) from fault
        if not is_mine:
            raise _Overtaken

    def _doubt(self, claim: Claim, wrong: Exception) -> _Outcome:
        LOG.warning("message %s (%s) may have gone: %s", claim.id, claim.kind, type(wrong).__name__)
        known = {"doubtful_since": self.now(), "last_error": reason(wrong)}
        # A service that does not answer makes a doubt of every message, so it ends a round like one that is away.
        return replace(self._settle(claim, MessageState.UNCERTAIN, **known), is_unreachable=True)

    def _refused(self, claim: Claim, refusal: TemporaryRefusal, written: Mapping[str, str]) -> _Outcome:
        if self.now() - claim.tried_since >= GIVEN_UP_AFTER:
            return self._fail(claim, refusal, **written)
        known = {**written, "not_before": self.now() + rest(claim, refusal), "last_error": reason(refusal)}
        outcome = self._settle(claim, MessageState.QUEUED, **tried(claim), **known)
        return _Outcome(outcome.state, is_unreachable=isinstance(refusal, Unreachable))

    def _fail(self, claim: Claim, wrong: Exception, **written: str) -> _Outcome:
        # The reason may quote a title, so it stands in the row and not in the log.
        LOG.error("message %s (%s) failed: %s", claim.id, claim.kind, type(wrong).__name__)
        of_address = isinstance(wrong, PermanentRefusal) and wrong.of_address
        known = {**written, "last_error": reason(wrong), "address_refused": of_address}
        return self._settle(claim, MessageState.FAILED, **tried(claim), **known)

    def _settle(self, claim: Claim, state: MessageState, **known: object) -> _Outcome:
        """Mark what became of a message, trying again where the database takes nothing: it is known only here."""
        for rest_seconds in SETTLED_AGAIN_AFTER:
            try:
                return self._settled(claim, state, known)
            except Exception as fault:
                LOG.warning("message %s could not be marked as %s yet: %s", claim.id, state, type(fault).__name__)
                sleep(rest_seconds)
        return self._settled(claim, state, known)

    def _settled(self, claim: Claim, state: MessageState, known: Mapping[str, object]) -> _Outcome:
        with self.open_session(of_one_statement=True) as session:
            settled = claims.settle_alone(session, claim.id, claim.fence, state, **known)
        return _Outcome(state) if settled else self._overtaken(claim)

    def _overtaken(self, claim: Claim) -> _Outcome:
        LOG.warning("message %s (%s) was taken over by another sender", claim.id, claim.kind)
        return _Outcome(MessageState.SENDING)


def _what_is_known_of(mail: Mail) -> dict[str, str]:
    """Give what is kept of an email's words: its subject, and by what it can be told whether a text is the same."""
    digest = sha256("\0".join((mail.subject, mail.text, mail.html)).encode()).hexdigest()
    return {"subject": mail.subject, "body_sha256": digest}
