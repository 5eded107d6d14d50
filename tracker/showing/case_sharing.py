"""What a case document says of how its learning was passed on: the briefing, the reflections, and the comments."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from tracker.actions.models import Action
from tracker.among import among, listed
from tracker.briefings.queries import Written, briefings_of
from tracker.people.models import Person
from tracker.reflections.models import Comment, Reflection, ReflectionAnswer
from tracker.rows import Question, RowsOf
from tracker.standing import WholeStanding
from workflows.checking import EVENT_OF_REFLECTION
from workflows.dates import iso_text

Document = dict[str, Any]


REFLECTION_NAMES: Mapping[str, str] = {
    "6m": "Six-month reflection",
    "12m": "One-year reflection",
    "update": "Update report",
}


def sharing_documents(standing: WholeStanding) -> Document:
    """Give the briefing with its draft, the reflections with every answer, and the comments on both, oldest first."""
    return {
        "briefing": _briefing(standing),
        "reflections": _reflections(standing),
        "comments": _comments(standing),
    }


def _briefing(standing: WholeStanding) -> Document | None:
    found = briefings_of(standing.session, standing.case)
    if found.newest is None:
        return None
    newest = found.versions[0] if found.versions else None
    return {
        "version": None if newest is None else newest.number,
        "approved_on": None if newest is None else iso_text(newest.approved_on),
        "approved_by": None if newest is None else newest.approved_by,
        "texts": None if newest is None else newest.texts,
        "draft": None if found.draft is None else _draft(found.draft),
    }


def _draft(draft: Written) -> Document:
    return {"texts": draft.texts, "by": draft.written_by, "at": draft.written_at.isoformat()}


def _reflections(standing: WholeStanding) -> list[Document]:
    """Give each reflection that is recorded; of one that was loaded only the day is known, and no answer."""
    session = standing.session
    rows = _REFLECTIONS.all(session, case=standing.case.id)
    answers = _ANSWERS.all(session, reflections=listed(row.id for row in rows)) if rows else []
    references = _references(standing, answers)
    numbers = {row.id: row.number for row in standing.recorded_recommendations} if answers else {}
    ids = {row.which: row.id for row in rows}
    return [
        {
            "which": which,
            "on": str(standing.events[event]),
            "answers": [
                {
                    "of": references[one.action_id] if one.action_id else str(numbers.get(one.recommendation_id or 0)),
                    "answer": one.answer,
                    "text": one.text,
                    "action": None if one.gap_action_id is None else references[one.gap_action_id],
                }
                for one in answers
                if one.reflection_id == ids.get(which)
            ],
        }
        for which, event in EVENT_OF_REFLECTION.items()
        if event in standing.events
    ]


def _references(standing: WholeStanding, answers: Sequence[ReflectionAnswer]) -> dict[int, str]:
    wanted = {number for one in answers for number in (one.action_id, one.gap_action_id) if number is not None}
    return dict(_REFERENCES.rows(standing.session, actions=listed(wanted))) if wanted else {}


def _comments(standing: WholeStanding) -> list[Document]:
    return [
        {"about": about, "text": text, "by": name, "at": at.isoformat()}
        for about, text, name, at in _COMMENTS.rows(standing.session, case=standing.case.id)
    ]


_REFLECTIONS = RowsOf(Reflection, select(Reflection).where(Reflection.case_id == bindparam("case")))
_ANSWERS = RowsOf(
    ReflectionAnswer,
    select(ReflectionAnswer)
    .where(among(col(ReflectionAnswer.reflection_id), "reflections"))
    .order_by(col(ReflectionAnswer.id)),
)
_REFERENCES = Question(select(Action.id, Action.reference).where(among(col(Action.id), "actions")))
_COMMENTS = Question(
    select(col(Comment.about), col(Comment.text), col(Person.name), col(Comment.at))
    .join(Person, col(Person.id) == Comment.person_id)
    .where(Comment.case_id == bindparam("case"))
    .order_by(col(Comment.id))
)
