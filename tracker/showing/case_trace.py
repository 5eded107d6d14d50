"""The chain of a case: from what was found to what is recommended, done, shown and changed; and where it breaks."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, func, select

from tracker.actions.listing import find_actions
from tracker.actions.models import Evidence, Impact
from tracker.actions.pairs import whole_of
from tracker.actions.reading import ActionRead, rag_document
from tracker.among import among, listed
from tracker.people.doer import Doer
from tracker.reviews.models import Finding, Recommendation
from tracker.rows import Question, RowsOf
from tracker.standing import WholeStanding
from workflows.action import ActionStatus

Document = dict[str, Any]
_DONE = (ActionStatus.COMPLETE, ActionStatus.EMBEDDED)
_ENDED = (ActionStatus.DONE_DIFFERENTLY, ActionStatus.NOT_TAKEN_FORWARD)

NO_ANSWER = "No recommendation or action answers this finding."
NO_ACTION = "No action was made of this recommendation."
NO_OWNER = "Nobody owns it."
NO_EVIDENCE = "It is complete, and nothing shows it."
NO_IMPACT = "It is complete, and nothing says what changed."


@dataclass(frozen=True, slots=True)
class Link:
    """One action of the chain: what shows that it is done, what changed because of it, and what is missing."""

    read: ActionRead
    evidence: int
    impact: Sequence[str]

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """Give what is missing, each with a code and in words."""
        action = self.read.action
        found = []
        if self.read.is_open and action.outside_body is None and (self.read.owner is None or self.read.owner.is_gone):
            found.append(("no_owner", NO_OWNER))
        if action.status in _DONE and not self.evidence:
            found.append(("no_evidence", NO_EVIDENCE))
        if action.status in _DONE and not self.impact:
            found.append(("no_impact", NO_IMPACT))
        return found

    def document(self) -> Document:
        """Give the action as a line of the chain."""
        read, action = self.read, self.read.action
        return {
            "reference": action.reference,
            "title": action.title,
            "text": action.text,
            "status": action.status,
            "rag": rag_document(read),
            "owner": None if read.owner is None else read.owner.document(),
            "outside": action.outside_body,
            "ended_why": action.ended_why if action.status in _ENDED else None,
            "evidence": self.evidence,
            "impact": list(self.impact),
            "gaps": [{"code": code, "sentence": sentence} for code, sentence in self.gaps],
        }


def trace_document(standing: WholeStanding, reader: Doer | None, now: datetime) -> Document:
    """Give the chain of a case with its figures and its gaps, in a fixed number of questions."""
    session, reviews = standing.session, listed(standing.review_ids)
    findings = _FINDINGS.all(session, reviews=reviews) if standing.review_ids else []
    recommendations = standing.recorded_recommendations
    links = _links(standing, reader, now)
    found = [_finding(row, recommendations, links, standing.case.reference) for row in findings]
    recommended = [_recommendation(row, links, standing.case.reference) for row in recommendations]
    told = {one for part in (*found, *recommended) for one in part["actions"]}
    return {
        "findings": found,
        "recommendations": recommended,
        "others": [one.read.action.reference for one in links if one.read.action.reference not in told],
        "actions": {one.read.action.reference: one.document() for one in links},
        "figures": _figures(found, recommended, links),
        "gaps": list(_gaps(found, recommended, links)),
    }


def _links(standing: WholeStanding, reader: Doer | None, now: datetime) -> list[Link]:
    session = standing.session
    found = find_actions(session, {"case": standing.case.reference}, reader, now)
    reads = [read for read in found if read.action.status != ActionStatus.MERGED]
    joined = whole_of(session, listed(read.action.reference for read in reads)) if reads else {}
    ids = listed([*(read.action.id for read in reads), *joined])
    shown: Counter[int] = Counter()
    for action_id, number in _EVIDENCE.rows(session, actions=ids) if reads else ():
        shown[joined.get(action_id, action_id)] += number
    changed: dict[int, list[str]] = {}
    for action_id, words in _IMPACT.rows(session, actions=ids) if reads else ():
        changed.setdefault(joined.get(action_id, action_id), []).append(words)
    return [Link(read, shown.get(read.action.id, 0), changed.get(read.action.id, ())) for read in reads]


def _of(links: Sequence[Link], kind: str, number: int, case: str) -> list[str]:
    return [
        link.read.action.reference
        for link in links
        if any(getattr(source, kind) == number and source.case == case for source in link.read.sources)
    ]


def _finding(row: Finding, recommendations: Sequence[Recommendation], links: Sequence[Link], case: str) -> Document:
    numbers = [
        one.number
        for one in recommendations
        if one.review_id == row.review_id and row.number in json.loads(one.findings or "[]")
    ]
    actions = _of(links, "finding", row.number, case)
    is_gap = not numbers and not actions
    return {
        "number": row.number,
        "text": row.text,
        "recommendations": numbers,
        "actions": actions,
        "gap": NO_ANSWER if is_gap else None,
    }


def _recommendation(row: Recommendation, links: Sequence[Link], case: str) -> Document:
    actions = _of(links, "recommendation", row.number, case)
    return {
        "number": row.number,
        "text": row.text,
        "addressee": row.addressee,
        "findings": json.loads(row.findings or "[]"),
        "actions": actions,
        "gap": None if actions else NO_ACTION,
    }


def _figures(found: Sequence[Document], recommended: Sequence[Document], links: Sequence[Link]) -> Mapping[str, int]:
    done = [link for link in links if link.read.action.status in _DONE]
    return {
        "findings": len(found),
        "findings_answered": sum(one["gap"] is None for one in found),
        "recommendations": len(recommended),
        "recommendations_with_action": sum(one["gap"] is None for one in recommended),
        "actions": len(links),
        "actions_owned": sum(not any(code == "no_owner" for code, _ in link.gaps) for link in links),
        "complete": len(done),
        "complete_with_evidence": sum(link.evidence > 0 for link in done),
        "complete_with_impact": sum(bool(link.impact) for link in done),
        "ended_otherwise": sum(link.read.action.status in _ENDED for link in links),
    }


def _gaps(found: Sequence[Document], recommended: Sequence[Document], links: Sequence[Link]) -> Iterator[Document]:
    for kind, rows in (("finding", found), ("recommendation", recommended)):
        for row in rows:
            if row["gap"]:
                yield {"code": f"{kind}_unanswered", "about": f"{kind} {row['number']}", "sentence": row["gap"]}
    for link in links:
        for code, sentence in link.gaps:
            yield {"code": code, "about": link.read.action.reference, "sentence": sentence}


_FINDINGS = RowsOf(
    Finding,
    select(Finding)
    .where(among(col(Finding.review_id), "reviews"))
    .order_by(col(Finding.review_id), col(Finding.number)),
)
_EVIDENCE = Question(
    select(Evidence.action_id, func.count())
    .where(among(col(Evidence.action_id), "actions"))
    .group_by(col(Evidence.action_id))
)
_IMPACT = Question(
    select(Impact.action_id, Impact.text).where(among(col(Impact.action_id), "actions")).order_by(col(Impact.id))
)
