"""Changing what an action says; its owner and its due date change by deeds of their own, which ask why."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from tracker import history
from tracker.actions.alike import words_changed
from tracker.actions.models import Action, ActionDate, ActionHelper, ActionTheme
from tracker.actions.plan import not_too_far, rhythm_of, timescale_of, write_dates
from tracker.actions.rights import ask, may_own, must_allow
from tracker.actions.sources import OtherSource, read_sources, write_sources
from tracker.clock import london_day
from tracker.errors import Refused
from tracker.facts import Code, Facts, Name, Title, Words
from tracker.groups.queries import agency_by_name, group_named, group_names
from tracker.groups.themes import themes_called, vocabulary
from tracker.people.doer import Doer
from tracker.people.models import Agency, Person
from tracker.people.queries import person_named
from tracker.rows import write
from workflows.action import OPEN_STATUSES, WITHOUT_DATE, Level, TimescaleKind
from workflows.dates import PartialDate


class EditAction(Facts):
    """What is to change; what is not named stays, and `null` empties what may be empty.

    Sources are added to those there are; helpers and themes replace those there were.
    """

    text: Words | None = None
    title: Title | None = None
    sources: list[Name | OtherSource] = []
    level: Level | None = None
    agency: Name | None = None
    helpers: list[Name] = []
    timescale: Name | None = None
    review_on: PartialDate | None = None
    themes: list[Code] = []
    success_measure: Words | None = None
    baseline: Words | None = None
    outside_body: Name | None = None
    group: Name | None = None


def edit_action(session: Session, action: Action, facts: EditAction, *, now: datetime, by: Doer) -> None:
    """Change what an action says; every changed fact stands in the history, old beside new."""
    role = ask(by, action, "edit_action")
    must_allow(action, "edit_action")
    changed = facts.model_fields_set - {"confirmed"}
    if not changed:
        raise Refused("Say what is to change: a title, a text, a source.", code="nothing_to_change")
    for needed in {"text", "level"} & changed:
        if getattr(facts, needed) is None:
            raise Refused(f"The {needed} of an action cannot be empty.", code="empty")
    old = _edit(session, action, facts, changed, now, by)
    session.add(action)
    if old.get("text", action.text) != action.text:
        words_changed(session, action)
    history.note(
        session,
        action.reference,
        "edit_action",
        at=now,
        by=by,
        role=role,
        what=f"Changed {', '.join(sorted(name.replace('_', ' ') for name in changed))}",
        old=old,
        new=facts.model_dump(mode="json", include=changed),
    )


_PLAIN = ("text", "title", "level", "review_on", "success_measure", "baseline", "outside_body")


def _edit(
    session: Session, action: Action, facts: EditAction, changed: set[str], now: datetime, by: Doer
) -> dict[str, Any]:
    """Write what is to change and give what stood there before."""
    old: dict[str, Any] = {}
    if "review_on" in changed:
        not_too_far(facts.review_on, london_day(now))
    for name in _PLAIN:
        if name in changed:
            old[name] = getattr(action, name)
            setattr(action, name, getattr(facts, name))
    if action.outside_body is not None:
        if action.status in OPEN_STATUSES:
            let_the_date_go(action)
    elif "outside_body" in changed:
        # Nobody outside is asked any more; the history keeps who was, and what came of it.
        action.asked_on = action.answered_on = action.answer = None
    if "group" in changed:
        old["group"] = None if action.group_id is None else group_names(session)[action.group_id]
        named_group = None if facts.group is None else group_named(session, action.partnership_id, facts.group)
        action.group_id = None if named_group is None else named_group.id
    if "agency" in changed:
        old["agency"] = _name_of_agency(session, action)
        named = None if facts.agency is None else agency_by_name(session, action.partnership_id, facts.agency)
        action.agency_id = None if named is None else named.id
        action.agency_name = None
    if "timescale" in changed:
        old["timescale"] = action.timescale_words
        _change_timescale(session, action, facts.timescale, now)
    if "sources" in changed:
        write_sources(session, action, read_sources(session, facts.sources, None, by))
    if "helpers" in changed:
        old["helpers"] = _replace_helpers(session, action, facts.helpers, london_day(now))
    if "themes" in changed:
        old["themes"] = _replace_themes(session, action, facts.themes)
    return old


def _name_of_agency(session: Session, action: Action) -> str | None:
    return session.get_one(Agency, action.agency_id).name if action.agency_id else action.agency_name


def _change_timescale(session: Session, action: Action, words: str | None, now: datetime) -> None:
    """Take over the rhythm; a due date that stands is not moved by it, but what has no date any more loses it."""
    today = london_day(now)
    timescale = timescale_of(words, today)
    for day in timescale.dates if timescale else ():
        not_too_far(day, today)
    kind = timescale.kind if timescale else TimescaleKind.DATE
    fixed = kind in (TimescaleKind.DATE, TimescaleKind.SEVERAL)
    if timescale is not None and fixed and action.due is not None and action.due not in timescale.dates:
        raise Refused("The due date is moved with move-due-date, which asks why.", code="use_move_due_date")
    action.timescale_kind = kind
    action.timescale_words = timescale.words if timescale else None
    action.every = str(timescale.every) if timescale and timescale.every else None
    if kind in WITHOUT_DATE or action.outside_body is not None:
        let_the_date_go(action)
    elif action.due is None and timescale is not None and timescale.due is not None:
        action.due = timescale.due
        action.first_due = action.first_due or timescale.due
        action.due_version += 1
    action.rhythm_from = rhythm_of(timescale, action.due)
    for row in session.exec(_dates_ahead(action)):
        session.delete(row)
    write_dates(session, action, timescale, now)


def _dates_ahead(action: Action) -> SelectOfScalar[ActionDate]:
    """Ask for those of its several dates that are not met: new ones take their place."""
    several = (ActionDate.action_id == action.id, ActionDate.kind == "several")
    return select(ActionDate).where(*several, col(ActionDate.met_on).is_(None))


def let_the_date_go(action: Action) -> None:
    """Take the due date from what has none any more; it is looked at again on that day, unless another is named."""
    if action.due is None:
        return
    action.review_on = action.review_on or action.due
    action.due = None
    action.due_version += 1


def _replace_helpers(session: Session, action: Action, names: Sequence[str], today: date) -> list[str]:
    question = (
        select(ActionHelper, Person.name)
        .join(Person, col(Person.id) == ActionHelper.person_id)
        .where(ActionHelper.action_id == action.id)
    )
    rows = session.exec(question.order_by(col(ActionHelper.id))).all()
    wanted = {person.id: person for person in (person_named(session, name, action.partnership_id) for name in names)}
    for row, _ in rows:
        if row.person_id not in wanted:
            session.delete(row)
    known = {row.person_id for row, _ in rows}
    for person_id, person in wanted.items():
        if person_id not in known:
            may_own(session, action, person, today)
            write(session, ActionHelper(action_id=action.id, person_id=person_id))
    return [name for _, name in rows]


def _replace_themes(session: Session, action: Action, codes: Sequence[str]) -> list[str]:
    """A theme that was merged stays as it was given, where the one for which it now stands is wanted."""
    known, here = vocabulary(session), action.partnership_id
    question = select(ActionTheme).where(ActionTheme.action_id == action.id)
    rows = [(row, known.root(row.theme_id, here)) for row in session.exec(question.order_by(col(ActionTheme.id)))]
    were = {theme_id for _, theme_id in rows}
    wanted = {theme.id for theme in themes_called(session, codes, here)}
    for row, theme_id in rows:
        if theme_id not in wanted:
            session.delete(row)
    for theme_id in wanted - were:
        write(session, ActionTheme(action_id=action.id, theme_id=theme_id))
    return sorted({known.numbers[theme_id] for theme_id in were})
