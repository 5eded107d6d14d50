"""What somebody wishes of our emails: no reminders on days on which she is away, or none but what is statutory."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from sqlmodel import Session, select

from tracker import history
from tracker.actions.owned import partnerships_of_own
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.groups.models import Partnership
from tracker.loading.leaving import partnerships_of
from tracker.people.administering import must_look_after
from tracker.people.doer import Doer
from tracker.people.models import Person

# Parental leave that begins some months from now fits; a year that was mistyped does not.
FURTHEST = timedelta(days=731)
DEED = "wishes"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody wishes: the first and the last day on which she is away, and whether she opted out."""

    absent_from: date | None = None
    absent_until: date | None = None
    only_statutory: bool = False

    @classmethod
    def of(cls, person: Person, today: date) -> Self:
        """Give what somebody wishes; days that are over are none."""
        is_over = person.absent_until is not None and person.absent_until < today
        days = (None, None) if is_over else (person.absent_from, person.absent_until)
        return cls(*days, person.opted_out)

    @property
    def days(self) -> tuple[date | None, date | None]:
        """Give the first and the last day of the absence."""
        return self.absent_from, self.absent_until


def change_wishes(
    session: Session, person_id: int, wished: Wishes, *, now: datetime, by: Doer, at: Partnership | None = None
) -> None:
    """Keep what somebody wishes of our emails; what is so already leaves no line.

    `by` is herself, or looks after the partnership `at`. Raises `NotAllowed`, or `Refused` for days that cannot be.
    """
    role = None if at is None else must_look_after(by, at.id)
    # Locked, so that of two forms the later one knows what the earlier one has changed.
    person = session.exec(select(Person).where(Person.id == person_id).with_for_update(key_share=True)).one()
    known = Wishes.of(person, london_day(now))
    if wished.days != known.days:
        _must_fit(wished, london_day(now))
    for what in _lines(person.name, known, wished):
        for code in _codes(session, person, now, by, at):
            history.note(session, code, DEED, at=now, by=by, role=role, what=what)
    person.absent_from, person.absent_until = wished.days
    person.opted_out = wished.only_statutory
    session.add(person)
    session.flush()
    history.write_noted(session)


def _must_fit(wished: Wishes, today: date) -> None:
    first, last = wished.days
    if first is None and last is None:
        return
    if first is None:
        raise Refused("Enter the first day, or leave both days empty.", code="bad_first_day")
    if last is None:
        raise Refused("Enter the last day. It can be changed later.", code="bad_last_day")
    if last < first:
        raise Refused("The last day is before the first one.", code="bad_last_day")
    if last < today:
        raise Refused("The last day is over. Enter one that is not, or leave both days empty.", code="bad_last_day")
    if last - today > FURTHEST:
        raise Refused("Enter a last day in the next 2 years.", code="bad_last_day")


def _lines(name: str, known: Wishes, wished: Wishes) -> list[str]:
    """Say what is new, without the days: when somebody was away is no matter of the records for ever."""
    lines = []
    if wished.days != known.days:
        lines.append(
            f"{name} is not away any more." if wished.absent_from is None else f"{name} is away for some days."
        )
    if wished.only_statutory != known.only_statutory:
        lines.append(f"{name} gets {'only statutory notices' if wished.only_statutory else 'all emails again'}.")
    return lines


def _codes(session: Session, person: Person, now: datetime, by: Doer, at: Partnership | None) -> list[str]:
    """Give the partnerships that are to know: those somebody works for, else those of her actions."""
    known = {one.code for one in partnerships_of(session, person, london_day(now))} | ({at.code} if at else set())
    if not known:
        known = {session.get_one(Partnership, number).code for number in partnerships_of_own(session, by)}
    return sorted(known)
