"""What tests of the post room may ask for: a mail server and certificates."""

from collections.abc import Iterator

import pytest

from tests.notifications.certificates import Certificates, make_certificates
from tests.notifications.smtp_server import Play, SmtpServer


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """Give certificates, right ones and wrong ones."""
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def one_mail_server() -> Iterator[SmtpServer]:
    """Give the mail server of all tests."""
    server = SmtpServer()
    yield server
    server.close()


@pytest.fixture
def mail_server(one_mail_server: SmtpServer, certificates: Certificates) -> SmtpServer:
    """Give a mail server that has taken nothing yet and offers what it should."""
    one_mail_server.plays(Play(certificate=certificates.shown["right"]))
    return one_mail_server
