"""What a mail server answers: its number, its status, and what either says about a message."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from notifications.transports import PermanentRefusal, TemporaryRefusal, Unreachable

# At the beginning, or in brackets at the end as qmail writes it; never a part of an IP address.
_STATUS = re.compile(rb"(?:^#?|[(]#?)([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
# Words of a server that does not name a status, where the reason is its rules and not the mailbox.
_OF_RULES = re.compile(rb"relay|authenti|polic|spam|block|listed|denied|permitted|allowed|reputation", re.IGNORECASE)
# Mailbox, system, syntax, ambiguous, moved, no mail there at all; closed. Exchange says 5.4.1 for nobody of that name.
_OF_ADDRESS = {(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 6), (1, 10), (2, 0), (2, 1), (4, 1)}
_MAILBOX_FULL = (2, 2)
# It wants a sign-in, or an encrypted line, before anything goes.
_NOT_LET_IN = {530, 534, 535, 538}
CLOSING = 421


class Step(StrEnum):
    """At which step of handing over a message an answer came, in words for a sentence."""

    SENDER = "the sender's address"
    RECIPIENT = "the recipient's address"
    CONTENT = "the email"
    END = "the whole email"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a mail server. Its words are its own and go nowhere."""

    code: int
    words: bytes

    @property
    def status(self) -> tuple[int, int] | None:
        """Give subject and detail of the enhanced status (RFC 3463), where one fits the code."""
        found = _STATUS.search(self.words)
        if found is None or int(found[1]) != self.code // 100:
            return None
        return int(found[2]), int(found[3])

    def __str__(self) -> str:
        if not 200 <= self.code <= 599:
            return "something that is no answer"
        if self.status is None:
            return f"{self.code}"
        subject, detail = self.status
        return f"{self.code} {self.code // 100}.{subject}.{detail}"


def refusal_of(answer: Answer, step: Step) -> TemporaryRefusal | PermanentRefusal:
    """Say what an answer that is not the awaited one means for the message."""
    said = f"The mail server answered {answer} to {step}"
    if answer.code == CLOSING or not 400 <= answer.code <= 599:
        return Unreachable(f"{said}.")
    if answer.code in _NOT_LET_IN:
        return Unreachable(f"{said}: it wants a sign-in, or an encrypted line. Look at TRACKER_MAIL.")
    if answer.code < 500 or (step is Step.RECIPIENT and _is_full(answer)):
        return TemporaryRefusal(f"{said}; it is tried again.", timedelta())
    return PermanentRefusal(f"{said} and will not take it.", of_address=_is_of_address(answer, step))


def _is_full(answer: Answer) -> bool:
    """A full mailbox, and too many recipients, are over some day: RFC 5321, 4.5.3.1.10, has 552 read as 452."""
    return answer.status == _MAILBOX_FULL or (answer.code == 552 and answer.status is None)


def _is_of_address(answer: Answer, step: Step) -> bool:
    """Say whether nothing ever goes to the address; nobody writes to it any more then, so only where it is said."""
    if answer.status is not None:
        return step is not Step.SENDER and answer.status in _OF_ADDRESS
    is_mailbox = answer.code in (550, 551, 553, 556)
    return step is Step.RECIPIENT and is_mailbox and _OF_RULES.search(answer.words) is None
