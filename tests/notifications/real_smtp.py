"""A mail server that others wrote (aiosmtpd), on loopback: it wants encryption and a password."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


class Box:
    """What has come: emails as they travelled, and with which user and password."""

    def __init__(self) -> None:
        self.port = 0
        self.taken: list[tuple[str, list[str], bytes]] = []
        self.sign_ins: list[tuple[str, str, str]] = []

    # The name is its maker's, and it is awaited.
    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take an email."""
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return "250 2.0.0 taken"

    def let_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, how: str, given: LoginPassword
    ) -> AuthResult:
        """Let everybody in."""
        self.sign_ins.append((how, given.login.decode(), given.password.decode()))
        return AuthResult(success=True)


@contextmanager
def running_real_server(context: ssl.SSLContext) -> Iterator[Box]:
    """Run a mail server until the block ends, and give what it takes."""
    box = Box()
    # It can only be told a port.
    with socket.create_server(("127.0.0.1", 0)) as free:
        box.port = free.getsockname()[1]
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=box.port,
        tls_context=context,
        require_starttls=True,
        authenticator=box.let_in,
        auth_required=True,
        ready_timeout=120,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()
