"""A new operator sends by a mail server from two post processes, and pulls the plug of one."""

import pytest

from tests.faults.operators import COORDINATOR, Place
from tests.faults.plugs import OWNERS, compare, doubtful, prepare, pull_plugs, restore_elsewhere
from tests.notifications.smtp_server import Act, Play, SmtpServer
from tests.postgres import OwnServer

# An email takes a seventh of a second, so that some are in hand whatever happens.
SLOWLY = Act(says="250 2.0.0 Ok: queued as 4F1A2B", pace=0.005)


@pytest.mark.timeout(600)
def test_plug_is_pulled_while_emails_go_to_a_mail_server(place: Place, server: OwnServer) -> None:
    mail = SmtpServer()
    place.closing.callback(mail.close)
    record = mail.plays(Play())
    way = f"smtp://127.0.0.1:{mail.port}?starttls=off"
    visitor = prepare(place, way, lambda: record.taken[-1].content.decode())
    record.script["dot"] = [SLOWLY] * OWNERS * 2

    def arrived() -> list[str]:
        return [one.recipient for one in list(record.taken) if one.recipient != COORDINATOR]

    pull_plugs(place, server, visitor, arrived)

    compare("a mail server", arrived(), doubtful(place))
    restore_elsewhere(place)
