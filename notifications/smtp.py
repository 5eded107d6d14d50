"""The way through a mail server (SMTP): one recipient a message, and one connection for as many as wait."""

import re
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta

from notifications.smtp_answers import CLOSING, Answer, Step, refusal_of
from notifications.smtp_line import Line, LineLost, Timeouts
from notifications.smtp_opening import open_line
from notifications.smtp_place import MailPlace
from notifications.transports import (
    Commit,
    Doubtful,
    OutgoingMail,
    PermanentRefusal,
    Receipt,
    TemporaryRefusal,
    Unreachable,
    as_bytes,
)

_END = b".\r\n"


class _Refused(Exception):
    """The server refused a step and still listens."""

    def __init__(self, refusal: TemporaryRefusal | PermanentRefusal) -> None:
        super().__init__()
        self.refusal = refusal


@dataclass(slots=True)
class SmtpTransport:
    """Hands each email to a mail server; it cannot be asked later whether it took one.

    Not for several threads at once: a connection is one dialogue.
    """

    place: MailPlace
    sender: str
    context: ssl.SSLContext | None = None
    timeouts: Timeouts = field(default_factory=Timeouts)
    _line: Line | None = field(default=None, init=False, repr=False)

    @property
    def tells_after(self) -> timedelta | None:
        """A mail server never tells."""
        return None

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Hand the email over; `commit` is called when all of it is there but for the dot that ends it."""
        content = _as_lines(as_bytes(outgoing, self.sender))
        try:
            self._hand_over(outgoing.to_address, content, commit)
        except _Refused as refused:
            self._begin_anew()
            raise refused.refusal from None
        except LineLost as lost:
            self._let_go()
            raise Unreachable(f"The mail server {self.place.host} {lost} before it had the whole email.") from None
        except BaseException:
            # The email lies half at the server; without its dot it is none.
            self._let_go()
            raise
        return Receipt(provider_id=outgoing.message_id)

    def find(self, message_id: str) -> Receipt | None:
        """Say that it cannot be known."""
        raise TemporaryRefusal("A mail server does not say which emails it has taken.")

    def close(self) -> None:
        """Say goodbye to the server, where there is a connection."""
        if self._line is not None:
            self._line.hang_up(politely=True)
            self._line = None

    def _hand_over(self, to_address: str, content: bytes, commit: Commit) -> None:
        line = self._line_with_sender()
        _must(line.say(f"RCPT TO:<{to_address}>"), (250, 251), Step.RECIPIENT)
        _must(line.say("DATA"), (354,), Step.CONTENT)
        line.write(content)
        commit()
        # An answer that came before would be taken for the answer to the dot.
        line.must_be_silent()
        _end(line, self.timeouts.end)

    def _line_with_sender(self) -> Line:
        """Give a line on which the server has taken the sender: the kept one, or where that has ended a new one."""
        command = f"MAIL FROM:<{self.sender}>"
        if self._line is not None:
            with suppress(LineLost):
                self._line.must_be_silent()
                answer = self._line.say(command)
                if answer.code != CLOSING:
                    _must(answer, (250,), Step.SENDER)
                    return self._line
            # Nothing was handed over yet, so nothing can come twice.
            self._let_go()
        self._line = self._opened()
        _must(self._line.say(command), (250,), Step.SENDER)
        return self._line

    def _opened(self) -> Line:
        if self.context is None:
            # Made once: it reads the machine's whole list of authorities.
            self.context = ssl.create_default_context()
        return open_line(self.place, self.context, self.sender.rpartition("@")[2], self.timeouts)

    def _begin_anew(self) -> None:
        """Let the server forget the message that it refused, or let the server go."""
        assert self._line is not None, "who refused is still there"
        try:
            is_ready = self._line.say("RSET").code == 250
        except LineLost:
            is_ready = False
        if not is_ready:
            self._let_go()

    def _let_go(self) -> None:
        if self._line is not None:
            self._line.hang_up(politely=False)
            self._line = None


def _must(answer: Answer, codes: tuple[int, ...], step: Step) -> None:
    if answer.code in codes:
        return
    refusal = refusal_of(answer, step)
    raise refusal if isinstance(refusal, Unreachable) else _Refused(refusal)


def _end(line: Line, patience: float) -> None:
    """Send the dot, after which nobody can say that the email did not go until the server has answered."""
    try:
        line.write(_END)
        answer = line.hear(patience)
    except LineLost as lost:
        raise Doubtful(f"The mail server {lost} when it had the whole email: it may have gone.") from None
    if not (200 <= answer.code <= 299 or 400 <= answer.code <= 599):
        raise Doubtful(f"The mail server answered {answer} when it had the whole email: it may have gone.")
    if answer.code >= 400:
        _must(answer, (), Step.END)


def _as_lines(content: bytes) -> bytes:
    """Give the email in lines of the dialogue: each ended by CR LF, and none that is only a dot."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", content)
    return re.sub(rb"(?m)^\.", b"..", lines if lines.endswith(b"\r\n") else lines + b"\r\n")
