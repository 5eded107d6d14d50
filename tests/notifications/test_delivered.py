"""What became of an email: whatever is heard, in whatever order and however often, the same stands there at the end."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlmodel import select

from notifications.delivered import Delivered, Delivery, follow, hear, higher, record
from notifications.doubts import MOST_ASKED, count, take_over
from notifications.finding import unsettled
from notifications.outbox import Message, message_id_of
from notifications.transports import Unreachable
from tests.notifications.test_notify_matrix import put
from tracker.database import unit_of_work

NOW = datetime(2021, 1, 15, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def open_session(engine):
    """Give the way to open a unit of work."""
    return partial(unit_of_work, engine)


def sent(open_session, *keys: str, **facts: object) -> list[int]:
    """Put messages that Notify took, and give their numbers."""
    numbers = []
    for key in keys:
        put(open_session, key)
        with open_session() as session:
            message = session.exec(select(Message).where(Message.key == key)).one()
            given = {"state": "sent", "sent_at": NOW, "provider_id": str(UUID(int=message.id)), **facts}
            for name, value in given.items():
                setattr(message, name, value)
            numbers.append(message.id)
    return numbers


def stands(open_session, number: int) -> tuple[object, ...]:
    """Say what is kept of a message."""
    with open_session() as session:
        message = session.get_one(Message, number)
        return message.state, message.delivery, message.delivery_at, message.address_refused


class Asked:
    """A service that can be asked, and answers as it is told; nothing more after its answers have run out."""

    def __init__(self, *answers: Delivered | None) -> None:
        self.answers = list(answers)
        self.asked: list[int] = []
        self.is_closed = False

    def became_of(self, provider_id: str) -> Delivered | None:
        """Answer what comes next."""
        if not self.answers:
            raise Unreachable("It is away.")
        self.asked.append(UUID(provider_id).int)
        return self.answers.pop(0)

    def close(self) -> None:
        """Note it."""
        self.is_closed = True


def test_ten_thousand_callbacks_in_any_order_leave_the_same():
    heard = [Delivered(delivery, NOW + minute * timedelta(minutes=1)) for delivery in Delivery for minute in (1, 2)]
    chance = random.Random(4)

    ends: dict[int, set[Delivered | None]] = {}
    for rank in range(len(Delivery)):
        # As many as may have come by then, each at least twice.
        some = heard[: 2 * rank + 2] * 2
        for _ in range(10_000 // len(some)):
            stands = None
            for said in chance.sample(some, len(some)):
                stands = higher(stands, said)
            ends.setdefault(rank, set()).add(stands)

    first = NOW + timedelta(minutes=1)
    assert ends == {rank: {Delivered(delivery, first)} for rank, delivery in enumerate(Delivery)}


def test_callbacks_in_any_order_leave_the_same_in_the_records(open_session):
    heard = [Delivered(delivery, NOW + minute * timedelta(minutes=1)) for delivery in Delivery for minute in (1, 2)]
    chance = random.Random(5)
    numbers = sent(open_session, *"abcdef")

    with open_session() as session:
        for rank, number in enumerate(numbers):
            some = heard[: 2 * rank + 2] * 2
            for said in chance.sample(some, len(some)):
                record(session, number, said, NOW + HOUR)

    first = NOW + timedelta(minutes=1)
    assert [stands(open_session, number) for number in numbers] == [
        ("sent", delivery.value, first, delivery is Delivery.PERMANENT_FAILURE) for delivery in Delivery
    ]


def test_a_late_delivery_takes_back_that_an_address_is_no_good(open_session):
    [number] = sent(open_session, "k")

    with open_session() as session:
        record(session, number, Delivered(Delivery.PERMANENT_FAILURE), NOW)
    refused = stands(open_session, number)
    with open_session() as session:
        record(session, number, Delivered(Delivery.DELIVERED), NOW + HOUR)

    assert (refused, stands(open_session, number)) == (
        ("sent", "permanent-failure", NOW, True),
        ("sent", "delivered", NOW + HOUR, False),
    )


def test_a_callback_settles_a_doubt_and_is_kept_for_what_is_still_being_sent(open_session):
    known = {"sent_at": None, "provider_id": None, "doubtful_since": NOW}
    [doubtful] = sent(open_session, "doubtful", state="uncertain", **known)
    [committing] = sent(open_session, "committing", state="committing", **known)
    name = str(UUID(int=7))

    with open_session() as session:
        said = Delivered(Delivery.DELIVERED)
        known = [
            hear(session, message_id_of(session.get_one(Message, number)), name, said, NOW + HOUR)
            for number in (doubtful, committing)
        ]
        unknown = [
            hear(session, reference, name, said, NOW)
            for reference in ("<1.0000000000000000@learning-tracker>", "<99.x@y>", "", "x", "<٣.x>", "<" + "9" * 40)
        ]

    assert (known, unknown) == ([True, True], [False] * 6)
    assert [stands(open_session, number) for number in (doubtful, committing)] == [
        ("sent", "delivered", NOW + HOUR, False),
        ("committing", "delivered", NOW + HOUR, False),
    ]


def test_notify_is_asked_once_an_hour_for_three_days_until_there_is_an_end(open_session):
    ended, on_the_way, unknown = sent(open_session, "a", "b", "c")
    sent(open_session, "folder", provider_id="00000001-20210115T080000Z-action_reminder.eml")
    rounds = {}

    for minutes in (30, 60, 90, 121, 3 * 24 * 60 - 1, 3 * 24 * 60):
        answers = [Delivered(Delivery.DELIVERED), Delivered(Delivery.SENDING), None]
        asked = Asked(*(answers if minutes == 60 else answers[1:]))
        follow(open_session, asked, NOW + timedelta(minutes=minutes))
        rounds[minutes] = asked.asked

    assert rounds == {
        30: [],
        60: [ended, on_the_way, unknown],
        90: [],
        121: [on_the_way, unknown],
        3 * 24 * 60 - 1: [on_the_way, unknown],
        3 * 24 * 60: [],
    }
    with open_session() as session:
        shown = [
            [message.id for message in unsettled(session, [], NOW + timedelta(days=days)).silent]
            for days in (2, 3, 29, 31)
        ]
    assert shown == [[], [on_the_way, unknown], [on_the_way, unknown], []]


def test_a_round_asks_for_so_many_and_stops_when_nobody_answers(open_session):
    numbers = sent(open_session, *"abcde")
    away, bounded = Asked(Delivered(Delivery.DELIVERED)), Asked(*[None] * 9)

    heard = [
        follow(open_session, away, NOW + HOUR, most=3),
        follow(open_session, bounded, NOW + HOUR, most=3),
    ]

    assert (heard, away.asked, bounded.asked) == ([1, 0], numbers[:1], numbers[3:])
    assert (away.is_closed, bounded.is_closed) == (True, True)


def test_program_that_has_to_end_asks_for_no_more(open_session):
    numbers = sent(open_session, *"abc")
    service = Asked(*[None] * 9)

    follow(open_session, service, NOW + HOUR, lambda: len(service.asked) == 2)

    assert (service.asked, service.is_closed) == (numbers[:2], True)


class Knows:
    """A service that can tell of each message whether it went: none did."""

    tells_after = timedelta(minutes=1)

    def __init__(self) -> None:
        self.asked: list[str] = []

    def find(self, name: str) -> None:
        """Note the question."""
        self.asked.append(name)


def test_doubts_are_asked_about_some_at_a_time_and_not_after_the_end(open_session):
    sent(
        open_session,
        *(f"key {number}" for number in range(MOST_ASKED + 5)),
        state="uncertain",
        doubtful_since=NOW,
        sent_at=None,
    )
    service, left = Knows(), []

    for most in (3, 1000, 1000):
        take_over(open_session, service, lambda: NOW + HOUR, lambda most=most: len(service.asked) >= most)
        with open_session() as session:
            left.append(count(session))

    assert left == [MOST_ASKED + 2, 2, 0]
    assert len(service.asked) == len(set(service.asked)) == MOST_ASKED + 5


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({"status": "sending", "created_at": "2021-01-15T08:00:00Z"}, Delivered(Delivery.SENDING, NOW)),
        (
            {"status": "delivered", "completed_at": "2021-01-15T09:00:00.000000Z", "sent_at": "2021-01-15T08:00:00Z"},
            Delivered(Delivery.DELIVERED, NOW + HOUR),
        ),
        ({"status": "delivered", "completed_at": "soon", "sent_at": 7}, Delivered(Delivery.DELIVERED)),
        ({"status": "received"}, None),
        ({"status": ["delivered"]}, None),
        ({}, None),
    ],
)
def test_what_notify_says_is_read_or_left_alone(document, said):
    assert Delivered.said(document) == said
