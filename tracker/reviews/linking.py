"""Which findings a recommendation answers: said afterwards, where the report was agreed without it."""

import json
from datetime import datetime

from sqlmodel import col, select

from tracker import history
from tracker.cases.standing import Standing
from tracker.errors import NotFound
from tracker.facts import Facts
from tracker.people.doer import Doer
from tracker.people.permissions import require
from tracker.reviews.learning_review import Number, must_have_findings
from tracker.reviews.models import Recommendation, ReviewCase


class LinkRecommendation(Facts):
    """The number of a recommendation, and those of the findings that it answers; none takes the link away."""

    recommendation: Number
    findings: list[Number] = []


def link_recommendation(standing: Standing, facts: LinkRecommendation, *, now: datetime, by: Doer) -> None:
    """Say which findings a recommendation answers; also of a closed case, of which it changes nothing else."""
    session, case = standing.session, standing.case
    require(by, "link_recommendation", case.partnership_id)
    question = (
        select(Recommendation)
        .join(ReviewCase, col(ReviewCase.review_id) == Recommendation.review_id)
        .where(ReviewCase.case_id == case.id, Recommendation.number == facts.recommendation)
        .order_by(col(Recommendation.review_id).desc())
    )
    row = session.exec(question).first()
    if row is None:
        raise NotFound(f"{case.reference} has no recommendation {facts.recommendation}.")
    must_have_findings(session, row.review_id, facts.findings)
    old, row.findings = row.findings, json.dumps(sorted(set(facts.findings))) if facts.findings else None
    session.add(row)
    answered = ", ".join(str(number) for number in sorted(set(facts.findings)))
    named = f"finding{'s' if len(set(facts.findings)) > 1 else ''} {answered}" if answered else "no finding"
    history.note(
        session,
        case.reference,
        "link_recommendation",
        at=now,
        by=by,
        what=f"Recommendation {facts.recommendation} answers {named}",
        old=old,
        new=row.findings,
    )
