"""Where an action comes from: cases, their recommendations, or what lies outside every case."""

import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from tracker.actions.models import Action, ActionSource
from tracker.cases.models import Case
from tracker.cases.queries import case_by_reference
from tracker.errors import NotFound, Refused
from tracker.facts import Name
from tracker.people.doer import Doer
from tracker.reviews.models import Recommendation, ReviewCase
from tracker.rows import write
from workflows.action import SourceKind

_NUMBER = re.compile(r"[0-9]{1,4}")


class OtherSource(BaseModel):
    """A source that is no case: an audit, a reflection, an escalation, a priority, a body outside, in words."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["audit", "reflection", "escalation", "priority", "outside_body"]
    words: Name


def read_sources(
    session: Session, given: Sequence[Name | OtherSource], case: Case | None, by: Doer | None
) -> list[ActionSource]:
    """Find what the given sources name: `TH-2020-001`, its recommendation `TH-2020-001/3`, or `3` of the case at hand.

    The case at hand is a source itself, unless one of its recommendations is named. Raises `NotFound` or `Refused`.
    """
    sources = [_read(session, source, case, by) for source in given]
    if case is not None and case.id not in {source.case_id for source in sources}:
        sources.insert(0, ActionSource(action_id=0, kind=SourceKind.CASE, case_id=case.id))
    unlike = {(one.kind, one.case_id, one.recommendation_id, one.words): one for one in sources}
    return list(unlike.values())


def write_sources(session: Session, action: Action, sources: Sequence[ActionSource]) -> None:
    """Write the sources of an action that is new to them; one that it has already is not written twice."""
    rows = session.exec(select(ActionSource).where(ActionSource.action_id == action.id))
    known = {(row.kind, row.case_id, row.recommendation_id, row.words) for row in rows}
    for source in sources:
        if (source.kind, source.case_id, source.recommendation_id, source.words) not in known:
            write(session, ActionSource(**source.model_dump(exclude={"id", "action_id"}), action_id=action.id))


def _read(session: Session, source: str | OtherSource, case: Case | None, by: Doer | None) -> ActionSource:
    if isinstance(source, OtherSource):
        return ActionSource(action_id=0, kind=source.kind, words=source.words)
    if _NUMBER.fullmatch(source):
        if case is None:
            raise Refused(
                f"Recommendation {source} of which case? Write it like TH-2020-001/{source}.", code="which_case"
            )
        return _recommendation(session, case, int(source))
    reference, _, number = source.rpartition("/")
    if reference and _NUMBER.fullmatch(number):
        return _recommendation(session, case_by_reference(session, reference, by), int(number))
    found = case_by_reference(session, source, by)
    return ActionSource(action_id=0, kind=SourceKind.CASE, case_id=found.id)


def _recommendation(session: Session, case: Case, number: int) -> ActionSource:
    question = (
        select(Recommendation.id)
        .join(ReviewCase, col(ReviewCase.review_id) == Recommendation.review_id)
        .where(ReviewCase.case_id == case.id, Recommendation.number == number)
        .order_by(col(Recommendation.review_id).desc())
    )
    found = session.exec(question).first()
    if found is None:
        raise NotFound(f"{case.reference} has no recommendation {number}. `tracker show case` lists those it has.")
    return ActionSource(action_id=0, kind=SourceKind.RECOMMENDATION, case_id=case.id, recommendation_id=found)
