"""The learning review: begun elsewhere or here, agreed with its findings and recommendations, and graded."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlmodel import Session, select

from tracker.cases.days import not_before
from tracker.cases.models import CaseEvent
from tracker.cases.standing import Standing
from tracker.cases.steps import ask, move_on, take_step
from tracker.errors import Refused
from tracker.facts import Code, Facts, Name, Words
from tracker.groups.themes import themes_called, vocabulary
from tracker.people.doer import Doer
from tracker.reviews.models import Finding, Recommendation, Review, ReviewCase
from tracker.reviews.queries import last_number, review_of
from tracker.rows import write
from workflows.dates import PartialDate, uk_date
from workflows.requirements import REQUIREMENTS, Unmet
from workflows.vocabulary import Do, Event
from workflows.wording import listed

_BEFORE_A_REPORT = (Event.DECISION, Event.RECOMMENDATION, Event.NOTIFICATION, Event.INCIDENT_KNOWN)

Number = Annotated[int, Field(ge=1, le=9999)]
Stated = Annotated[int, Field(ge=0, le=10_000)]


class Learning(Facts):
    """A finding or a recommendation, in the words of the report, with its themes."""

    text: Words
    themes: list[Code] = []
    addressee: Name | None = None


class Recommended(Learning):
    """A recommendation, with the findings that it answers: their numbers as they are recorded."""

    findings: list[Number] = []


class AgreeReport(Facts):
    """When the report was agreed, with what it found and recommends.

    The numbers stated are those that the report itself gives, where they differ from what is recorded here.
    """

    on: PartialDate
    findings: list[Learning] = []
    recommendations: list[Recommended] = []
    findings_stated: Stated | None = None
    recommendations_stated: Stated | None = None
    kind: Code | None = None


class RecordEvaluation(Facts):
    """When the review was evaluated from outside, and its grade."""

    on: PartialDate
    grade: Code


class StartContribution(Facts):
    """Which other area's review the case contributes to."""

    with_whom: Words
    on: PartialDate | None = None


def agree_report(standing: Standing, facts: AgreeReport, *, now: datetime, by: Doer) -> None:
    """Agree the report of a review, with its findings and recommendations."""
    role = ask(standing, Do.AGREE_REPORT, by)
    late = not_before(standing, facts.on, "the agreement of the report", *_BEFORE_A_REPORT)
    _must_be_the_first(standing)
    named = [code for part in (*facts.findings, *facts.recommendations) for code in part.themes]
    themes_called(standing.session, named, standing.case.partnership_id)
    standing.propose(findings=facts.findings, recommendations=facts.recommendations)
    take_step(
        standing,
        Do.AGREE_REPORT,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.REPORT_AGREED,
        also=[*_needed_later(standing), *late],
        what=f"Agreed the report on {uk_date(facts.on)}",
        more={"findings": len(facts.findings), "recommendations": len(facts.recommendations)},
    )
    _write_learning(standing, facts)
    standing.proposed.clear()
    move_on(standing, by=by, now=now, turned_by=Event.REPORT_AGREED)


def record_evaluation(standing: Standing, facts: RecordEvaluation, *, now: datetime, by: Doer) -> None:
    """Record the grade that an evaluation from outside gave the review."""
    role = ask(standing, Do.RECORD_EVALUATION, by)
    late = not_before(standing, facts.on, "the evaluation", Event.REPORT_AGREED, Event.DECISION)
    evaluated = standing.day_of(Event.EVALUATION)
    if evaluated is not None:
        raise Refused(f"The review was evaluated on {uk_date(evaluated)}.", code="already_done")
    take_step(
        standing,
        Do.RECORD_EVALUATION,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        event=Event.EVALUATION,
        also=[*_unknown_grade(standing, facts.grade), *late],
        what=f"Evaluated on {uk_date(facts.on)}: {facts.grade}",
        more={"grade": facts.grade},
    )
    standing.session.flush()
    say_beside(standing, Event.EVALUATION, facts.grade)
    move_on(standing, by=by, now=now, turned_by=Event.EVALUATION)


def start_contribution(standing: Standing, facts: StartContribution, *, now: datetime, by: Doer) -> None:
    """Contribute to another area's review instead of carrying out one here."""
    role = ask(standing, Do.START_CONTRIBUTION, by)
    late = [] if facts.on is None else not_before(standing, facts.on, "the contribution", Event.INCIDENT_KNOWN)
    take_step(
        standing,
        Do.START_CONTRIBUTION,
        role=role,
        by=by,
        now=now,
        on=facts.on,
        also=late,
        what=f"Contributes to the review of {facts.with_whom}",
        more={"with_whom": facts.with_whom},
    )
    move_on(standing, by=by, now=now)


def say_beside(standing: Standing, event: Event, words: str) -> None:
    """Keep words beside the day of an event: a grade, the reason of an override."""
    question = select(CaseEvent).where(CaseEvent.case_id == standing.case.id, CaseEvent.name == event.value)
    kept = standing.session.exec(question).one()
    kept.note = words
    standing.session.add(kept)
    standing.session.flush()


def _must_be_the_first(standing: Standing) -> None:
    """Refuse to agree a report twice where that leaves the case where it stands; elsewhere its status says so."""
    agreed = standing.day_of(Event.REPORT_AGREED)
    step = standing.lifecycle.step_from(standing.state, Do.AGREE_REPORT)
    if agreed is not None and step is not None and (standing.findings or standing.recommendations):
        raise Refused(f"The report was agreed on {uk_date(agreed)}.", code="already_done")


def _needed_later(standing: Standing) -> list[Unmet]:
    """Ask now for what a later step needs of the report: it is agreed once."""
    later = {need.code for step in standing.definition.steps if step.do is not Do.AGREE_REPORT for need in step.needs}
    unmet = [REQUIREMENTS[code].unmet(standing) for code in ("findings", "recommendations") if code in later]
    return [need for need in unmet if need is not None]


def _unknown_grade(standing: Standing, grade: str) -> list[Unmet]:
    grades = standing.definition.grades
    if not grades or grade in grades:
        return []
    return [Unmet("unknown_grade", f"There is no grade {grade!r}. Grades are {listed(grades)}.", "record-evaluation")]


def _write_learning(standing: Standing, facts: AgreeReport) -> None:
    """Write what the report says into the case's review, numbered on from what was loaded."""
    session = standing.session
    review = review_of(session, standing.case.id)
    if review is None:
        review = write(session, Review(kind=_kind(standing, facts)))
        write(session, ReviewCase(review_id=review.id, case_id=standing.case.id))
        review = session.get_one(Review, review.id)
    review.findings_stated = facts.findings_stated if facts.findings_stated is not None else review.findings_stated
    if facts.recommendations_stated is not None:
        review.recommendations_stated = facts.recommendations_stated
    session.add(review)
    _write_findings(standing, review.id, facts.findings)
    must_have_findings(session, review.id, [number for said in facts.recommendations for number in said.findings])
    for number, said in enumerate(facts.recommendations, last_number(session, Recommendation, review.id) + 1):
        row = Recommendation(review_id=review.id, number=number, text=said.text, themes=_themes(standing, said))
        row.addressee = said.addressee
        row.findings = json.dumps(sorted(set(said.findings))) if said.findings else None
        write(session, row)
    session.flush()


def _write_findings(standing: Standing, review_id: int, findings: Sequence[Learning]) -> None:
    session = standing.session
    for number, said in enumerate(findings, last_number(session, Finding, review_id) + 1):
        themes = _themes(standing, said)
        write(session, Finding(review_id=review_id, number=number, text=said.text, themes=themes))


def _themes(standing: Standing, said: Learning) -> str:
    return json.dumps(vocabulary(standing.session).codes(said.themes, standing.case.partnership_id))


def must_have_findings(session: Session, review_id: int, numbers: Sequence[int]) -> None:
    """Refuse a recommendation that answers a finding which its review has not."""
    known = set(session.exec(select(Finding.number).where(Finding.review_id == review_id)))
    missing = sorted(set(numbers) - known)
    if missing:
        raise Refused(f"The review has no finding {missing[0]}. Give the numbers as they are recorded.", "no_finding")


def _kind(standing: Standing, facts: AgreeReport) -> str:
    """Give the kind of review that was said, or else the partnership's first one beside the rapid review."""
    kinds = [kind for kind in standing.definition.review_kinds if kind != "rapid_review"]
    if facts.kind is None:
        return kinds[0] if kinds else standing.case.kind
    if kinds and facts.kind not in kinds:
        raise Refused(f"There is no kind of review {facts.kind!r}. Kinds are {listed(kinds)}.", code="unknown_kind")
    return facts.kind
