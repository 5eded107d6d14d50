"""What people were told before about some subjects, read at once."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy
from sqlmodel import Session, col

from notifications.outbox import Message, MessageState
from tracker.among import among, listed
from tracker.clock import london_day
from tracker.reminders.models import RungTold
from tracker.rows import Question

NOTICES = ("new", "moved", "asked")
# A reminder that a coordinator sent at once; behind it stands the day, so that each is kept.
BY_HAND = "by_hand:"
# The version of the date, the name of the rung, the day on which it was told, and whether its email could go.
_Rung = tuple[str, str, date, bool]


_RUNGS = Question(
    sqlalchemy.select(
        col(RungTold.about),
        col(RungTold.person_id),
        col(RungTold.version),
        col(RungTold.name),
        col(RungTold.told_at),
    ).where(among(col(RungTold.about), "subjects"))
)


# What a morning tells is told at the moment at which its email was planned.
_FAILED = Question(
    sqlalchemy.select(col(Message.person_id), col(Message.planned_at)).where(
        col(Message.state) == MessageState.FAILED.value
    )
)


class Told:
    """The rungs told so far, by subject and person."""

    def __init__(self, session: Session, subjects: Iterable[str]) -> None:
        self._rungs: dict[tuple[str, int], list[_Rung]] = {}
        failed = {(person_id, planned_at) for person_id, planned_at in _FAILED.rows(session)}
        for subject, person_id, version, name, told_at in _RUNGS.rows(session, subjects=listed(sorted(set(subjects)))):
            rung = version, name, london_day(told_at), (person_id, told_at) not in failed
            self._rungs.setdefault((subject, person_id), []).append(rung)

    def has(self, about: str, person_id: int, version: str, name: str) -> bool:
        """Say whether somebody was told of a rung."""
        return any((kept, rung) == (version, name) for kept, rung, *_ in self._rungs.get((about, person_id), ()))

    def of_version(self, about: str, person_id: int, version: str, since: date = date.min) -> bool:
        """Say whether somebody was told anything of a version of a date since a day."""
        return any(kept == version and on >= since for kept, _, on, _ in self._rungs.get((about, person_id), ()))

    def newest(self, about: str, person_id: int) -> date | None:
        """Give the day on which somebody was told anything last."""
        return max((on for _, _, on, _ in self._rungs.get((about, person_id), ())), default=None)

    def by_hand(self, about: str, person_id: int) -> date:
        """Give the day on which a coordinator reminded somebody last; the first of all days where none did."""
        rungs = self._rungs.get((about, person_id), ())
        return max((on for _, name, on, _ in rungs if name.startswith(BY_HAND)), default=date.min)

    def unanswered(self, about: str, person_id: int, version: str, since: date, answered: date = date.min) -> int:
        """Count the reminders of a version since a day and after the day of her last answer.

        Notices are none, and one that could not be sent asks nobody for an answer.
        """
        return sum(
            has_gone and kept == version and name not in NOTICES and on >= since and on > answered
            for kept, name, on, has_gone in self._rungs.get((about, person_id), ())
        )
