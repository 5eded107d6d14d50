"""A new operator sends by GOV.UK Notify from two post processes, and pulls the plug of one: no doubt is left."""

import pytest

from tests.faults.operators import COORDINATOR, Place
from tests.faults.plugs import compare, doubtful, prepare, pull_plugs, restore_elsewhere
from tests.notifications import notify_server
from tests.postgres import OwnServer


@pytest.mark.timeout(600)
def test_plug_is_pulled_while_emails_go_to_notify(place: Place, server: OwnServer) -> None:
    notify = place.closing.enter_context(notify_server.running())
    place.settings |= {
        "TRACKER_NOTIFY_KEY": notify_server.KEY,
        "TRACKER_NOTIFY_TEMPLATE": notify_server.TEMPLATE,
        "TRACKER_NOTIFY_URL": notify.url,
    }
    visitor = prepare(place, "notify:", lambda: notify.held[-1]["personalisation"]["body"])
    notify.answers_after = 0.15

    def arrived() -> list[str]:
        return [one["email_address"] for one in list(notify.held) if one["email_address"] != COORDINATOR]

    # Also what was cut on the way is known in the end: Notify is asked for it.
    pull_plugs(place, server, visitor, arrived, ends=("sent",))

    compare("Notify", arrived(), doubtful(place))
    restore_elsewhere(place)
