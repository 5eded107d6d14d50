"""The words in which pages say how an email stands."""

from datetime import timedelta

import pytest

from notifications.outbox import Message
from tests.make import NOON
from tracker.showing.link_use import LinkUse
from tracker.web.email_words import standing_words

LATER = NOON + timedelta(days=1)
SENT = {"state": "sent", "sent_at": NOON}
CAME_BACK = {"delivery": "permanent-failure", "delivery_at": LATER, "address_refused": True}


@pytest.mark.parametrize(
    ("values", "use", "words"),
    [
        ({}, {}, "Waiting, due 1 June 2021"),
        ({"state": "held"}, {}, "Held, due 1 June 2021"),
        ({"state": "superseded"}, {}, "Not sent: no longer needed, due 1 June 2021"),
        ({"state": "failed"}, {}, "Could not be sent, due 1 June 2021"),
        ({"state": "failed", "address_refused": True}, {}, "Came back, 1 June 2021"),
        (SENT, {}, "Sent, 1 June 2021"),
        ({**SENT, "delivery": "delivered", "delivery_at": LATER}, {}, "Delivered, 2 June 2021"),
        ({**SENT, **CAME_BACK}, {}, "Came back, 2 June 2021"),
        (SENT, {"fetched_at": NOON}, "Link opened: it may be a scanner, 1 June 2021"),
        (SENT, {"fetched_at": LATER}, "Link opened, 2 June 2021"),
        (SENT, {"fetched_at": NOON, "answered_at": LATER}, "Answered, 2 June 2021"),
    ],
)
def test_email_is_told_by_the_last_that_is_known_of_it(values, use, words):
    message = Message(**{"state": "queued", "due_at": NOON, **values})

    said = standing_words(message, LinkUse(**use))

    assert said.replace("\u00a0", " ") == words
