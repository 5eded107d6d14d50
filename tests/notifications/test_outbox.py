"""The outbox and its delivery, on both databases and into a real folder."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import Session, col, select, update

from notifications import outbox, sender, writing
from notifications.delivery import DeliveryCount, deliver_waiting
from notifications.folder import FolderTransport
from notifications.leases import Lease
from notifications.outbox import Message
from notifications.rendering import Mail, compose
from notifications.transports import (
    Commit,
    Doubtful,
    OutgoingMail,
    PermanentRefusal,
    Receipt,
    TemporaryRefusal,
    Unreachable,
)
from tests.notifications.letters import a_morning, an_action
from tracker.database import unit_of_work

NOW = datetime(2021, 1, 15, 8, 0, tzinfo=UTC)

OpenSession = Callable[[], AbstractContextManager[Session]]


@dataclass
class Refusing:
    """A way out that refuses as often as it is told, then takes everything."""

    refusals: list[BaseException]
    taken: list[str] = field(default_factory=list)
    tells_after: timedelta | None = None

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Refuse, or take the message; a doubt comes after the last step."""
        if self.refusals and not isinstance(self.refusals[0], Doubtful):
            raise self.refusals.pop(0)
        commit()
        if self.refusals:
            raise self.refusals.pop(0)
        self.taken.append(outgoing.to_address)
        return Receipt(provider_id=f"taken {len(self.taken)}")

    def find(self, message_id: str) -> Receipt | None:
        """Know of nothing sent before."""
        return None

    def close(self) -> None:
        """Keep nothing open."""


@pytest.fixture
def open_session(engine) -> OpenSession:
    """Give the way to open a unit of work."""
    return partial(unit_of_work, engine)


def put(session: Session, key: str = "reminder:1:2021-01-15", **facts: object) -> bool:
    """Put a dull message in, but for what the test names."""
    given = {
        "kind": "action_reminder",
        "person_id": 1,
        "to_name": "Joy Okafor",
        "to_address": "joy@agency.example",
        "about": "A214",
        "facts": {"actions": ["A214"]},
        "due_at": NOW,
        "planned_at": NOW,
        "routine": True,
    }
    return outbox.put(session, key=key, **{**given, **facts})


def put_some(open_session: OpenSession, *keys: str, **facts: object) -> None:
    """Put messages in and commit."""
    with open_session() as session:
        for key in keys:
            put(session, key, **facts)


def written(session: Session, message: Message) -> Mail:
    """Write the email of a message from its references."""
    actions = tuple(an_action(reference) for reference in message.known()["actions"])
    return compose(message.kind, a_morning(answer_by=date(2021, 1, 22), actions=actions))


def states(open_session: OpenSession) -> list[tuple[str, str]]:
    """Give key and state of every message."""
    with open_session() as session:
        return [(message.key, message.state) for message in outbox.messages(session)]


def at(moment: datetime) -> Callable[[], datetime]:
    """Give a clock that stands still."""
    return lambda: moment


def test_a_key_put_twice_is_one_message(open_session):
    with open_session() as session:
        first = [put(session), put(session)]
    with open_session() as session:
        second = put(session)

    assert (first, second) == ([True, False], False)
    assert states(open_session) == [("reminder:1:2021-01-15", "queued")]


def test_a_deed_that_fails_leaves_no_message(open_session):
    with pytest.raises(ZeroDivisionError), open_session() as session:
        put(session) and 1 // 0

    assert states(open_session) == []


def test_a_message_keeps_what_was_put_in(open_session):
    put_some(open_session, "k", due_at=NOW + timedelta(hours=1))

    with open_session() as session:
        (message,) = outbox.messages(session)

    assert message.model_dump() == {
        "id": message.id,
        "kind": "action_reminder",
        "person_id": 1,
        "to_name": "Joy Okafor",
        "to_address": "joy@agency.example",
        "about": "A214",
        "key": "k",
        "facts": '{"actions": ["A214"]}',
        "routine": True,
        "state": "queued",
        "planned_at": NOW,
        "due_at": NOW + timedelta(hours=1),
        "not_before": NOW + timedelta(hours=1),
        "tried_since": None,
        "critical": False,
        "doubtful_since": None,
        "repeats": 0,
        "address_refused": False,
        "delivery": None,
        "delivery_at": None,
        "delivery_asked_at": None,
        "settled_at": None,
        "attempts": 0,
        "claimed_by": None,
        "fence": 0,
        "sent_at": None,
        "last_error": None,
        "subject": None,
        "body_sha256": None,
        "provider_id": None,
    }
    assert message.due_at.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(open_session):
    with pytest.raises(StatementError), open_session() as session:
        put(session, due_at=NOW.replace(tzinfo=None))


def test_an_unknown_state_is_refused_by_the_database(open_session):
    put_some(open_session, "k")

    with pytest.raises(IntegrityError), open_session() as session:
        session.exec(update(Message).values(state="lost"))


def test_delivery_sends_what_is_due_and_a_second_one_sends_nothing(open_session, tmp_path):
    put_some(open_session, "1", "2")
    put_some(open_session, "later", due_at=NOW + timedelta(minutes=1))

    counts = [deliver_waiting(open_session, FolderTransport(tmp_path), written, at(NOW)) for _ in range(2)]

    assert counts == [
        DeliveryCount(sent=2, superseded=0, failed=0, uncertain=0, waiting=0),
        DeliveryCount(sent=0, superseded=0, failed=0, uncertain=0, waiting=0),
    ]
    assert states(open_session) == [("1", "sent"), ("2", "sent"), ("later", "queued")]
    assert len(list(tmp_path.glob("*.eml"))) == 2


def test_a_sent_message_is_marked_with_moment_subject_and_what_the_transport_called_it(open_session, tmp_path):
    put_some(open_session, "1")

    deliver_waiting(open_session, FolderTransport(tmp_path), written, at(NOW))

    with open_session() as session:
        (message,) = outbox.messages(session)
    assert (message.sent_at, message.subject, message.provider_id, message.attempts, message.claimed_by) == (
        NOW,
        "1 action needs an update by 22 January 2021: A214",
        "00000001-20210115T080000Z-action_reminder.eml",
        1,
        None,
    )
    assert len(message.body_sha256) == 64


def test_the_oldest_goes_first(open_session, tmp_path):
    put_some(open_session, "young", to_address="young@agency.example")
    put_some(open_session, "old", to_address="old@agency.example", due_at=NOW - timedelta(days=1))
    transport = Refusing([])

    deliver_waiting(open_session, transport, written, at(NOW))

    assert transport.taken == ["old@agency.example", "young@agency.example"]


def test_a_message_without_reason_any_more_is_superseded_not_sent(open_session, tmp_path):
    put_some(open_session, "closed meanwhile")

    count = deliver_waiting(open_session, FolderTransport(tmp_path), lambda session, message: None, at(NOW))

    assert count == DeliveryCount(sent=0, superseded=1, failed=0, uncertain=0, waiting=0)
    assert states(open_session) == [("closed meanwhile", "superseded")]
    assert list(tmp_path.iterdir()) == []


def test_a_message_that_was_taken_back_is_not_sent(open_session, tmp_path):
    put_some(open_session, "1")
    put_some(open_session, "2", about="A215")

    with open_session() as session:
        taken_back = outbox.supersede(session, kind="action_reminder", about="A214")
    count = deliver_waiting(open_session, FolderTransport(tmp_path), written, at(NOW))

    assert taken_back == 1
    assert count == DeliveryCount(sent=1, superseded=0, failed=0, uncertain=0, waiting=0)
    assert states(open_session) == [("1", "superseded"), ("2", "sent")]


def test_what_was_sent_cannot_be_taken_back(open_session, tmp_path):
    put_some(open_session, "1")
    deliver_waiting(open_session, FolderTransport(tmp_path), written, at(NOW))

    with open_session() as session:
        taken_back = outbox.supersede(session, key="1")

    assert (taken_back, states(open_session)) == (0, [("1", "sent")])


def test_taking_back_without_saying_what_is_refused(open_session):
    with pytest.raises(ValueError, match="Say which messages"), open_session() as session:
        outbox.supersede(session)


def test_a_poisoned_message_fails_alone(open_session, tmp_path):
    put_some(open_session, "1", "2")
    put_some(open_session, "poison", facts={"actions": [["no", "reference"]]}, about="A9", due_at=NOW - timedelta(1))

    def compose_or_fail(session: Session, message: Message) -> Mail:
        if message.key == "poison":
            raise KeyError("a name the template does not know")
        return written(session, message)

    count = deliver_waiting(open_session, FolderTransport(tmp_path), compose_or_fail, at(NOW))

    assert count == DeliveryCount(sent=2, superseded=0, failed=1, uncertain=0, waiting=0)
    with open_session() as session:
        (failed,) = outbox.messages(session, state="failed")
    assert (failed.key, failed.last_error, failed.sent_at) == (
        "poison",
        "KeyError: 'a name the template does not know'",
        None,
    )


def test_a_message_whose_facts_break_the_database_question_fails_alone(open_session, tmp_path):
    put_some(open_session, "poison", "2")

    def ask_wrongly(session: Session, message: Message) -> Mail:
        if message.key == "poison":
            session.connection().exec_driver_sql("INSERT INTO message (id) VALUES (NULL)")
        return written(session, message)

    count = deliver_waiting(open_session, FolderTransport(tmp_path), ask_wrongly, at(NOW))

    assert count == DeliveryCount(sent=1, superseded=0, failed=1, uncertain=0, waiting=0)


def test_message_that_cannot_be_written_between_others_fails_alone_and_the_others_go_in_their_order(open_session):
    for hour, name in enumerate(("first", "poison", "last")):
        put_some(open_session, name, to_address=f"{name}@agency.example", due_at=NOW - timedelta(hours=9 - hour))
    transport = Refusing([])

    def compose_or_fail(session: Session, message: Message) -> Mail:
        if message.key == "poison":
            raise KeyError("a name the template does not know")
        return written(session, message)

    count = deliver_waiting(open_session, transport, compose_or_fail, at(NOW))

    assert count == DeliveryCount(sent=2, superseded=0, failed=1, uncertain=0, waiting=0)
    assert transport.taken == ["first@agency.example", "last@agency.example"]
    assert states(open_session) == [("first", "sent"), ("poison", "failed"), ("last", "sent")]


def test_what_was_taken_and_not_begun_when_the_work_ends_waits_as_if_nobody_had_taken_it(open_session):
    put_some(open_session, "1", "2", "3")
    transport = Refusing([])

    count = deliver_waiting(open_session, transport, written, at(NOW), is_ended=lambda: bool(transport.taken))

    with open_session() as session:
        left = outbox.messages(session, state="queued")
    assert count == DeliveryCount(sent=1, superseded=0, failed=0, uncertain=0, waiting=2)
    assert [(one.attempts, one.tried_since, one.claimed_by) for one in left] == [(0, None, None)] * 2


@dataclass
class Slow(Refusing):
    """A way out that takes longer for one email than a written one keeps."""

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Take it, in its time."""
        time.sleep(0.02)
        return super().send(outgoing, commit)


def test_email_that_waits_long_behind_another_is_written_from_the_facts_of_its_own_moment(open_session, monkeypatch):
    monkeypatch.setattr(sender, "LONGEST_IN_HAND", 0.01)
    put_some(open_session, "1", "2", "3")
    transport = Slow([])

    def while_none_has_gone(session: Session, message: Message) -> Mail | None:
        return None if transport.taken else written(session, message)

    count = deliver_waiting(open_session, transport, while_none_has_gone, at(NOW))

    assert count == DeliveryCount(sent=1, superseded=2, failed=0, uncertain=0, waiting=0)


def test_emails_that_take_long_to_write_are_not_all_written_before_the_first_goes(open_session, monkeypatch):
    monkeypatch.setattr(writing, "LONGEST_WRITING", 0.01)
    put_some(open_session, "1", "2", "3")
    transport, had_gone = Refusing([]), []

    def slowly(session: Session, message: Message) -> Mail:
        had_gone.append(len(transport.taken))
        time.sleep(0.02)
        return written(session, message)

    count = deliver_waiting(open_session, transport, slowly, at(NOW))

    assert (count.sent, had_gone) == (3, [0, 1, 2])
    with open_session() as session:
        assert [message.attempts for message in outbox.messages(session)] == [1, 1, 1]


@pytest.fixture
def unhurried(monkeypatch):
    """Let as many be written together as are taken, however slow the machine is."""
    monkeypatch.setattr(writing, "LONGEST_WRITING", 60.0)
    monkeypatch.setattr(sender, "LONGEST_IN_HAND", 60.0)


@pytest.mark.usefixtures("unhurried")
def test_messages_that_are_taken_together_are_read_ahead_together(open_session):
    put_some(open_session, *"12345")
    ahead = []

    deliver_waiting(
        open_session,
        Refusing([]),
        written,
        at(NOW),
        read_ahead=lambda session, messages: ahead.append([message.key for message in messages]),
    )

    assert ahead == [["1", "2"], ["3", "4", "5"]]


@pytest.mark.usefixtures("unhurried")
def test_emails_behind_one_that_gets_no_answer_are_left_to_another_sender(open_session):
    put_some(open_session, *"12345")
    others = Refusing([])

    class Stalling(Refusing):
        """A way out that does not answer to the first email until another sender has come by."""

        def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
            """Take it, later."""
            if not others.taken:
                deliver_waiting(open_session, others, written, at(NOW))
            return super().send(outgoing, commit)

    stalling = Stalling([])
    deliver_waiting(open_session, stalling, written, at(NOW))

    assert (len(stalling.taken), len(others.taken)) == (2, 3)


@pytest.mark.usefixtures("unhurried")
def test_sender_that_wakes_with_several_in_hand_sends_none_that_another_has_taken(open_session):
    put_some(open_session, "1", "2", "3")
    others = Refusing([])

    class Sleeping(Refusing):
        """A way out on which its sender sleeps past its lease after the first email, while another one comes by."""

        def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
            """Take the first, then sleep."""
            receipt = super().send(outgoing, commit)
            with open_session() as session:
                session.exec(update(Lease).values(expires_at=0))
            deliver_waiting(open_session, others, written, at(NOW))
            return receipt

    sleeping = Sleeping([])
    deliver_waiting(open_session, sleeping, written, at(NOW))

    # That the first went only the sleeper knows, and says when it wakes.
    assert (len(sleeping.taken), len(others.taken)) == (1, 2)
    assert states(open_session) == [("1", "sent"), ("2", "sent"), ("3", "sent")]


def test_an_address_that_is_none_fails_with_a_sentence(open_session, tmp_path):
    put_some(open_session, "1", to_address="joy okafor\r\nBcc: evil@e.example")

    count = deliver_waiting(open_session, FolderTransport(tmp_path), written, at(NOW))

    with open_session() as session:
        (message,) = outbox.messages(session)
    assert count == DeliveryCount(sent=0, superseded=0, failed=1, uncertain=0, waiting=0)
    assert message.last_error == (
        "This is no email address that mail can be sent to. Correct it on the person's record."
    )


def test_a_temporary_refusal_is_tried_again_after_a_rest(open_session):
    put_some(open_session, "1")
    transport = Refusing([TemporaryRefusal("The post is closed."), TemporaryRefusal("The post is closed.")])
    minutes = [0, 0, 2, 3, 9]

    counts = [
        deliver_waiting(open_session, transport, written, at(NOW + timedelta(minutes=minute))) for minute in minutes
    ]

    assert [(count.sent, count.waiting) for count in counts] == [(0, 1), (0, 1), (0, 1), (0, 1), (1, 0)]
    assert transport.taken == ["joy@agency.example"]


def test_messages_that_were_refused_are_told_apart_from_those_that_only_wait(open_session):
    put_some(open_session, "refused")
    transport = Refusing([TemporaryRefusal("The post is closed.")])
    deliver_waiting(open_session, transport, written, at(NOW))
    put_some(open_session, "new")

    with open_session() as session:
        # The first rest is a minute and, by its number, a little more.
        at_once, later = (
            [
                (message.key, message.last_error)
                for message in outbox.turned_away(session, NOW + timedelta(minutes=rest))
            ]
            for rest in (0, 2)
        )

    assert (at_once, later) == ([("refused", "The post is closed.")], [])


def test_a_message_refused_for_three_days_is_given_up(open_session):
    put_some(open_session, "1")
    transport = Refusing([TemporaryRefusal("The post is closed.")] * 20)

    counts = [
        deliver_waiting(open_session, transport, written, at(NOW + timedelta(hours=8 * turn))) for turn in range(12)
    ]

    assert [count.failed for count in counts] == [0] * 9 + [1, 0, 0]
    assert len(transport.refusals) == 10


def test_service_that_was_away_for_a_week_gives_nothing_up(open_session):
    put_some(open_session, "1")
    transport = Refusing([TemporaryRefusal("The post is closed.")])

    counts = [deliver_waiting(open_session, transport, written, at(NOW + timedelta(days=7 + turn))) for turn in (0, 1)]

    assert [(count.failed, count.sent) for count in counts] == [(0, 0), (0, 1)]


def test_service_that_says_when_to_come_back_is_not_asked_before(open_session):
    put_some(open_session, "1")
    transport = Refusing([TemporaryRefusal("Too many at once.", retry_after=timedelta(minutes=30))])

    counts = [deliver_waiting(open_session, transport, written, at(NOW + timedelta(minutes=m))) for m in (0, 29, 30)]

    assert [count.sent for count in counts] == [0, 0, 1]


def test_round_ends_when_the_server_is_away_five_times_running(open_session):
    put_some(open_session, *"123456789")
    transport = Refusing([Unreachable("Nobody answers.")] * 20)

    deliver_waiting(open_session, transport, written, at(NOW))

    assert len(transport.refusals) == 15


def test_a_permanent_refusal_is_not_tried_again(open_session):
    put_some(open_session, "1")
    transport = Refusing([PermanentRefusal("There is no such mailbox.")])

    counts = [deliver_waiting(open_session, transport, written, at(NOW + timedelta(days=turn))) for turn in range(2)]

    assert [(count.sent, count.failed) for count in counts] == [(0, 1), (0, 0)]


def test_a_message_left_behind_before_it_was_handed_over_goes_once(open_session, tmp_path):
    put_some(open_session, "1")
    leave_behind(open_session, written, Refusing([KeyboardInterrupt()]))

    count = deliver_waiting(open_session, FolderTransport(tmp_path), written, at(NOW))

    assert count == DeliveryCount(sent=1, superseded=0, failed=0, uncertain=0, waiting=0)
    assert len(list(tmp_path.glob("*.eml"))) == 1


def test_message_of_a_sender_that_is_heard_of_is_left_to_it(open_session, tmp_path):
    put_some(open_session, "1")
    counts = []

    class Asking(FolderTransport):
        """A folder while whose email is written another sender comes by."""

        def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
            """Let the other one look for work."""
            counts.append(deliver_waiting(open_session, FolderTransport(tmp_path), written, at(NOW)))
            return super().send(outgoing, commit)

    counts.append(deliver_waiting(open_session, Asking(tmp_path), written, at(NOW)))

    assert [(count.sent, count.waiting) for count in counts] == [(0, 1), (1, 0)]


@dataclass(frozen=True)
class DyingAfterwards(FolderTransport):
    """A folder whose sender dies when the email lies in it and is not marked yet."""

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Write the email, and die."""
        FolderTransport(self.path).send(outgoing, commit)
        raise KeyboardInterrupt


def test_a_message_left_behind_after_it_was_handed_over_is_found_not_doubled(open_session, tmp_path):
    put_some(open_session, "1")
    leave_behind(open_session, written, DyingAfterwards(tmp_path))

    count = deliver_waiting(open_session, FolderTransport(tmp_path), written, at(NOW))

    assert count == DeliveryCount(sent=0, superseded=0, failed=0, uncertain=0, waiting=0)
    assert states(open_session) == [("1", "sent")]
    assert len(list(tmp_path.glob("*.eml"))) == 1


def leave_behind(open_session: OpenSession, compose_for: Callable[[Session, Message], Mail], transport: object) -> None:
    """Let a sender die in the middle of a message."""
    with pytest.raises(KeyboardInterrupt):
        deliver_waiting(open_session, transport, compose_for, at(NOW))


def test_a_sender_that_was_overtaken_cannot_mark(open_session, tmp_path):
    put_some(open_session, "1")

    class Overtaken(Refusing):
        """A way out on which another sender takes the message over meanwhile."""

        def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
            """Let the other one claim it."""
            with open_session() as session:
                session.exec(update(Message).values(fence=7))
            return super().send(outgoing, commit)

    overtaken = Overtaken([])
    count = deliver_waiting(open_session, overtaken, written, at(NOW))

    with open_session() as session:
        state = session.exec(select(col(Message.state))).one()
    assert (count, state) == (DeliveryCount(sent=0, superseded=0, failed=0, uncertain=0, waiting=1), "sending")
    assert overtaken.taken == []


def test_a_message_that_is_held_stays(open_session, tmp_path):
    put_some(open_session, "1")
    with open_session() as session:
        session.exec(update(Message).values(state="held"))

    count = deliver_waiting(open_session, FolderTransport(tmp_path), written, at(NOW))

    assert count == DeliveryCount(sent=0, superseded=0, failed=0, uncertain=0, waiting=0)


def test_a_full_disk_is_a_temporary_refusal(open_session, tmp_path):
    put_some(open_session, "1")
    (tmp_path / "mail").write_text("a file where the folder should be")

    count = deliver_waiting(open_session, FolderTransport(tmp_path / "mail"), written, at(NOW))

    with open_session() as session:
        (message,) = outbox.messages(session)
    assert count == DeliveryCount(sent=0, superseded=0, failed=0, uncertain=0, waiting=1)
    assert (message.state, message.last_error) == ("queued", "The mail folder cannot be written: File exists.")


@pytest.mark.parametrize("moment", [NOW, datetime(2021, 7, 1, 7, 0, tzinfo=UTC)])
def test_moments_come_back_as_they_went_in(open_session, moment: datetime, tmp_path: Path):
    put_some(open_session, "1", due_at=moment, planned_at=moment)

    with open_session() as session:
        (message,) = outbox.messages(session)

    assert (message.due_at, message.planned_at) == (moment, moment)


def test_three_senders_at_once_send_each_message_once(open_session, tmp_path):
    put_some(open_session, *(f"{number}" for number in range(40)))
    send = partial(deliver_waiting, open_session, FolderTransport(tmp_path), written, at(NOW))

    with ThreadPoolExecutor(3) as senders:
        counts = [sender.result() for sender in [senders.submit(send) for _ in range(3)]]

    sent = [re.search(rb"Message-ID: <(\d+)\.", path.read_bytes())[1] for path in tmp_path.glob("*.eml")]
    assert sum(count.sent for count in counts) == 40
    assert (len(sent), len(set(sent))) == (40, 40)
