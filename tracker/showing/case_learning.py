"""What a case document says about its reviews: findings, recommendations and what they have changed."""

import json
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from tracker.actions.models import Action, ActionSource, Impact
from tracker.actions.pairs import joined_with
from tracker.actions.queries import IS_ITS_OWN
from tracker.among import among, listed
from tracker.groups.themes import vocabulary
from tracker.reviews.models import Finding, Recommendation, Review
from tracker.rows import Question, RowsOf
from tracker.standing import WholeStanding

Document = dict[str, Any]


def learning_documents(standing: WholeStanding) -> Document:
    """Give what the case's reviews found and recommend; numbers stated stand apart from what is recorded here."""
    session = standing.session
    answering = listed(standing.review_ids)
    reviews = _REVIEWS.all(session, reviews=answering) if standing.review_ids else []
    findings = _FINDINGS.all(session, reviews=answering) if standing.review_ids else []
    recommendations = standing.recorded_recommendations
    known, here = vocabulary(session), standing.case.partnership_id
    answered = _actions_by_recommendation(session, recommendations)
    return {
        "findings": {
            "stated": _stated([review.findings_stated for review in reviews]),
            "recorded": len(findings),
            "rows": [
                {
                    "number": row.number,
                    "text": row.text,
                    "themes": known.codes(json.loads(row.themes), here),
                    "recommendations": answering_recommendations(row, recommendations),
                }
                for row in findings
            ],
        },
        "recommendations": {
            "stated": _stated([review.recommendations_stated for review in reviews]),
            "recorded": len(recommendations),
            "rows": [
                {
                    "number": row.number,
                    "text": row.text,
                    "addressee": row.addressee,
                    "themes": known.codes(json.loads(row.themes), here),
                    "findings": json.loads(row.findings or "[]"),
                    "actions": answered.get(row.id, []),
                    "gap": row.id not in answered,
                }
                for row in recommendations
            ],
        },
        "impact": [line for review in reviews for line in json.loads(review.impact)] + _impact_of_actions(standing),
        "measures": [line for review in reviews for line in json.loads(review.measures)],
        "scrutiny_areas": [line for review in reviews for line in json.loads(review.scrutiny_areas)],
    }


def answering_recommendations(finding: Finding, recommendations: Sequence[Recommendation]) -> list[int]:
    """Give the numbers of the recommendations of its own review that answer a finding."""
    return [
        row.number
        for row in recommendations
        if row.review_id == finding.review_id and finding.number in json.loads(row.findings or "[]")
    ]


def _stated(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def _actions_by_recommendation(session: Session, rows: Sequence[Recommendation]) -> dict[int, list[str]]:
    wanted = listed(row.id for row in rows)
    found: dict[int, list[str]] = {}
    for recommendation_id, reference, _ in _ANSWERED.rows(session, recommendations=wanted) if rows else ():
        found.setdefault(recommendation_id, []).append(reference)
    return found


def _impact_of_actions(standing: WholeStanding) -> list[str]:
    ids = [action.id for action in standing.action_rows]
    ids += joined_with(standing.session, listed(action.reference for action in standing.action_rows)) if ids else []
    return [words for (words,) in _IMPACT.rows(standing.session, actions=listed(ids))] if ids else []


_REVIEWS = RowsOf(Review, select(Review).where(among(col(Review.id), "reviews")).order_by(col(Review.id)))
_FINDINGS = RowsOf(
    Finding,
    select(Finding)
    .where(among(col(Finding.review_id), "reviews"))
    .order_by(col(Finding.review_id), col(Finding.number)),
)
_ANSWERED = Question(
    select(ActionSource.recommendation_id, Action.reference, Action.id)
    .join(Action, col(Action.id) == ActionSource.action_id)
    .where(among(col(ActionSource.recommendation_id), "recommendations"), IS_ITS_OWN)
    .distinct()
    .order_by(col(Action.id))
)
_IMPACT = Question(select(Impact.text).where(among(col(Impact.action_id), "actions")))
