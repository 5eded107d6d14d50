"""Messages that a sender takes together: claimed, asked whether they still go, and written, in one unit of work."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from notifications import claims
from notifications.claims import Claim, claim_of
from notifications.leases import OpenSession
from notifications.outbox import Message, MessageState
from notifications.rendering import Mail
from notifications.transports import Doubtful, PermanentRefusal, TemporaryRefusal

ComposeFor = Callable[[Session, Message], Mail | None]
# Reads for several messages at once what the writing of each will ask.
ReadAhead = Callable[[Session, Sequence[Message]], None]

LONGEST_REST = timedelta(minutes=60)
# Seconds after which no other email is begun to be written: nobody else writes to SQLite meanwhile.
LONGEST_WRITING = 0.2


def nothing_ahead(_session: Session, _messages: Sequence[Message]) -> None:
    """Read nothing ahead: each message asks for itself."""


@dataclass(frozen=True, slots=True)
class InHand:
    """A message that was taken, and its email; or what became of it without one, or why it cannot be written."""

    message: Message
    claim: Claim
    written: Mail | MessageState | Exception


class _Poisoned(Exception):
    """A message cannot be written; this leaves the unit of work so that nothing of it is kept."""

    def __init__(self, message: Message, claim: Claim, cause: Exception) -> None:
        super().__init__(str(cause))
        # The claim is rolled back with everything else, so the fence is the one before it.
        self.in_hand = InHand(message, replace(claim, fence=claim.fence - 1), cause)


@dataclass(frozen=True, slots=True)
class Writer:
    """Takes messages for a sender and has them written."""

    open_session: OpenSession
    compose_for: ComposeFor
    read_ahead: ReadAhead
    now: Callable[[], datetime]
    name: str

    def take(self, most: int) -> list[InHand]:
        """Take so many of the ripe messages at most, as can be written soon, from the facts of this moment."""
        try:
            with self.open_session() as session:
                messages = claims.take(session, self.name, self.now(), most)
                return self._all_written(session, messages)
        except Exception as fault:
            if most == 1:
                if isinstance(fault, _Poisoned):
                    return [fault.in_hand]
                raise
        # Whatever is wrong with one of several, the first goes alone, and each of them in its turn.
        return self.take(1)

    def _all_written(self, session: Session, messages: Sequence[Message]) -> list[InHand]:
        """Write one after the other, the first in any case, and let those wait again for which there is no time."""
        until, written = monotonic() + LONGEST_WRITING, list[InHand]()
        for message in messages:
            if written and monotonic() >= until:
                break
            written.append(self._written(session, message, messages))
        claims.give_back(session, self.name, [claim_of(one, self.now()) for one in messages[len(written) :]])
        return written

    def _written(self, session: Session, message: Message, beside: Sequence[Message]) -> InHand:
        claim = claim_of(message, self.now())
        try:
            if message is beside[0]:
                self.read_ahead(session, beside)
            mail = self.compose_for(session, message)
        except (OperationalError, InterfaceError):
            # The database is away or locked: not the message's fault, it goes another time.
            raise
        except TemporaryRefusal as refusal:
            # It cannot be written now, as where a setting is missing: it rests.
            rests = tried(claim) | {"not_before": self.now() + rest(claim, refusal), "last_error": reason(refusal)}
            return self._without(session, message, claim, MessageState.QUEUED, **rests)
        except Exception as wrong:
            raise _Poisoned(message, claim, wrong) from wrong
        if mail is None:
            return self._without(session, message, claim, MessageState.SUPERSEDED)
        return InHand(message, claim, mail)

    def _without(
        self, session: Session, message: Message, claim: Claim, state: MessageState, **known: object
    ) -> InHand:
        """Leave a message that does not go now, or not at all."""
        claims.write_down(session, claim, state=state.value, claimed_by=None, **known)
        return InHand(message, claim, state)


def tried(claim: Claim) -> dict[str, object]:
    """Give what is kept of a message that was tried: how often by now, and since when."""
    return {"attempts": claim.attempts, "tried_since": claim.tried_since}


def reason(wrong: Exception) -> str:
    """Say why a message did not go, as its row keeps it."""
    is_sentence = isinstance(wrong, TemporaryRefusal | PermanentRefusal | Doubtful)
    return (str(wrong) if is_sentence else f"{type(wrong).__name__}: {wrong}")[:500]


def rest(claim: Claim, refusal: TemporaryRefusal) -> timedelta:
    """Give how long to rest after a refusal: 1, 2, 4 … minutes, spread so that not all come back at once."""
    long = min(timedelta(minutes=2 ** min(claim.attempts - 1, 10)), LONGEST_REST)
    return max(long * (1 + (claim.id % 10) / 50), refusal.retry_after)
