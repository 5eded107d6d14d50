"""Finding the reviews of a case, the leads of its methods, and who took its decision."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, func, select

from tracker.cases.decision_models import Decision
from tracker.cases.standing import Standing
from tracker.groups.queries import members_of
from tracker.people.models import Person
from tracker.people.queries import people_with_role
from tracker.people.roles import Role
from tracker.reviews.models import Finding, Lead, Recommendation, Review, ReviewCase


def review_of(session: Session, case_id: int) -> Review | None:
    """Give the review that answers a case, the newest where there are several."""
    question = select(Review).join(ReviewCase, col(ReviewCase.review_id) == Review.id)
    return session.exec(question.where(ReviewCase.case_id == case_id).order_by(col(Review.id).desc())).first()


def leads_of_method(session: Session, method_id: int) -> list[Lead]:
    """Give the leads of a method whose appointment stands, in the order of their appointment."""
    question = select(Lead).where(Lead.method_id == method_id, col(Lead.ended_on).is_(None))
    return list(session.exec(question.order_by(col(Lead.id))))


def last_number(session: Session, rows: type[Finding] | type[Recommendation], review_id: int) -> int:
    """Give the last number that a finding or a recommendation of a review has; 0 before the first one."""
    question = select(func.max(col(rows.number))).where(col(rows.review_id) == review_id)
    return session.exec(question).one() or 0


def took_the_decision(standing: Standing, person: Person, on: date) -> bool:
    """Say whether somebody recorded the decision on a case, or belongs to the body that took it."""
    question = select(Decision.recorded_by_id).where(Decision.case_id == standing.case.id)
    if person.id in standing.session.exec(question).all():
        return True
    return person.id in {member.id for member in _deciders(standing, on)}


def _deciders(standing: Standing, on: date) -> Sequence[Person]:
    body = standing.definition.body_named(standing.definition.decided_by)
    session, partnership_id = standing.session, standing.case.partnership_id
    by_role = [] if body.role is None else people_with_role(session, partnership_id, Role(body.role), on)
    return [*members_of(session, partnership_id, body.code, on), *by_role]
