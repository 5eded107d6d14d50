"""Posts: they stand in the records also while nobody holds them."""

from datetime import date

from sqlmodel import Session, col, select

from tracker.groups.models import Partnership
from tracker.people.models import Agency, Person, PostHolding, RoleHolding
from tracker.people.roles import Role
from tracker.rows import write


def hold_post(
    session: Session, person: Person, partnership: Partnership, title: str, agency: Agency | None, since: date
) -> None:
    """Give a post to a person; whoever held it until now holds it no longer."""
    post = post_named(session, partnership, title, agency, since)
    open_holdings = select(PostHolding).where(PostHolding.post_id == post.id, col(PostHolding.until_on).is_(None))
    for holding in session.exec(open_holdings):
        if holding.holder_id == person.id:
            return
        holding.until_on = since
        session.add(holding)
    write(session, PostHolding(post_id=post.id, holder_id=person.id, from_on=since))


def post_named(session: Session, partnership: Partnership, title: str, agency: Agency | None, since: date) -> Person:
    """Find a post of a partnership by its title, or make it: it stands in the records also while nobody holds it."""
    held = select(RoleHolding.person_id).where(RoleHolding.partnership_id == partnership.id)
    question = select(Person).where(Person.kind == "post", Person.name == title, col(Person.id).in_(held))
    post = session.exec(question).first()
    if post is not None:
        return post
    made = write(session, Person(kind="post", name=title, agency_id=agency.id if agency else None))
    owner = Role.OWNER.value
    write(session, RoleHolding(person_id=made.id, partnership_id=partnership.id, role=owner, from_on=since))
    return session.get_one(Person, made.id)
