"""The reflections: months after the publication, has the learning been embedded, and what is still missing?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import field_validator

from tracker.actions.models import Action
from tracker.cases.days import not_before
from tracker.cases.steps import ask, move_on, take_step
from tracker.facts import Code, Facts, Words
from tracker.people.doer import Doer
from tracker.reflections.gaps import embed, make_gap_action
from tracker.reflections.models import Reflection, ReflectionAnswer
from tracker.reviews.models import Recommendation
from tracker.rows import write
from tracker.standing import WholeStanding
from workflows.arrangement import ReflectsOn
from workflows.checking import EVENT_OF_REFLECTION
from workflows.dates import PartialDate, uk_date
from workflows.requirements import Unmet
from workflows.vocabulary import Do, Event
from workflows.wording import listed

_CURE = Do.RECORD_REFLECTION.deed


class Answer(Facts):
    """Where one recommendation stands, by its number; or one action, by its reference."""

    of: Code
    answer: Literal["embedded", "in_progress", "gap"]
    text: Words | None = None

    @field_validator("of", mode="before")
    @classmethod
    def _number_or_reference(cls, of: object) -> object:
        return str(of) if isinstance(of, int) and not isinstance(of, bool) else of


class RecordReflection(Facts):
    """When the reflection was held, and an answer for each recommendation or action.

    `which` is the one that is open, unless it is said.
    """

    on: PartialDate
    which: Literal["6m", "12m", "update"] | None = None
    answers: list[Answer] = []


@dataclass(frozen=True, slots=True)
class _Placed:
    """An answer with what it is about."""

    given: Answer
    recommendation: Recommendation | None = None
    action: Action | None = None


def record_reflection(standing: WholeStanding, facts: RecordReflection, *, now: datetime, by: Doer) -> None:
    """Record a reflection; a gap makes an action, and a complete action that is embedded is marked so."""
    which = facts.which or _open_one(standing)
    role = ask(standing, Do.RECORD_REFLECTION, by, which)
    name = EVENT_OF_REFLECTION[which].words
    late = not_before(standing, facts.on, name, *_earlier(which))
    placed, wrong = _place(standing, facts.answers)
    standing.propose(answered=[_of(answer) for answer in placed])
    take_step(
        standing,
        Do.RECORD_REFLECTION,
        branch=which,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=EVENT_OF_REFLECTION[which],
        also=[*wrong, *late],
        what=f"{name.removeprefix('the ').capitalize()} on {uk_date(facts.on)}",
        more={"which": which, "answers": [answer.model_dump(exclude={"confirmed"}) for answer in facts.answers]},
    )
    kept = write(standing.session, Reflection(case_id=standing.case.id, which=which, on=facts.on))
    for answer in placed:
        _write_answer(standing, kept, answer, now, by)
    standing.session.flush()
    move_on(standing, by=by, now=now, turned_by=EVENT_OF_REFLECTION[which])


def _open_one(standing: WholeStanding) -> str:
    """Give the reflection that the case waits for; where none is open, the first that its definition knows."""
    steps = [step for step in standing.definition.steps if step.do is Do.RECORD_REFLECTION]
    steps.sort(key=lambda step: standing.state not in step.sources)
    return next((step.branch for step in steps if step.branch in EVENT_OF_REFLECTION), "12m")


def _earlier(which: str) -> tuple[Event, ...]:
    before = (Event.PUBLICATION, Event.REPORT_AGREED, Event.DECISION)
    return (Event.REFLECTION_6M, *before) if which == "12m" else before


def _of(placed: _Placed) -> str:
    return (
        placed.action.reference if placed.action else str(placed.recommendation.number if placed.recommendation else "")
    )


def _place(standing: WholeStanding, answers: Sequence[Answer]) -> tuple[list[_Placed], list[Unmet]]:
    """Find what each answer is about, and say what is wrong with the answers, all at once."""
    on_actions = standing.definition.reflection_answers == ReflectsOn.ACTIONS
    placed: list[_Placed] = []
    sentences: list[str] = []
    for answer in answers:
        found = _placed_on_action(standing, answer) if on_actions else _placed_on_recommendation(standing, answer)
        what = "action" if on_actions else "recommendation"
        if found is None:
            sentences.append(f"This case has no {what} {answer.of}. {_there_are(standing, on_actions)}")
        elif _of(found) in {_of(earlier) for earlier in placed}:
            sentences.append(f"Answer once for {what} {_of(found)}.")
        else:
            placed.append(found)
            if answer.answer == "gap" and answer.text is None:
                sentences.append(f"Say what is missing for {what} {_of(found)}: a gap makes an action.")
    return placed, [Unmet("answers", sentence, _CURE) for sentence in sentences]


def _placed_on_action(standing: WholeStanding, answer: Answer) -> _Placed | None:
    rows = (action for action in standing.action_rows if action.reference == answer.of.upper())
    action = next(rows, None)
    return None if action is None else _Placed(answer, action=action)


def _placed_on_recommendation(standing: WholeStanding, answer: Answer) -> _Placed | None:
    rows = (row for row in standing.recorded_recommendations if str(row.number) == answer.of)
    recommendation = next(rows, None)
    return None if recommendation is None else _Placed(answer, recommendation=recommendation)


def _there_are(standing: WholeStanding, on_actions: bool) -> str:
    if on_actions:
        known = [action.reference for action in standing.action_rows]
    else:
        known = [str(row.number) for row in standing.recorded_recommendations]
    return f"There are {listed(known)}." if known else "There are none."


def _write_answer(standing: WholeStanding, kept: Reflection, placed: _Placed, now: datetime, by: Doer) -> None:
    given = placed.given
    gap = None
    if given.answer == "gap" and given.text is not None:
        gap = make_gap_action(standing, given.text, placed.recommendation, kept.which, now=now, by=by)
    elif given.answer == "embedded" and placed.action is not None:
        embed(standing, placed.action, now=now, by=by)
    write(
        standing.session,
        ReflectionAnswer(
            reflection_id=kept.id,
            recommendation_id=placed.recommendation.id if placed.recommendation else None,
            action_id=placed.action.id if placed.action else None,
            answer=given.answer,
            text=given.text,
            gap_action_id=gap,
        ),
    )
