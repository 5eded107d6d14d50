"""What people were told before about some subjects, read at once."""

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session, col, select

from tracker.clock import london_day
from tracker.reminders.models import RungTold

NOTICES = ("new", "moved", "asked")
# A reminder that a coordinator sent at once; behind it stands the day, so that each is kept.
BY_HAND = "by_hand:"
# More values than this in one question, and a database refuses it.
_AT_ONCE = 1000

# The version of the date, the name of the rung, and the day on which it was told.
_Rung = tuple[str, str, date]


class Told:
    """The rungs told so far, by subject and person."""

    def __init__(self, session: Session, subjects: Iterable[str]) -> None:
        self._rungs: dict[tuple[str, int], list[_Rung]] = {}
        wanted = sorted(set(subjects))
        for start in range(0, len(wanted), _AT_ONCE):
            question = select(RungTold).where(col(RungTold.about).in_(wanted[start : start + _AT_ONCE]))
            for rung in session.exec(question):
                kept = (rung.version, rung.name, london_day(rung.told_at))
                self._rungs.setdefault((rung.about, rung.person_id), []).append(kept)

    def has(self, about: str, person_id: int, version: str, name: str) -> bool:
        """Say whether somebody was told of a rung."""
        return any((kept, rung) == (version, name) for kept, rung, _ in self._rungs.get((about, person_id), ()))

    def of_version(self, about: str, person_id: int, version: str, since: date = date.min) -> bool:
        """Say whether somebody was told anything of a version of a date since a day."""
        return any(kept == version and on >= since for kept, _, on in self._rungs.get((about, person_id), ()))

    def newest(self, about: str, person_id: int) -> date | None:
        """Give the day on which somebody was told anything last."""
        return max((on for _, _, on in self._rungs.get((about, person_id), ())), default=None)

    def by_hand(self, about: str, person_id: int) -> date:
        """Give the day on which a coordinator reminded somebody last; the first of all days where none did."""
        rungs = self._rungs.get((about, person_id), ())
        return max((on for _, name, on in rungs if name.startswith(BY_HAND)), default=date.min)

    def unanswered(self, about: str, person_id: int, version: str, since: date, answered: date = date.min) -> int:
        """Count the reminders of a version since a day and after the day of her last answer; notices apart."""
        return sum(
            kept == version and name not in NOTICES and on >= since and on > answered
            for kept, name, on in self._rungs.get((about, person_id), ())
        )
