"""Who answers for actions on a day: the owner, the holder of a post, or whoever a leaver passed the work to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Date, bindparam
from sqlmodel import Session, col, or_, select

from tracker.among import among, listed
from tracker.people.models import Person, PostHolding
from tracker.rows import Question, RowsOf


@dataclass(frozen=True, slots=True)
class OwnerRead:
    """The owner of an action as recorded, and who answers on a day; nobody for a post that is vacant.

    `since` is the day from which somebody else answers: she took the post, or the owner left.
    """

    person: Person
    answers: Person | None
    since: date | None = None

    @property
    def is_gone(self) -> bool:
        """Say whether the owner left and nobody took over."""
        return self.answers is None and self.person.kind != "post"

    @property
    def can_be_reminded(self) -> bool:
        """Say whether somebody answers who has an address that works and has not asked to be left alone."""
        return self.is_reached and self.answers is not None and not self.answers.opted_out

    @property
    def is_reached(self) -> bool:
        """Say whether somebody answers whose address, as far as is known, works."""
        return self.answers is not None and self.answers.has_working_address

    def document(self) -> dict[str, str | None]:
        """Give the owner as `show` prints it; `answers` is named where it is somebody else."""
        answers = None if self.answers is None or self.answers is self.person else self.answers.name
        email = self.person.email if self.answers is None else self.answers.email
        return {"name": self.person.name, "email": email, "answers": answers}


def owners_of(
    session: Session, owner_ids: Collection[int], today: date, known: Mapping[int, Person] | None = None
) -> dict[int, OwnerRead]:
    """Give owners by their ids, in three queries at most; they are for reading, not attached to the session.

    `known` are people who were read already.
    """
    people = [person for number, person in (known or {}).items() if number in owner_ids]
    unknown = set(owner_ids).difference(known or ())
    people += _OWNERS.all(session, ids=listed(unknown)) if unknown else []
    posts = [one.id for one in people if one.kind == "post"]
    holders = {}
    for post_id, since, holder_id in _HOLDERS.rows(session, ids=listed(posts), day=today) if posts else ():
        holders[post_id] = holder_id, since
    others = {holder_id for holder_id, _ in holders.values()} | {one.passes_to_id for one in people if one.passes_to_id}
    taking_over = {person.id: person for person in _OWNERS.all(session, ids=listed(others))} if others else {}
    found = {}
    for person in people:
        answers: Person | None = person
        since = None
        if person.kind == "post":
            holder_id, since = holders.get(person.id, (0, None))
            answers = taking_over.get(holder_id)
        elif person.has_left(today):
            answers, since = taking_over.get(person.passes_to_id or 0), person.ended_on
        found[person.id] = OwnerRead(person, answers, since)
    return found


_DAY: ColumnElement[date] = bindparam("day", type_=Date)
_OWNERS = RowsOf(Person, select(Person).where(among(col(Person.id), "ids")))
_HOLDERS = Question(
    select(col(PostHolding.post_id), col(PostHolding.from_on), col(PostHolding.holder_id))
    .where(among(col(PostHolding.post_id), "ids"), PostHolding.from_on <= _DAY)
    .where(or_(col(PostHolding.until_on).is_(None), col(PostHolding.until_on) > _DAY))
)
