"""Where GOV.UK Notify tells what became of an email: who is let in, what is kept, what is answered."""

import json
import logging
import random
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx
import pytest
from sqlmodel import select

from notifications.notify_settings import NotifySettings
from notifications.outbox import Message, message_id_of
from tests.notifications.notify_server import NotifyServer
from tests.notifications.test_notify_matrix import put
from tests.serving import PATIENCE, on_a_port
from tests.tracker.web.visitor import SECRET
from tracker.database import unit_of_work
from tracker.errors import Refused
from tracker.settings import Installation, installation
from tracker.web.app import build_inner_app
from tracker.web.security import Guard

NOW = datetime(2021, 1, 15, 12, 0, tzinfo=UTC)
TOKEN = "0123456789abcdef" * 4
ID = "740e5834-3a29-46b4-9a6f-16142fde533a"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}


class Service:
    """The pages with an email in doubt, and whoever tells what became of it."""

    def __init__(self, engine, base: str) -> None:
        self.open_session = partial(unit_of_work, engine)
        self.address = f"{base}/notify/callback"
        put(self.open_session, "k")
        with self.open_session() as session:
            message = session.exec(select(Message)).one()
            message.state, message.doubtful_since = "uncertain", NOW - timedelta(hours=1)
            self.name = message_id_of(message)

    def told(self, **facts: object) -> dict[str, object]:
        """Give a callback as Notify sends it, dull but for what the test names."""
        given = {"id": ID, "reference": self.name, "to": "joy@agency.example", "status": "delivered"}
        moments = {"created_at": "2021-01-15T11:00:00.000000Z", "sent_at": None, "completed_at": None}
        return {**given, **moments, "notification_type": "email", **facts}

    def posts(self, content: object, headers: dict[str, str] = RIGHT) -> int:
        """Send something; gives the status of the answer."""
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return httpx.post(self.address, content=body, headers=headers, verify=False, timeout=PATIENCE).status_code

    def stands(self) -> tuple[object, ...]:
        """Say what is kept of the email."""
        with self.open_session() as session:
            message = session.exec(select(Message)).one()
            return message.state, message.provider_id, message.delivery, message.delivery_at, message.address_refused


UNTOUCHED = ("uncertain", None, None, None, False)


def serving(engine, token: str | None):
    """Serve the pages of an installation with a token, or without one."""
    settings = NotifySettings(callback_token=token)
    standing = Installation("", "folder:mail", "http://127.0.0.1", NOW, SECRET, notify=settings)
    return on_a_port(Guard(build_inner_app(standing, engine, SECRET), is_secure=False))


@pytest.fixture
def service(engine):
    """Give a running service with its token."""
    with serving(engine, TOKEN) as base:
        yield Service(engine, base)


def test_notify_tells_what_became_of_an_email_and_that_ends_the_doubt(service):
    answers = [service.posts(service.told()), service.posts(service.told())]

    assert answers == [204, 204]
    assert service.stands() == ("sent", ID, "delivered", datetime(2021, 1, 15, 11, tzinfo=UTC), False)


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN[:-1]}"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer é".encode("latin-1")},
        {"sec-fetch-site": "same-origin"},
        {},
    ],
)
def test_nobody_without_the_token_is_heard(service, headers):
    answers = [service.posts(service.told(), headers), service.posts(b"{" * 100_000, headers)]

    assert (answers, service.stands()) == ([403, 403], UNTOUCHED)


def test_an_installation_without_a_token_hears_nobody(sqlite_engine):
    with serving(sqlite_engine, None) as base:
        service = Service(sqlite_engine, base)

        answers = [service.posts(service.told(), headers) for headers in (RIGHT, {"Authorization": "Bearer None"}, {})]

    assert (answers, service.stands()) == ([403, 403, 403], UNTOUCHED)


def test_what_is_no_callback_is_refused_and_leaves_no_word_in_the_log(service, caplog):
    caplog.set_level(logging.DEBUG)
    wrong = [
        b"",
        b"joy@agency.example",
        b"[]",
        b"[" * 5_000,
        b"\xff\xfe joy@agency.example",
        b'{"reference": "' + b"joy@agency.example" * 600 + b'"}',
        service.told(status="joy@agency.example"),
        service.told(status=["delivered"]),
        service.told(id="joy@agency.example"),
        service.told(reference=None),
        service.told(reference="x" * 300),
        {"reference": service.name},
    ]

    answers = [service.posts(one) for one in wrong]

    assert (answers, service.stands()) == ([400] * len(wrong), UNTOUCHED)
    assert [word for word in ("joy@", TOKEN, service.name) if word in caplog.text] == []


def test_notify_is_asked_to_come_again_for_an_email_that_is_not_known_yet(service):
    answers = [
        service.posts(service.told(reference=reference)) for reference in ("<1.0000000000000000@learning-tracker>", "x")
    ]

    assert (answers, service.stands()) == ([503, 503], UNTOUCHED)


def test_callbacks_in_any_order_leave_the_same(service):
    chance, ends = random.Random(6), set()
    notify = NotifyServer()
    all_of_them = [
        {
            **service.told(),
            "email_address": "joy@agency.example",
            "status": status,
            "completed_at": f"2021-01-15T11:{minute}:00Z",
        }
        for status in ("sending", "temporary-failure", "technical-failure", "permanent-failure")
        for minute in (10, 20)
    ] * 3

    for _ in range(3):
        for one in chance.sample(all_of_them, len(all_of_them)):
            assert notify.tells(service.address, TOKEN, one) == 204
        ends.add(service.stands())
        with service.open_session() as session:
            message = session.exec(select(Message)).one()
            message.delivery, message.delivery_at, message.address_refused = None, None, False

    assert ends == {("sent", ID, "permanent-failure", datetime(2021, 1, 15, 11, 10, tzinfo=UTC), True)}


@pytest.mark.parametrize("token", ["short", "with spaces " * 4, "é" * 40])
def test_a_token_that_is_no_good_is_refused_and_not_shown(token):
    with pytest.raises(Refused) as refused:
        installation({"TRACKER_NOTIFY_CALLBACK_TOKEN": token})

    assert (str(refused.value).partition(" ")[0], token in str(refused.value)) == (
        "TRACKER_NOTIFY_CALLBACK_TOKEN",
        False,
    )


def test_the_settings_of_notify_are_read_from_the_environment_and_not_shown():
    given = {
        "TRACKER_NOTIFY_KEY": "hidden",
        "TRACKER_NOTIFY_TEMPLATE": "one",
        "TRACKER_NOTIFY_TEMPLATE_ESCALATION_DIGEST": "two",
        "TRACKER_NOTIFY_URL": "http://127.0.0.1:9",
        "TRACKER_NOTIFY_CALLBACK_TOKEN": TOKEN,
    }

    read = installation(given)

    assert read.notify == NotifySettings("hidden", "one", {"escalation_digest": "two"}, "http://127.0.0.1:9", TOKEN)
    assert ("hidden" in repr(read), TOKEN in repr(read)) == (False, False)
