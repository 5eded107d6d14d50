"""A case with everything that all stages know of it: what the process is asked with, and what pages and lists show."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, or_, select

from tracker.actions.models import Action, ActionSource
from tracker.actions.queries import IS_ITS_OWN, source_cases
from tracker.among import among, listed
from tracker.cases.models import Case, Conflict
from tracker.cases.standing import Standing
from tracker.cases.steps import move_on
from tracker.people.doer import Doer
from tracker.reviews.models import Finding, Lead, Recommendation, ReviewCase
from tracker.rows import Question, RowsOf
from workflows.action import ENDED_STATUSES
from workflows.vocabulary import Independence, Method


class WholeStanding(Standing):
    """The standing of a case, with its reviews and its actions."""

    @cached_property
    def leads(self) -> list[Lead]:
        """Give the leads of the case's methods whose appointment stands; nobody leads while a conflict bars her."""
        works = [work.id for work in self.method_works]
        return _LEADS.all(self.session, case=self.case.id, works=listed(works)) if works else []

    @property
    def methods_without_lead(self) -> Sequence[str]:
        """Name the methods that need a named lead and have none."""
        led = {lead.method_id for lead in self.leads}
        needing = (work for work in self.method_works if Method(work.code).needs_named_lead)
        return [Method(work.code).label for work in needing if work.id not in led]

    @property
    def leads_not_confirmed(self) -> Sequence[str]:
        """Name the leads whose independence is not known, where the definition has a rule for it."""
        if self.definition.independence is Independence.NONE:
            return []
        return [lead.name for lead in self.leads if lead.involvement not in ("none", "direct")]

    @cached_property
    def review_ids(self) -> list[int]:
        """Give the reviews that answer the case."""
        return [review_id for (review_id,) in _REVIEWS.rows(self.session, case=self.case.id)]

    @property
    def findings(self) -> int:
        """Count the findings, with those of the report at hand."""
        [(recorded,)] = _FINDINGS.rows(self.session, reviews=listed(self.review_ids))
        return int(recorded) + len(self.proposed.get("findings", ()))

    @cached_property
    def recorded_recommendations(self) -> list[Recommendation]:
        """Give the recommendations of the case's reviews, in their order."""
        return _RECOMMENDATIONS.all(self.session, reviews=listed(self.review_ids)) if self.review_ids else []

    @property
    def recommendations(self) -> int:
        """Count the recommendations, with those of the report at hand."""
        return len(self.recorded_recommendations) + len(self.proposed.get("recommendations", ()))

    @cached_property
    def action_rows(self) -> list[Action]:
        """Give the actions that come from the case, each once, in the order of their making."""
        return _ACTIONS.all(self.session, case=self.case.id)

    @property
    def actions(self) -> int:
        """Count the actions of the case."""
        return len(self.action_rows)

    @property
    def open_actions(self) -> Sequence[str]:
        """Name the actions of the case that are neither complete nor ended."""
        return [action.reference for action in self.action_rows if action.status not in ENDED_STATUSES]

    @property
    def unanswered(self) -> Sequence[str]:
        """Name the recommendations, or the actions where the definition says so, without an answer at hand."""
        answered = {str(of) for of in self.proposed.get("answered", ())}
        if self.definition.reflection_answers == "actions":
            return [action.reference for action in self.action_rows if action.reference not in answered]
        wanted = [str(recommendation.number) for recommendation in self.recorded_recommendations]
        return [f"recommendation {number}" for number in wanted if number not in answered]


_LEADS = RowsOf(
    Lead,
    select(Lead)
    .where(among(col(Lead.method_id), "works"), col(Lead.ended_on).is_(None))
    .where(
        or_(
            col(Lead.person_id).is_(None),
            col(Lead.person_id).not_in(
                select(Conflict.person_id).where(Conflict.case_id == bindparam("case"), col(Conflict.until).is_(None))
            ),
        )
    )
    .order_by(col(Lead.id)),
)
_REVIEWS = Question(select(ReviewCase.review_id).where(ReviewCase.case_id == bindparam("case")))
_FINDINGS = Question(select(func.count(col(Finding.id))).where(among(col(Finding.review_id), "reviews")))
_RECOMMENDATIONS = RowsOf(
    Recommendation,
    select(Recommendation)
    .where(among(col(Recommendation.review_id), "reviews"))
    .order_by(col(Recommendation.review_id), col(Recommendation.number)),
)
_OF_THE_CASE = select(ActionSource.action_id).where(ActionSource.case_id == bindparam("case"))
_ACTIONS = RowsOf(Action, select(Action).where(col(Action.id).in_(_OF_THE_CASE), IS_ITS_OWN).order_by(col(Action.id)))


def move_cases_on(session: Session, action_id: int, *, now: datetime, by: Doer) -> None:
    """After a deed about an action, take the steps that its cases take by themselves: a plan is made, or done."""
    session.flush()
    for case_id in source_cases(session, action_id):
        # Read anew: the deed may have found the case before somebody else, for whom it waited, moved it.
        case = session.get_one(Case, case_id, populate_existing=True, with_for_update={"key_share": True})
        if not any(WholeStanding(session, case).definition.automatic_from(case.status)):
            continue
        before = case.status
        move_on(WholeStanding(session, case), by=by, now=now)
        if case.status != before:
            case.version += 1
            session.add(case)
