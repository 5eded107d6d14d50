"""The line to a mail server: what is said and heard on it, each answer within its time."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from smtplib import SMTP, SMTPException
from time import monotonic

from notifications.smtp_answers import Answer

# An answer has a few lines; whoever never ends is not listened to.
MOST_HEARD = 64 * 1024
_AT_ONCE = 65536


class LineLost(Exception):
    """The line broke, nobody answered in time, or somebody answered who was not asked; said as the server's doing."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How many seconds a mail server has to be there, to answer a command, and to answer the end of an email.

    RFC 5321 (4.5.3.2) gives the last ten minutes: a server that is given up too early has often taken the email.
    """

    connect: float = 10.0
    command: float = 60.0
    end: float = 600.0


class Line:
    """One connection to a mail server."""

    def __init__(self, connection: socket.socket, name: str, timeouts: Timeouts) -> None:
        # A short last line would otherwise wait until the server has said that it has the one before.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.timeouts = timeouts
        self._smtp = SMTP(local_hostname=name)
        self._use(connection)

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Go on encrypted, with whom can prove to be the host. Raises `ssl.SSLError` or `LineLost`."""
        # What was said before is not heard as if it had been said in secret.
        self.must_be_silent()
        self._socket.settimeout(self.timeouts.command)
        try:
            self._use(context.wrap_socket(self._socket, server_hostname=host))
        except ssl.SSLError:
            raise
        except OSError as wrong:
            raise LineLost(_how(wrong)) from None

    def hear(self, seconds: float | None = None) -> Answer:
        """Hear the next answer."""
        return self._listening(self._smtp.getreply, seconds)

    def say(self, command: str, seconds: float | None = None) -> Answer:
        """Give a command and hear its answer."""
        return self._listening(lambda: self._smtp.docmd(command), seconds)

    def greet(self) -> Answer:
        """Say who is there (EHLO) and hear what the server offers."""
        return self._listening(self._smtp.ehlo, None)

    def offers(self, extension: str) -> list[str] | None:
        """Give the words of an extension that the server offers, in capitals; `None` where it does not."""
        words = self._smtp.esmtp_features.get(extension)
        return None if words is None else words.upper().split()

    def write(self, content: bytes) -> None:
        """Send bytes as they are."""
        self._socket.settimeout(self.timeouts.command)
        try:
            self._socket.sendall(content)
        except OSError as wrong:
            raise LineLost(_how(wrong)) from None

    def must_be_silent(self) -> None:
        """Make sure that the line is there and nothing waits on it, which would be taken for the next answer."""
        try:
            has_spoken = self._ear.has_heard()
        except OSError as wrong:
            raise LineLost(_how(wrong)) from None
        if has_spoken:
            raise LineLost("answered without being asked")

    def hang_up(self, *, politely: bool) -> None:
        """End the connection; whatever comes of it, it is ended."""
        if politely:
            with suppress(LineLost):
                self.say("QUIT", self.timeouts.connect)
        with suppress(OSError):
            self._smtp.close()

    def _use(self, connection: socket.socket) -> None:
        self._socket, self._ear = connection, _Ear(connection)
        self._smtp.sock, self._smtp.file = connection, self._ear

    def _listening(self, ask: Callable[[], tuple[int, bytes]], seconds: float | None) -> Answer:
        patience = self.timeouts.command if seconds is None else seconds
        self._socket.settimeout(patience)
        self._ear.listen(patience)
        try:
            code, words = ask()
        except (SMTPException, OSError) as wrong:
            raise LineLost(self._ear.trouble or _how(wrong)) from None
        return Answer(code, words)


class _Ear:
    """Reads answers until a moment: whoever sends a letter now and then does not hold anybody for ever.

    It stands where `smtplib` has the file of its socket, whose patience begins anew with every letter.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._heard = b""
        self._until = 0.0
        self._left = 0
        self.trouble = ""

    def listen(self, seconds: float) -> None:
        """Begin to wait for an answer."""
        self._until, self._left, self.trouble = monotonic() + seconds, MOST_HEARD, ""

    def readline(self, most: int) -> bytes:
        """Give the next line, or nothing where the server has hung up."""
        while b"\n" not in self._heard and len(self._heard) < most:
            # Afterwards only what is there already: it came in time, however long this process was held up.
            self._socket.settimeout(max(self._until - monotonic(), 0))
            try:
                more = self._socket.recv(_AT_ONCE)
            except OSError as wrong:
                self.trouble = _how(wrong)
                raise
            if not more:
                return b""
            self._heard += more
        end = self._heard.find(b"\n") + 1 or most
        line, self._heard = self._heard[:end], self._heard[end:]
        self._left -= len(line)
        if self._left < 0:
            self.trouble = "did not come to an end of its answer"
            raise TimeoutError
        return line

    def has_heard(self) -> bool:
        """Say whether something came that nobody waits for; raises `OSError` where the server has hung up."""
        self._socket.settimeout(0)
        try:
            more = self._socket.recv(_AT_ONCE)
        except (BlockingIOError, ssl.SSLWantReadError):
            return bool(self._heard)
        if not more:
            raise ConnectionResetError
        self._heard += more
        return True

    def close(self) -> None:
        """Nothing is kept beside the socket."""


def _how(wrong: Exception) -> str:
    is_late = isinstance(wrong, (TimeoutError, BlockingIOError, ssl.SSLWantReadError))
    return "did not answer in time" if is_late else "broke the connection"
