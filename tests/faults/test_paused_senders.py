"""Senders that are stopped past their lease and woken again: each email goes once, and every doubt is listed."""

import random
import time
from collections import Counter
from email import message_from_bytes

import pytest
from sqlalchemy import Engine, func
from sqlmodel import col, select

from notifications.outbox import Message, MessageState, message_id_of
from tests.faults.pausing import Pauses, deliver_until_told, put_many
from tests.faults.size import scaled
from tests.forking import CONTEXT
from tests.notifications.smtp_server import Play, SmtpServer
from tracker.database import reading, unit_of_work

SECONDS = 1800
_ON_THE_WAY = [state.value for state in (MessageState.QUEUED, MessageState.SENDING, MessageState.COMMITTING)]
_MAY_HAVE_GONE = (MessageState.UNCERTAIN, MessageState.ASSUMED_SENT)


def on_the_way(engine: Engine) -> int:
    with reading(engine) as session:
        return session.exec(select(func.count()).where(col(Message.state).in_(_ON_THE_WAY))).one()


def deliver_with_pauses(engine: Engine, url: str, server: SmtpServer, processes: int, pauses: int) -> int:
    """Let processes deliver everything while they are stopped and woken; gives how often that was done."""
    is_over = CONTEXT.Event()
    senders = [CONTEXT.Process(target=deliver_until_told, args=(url, server.port, is_over)) for _ in range(processes)]
    for sender in senders:
        sender.start()
    stopping = Pauses([sender.pid for sender in senders], pauses, random.Random(1))
    stopping.begin()
    while on_the_way(engine):
        time.sleep(0.5)
    stopping.end()
    is_over.set()
    for sender in senders:
        sender.join()
    assert [sender.exitcode for sender in senders] == [0] * processes
    return stopping.done


def judged(engine: Engine, server: SmtpServer) -> tuple[Counter[str], int, list[str]]:
    """Give how many messages ended how, how many had been in more than one sender's hands, and what is wrong."""
    arrived = Counter(message_from_bytes(taken.content)["Message-ID"] for taken in server.record.taken)
    with reading(engine) as session:
        messages = session.exec(select(Message)).all()
    wrong = []
    for message in messages:
        copies = arrived.pop(message_id_of(message), 0)
        may_be_missing = message.state in _MAY_HAVE_GONE
        if copies > 1 or (copies == 0 and not may_be_missing) or message.state not in (*_MAY_HAVE_GONE, "sent"):
            wrong.append(f"message {message.id}: {message.state}, {copies} arrived")
    again = sum(message.fence > 1 for message in messages)
    return Counter(message.state for message in messages), again, [*wrong, *arrived]


@pytest.mark.timeout(SECONDS)
@pytest.mark.parametrize(
    ("database", "processes", "messages", "pauses"),
    [("postgresql", 8, scaled(20_000), scaled(200)), ("sqlite", 4, scaled(4_000), scaled(40))],
)
def test_stopped_senders_double_nothing_and_lose_nothing(request, database, processes, messages, pauses):
    engine = request.getfixturevalue(f"{database}_engine")
    with unit_of_work(engine) as session:
        put_many(session, messages)
    server = SmtpServer()
    server.plays(Play(offers=()))
    began = time.monotonic()

    stopped = deliver_with_pauses(engine, engine.url.render_as_string(hide_password=False), server, processes, pauses)

    states, again, wrong = judged(engine, server)
    server.close()
    ended = ", ".join(f"{count} {state}" for state, count in states.most_common())
    seconds = time.monotonic() - began
    print(f"{database}: {processes} senders, {messages} emails, stopped {stopped} times: {ended}; {seconds:.0f} s")
    print(f"{again} emails were taken from a sender that was stopped and sent by another; {len(wrong)} lost or doubled")
    assert wrong == []
    assert (states.total(), stopped) == (messages, pauses)
