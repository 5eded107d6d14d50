"""GOV.UK Notify as it is spoken to: what is sent, the token, what is asked, what is never said."""

import logging
import time
from datetime import UTC, datetime, timedelta

import pytest
from notifications_python_client.authentication import decode_jwt_token
from notifications_python_client.errors import HTTPError, TokenError
from notifications_python_client.notifications import NotificationsAPIClient

from notifications.delivered import Delivered, Delivery
from notifications.notify import NotifyTransport, token
from notifications.notify_settings import NotifySettings, service_of
from notifications.rendering import Mail
from notifications.transports import OutgoingMail, PermanentRefusal, Receipt, TemporaryRefusal, Unreachable
from notifications.ways_out import PostSettings, transport_for
from tests.notifications import notify_server
from tests.notifications.notify_server import KEY, SECRET, SERVICE, TEMPLATE
from tests.notifications.test_transports import at_once

NOW = datetime(2021, 1, 15, 8, 0, tzinfo=UTC)
DIGEST = "0c3f6d3a-61ff-4d42-9e57-1f7a8ef9c9a1"
NAME = "<57.0123456789abcdef@learning-tracker>"


@pytest.fixture
def server():
    """Give a Notify on this machine."""
    with notify_server.running() as running:
        yield running


@pytest.fixture
def transport(server):
    """Give the way to it, as the settings name it."""
    settings = NotifySettings(KEY, TEMPLATE, {"escalation_digest": DIGEST}, server.url)
    transport = transport_for("notify:", PostSettings(notify=settings))
    yield transport
    transport.close()


def outgoing(**facts: object) -> OutgoingMail:
    """Give an email that is ready to go, dull but for what the test names."""
    given = {
        "message_id": NAME,
        "kind": "action_reminder",
        "to_address": "joy@agency.example",
        "sent_at": NOW,
        "mail": Mail("1 action needs an update: A214", "Dear Joy,\n\nit’s due.\n", "<p>Dear Joy,</p>"),
    }
    return OutgoingMail(**given | facts)


def test_an_email_goes_with_its_name_its_template_and_its_text(server, transport):
    receipt = transport.send(outgoing(), at_once)

    [held] = server.held
    assert (
        receipt,
        {name: held[name] for name in ("reference", "email_address", "template_id", "personalisation")},
    ) == (
        Receipt(held["id"]),
        {
            "reference": NAME,
            "email_address": "joy@agency.example",
            "template_id": TEMPLATE,
            "personalisation": {"subject": "1 action needs an update: A214", "body": "Dear Joy,\n\nit’s due.\n"},
        },
    )


def test_a_kind_of_email_may_have_a_template_of_its_own(server, transport):
    transport.send(outgoing(kind="escalation_digest"), at_once)

    assert [held["template_id"] for held in server.held] == [DIGEST]


def test_a_title_does_not_become_a_link(server, transport):
    mail = Mail("Subject", "A214: [sign in here](https://evil.example)", "")

    transport.send(outgoing(mail=mail), at_once)

    assert server.held[0]["personalisation"]["body"] == "A214: [sign in here] (https://evil.example)"


def test_what_stops_the_last_step_leaves_nothing_at_notify(server, transport):
    def overtaken() -> None:
        raise KeyError("overtaken")

    with pytest.raises(KeyError):
        transport.send(outgoing(), overtaken)

    assert server.held == []


def test_whoever_slept_behind_the_last_step_is_refused_when_she_wakes(server, transport):
    def sleep() -> None:
        server.ahead = 45.0

    with pytest.raises(Unreachable):
        transport.send(outgoing(), sleep)

    assert server.held == []


def test_emails_share_a_connection_and_a_closed_one_is_opened_anew(server, transport):
    for _ in range(3):
        transport.send(outgoing(), at_once)
    transport.close()
    transport.close()
    transport.send(outgoing(), at_once)

    assert len(server.held) == 4


def test_an_email_is_found_by_its_name_and_no_other_is(server, transport):
    receipt = transport.send(outgoing(), at_once)
    transport.send(outgoing(message_id="<58.0123456789abcdef@learning-tracker>"), at_once)

    found = [transport.find(NAME), transport.find("<57.0123456789abcdef@elsewhere>")]

    assert found == [receipt, None]
    assert server.asked[0] == "/v2/notifications?reference=%3C57.0123456789abcdef%40learning-tracker%3E"


def test_notify_is_asked_what_became_of_an_email(server, transport):
    receipt = transport.send(outgoing(), at_once)
    server.held[0] |= {"status": "delivered", "completed_at": "2021-01-15T08:02:00.000000Z"}

    said = [transport.became_of(receipt.provider_id), transport.became_of(SERVICE)]

    assert said == [Delivered(Delivery.DELIVERED, NOW + timedelta(minutes=2)), None]


@pytest.mark.parametrize("get", ["500", "429", "403-revoked", "cut", "201-words", "202"])
def test_what_cannot_be_asked_now_is_asked_later(server, transport, get):
    server.next_gets = [get, get]

    for ask in (transport.find, transport.became_of):
        with pytest.raises(TemporaryRefusal):
            ask(SERVICE)


def test_the_administrator_reads_what_to_look_at(server, transport):
    sentences = {}

    for post in ("400-team", "400-address", "403-revoked", "429-day"):
        server.next_posts = [post]
        with pytest.raises((Unreachable, PermanentRefusal)) as refused:
            transport.send(outgoing(), at_once)
        sentences[post] = str(refused.value)

    assert sentences == {
        "400-team": "GOV.UK Notify did not take the email. Most often the key is team-only or the service in trial "
        "mode: then only people of its team and guest list can be written to. Else the template is missing, or has "
        "other placeholders than ((subject)) and ((body)). Put it right in Notify.",
        "400-address": "GOV.UK Notify says that this is no email address. Correct it on the person's record.",
        "403-revoked": "GOV.UK Notify does not let us in (403). Look at three things: the clock of this machine must "
        "be right to 30 seconds; the key must not have been revoked; TRACKER_NOTIFY_KEY must be of the service whose "
        "template is used.",
        "429-day": "GOV.UK Notify takes no more emails of this service today; the rest go after midnight.",
    }


def test_nothing_secret_or_personal_is_logged_or_shown(server, transport, caplog):
    caplog.set_level(logging.DEBUG)
    said = [repr(transport), repr(NotifySettings(KEY, callback_token="t" * 40))]

    for post in ("201", "400-address", "400-team", "403-revoked", "500", "502", "cut", "stall"):
        server.next_posts = [post]
        transport.timeout = 0.05 if post == "stall" else 10
        transport.close()
        try:
            transport.send(outgoing(), at_once)
        except Exception as refused:
            said.append(repr(refused))
    transport.close()
    transport.timeout = 10
    transport.find(NAME)

    everything = "\n".join([*said, caplog.text])
    assert len(said) == 9
    assert [
        one for one in (SECRET, KEY, "t" * 40, "eyJ", "joy@", "Dear Joy", "A214", "/v2/") if one in everything
    ] == []


def test_the_official_decoder_takes_our_token():
    ours = service_of(NotifySettings(KEY, TEMPLATE))
    now = int(time.time())

    taken = []
    for issued_at in (now, now - 5, now - 60, now + 120):
        try:
            taken.append(decode_jwt_token(token(ours, issued_at), SECRET))
        except TokenError:
            taken.append(False)

    assert taken == [True, True, False, False]


def test_the_official_client_finds_in_our_server_what_it_expects(server):
    client = NotificationsAPIClient(KEY, base_url=server.url, timeout=120)
    server.next_posts = ["201", "400-team", "429", "500"]

    with client.request_session:
        answer = client.send_email_notification("joy@agency.example", TEMPLATE, {"body": "x"}, reference="one")
        refused = []
        for _ in range(3):
            with pytest.raises(HTTPError) as wrong:
                client.send_email_notification("joy@agency.example", TEMPLATE)
            refused.append((wrong.value.status_code, [one["error"] for one in wrong.value.message]))
        one = client.get_notification_by_id(answer["id"])
        found = client.get_all_notifications(reference="one")
        with pytest.raises(HTTPError) as strange:
            NotificationsAPIClient(f"x-{SERVICE}-{SERVICE}", base_url=server.url).get_notification_by_id(answer["id"])

    assert refused == [(400, ["BadRequestError"]), (429, ["RateLimitError"]), (500, ["Exception"])]
    assert (one["status"], [each["id"] for each in found["notifications"]]) == ("created", [answer["id"]])
    assert strange.value.status_code == 403


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"key": None}, "TRACKER_NOTIFY_KEY"),
        ({"key": "hidden"}, "TRACKER_NOTIFY_KEY"),
        ({"key": KEY + "hidden"}, "TRACKER_NOTIFY_KEY"),
        ({"template": None}, "TRACKER_NOTIFY_TEMPLATE"),
        ({"template": "hidden"}, "TRACKER_NOTIFY_TEMPLATE"),
        ({"templates": {"escalation_digest": "hidden"}}, "TRACKER_NOTIFY_TEMPLATE_ESCALATION_DIGEST"),
        ({"templates": {"no_such": TEMPLATE}}, "TRACKER_NOTIFY_TEMPLATE_NO_SUCH"),
        ({"url": "http://hidden.example"}, "TRACKER_NOTIFY_URL"),
        ({"url": "https://me:hidden@notify.example"}, "TRACKER_NOTIFY_URL"),
        ({"url": "https://notify.example/hidden"}, "TRACKER_NOTIFY_URL"),
        ({"url": "https://[hidden"}, "TRACKER_NOTIFY_URL"),
        ({"url": "https://notify.example:hidden"}, "TRACKER_NOTIFY_URL"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_not_shown(wrong, named):
    settings = NotifySettings(**{"key": KEY, "template": TEMPLATE} | wrong)

    with pytest.raises(ValueError) as refused:
        transport_for("notify:", PostSettings(notify=settings))

    assert (str(refused.value).partition(" ")[0], "hidden" in str(refused.value)) == (named, False)


def test_the_key_is_read_from_its_end_whatever_its_name_is():
    service = service_of(NotifySettings(f"a-name - with-hyphens-{SERVICE}-{SECRET}", TEMPLATE))

    assert (service.service_id, service.secret) == (SERVICE, SECRET)
    assert NotifyTransport(service).tells_after == timedelta(seconds=60)
