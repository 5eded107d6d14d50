"""The filters of the plan's pages as conditions: words, status, agency, theme, review and due date."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, func, or_
from sqlmodel import col, select

from tracker.actions.colouring import IS_OPEN, Patience, colour, is_overdue, is_red
from tracker.actions.models import Action, ActionSource, ActionTheme
from tracker.actions.wanted import ENDED, MINE, NO_ONE, OPEN_COLOURS, Known
from tracker.cases.models import Case
from tracker.cases.queries import may_see_case
from tracker.groups.themes import Meant
from tracker.people.doer import Doer
from workflows.action import REVIEW_SOURCES
from workflows.colour import Colour

Condition = ColumnElement[bool]

SOON_DAYS = 14
QUARTER_DAYS = 92
WITHOUT_DUE = "9999-99-99"
OF_REVIEWS = "review"
_MOST_WORDS = 8
MONTH = re.compile(r"(before-|after-)?([0-9]{4}-(?:0[1-9]|1[0-2]))")


def conditions_of(known: Known, today: date, patience: Mapping[int, Patience]) -> list[Condition]:
    """Give the conditions of what is wanted; what there is not fits no action."""
    wanted = known.wanted
    found = [_statuses(wanted.statuses, today, patience), *_words(wanted.words)]
    if wanted.agency:
        found.append(_agency(known))
    if wanted.theme:
        of_none = ~exists().where(col(ActionTheme.action_id) == Action.id)
        found.append(of_none if wanted.theme == NO_ONE else has_theme(known.themes))
    if wanted.review:
        of_none = col(Action.id).not_in(select(ActionSource.action_id).where(of_seen_review(known.reader)))
        found.append(of_none if wanted.review == NO_ONE else _review(known.case))
    if wanted.due:
        found.append(due_in(wanted.due, today))
    if wanted.owner:
        of_nobody = col(Action.owner_id).is_(None)
        found.append(of_nobody if wanted.owner == NO_ONE else col(Action.owner_id).in_(known.owners))
    if wanted.group:
        of_none = col(Action.group_id).is_(None)
        found.append(of_none if wanted.group == NO_ONE else col(Action.group_id).in_(known.groups))
    if wanted.level:
        found.append(col(Action.level) == wanted.level)
    if wanted.source:
        found.append(of_source(wanted.source))
    return found


def of_seen_review(reader: Doer) -> Condition:
    """Give the condition that a source is a review which a reader may open: any other is none to her."""
    return col(ActionSource.case_id).in_(select(Case.id).where(may_see_case(reader)))


def of_source(kind: str) -> Condition:
    """Give the condition under which an action comes from a kind of source; `review` is any review of ours."""
    if kind == NO_ONE:
        return ~exists().where(col(ActionSource.action_id) == Action.id)
    kinds = [one.value for one in REVIEW_SOURCES] if kind == OF_REVIEWS else [kind]
    return exists().where(col(ActionSource.action_id) == Action.id, col(ActionSource.kind).in_(kinds))


def _statuses(statuses: tuple[str, ...], today: date, patience: Mapping[int, Patience]) -> Condition:
    if not statuses:
        return IS_OPEN
    colours = {OPEN_COLOURS[status] for status in statuses if status in OPEN_COLOURS}
    ended = [status.value for one in statuses if one in ENDED for status in ENDED[one]]
    found: list[Condition] = [col(Action.status).in_(ended)] if ended else []
    if colours == {Colour.RED}:
        found.append(is_red(today))
    elif colours == set(OPEN_COLOURS.values()):
        found.append(IS_OPEN)
    elif colours:
        found.append(IS_OPEN & colour(today, patience).in_(sorted(one.value for one in colours)))
    return or_(*found) if found else false()


def _words(words: str) -> list[Condition]:
    """Each word stands somewhere in the reference, the title or the text, whatever the case of its letters."""
    if not words:
        return []
    whole = func.lower(Action.reference + " " + func.coalesce(Action.title, "") + " " + col(Action.text))
    return [whole.contains(word.lower(), autoescape=True) for word in words.split()[:_MOST_WORDS]]


def _agency(known: Known) -> Condition:
    """Agencies that only an action names are known by their words."""
    if known.wanted.agency == NO_ONE and not known.agencies:
        return and_(col(Action.agency_id).is_(None), col(Action.agency_name).is_(None))
    if known.agencies or known.wanted.agency == MINE:
        return _one_of(known.agencies)
    return and_(col(Action.agency_name) == known.wanted.agency, col(Action.agency_id).is_(None))


def _one_of(ids: Sequence[int]) -> Condition:
    return col(Action.agency_id) == ids[0] if len(ids) == 1 else col(Action.agency_id).in_(ids)


def has_theme(meant: Meant) -> Condition:
    """Give the condition that an action has one of the themes which are meant in its partnership."""
    themed = select(ActionTheme.action_id)
    found: list[Condition] = []
    for here, ids in meant:
        is_themed = col(Action.id).in_(themed.where(col(ActionTheme.theme_id).in_(sorted(ids))))
        found.append(is_themed if here is None else and_(col(Action.partnership_id) == here, is_themed))
    return or_(*found) if found else false()


def _review(case_id: int | None) -> Condition:
    if case_id is None:
        return false()
    return col(Action.id).in_(select(ActionSource.action_id).where(ActionSource.case_id == case_id))


def due_in(due: str, today: date) -> Condition:
    """A month is counted by its last day, a year by its last month."""
    by = col(Action.open_by)
    soon, quarter = ((today + timedelta(days + 1)).isoformat() for days in (SOON_DAYS, QUARTER_DAYS))
    known: Mapping[str, Condition] = {
        "overdue": is_overdue(today),
        "soon": (by >= today.isoformat()) & (by < soon),
        "quarter": (by >= today.isoformat()) & (by < quarter),
        "later": (by >= quarter) & (by < WITHOUT_DUE),
        "none": by == WITHOUT_DUE,
    }
    return known[due] if due in known else _due_by_month(due)


def _due_by_month(due: str) -> Condition:
    """`2027-01` is a month, with `before-` or `after-` what is due before or after it; a year is due with its last."""
    found = MONTH.fullmatch(due)
    if found is None:
        return false()
    by, month = col(Action.open_by), found[2]
    first, last = f"{month}-00", f"{month[:4]}-99-99" if month.endswith("-12") else f"{month}-99"
    if found[1] == "before-":
        return by < first
    if found[1] == "after-":
        return (by > last) & (by < WITHOUT_DUE)
    return (by >= first) & (by <= last)
