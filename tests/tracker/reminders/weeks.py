"""Three days of a post room whose mail server fails every third time: the clock is the test's, all else is real.

For a day in the middle nobody is there, and every fiftieth round ends in the middle of sending.
"""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, event, text
from sqlmodel import select

from notifications.outbox import Message, MessageState, message_id_of
from notifications.transports import Commit, Doubtful, OutgoingMail, Receipt, TemporaryRefusal, Unreachable
from tests.make import act, make_action, make_person, make_world
from tests.tracker.reminders.post import partnership, setting
from tracker.clock import london_day, moment_from
from tracker.database import reading, unit_of_work
from tracker.escalations.models import Escalation, EscalationResponse
from tracker.escalations.telling import put_answers
from tracker.reminders.jobs import PostRoom
from workflows.dates import PartialDate

# A Monday; from Tuesday to Wednesday noon nobody is there. From Thursday on nothing fails.
BEGINS = moment_from("2021-06-14T00:00")
BEFORE = "2021-06-11T12:00"
SLEEPS = (moment_from("2021-06-15T12:00"), moment_from("2021-06-16T12:00"))
RECOVERS = moment_from("2021-06-17T00:00")
DRAINED = RECOVERS + timedelta(hours=4)
TICK = timedelta(minutes=20)
FAILS = 0.3
# When the Executive answers a third of what waits for it; the group that asked is told by emails that go once more.
ANSWERED = [moment_from(f"2021-06-{at}") for at in ("14T10:00", "15T10:00", "16T14:00")]
CRASHES_EVERY = 50


class Crash(BaseException):
    """Stands for the end of a process: nothing of ours catches it."""


@dataclass
class Server:
    """A mail server that fails as it likes, and keeps every email that it took."""

    chance: random.Random
    now: datetime = BEGINS
    fails: float = FAILS
    crashes: bool = False
    taken: Counter[str] = field(default_factory=Counter)
    bundles: Counter[tuple[str, Any]] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    marked: set[str] = field(default_factory=set)
    tells_after: timedelta | None = None

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Take the email, or fail in one of the ways in which servers do."""
        how = self.chance.choice(WAYS) if self.chance.random() < self.fails else ""
        self.failures[how] += bool(how)
        if how == "refuses to connect":
            raise Unreachable("The mail server is not there.")
        if how == "comes again later":
            raise TemporaryRefusal("451 Come again later.")
        if how == "cut before the dot":
            raise Unreachable("The mail server hung up before it had the whole email.")
        self._crash(before=True)
        commit()
        if how == "cut at the dot":
            raise Doubtful("The mail server hung up.")
        self._take(outgoing)
        self._crash(before=False)
        if how:
            raise Doubtful("The mail server was silent after the end of the email.")
        return Receipt(provider_id=outgoing.message_id)

    def find(self, message_id: str) -> Receipt | None:
        """Say nothing, as mail servers do."""
        raise TemporaryRefusal("A mail server does not say which emails it has taken.")

    def close(self) -> None:
        """Keep nothing open."""

    def _take(self, outgoing: OutgoingMail) -> None:
        self.taken[outgoing.message_id] += 1
        if outgoing.kind == "action_reminder":
            self.bundles[outgoing.to_address, london_day(outgoing.sent_at)] += 1
        if "You may get this" in outgoing.mail.text:
            self.marked.add(outgoing.message_id)

    def _crash(self, *, before: bool) -> None:
        if self.crashes and self.chance.random() < 0.3 and before == (self.chance.random() < 0.5):
            self.crashes = False
            self.failures["process ended"] += 1
            raise Crash


WAYS = ("refuses to connect", "comes again later", "cut before the dot", "cut at the dot", "silent after the dot")


@dataclass(frozen=True)
class Figures:
    """What became of the emails of some days."""

    planned: int
    states: Counter[str]
    failures: int
    lost: int
    doubled: int
    second_bundles: int
    marked_repeats: int
    most_attempts: int


def make_owners(engine: Engine, owners: int) -> None:
    """Make so many owners, each with something due on each of the three days; and escalations, which are answered."""
    make_world(engine)
    setting(engine, "reminders.before", [])
    setting(engine, "reminders.then_every", None)
    setting(engine, "reminders.tell_new_owner", False)
    with unit_of_work(engine) as session:
        here = partnership(session)
        for number in range(owners):
            owner = make_person(session, here, f"o{number}@thscp.example", "owner")
            for day in (14, 15, 16):
                due = PartialDate.of(BEGINS.date().replace(day=day))
                make_action(session, here, owner_id=owner.id, due=due)
    for number in range(max(owners // 20, len(ANSWERED))):
        asked = act(engine, "raise_escalation", group="qap", title=f"Beds {number}", ask="May we?", now=BEFORE)
        answer = {"on": "2021-06-11", "answer": "agreed", "now": BEFORE}
        act(engine, "respond_to_escalation", asked.reference, by="exec@thscp.example", **answer)


def live_through(engine: Engine, seed: int) -> Figures:
    """Let the days pass, and judge what became of every email."""
    _begin_anew(engine)
    server = Server(random.Random(seed))
    room = PostRoom(engine, server, lambda: server.now)
    ticks = 0
    while server.now <= DRAINED:
        if server.now >= RECOVERS:
            server.fails = 0.0
        if server.now in ANSWERED:
            _tell_of_answers(engine, ANSWERED.index(server.now), server.now)
        if not SLEEPS[0] <= server.now < SLEEPS[1]:
            ticks += 1
            server.crashes = server.crashes or (ticks % CRASHES_EVERY == 0 and server.fails > 0)
            with suppress(Crash):
                room.plan()
                room.deliver()
        server.now += TICK
    return _judged(engine, server)


def _begin_anew(engine: Engine) -> None:
    with engine.begin() as connection:
        for table in ("message", "rung_told", "job_slot", "job_run", "lease"):
            connection.execute(text(f"DELETE FROM {table}"))


def _tell_of_answers(engine: Engine, which: int, now: datetime) -> None:
    """Put the emails about a third of the answers."""
    with unit_of_work(engine) as session:
        for response in session.exec(select(EscalationResponse)).all()[which :: len(ANSWERED)]:
            put_answers(session, session.get_one(Escalation, response.escalation_id), response, now)


def _judged(engine: Engine, server: Server) -> Figures:
    with reading(engine) as session:
        messages = session.exec(select(Message)).all()
    settled = {MessageState.SUPERSEDED, MessageState.UNCERTAIN, MessageState.ASSUMED_SENT}
    names = {message_id_of(message): message for message in messages}
    lost = [one for name, one in names.items() if _is_lost(one, server.taken[name], settled)]
    return Figures(
        planned=len(messages),
        states=Counter(message.state for message in messages),
        failures=server.failures.total(),
        lost=len(lost),
        doubled=sum(count > 1 + _may_come_twice(names[name], server) for name, count in server.taken.items()),
        second_bundles=sum(count > 1 for count in server.bundles.values()),
        marked_repeats=len(server.marked),
        most_attempts=max((message.attempts for message in messages), default=0),
    )


def _may_come_twice(message: Message, server: Server) -> bool:
    return message.critical and message_id_of(message) in server.marked


def _is_lost(message: Message, arrived: int, settled: set[MessageState]) -> bool:
    """An email is lost that was neither taken nor replaced by a later one, and of which nobody is told either."""
    if message.state == MessageState.SENT:
        return arrived == 0
    return MessageState(message.state) not in settled


def forgetful(engine: Engine) -> Engine:
    """Let SQLite not wait for the disk: nobody pulls the plug here."""

    def hurry(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", hurry)
        engine.dispose()
    return engine
