"""A mail server on loopback that does at each step of the dialogue what a test tells it, and keeps what it took."""

import socket
import ssl
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread

STEPS = ["greeting", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "rset", "quit"]


@dataclass(frozen=True)
class Act:
    """What the server does at a step: what it says (letter by letter, if `pace` is given), and then."""

    says: str | None = None
    pace: float = 0.0
    cuts: bool = False
    holds: bool = False
    is_as_usual: bool = False


CUTS = Act(cuts=True)
IS_SILENT = Act(holds=True)
GOES_ON = Act(is_as_usual=True)
GOES_ON_AND_CUTS = Act(is_as_usual=True, cuts=True)


@dataclass(frozen=True)
class Taken:
    """An email that the server took."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class Play:
    """What happens: the acts of each step in order, one for each time the step comes; then all is as it should be."""

    script: Mapping[str, Sequence[Act]] = field(default_factory=dict)
    certificate: ssl.SSLContext | None = None
    is_encrypted: bool = False
    offers: tuple[str, ...] = ("STARTTLS", "AUTH PLAIN LOGIN")


@dataclass
class Record:
    """What is still to be done in a play, and what has happened in it."""

    play: Play
    script: dict[str, list[Act]]
    taken: list[Taken] = field(default_factory=list)
    unended: list[bytes] = field(default_factory=list)
    said: list[list[str]] = field(default_factory=list)
    has_interrupted: Event = field(default_factory=Event)
    is_over: Event = field(default_factory=Event)


class SmtpServer:
    """A mail server that runs until it is closed."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.record = Record(Play(), {})
        self._thread = Thread(target=self._listen, daemon=True)
        self._thread.start()

    def plays(self, play: Play) -> Record:
        """Begin a new play; who still waits in the one before goes home."""
        self.record.is_over.set()
        self.record = Record(play, {step: list(acts) for step, acts in play.script.items()})
        return self.record

    def close(self) -> None:
        """End it."""
        self.record.is_over.set()
        # Closing alone would not wake who accepts.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=_Dialogue(self.record, connection).run, daemon=True).start()


class _Hung(Exception):
    """The server has hung up."""


class _Dialogue:
    """One connection."""

    def __init__(self, record: Record, connection: socket.socket) -> None:
        self.record, self.play = record, record.play
        self.connection, self.said = connection, []
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(20)
        record.said.append(self.said)
        self.is_encrypted, self.sender, self.recipient = False, "", ""

    def run(self) -> None:
        """Speak until one of both hangs up."""
        with suppress(OSError, _Hung):
            if self.play.is_encrypted:
                self._encrypt()
            self.lines = self.connection.makefile("rb")
            self._do("greeting", "220 mail.example ESMTP")
            while line := self.lines.readline().decode("latin-1").strip():
                self.said.append(line)
                self._answer(line, line.split(" ")[0].lower())
        # Both names for the socket let it go, or it stays open.
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()
        self.record.has_interrupted.set()

    def _answer(self, line: str, verb: str) -> None:
        match verb:
            case "ehlo":
                offers = [one for one in self.play.offers if one != "STARTTLS" or not self.is_encrypted]
                self._do("ehlo", "\r\n".join(["250-mail.example", *(f"250-{one}" for one in offers), "250 HELP"]))
            case "starttls":
                if self._do("starttls", "220 go on"):
                    self._encrypt()
                    self.lines = self.connection.makefile("rb")
            case "auth" if line == "AUTH LOGIN":
                self._log_in()
            case "auth":
                self._do("auth", "235 2.7.0 welcome")
            case "mail":
                self.sender = line
                self._do("mail", "250 2.1.0 ok")
            case "rcpt":
                self.recipient = line.partition("<")[2].rstrip(">")
                self._do("rcpt", "250 2.1.5 ok")
            case "data":
                if self._do("data", "354 go on"):
                    self._read()
            case "rset":
                self._do("rset", "250 2.0.0 ok")
            case "quit":
                self._do("quit", "221 2.0.0 bye")
            case _:
                self._say("500 5.5.1 what?")

    def _log_in(self) -> None:
        for question in ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"):
            self._say(question)
            self.said.append(self.lines.readline().decode().strip())
        self._do("auth", "235 2.7.0 welcome")

    def _encrypt(self) -> None:
        assert self.play.certificate is not None
        self.connection = self.play.certificate.wrap_socket(self.connection, server_side=True)
        self.is_encrypted = True

    def _read(self) -> None:
        content = [self.lines.readline()]
        if self.record.script.get("body"):
            self.record.unended.append(content[0])
            self._do("body", None)
            self.record.has_interrupted.set()
        while content[-1] not in (b".\r\n", b""):
            content.append(self.lines.readline())
        if content.pop() == b"":
            self.record.unended.append(b"".join(content))
            raise _Hung
        plain = b"".join(line[1:] if line.startswith(b".") else line for line in content)
        if not self._refuses("dot"):
            self.record.taken.append(Taken(self.sender, self.recipient, plain))
        self._do("dot", "250 2.0.0 Ok: queued as 4F1A2B")

    def _refuses(self, step: str) -> bool:
        act = next(iter(self.record.script.get(step) or [GOES_ON]))
        return act.says is not None and act.says[:1] in ("4", "5")

    def _do(self, step: str, usual: str | None) -> bool:
        """Do what is told for a step, or answer as usual; says whether the code was the usual one."""
        told = self.record.script.get(step)
        act = told.pop(0) if told else GOES_ON
        answer = usual if act.is_as_usual else act.says
        if answer is not None:
            self._say(answer, act.pace)
        if act.holds:
            self.record.is_over.wait(20)
        if act.cuts or act.holds:
            raise _Hung
        return answer is not None and usual is not None and answer[:3] == usual[:3]

    def _say(self, answer: str, pace: float = 0.0) -> None:
        text = answer.encode("utf-8") + b"\r\n"
        for piece in [text] if not pace else [bytes([letter]) for letter in text]:
            self.connection.sendall(piece)
            if pace and self.record.is_over.wait(pace):
                raise _Hung
