"""What a loaded case's review found and recommends, and the actions that follow from it."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from tracker.actions.models import Action, ActionSource, ActionTheme
from tracker.cases.decision_models import MethodWork
from tracker.cases.models import Case
from tracker.clock import london_day
from tracker.groups.models import Group, Partnership, Theme
from tracker.groups.posts import post_named
from tracker.groups.queries import next_number
from tracker.loading.forms import ActionForm, AuthorForm, CaseForm, LearningForm
from tracker.people.models import Agency, Person
from tracker.reviews.models import Finding, Lead, Recommendation, Review, ReviewCase
from tracker.rows import write
from workflows.action import ActionStatus, SourceKind, TimescaleKind
from workflows.vocabulary import Method

_LED_FROM_OUTSIDE = (Method.REVIEWER_REPORT, Method.REVIEWER_LED_WORKSHOP)


def load_learning(
    session: Session, case: Case, partnership: Partnership, form: CaseForm, themes: Mapping[str, Theme], now: datetime
) -> int:
    """Load the review of a case with all that follows from it, and say how many actions there are."""
    review = _review(session, case, form)
    found = _rows(session, Finding, review.id, form.findings, themes)
    recommended = _rows(session, Recommendation, review.id, form.recommendations, themes)
    for action in form.actions:
        row = _action(session, partnership, action, now)
        _sources(session, row, case, action, found, recommended)
        for theme in _known(themes, action.themes, action.id):
            write(session, ActionTheme(action_id=row.id, theme_id=theme.id))
    return len(form.actions)


def load_leads(session: Session, works: list[MethodWork], authors: list[AuthorForm]) -> None:
    """Load who led the review, by role: whoever came from outside led what an outside reviewer does."""
    for author in authors if works else ():
        outside = [work for work in works if work.code in _LED_FROM_OUTSIDE]
        chosen = outside[0] if author.position == "external" and outside else works[0]
        involvement = "none" if author.independence else "not_known"
        lead = Lead(method_id=chosen.id, name=author.role, involvement=involvement, declaration=author.independence)
        write(session, lead)


def _review(session: Session, case: Case, form: CaseForm) -> Review:
    row = Review(
        kind=form.kind,
        findings_stated=form.counts.findings_stated,
        recommendations_stated=form.counts.recommendations_stated,
        impact=_json(form.impact),
        measures=_json(_measures(form.measures)),
        scrutiny_areas=_json(form.scrutiny_areas),
    )
    write(session, row)
    write(session, ReviewCase(review_id=row.id, case_id=case.id))
    return row


# Figures under whatever names the report has.
def _measures(measures: dict[str, Any] | list[Any] | None) -> list[Any]:
    if isinstance(measures, dict):
        return [{"name": name, "value": value} for name, value in measures.items()]
    return measures or []


def _rows(
    session: Session,
    model: type[Finding] | type[Recommendation],
    review_id: int,
    forms: list[LearningForm],
    themes: Mapping[str, Theme],
) -> dict[int, int]:
    """Write findings or recommendations, and give their ids by their numbers in the file."""
    ids: dict[int, int] = {}
    for form in forms:
        if form.no in ids:
            raise ValueError(f"number {form.no} stands there twice among what a review found or recommends.")
        _known(themes, form.themes, f"number {form.no}")
        row = model(review_id=review_id, number=form.no, text=form.text, themes=_json(form.themes))
        if isinstance(row, Recommendation):
            row.addressee = form.addressee
        ids[form.no] = write(session, row).id
    return ids


def _action(session: Session, partnership: Partnership, form: ActionForm, now: datetime) -> Action:
    today = london_day(now)
    owner, agency = _owner(session, partnership, form.owner, today)
    ended = form.status not in (ActionStatus.PLANNED, ActionStatus.IN_PROGRESS, ActionStatus.ONGOING)
    is_ongoing = form.status is ActionStatus.ONGOING
    row = Action(
        reference=f"A{next_number(session, 'action')}",
        partnership_id=partnership.id,
        text=form.text,
        status=form.status,
        level=form.level,
        agency_id=agency.id if agency else None,
        agency_name=form.owner,
        owner_id=owner.id if owner else None,
        group_id=_group(session, partnership, form.owner),
        timescale_kind=TimescaleKind.CONTINUING if is_ongoing else TimescaleKind.DATE,
        timescale_words=form.date_event[:200] if form.date_event else None,
        due=None if ended or is_ongoing else form.date,
        review_on=form.date if is_ongoing else None,
        first_due=None if ended else form.date,
        completed_on=form.date if ended else None,
        made_on=today,
        loaded_id=form.id,
    )
    return write(session, row)


def _owner(
    session: Session, partnership: Partnership, name: str | None, today: date
) -> tuple[Person | None, Agency | None]:
    """Give the post that owns an action, and its agency where the post is one and not a body of the partnership."""
    if name is None:
        return None, None
    agency = None if _is_own_body(session, partnership, name) else _agency(session, partnership, name)
    return post_named(session, partnership, name, agency, today), agency


def _group(session: Session, partnership: Partnership, name: str | None) -> int | None:
    """Give the group whose plan an action belongs to: the one that owns it."""
    groups = session.exec(select(Group.id, Group.name).where(Group.partnership_id == partnership.id))
    return next((number for number, called in groups if called.casefold() == (name or "").casefold()), None)


def _is_own_body(session: Session, partnership: Partnership, name: str) -> bool:
    groups = session.exec(select(Group.name).where(Group.partnership_id == partnership.id))
    if name.casefold() in {group.casefold() for group in groups}:
        return True
    return partnership.code.upper() in name.split()


def _agency(session: Session, partnership: Partnership, name: str) -> Agency:
    question = select(Agency).where(Agency.partnership_id == partnership.id, Agency.name == name)
    found = session.exec(question).first()
    return found or write(session, Agency(partnership_id=partnership.id, name=name))


def _sources(
    session: Session, row: Action, case: Case, form: ActionForm, found: dict[int, int], recommended: dict[int, int]
) -> None:
    write(session, ActionSource(action_id=row.id, kind=SourceKind.CASE, case_id=case.id))
    answers = form.responds_to or {}
    for kind, number in answers.items():
        known = {"finding": found, "recommendation": recommended}.get(kind, {})
        if number not in known:
            raise ValueError(f"the action {form.id!r} responds to {kind} {number}, which is not there.")
        source = ActionSource(action_id=row.id, kind=SourceKind(kind), case_id=case.id)
        source.finding_id = known[number] if kind == "finding" else None
        source.recommendation_id = known[number] if kind == "recommendation" else None
        write(session, source)


def _known(themes: Mapping[str, Theme], codes: list[str], where: str) -> list[Theme]:
    unknown = [code for code in codes if code not in themes]
    if unknown:
        raise ValueError(f"{where} has the theme {unknown[0]!r}, which is not among the themes.")
    return [themes[code] for code in dict.fromkeys(codes)]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
