"""Finding the reflections of a case, and what an answer of one can be about."""

from sqlmodel import Session, col, select

from tracker.actions.models import Action
from tracker.reflections.models import Reflection, ReflectionAnswer
from tracker.reviews.models import Recommendation


def reflection_of(session: Session, case_id: int, which: str) -> Reflection | None:
    """Give a reflection of a case: the six-month or one-year one, or the update report."""
    question = select(Reflection).where(Reflection.case_id == case_id, Reflection.which == which)
    return session.exec(question).first()


def answers_of(session: Session, reflection_id: int) -> list[tuple[ReflectionAnswer, int | None, str | None]]:
    """Give the answers of a reflection, each with the number of its recommendation or the reference of its action."""
    question = (
        select(ReflectionAnswer, Recommendation.number, Action.reference)
        .outerjoin(Recommendation, col(Recommendation.id) == ReflectionAnswer.recommendation_id)
        .outerjoin(Action, col(Action.id) == ReflectionAnswer.action_id)
        .where(ReflectionAnswer.reflection_id == reflection_id)
        .order_by(col(ReflectionAnswer.id))
    )
    return list(session.exec(question))
