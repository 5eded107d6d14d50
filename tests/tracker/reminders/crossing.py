"""Deeds that cross with the planning and the sending of reminders, in random order, beside a model of what may go."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from notifications.transports import Commit, OutgoingMail, Receipt, TemporaryRefusal
from tests.make import act, make_case, make_person, make_world
from tests.tracker.reminders.post import COORDINATOR, add, partnership, setting
from tracker.clock import moment_from
from tracker.database import unit_of_work
from tracker.errors import NotAllowed, NotFound, Refused
from tracker.reminders.jobs import PostRoom

OWNERS = tuple(f"owner{number}@thscp.example" for number in range(1, 4))
CASES = ("CASE-1", "CASE-2")
FIRST = moment_from("2021-06-07T08:00")
# To the lead and the coordinator an email names actions of others.
OF_OWNERS = ("action_reminder", "new_action", "date_moved", "review_due")


@dataclass
class Known:
    """What the test knows of an action."""

    reference: str
    case: str
    owner: str
    is_open: bool = True
    is_held: bool = False
    waits: bool = False


@dataclass
class Crossing:
    """A partnership in which every open action is asked about every day, and deeds cross with that."""

    engine: Engine
    chance: random.Random
    actions: dict[str, Known] = field(default_factory=dict)
    barred: set[tuple[str, str]] = field(default_factory=set)
    now: datetime = FIRST
    sent: int = 0
    crossed: int = 0
    wrong: list[str] = field(default_factory=list)
    tells_after: timedelta | None = None

    def begin(self, actions: int) -> None:
        """Make the partnership with so many actions."""
        make_world(self.engine)
        setting(self.engine, "reminders.before", list(range(14, 0, -1)))
        setting(self.engine, "reminders.then_every", 1)
        setting(self.engine, "reminders.stop_after", 60)
        with unit_of_work(self.engine) as session:
            for owner in OWNERS:
                make_person(session, partnership(session), owner, "owner")
        for case in CASES:
            make_case(self.engine, case)
        for _ in range(actions):
            self.add()

    def add(self) -> None:
        """Add an action of a case to somebody who is not barred from it."""
        case = self.chance.choice(CASES)
        owner = self.chance.choice([one for one in OWNERS if (case, one) not in self.barred] or [COORDINATOR])
        due = (self.now.date() + timedelta(days=self.chance.randrange(1, 14))).isoformat()
        # Made long ago, so that no rung is left out because it was given today.
        made = "2021-06-04T12:00" if self.now == FIRST else self.now.isoformat()
        reference = add(self.engine, now=made, owner=owner, due_on=due, sources=[case])
        self.actions[reference] = Known(reference, case, owner)

    def day(self) -> None:
        """Let a working day pass: deeds, the planning, deeds, the sending, half of it refused, deeds, the rest."""
        room = PostRoom(self.engine, self, lambda: self.now)
        self.now = self.now.replace(hour=7)
        self.cross(0.3)
        room.plan()
        self.cross(0.5)
        room.deliver()
        self.now += timedelta(minutes=10)
        self.cross(0.3)
        room.deliver()
        self.now += timedelta(days=3 if self.now.weekday() == 4 else 1)
        for _ in range(sum(not known.is_open for known in self.actions.values())):
            self.add()
        self.actions = {name: known for name, known in self.actions.items() if known.is_open}

    def cross(self, share: float) -> None:
        """Do a random deed to about such a share of the actions."""
        for known in list(self.actions.values()):
            if known.is_open and self.chance.random() < share:
                deed = self.chance.choice(DEEDS)
                try:
                    deed(self, known)
                    self.crossed += 1
                except (Refused, NotAllowed, NotFound):
                    # What cannot be done now, such as holding what is held, changes nothing.
                    continue

    def does(self, name: str, reference: str, by: str = COORDINATOR, **facts: object) -> None:
        """Do a deed now."""
        act(self.engine, name, reference, by=by, now=self.now, **facts)

    # A way out of the house that knows what may go.

    def send(self, outgoing: OutgoingMail, commit: Commit) -> Receipt:
        """Refuse one half for now; judge the other."""
        if self.chance.random() < 0.5:
            raise TemporaryRefusal("Come again later.")
        commit()
        self.sent += 1
        for reference in set(re.findall(r"\bA\d+\b", f"{outgoing.mail.subject}\n{outgoing.mail.text}")):
            known = self.actions.get(reference)
            if why := self._why_not(known, outgoing):
                self.wrong.append(f"{outgoing.kind} about {reference} to {outgoing.to_address}: {why}")
        return Receipt(provider_id=f"{self.sent}")

    def find(self, message_id: str) -> Receipt | None:
        """Know of nothing."""
        return None

    def close(self) -> None:
        """Keep nothing open."""

    def _why_not(self, known: Known | None, outgoing: OutgoingMail) -> str:
        if known is None or not known.is_open:
            return "it is closed"
        if (known.case, outgoing.to_address) in self.barred:
            return "a conflict bars the reader"
        if outgoing.kind not in OF_OWNERS:
            return ""
        if known.owner != outgoing.to_address:
            return f"it belongs to {known.owner}"
        return "it is on hold" if known.is_held else "it waits to be checked" if known.waits else ""


def complete(world: Crossing, known: Known) -> None:
    world.does("complete_action", known.reference, on=world.now.date().isoformat(), evidence="Minutes")
    known.is_open = False


def end(world: Crossing, known: Known) -> None:
    world.does("end_action", known.reference, how="not_taken_forward", reason="No need")
    known.is_open = False


def reassign(world: Crossing, known: Known) -> None:
    owner = world.chance.choice(OWNERS)
    world.does("reassign_action", known.reference, owner=owner, reason="Moved on")
    # What her predecessor reported is not waited for any more: the new owner is asked.
    known.owner, known.waits = owner, False


def move(world: Crossing, known: Known) -> None:
    due = world.now.date() + timedelta(days=world.chance.randrange(1, 20))
    world.does("move_due_date", known.reference, due_on=due.isoformat(), reason="More time")


def hold(world: Crossing, known: Known) -> None:
    ahead = (world.now.date() + timedelta(days=30)).isoformat()
    world.does("hold_action", known.reference, reason="Court", look_again_on=ahead)
    known.is_held = True


def release(world: Crossing, known: Known) -> None:
    world.does("release_action", known.reference)
    known.is_held = False


def report(world: Crossing, known: Known) -> None:
    world.does("update_action", known.reference, by=known.owner, report="on_track")
    known.waits = True


def accept(world: Crossing, known: Known) -> None:
    world.does("accept_update", known.reference)
    known.waits = False


def bar(world: Crossing, known: Known) -> None:
    # Not who does the deeds: she could do none of them any more.
    person = known.owner if known.owner in OWNERS else world.chance.choice(OWNERS)
    world.does("declare_conflict", known.case, person=person, reason="Kin")
    world.barred.add((known.case, person))


def let_in(world: Crossing, known: Known) -> None:
    barred = world.chance.choice(sorted(world.barred) or [(known.case, known.owner)])
    world.does("withdraw_conflict", barred[0], person=barred[1], reason="A mistake")
    world.barred.discard(barred)


DEEDS: tuple[Callable[[Crossing, Known], None], ...] = (
    *(
        complete,
        end,
        reassign,
        reassign,
        move,
        move,
        hold,
        release,
        report,
        accept,
        bar,
        let_in,
        let_in,
        let_in,
        let_in,
    ),
)


def cross(engine: Engine, seed: int, actions: int, days: int) -> Crossing:
    """Let so many days pass over so many actions, and give what went and what was wrong about it."""
    world = Crossing(engine, random.Random(seed))
    world.begin(actions)
    for _ in range(days):
        world.day()
    return world
