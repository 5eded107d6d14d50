"""A call for one person's attention on one morning, and which of them are due: each is made once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlmodel import Session

from notifications.cadence import newest_rung
from tracker.clock import london_day
from tracker.groups.models import Partnership
from tracker.people.models import Person
from tracker.reminders.told import Told
from workflows.working_days import WorkingDays

# A setting's value is whatever JSON its key allows.
Settings = Mapping[str, Any]


class Kind(StrEnum):
    """What a call is about; with the id of its record it names the subject of a rung."""

    ACTION = "action"
    NEW_ACTION = "new"
    MOVED = "moved"
    REVIEW = "review"
    RECHECK = "recheck"
    RETURN = "return"
    CLOCK = "clock"
    HOLD = "hold"
    ACTION_HOLD = "action_hold"


@dataclass(frozen=True, slots=True)
class Subject:
    """What somebody may be called about."""

    person: Person
    kind: Kind
    record_id: int
    reference: str

    @property
    def about(self) -> str:
        """Name the subject, as the rung keeps it."""
        return about(self.kind, self.record_id)


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that one person is told this morning: of what, by which rung, of which version of its date.

    `unanswered` counts the reminders since her last answer, with this one; `tells_lead` says that it is one too many.
    """

    subject: Subject
    rung: str
    version: str
    day: date
    goes_at: datetime
    unanswered: int = 0
    tells_lead: bool = False


@dataclass(frozen=True)
class Morning:
    """A partnership's morning: its settings, its calendar, and the moment from which its emails go."""

    session: Session
    partnership: Partnership
    settings: Settings
    calendar: WorkingDays
    now: datetime
    goes_at: datetime

    @cached_property
    def today(self) -> date:
        """Give the day in London."""
        return london_day(self.now)

    @cached_property
    def reach(self) -> date:
        """Give the last day for which something goes this morning (K3)."""
        return self.calendar.reach(self.today)


class Caller:
    """Makes the calls of a morning about some subjects, and leaves out what was told before."""

    def __init__(self, morning: Morning, subjects: Iterable[str]) -> None:
        self._morning = morning
        self.told = Told(morning.session, subjects)

    def notice(self, subject: Subject, name: str, version: str, day: date) -> Iterator[Call]:
        """Tell something once, from the morning after its day."""
        if day < self._morning.today:
            yield from self._untold(Call(subject, name, version, day, self._morning.goes_at))

    def reminder(
        self,
        subject: Subject,
        due: date,
        version: str,
        *,
        since: date,
        noticed: date = date.min,
        answered: date = date.min,
        before: bool = True,
    ) -> Iterator[Call]:
        """Remind of a due date, by the newest rung whose day has come, unless too many were not answered.

        `since` is the day from which rungs count. A rung before the due date does not go on the day on which she was
        given the action or its date (`noticed`), and none on the day on which she answered, or on which a coordinator
        reminded her: nobody has two emails about one thing (K13). What comes up only on its day has no rungs before.
        """
        settings = self._morning.settings
        by_hand = self.told.by_hand(subject.about, subject.person.id)
        since = max(since, noticed, answered, by_hand)
        unanswered = 1 + self.told.unanswered(subject.about, subject.person.id, version, noticed, answered)
        if unanswered > settings["reminders.stop_after"]:
            return
        rung = newest_rung(
            due,
            self._morning.reach,
            before=settings["reminders.before"] if before else (),
            on_the_day=settings["reminders.on_the_day"] or not before,
            then_every=settings["reminders.then_every"],
            on_or_before=self._morning.calendar.on_or_before,
            since=since,
        )
        if rung is None or rung.day in (answered, by_hand) or (rung.day == noticed and rung.name.startswith("before")):
            return
        tells_lead = unanswered >= settings["reminders.tell_lead_after"]
        yield from self._untold(
            Call(subject, rung.name, version, rung.day, self._morning.goes_at, unanswered, tells_lead)
        )

    def _untold(self, call: Call) -> Iterator[Call]:
        if not self.told.has(call.subject.about, call.subject.person.id, call.version, call.rung):
            yield call


def about(kind: Kind, record_id: int) -> str:
    """Name a subject, as the rung keeps it."""
    return f"{kind}:{record_id}"
