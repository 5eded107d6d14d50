"""Actions in great number: a plan as a partnership would have one after many years, always the same one."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from tests.bench.in_bulk import Shelf
from tracker.actions.models import Acceptance, Action, ActionSource, ActionTheme, ActionUpdate, Evidence
from tracker.history import HistoryLine
from workflows.action import OPEN_STATUSES, ActionStatus, Report, SourceKind, TimescaleKind


def _shares(**many: int) -> Sequence[str]:
    return [word for word, number in many.items() for _ in range(number)]


# How many of a hundred actions are what.
_STATUSES = _shares(
    planned=11, in_progress=21, ongoing=3, complete=50, embedded=7, done_differently=5, not_taken_forward=3
)
_LEVELS = _shares(single_agency=75, multi_agency=20, regional=3, national=2)
_KINDS = _shares(date=90, recurring=4, continuing=4, triggered=2)
_REPORTS = _shares(on_track=65, at_risk=20, stuck=12, not_mine=3)
_SOURCES = _shares(case=85, audit=10, priority=5)
_DONE = (ActionStatus.COMPLETE, ActionStatus.EMBEDDED)
_TITLES = ("Share what schools know", "Supervision of new workers", "Names of men in the household", "Missed visits")
_TEXT = (
    "Write down who tells whom, and by when, as soon as a child is not brought to an appointment. ",
    "Ask in supervision what a day in the child's life looks like, and write the answer into the record. ",
    "Check twenty records each quarter, and bring what was found to the meeting of the partnership. ",
)
_SAID = "The new form is in use in both teams. Ten records were read, and eight of them hold what was agreed."


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom and what the actions are about: the numbers of the rows that they point at."""

    partnership: int
    agencies: Sequence[int]
    owners: Sequence[int]
    checker: int
    cases: Sequence[int]
    themes: Sequence[int]


class ManyActions:
    """Writes actions with their sources, themes, updates, answers, evidence and history."""

    def __init__(self, driver: sqlite3.Connection, cast: Cast, now: datetime) -> None:
        self._cast, self._now, self._random = cast, now, Random(1)
        self._actions, self._sources = Shelf(driver, Action), Shelf(driver, ActionSource)
        self._themes, self._updates = Shelf(driver, ActionTheme), Shelf(driver, ActionUpdate)
        self._answers, self._evidence = Shelf(driver, Acceptance), Shelf(driver, Evidence)
        self._lines = Shelf(driver, HistoryLine)
        [self._numbered] = driver.execute("SELECT max(CAST(substr(reference, 2) AS INTEGER)) FROM action").fetchone()
        # The biggest agency has a fifth of the plan, the smallest hardly any.
        self._agencies = [agency for place, agency in enumerate(cast.agencies) for _ in range(100 // (place + 3))]

    def write(self, count: int, owner: int | None = None) -> None:
        """Write so many actions, open ones with an owner that is named."""
        for _ in range(count):
            self._write_one(owner)

    def clear(self) -> None:
        """Write what is not written yet."""
        for shelf in (self._actions, self._sources, self._themes, self._updates, self._answers, self._evidence):
            shelf.clear()
        self._lines.clear()

    def _write_one(self, owner: int | None) -> None:
        random, cast = self._random, self._cast
        status = ActionStatus.IN_PROGRESS if owner else self._random.choice(_STATUSES)
        kind = TimescaleKind.DATE if owner else self._random.choice(_KINDS)
        due = self._due(status) if kind in (TimescaleKind.DATE, TimescaleKind.RECURRING) else None
        made_on = self._now.date() - timedelta(days=random.randint(150, 3000 if status not in OPEN_STATUSES else 500))
        self._numbered += 1
        reference = f"A{self._numbered}"
        reports = self._reports(status)
        waits = status in OPEN_STATUSES and bool(reports) and random.random() < 0.05
        accepted = reports[:-1] if waits else reports
        action = self._actions.add(
            reference=reference,
            partnership_id=cast.partnership,
            title=random.choice(_TITLES) if random.random() < 0.7 else None,
            text="".join(random.sample(_TEXT, random.randint(1, 3))),
            status=status,
            report=reports[-1] if reports else None,
            report_before=accepted[-1] if accepted and waits else None,
            level=self._random.choice(_LEVELS),
            agency_id=random.choice(self._agencies),
            owner_id=owner or random.choice(cast.owners),
            owner_since=made_on,
            timescale_kind=kind,
            every="quarter" if kind is TimescaleKind.RECURRING else None,
            due=due,
            first_due=due,
            made_on=made_on,
            completed_on=due if status in _DONE else None,
            ended_why=None if status in (*OPEN_STATUSES, *_DONE) else "Another action covers it.",
        )
        self._add_sources(action)
        self._note(reference, "add_action", made_on)
        for place, report in enumerate(reports):
            self._add_update(action, reference, report, is_answered=not waits or place + 1 < len(reports))

    def _due(self, status: str) -> str:
        """Give a day, of one in ten the month only; a quarter of what is open is overdue."""
        days = self._random.randint(-120, 360) if status in OPEN_STATUSES else self._random.randint(-2500, 0)
        day = (self._now.date() + timedelta(days=days)).isoformat()
        return day[:7] if self._random.random() < 0.1 else day

    def _reports(self, status: str) -> list[str]:
        if status == ActionStatus.PLANNED:
            return []
        said: list[str] = [self._random.choice(_REPORTS) for _ in range(self._random.randint(0, 2))]
        return [*said, Report.DONE] if status in _DONE else said

    def _add_sources(self, action: int) -> None:
        for _ in range(2 if self._random.random() < 0.1 else 1):
            kind = self._random.choice(_SOURCES)
            case = self._random.choice(self._cast.cases) if kind == SourceKind.CASE else None
            self._sources.add(action_id=action, kind=kind, case_id=case, words=None if case else "Audit of neglect")
        for theme in self._random.sample(self._cast.themes, self._random.choice((0, 1, 1, 2))):
            self._themes.add(action_id=action, theme_id=theme)

    def _add_update(self, action: int, reference: str, report: str, *, is_answered: bool) -> None:
        said_on = self._now - timedelta(days=self._random.randint(1, 140))
        by = self._random.choice(self._cast.owners)
        state = "accepted" if is_answered else "sent"
        update = self._updates.add(action_id=action, person_id=by, at=said_on, report=report, text=_SAID, state=state)
        self._note(reference, "update_action", said_on.date())
        if is_answered:
            self._answers.add(update_id=update, person_id=self._cast.checker, at=self._now, answer="accepted")
        if report == Report.DONE:
            self._evidence.add(action_id=action, update_id=update, text="Minutes of the meeting", given_by_id=by)

    def _note(self, reference: str, deed: str, on: date) -> None:
        at = f"{on.isoformat()} 09:00:00.000000"
        self._lines.add(at=at, person_id=self._cast.checker, role="coordinator", deed=deed, about=reference, body=_BODY)


_BODY = b'{"new":null,"old":null,"what":"Written for the bench"}'
