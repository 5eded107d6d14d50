"""The ways by which emails go, each with what has arrived at its end; a process that is begun knows them by address."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any, Protocol

from notifications.folder import FolderTransport
from notifications.notify_settings import NotifySettings
from notifications.transports import Transport
from notifications.ways_out import PostSettings, transport_for
from tests.notifications import notify_server
from tests.notifications.notify_server import NotifyServer
from tests.notifications.smtp_server import Play, SmtpServer


class Way(Protocol):
    """A way by which emails go, and what has arrived at its end."""

    # How long after the first restart it takes until such a way can be asked.
    comes_again_after: Sequence[timedelta]

    def transport(self) -> Transport:
        """Give the transport, in whatever process."""

    def arrived(self) -> Counter[str]:
        """Count the emails that arrived, by their name."""

    def empty(self) -> None:
        """Forget what arrived."""


@dataclass(frozen=True)
class ByFolder:
    """Into a folder."""

    path: Path
    comes_again_after: Sequence[timedelta] = ()

    def transport(self) -> Transport:
        """Give the folder."""
        return FolderTransport(self.path)

    def arrived(self) -> Counter[str]:
        """Count the files by the name in their head."""
        return Counter(_name_of(path.read_bytes()) for path in self.path.glob("*.eml"))

    def empty(self) -> None:
        """Throw every file away."""
        for path in self.path.glob("*"):
            path.unlink()


class _Server:
    """What stands at the end of a way stays in the process that began it."""

    server: Any

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "server": None}


@dataclass
class BySmtp(_Server):
    """To a mail server."""

    port: int
    server: SmtpServer = field(repr=False)
    comes_again_after: Sequence[timedelta] = ()

    def transport(self) -> Transport:
        """Give a connection of its own."""
        settings = PostSettings(sender="tracker@thscp.example")
        return transport_for(f"smtp://127.0.0.1:{self.port}?starttls=off", settings)

    def arrived(self) -> Counter[str]:
        """Count what the server took."""
        return Counter(_name_of(taken.content) for taken in self.server.record.taken)

    def empty(self) -> None:
        """Let the server begin anew."""
        self.server.plays(Play())


@dataclass
class ByNotify(_Server):
    """To GOV.UK Notify, which can be asked a minute after a doubt."""

    url: str
    server: NotifyServer = field(repr=False)
    comes_again_after: Sequence[timedelta] = (timedelta(minutes=3),)

    def transport(self) -> Transport:
        """Give a client of its own."""
        settings = NotifySettings(key=notify_server.KEY, template=notify_server.TEMPLATE, url=self.url)
        return transport_for("notify:", PostSettings(notify=settings))

    def arrived(self) -> Counter[str]:
        """Count what it holds."""
        return Counter(one["reference"] for one in self.server.held)

    def empty(self) -> None:
        """Let it forget everything."""
        self.server.held.clear()


@contextmanager
def way_by(name: str, folder: Path) -> Iterator[Way]:
    """Give a way by its name, with what stands at its end until the block ends."""
    if name == "folder":
        yield ByFolder(folder)
    elif name == "smtp":
        mail = SmtpServer()
        mail.plays(Play())
        yield BySmtp(mail.port, mail)
        mail.close()
    else:
        with notify_server.running() as notify:
            yield ByNotify(notify.url, notify)


def _name_of(content: bytes) -> str:
    return str(message_from_bytes(content)["Message-ID"])
