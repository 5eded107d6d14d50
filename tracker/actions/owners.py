"""Who answers for actions on a day: the owner, the holder of a post, or whoever a leaver passed the work to."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker.actions.models import Action
from tracker.people.models import Person, PostHolding


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
        """Say whether somebody answers who has an address and has not asked to be left alone."""
        return self.answers is not None and self.answers.email is not None and not self.answers.opted_out

    def document(self) -> dict[str, str | None]:
        """Give the owner as `show` prints it; `answers` is named where it is somebody else."""
        answers = None if self.answers is None or self.answers is self.person else self.answers.name
        email = self.person.email if self.answers is None else self.answers.email
        return {"name": self.person.name, "email": email, "answers": answers}


def owners_of(session: Session, wanted: SelectOfScalar[int], today: date) -> dict[int, OwnerRead]:
    """Give the owners of actions by their ids, in three queries."""
    owned = select(Action.owner_id).where(col(Action.id).in_(wanted))
    people = session.exec(select(Person).where(col(Person.id).in_(owned))).all()
    held = (
        select(PostHolding, Person)
        .join(Person, col(Person.id) == PostHolding.holder_id)
        .where(col(PostHolding.post_id).in_(owned), PostHolding.from_on <= today)
        .where(or_(col(PostHolding.until_on).is_(None), col(PostHolding.until_on) > today))
    )
    holders = {holding.post_id: (holder, holding.from_on) for holding, holder in session.exec(held)}
    passed = select(Person.passes_to_id).where(col(Person.id).in_(owned))
    successors = {person.id: person for person in session.exec(select(Person).where(col(Person.id).in_(passed)))}
    found = {}
    for person in people:
        answers: Person | None = person
        since = None
        if person.kind == "post":
            answers, since = holders.get(person.id, (None, None))
        elif person.ended_on is not None and person.ended_on <= today:
            answers, since = successors.get(person.passes_to_id or 0), person.ended_on
        found[person.id] = OwnerRead(person, answers, since)
    return found
