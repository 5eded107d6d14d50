"""The plan seen by one thing: how many actions of each colour stand under each review, theme, agency, owner and so on.

Each is counted by the database in one question, under the same filters as the list.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, func, literal
from sqlmodel import col, select

from tracker.actions.colouring import colour
from tracker.actions.filtering import conditions_of, due_in, of_seen_review
from tracker.actions.headline import counted_lately
from tracker.actions.models import Action, ActionSource, ActionTheme
from tracker.actions.paging import Plan
from tracker.actions.wanted import DUES, NO_ONE, Wanted, known_as
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.groups.models import Group
from tracker.groups.themes import theme_labels, vocabulary
from tracker.people.models import Agency, Person
from tracker.rows import Question
from workflows.action import Level, SourceKind
from workflows.wording import capital

BY = ("review", "theme", "agency", "owner", "group", "source", "level", "due")
# The heap of what has ended, among those by date.
ENDED = "ended"
# Nobody reads more rows; the filters find the others.
MOST_ROWS = 200

Key = Any  # an id, a code, or nothing, as the database gives it


@dataclass(slots=True)
class Heap:
    """The actions that stand under one review, theme, agency and so on; `key` is how a filter names it."""

    key: str
    label: str
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Give how many actions it has."""
        return sum(self.counts.values())


def heaps_of(plan: Plan, wanted: Wanted, by: str) -> Sequence[Heap]:
    """Count the actions that are wanted by one thing; what an action has several of counts it under each."""
    return counted_lately(plan, ("heaps", wanted, by), lambda: _count(plan, wanted, by))


def _count(plan: Plan, wanted: Wanted, by: str) -> Sequence[Heap]:
    known = known_as(plan.session, wanted, plan.reader)
    shade = colour(plan.today, plan.patience)
    key, sources = _WAYS[by](plan)
    question = select(key, shade, func.count(func.distinct(Action.id))).select_from(Action)
    for table, condition in sources:
        question = question.join(table, condition, isouter=True)
    question = question.where(*conditions_of(known, plan.today, plan.patience), *plan.sight).group_by(key, shade)
    rows = plan.session.exec(question).all()
    names = _NAMES[by](plan, {key for key, _, _ in rows if key is not None})
    heaps: dict[str, Heap] = {}
    for found, of_colour, number in rows:
        named = (NO_ONE, _WITHOUT[by]) if found is None else names.get(found, (str(found), str(found)))
        heap = heaps.setdefault(named[0], Heap(*named))
        heap.counts[of_colour] = heap.counts.get(of_colour, 0) + number
    if by == "due":
        _add_soon_to_quarter(heaps)
    return sorted(heaps.values(), key=lambda heap: _place(by, heap))[:MOST_ROWS]


def _add_soon_to_quarter(heaps: dict[str, Heap]) -> None:
    """The next three months hold the next fourteen days, here as in the list."""
    if "soon" in heaps:
        quarter = heaps.setdefault("quarter", Heap("quarter", DUE_WORDS["quarter"]))
        quarter.counts = dict(Counter(quarter.counts) + Counter(heaps["soon"].counts))


def _place(by: str, heap: Heap) -> tuple[bool, int, str]:
    """What there is an order of stands in it; all else with the most red ones first. What has none stands last."""
    if by in _ORDER:
        return heap.key == NO_ONE, _ORDER[by].index(heap.key) if heap.key in _ORDER[by] else 99, heap.label
    return heap.key == NO_ONE, -heap.total, heap.label.casefold()


_ORDER: Mapping[str, Sequence[str]] = {"due": (*DUES, ENDED), "level": tuple(Level)}
_WITHOUT: Mapping[str, str] = {
    "review": "No review",
    "theme": "No theme",
    "agency": "No agency",
    "owner": "Nobody yet",
    "group": "No group",
    "source": "Not said",
    "level": "Not said",
    "due": "No date",
}
# A column or what is reckoned from some, and the tables that have to be joined for it.
Way = tuple[Any, Sequence[tuple[Any, ColumnElement[bool]]]]


def _by_review(plan: Plan) -> Way:
    of_it = and_(col(ActionSource.action_id) == Action.id, of_seen_review(plan.reader))
    return col(ActionSource.case_id), [(ActionSource, of_it)]


def _by_theme(plan: Plan) -> Way:
    """A theme that is merged into another in its partnership counts as that one."""
    merged = [
        (and_(col(Action.partnership_id) == here, col(ActionTheme.theme_id) == number), root)
        for (here, number), root in vocabulary(plan.session).merged.items()
    ]
    theme = case(*merged, else_=col(ActionTheme.theme_id)) if merged else col(ActionTheme.theme_id)
    return theme, [(ActionTheme, col(ActionTheme.action_id) == Action.id)]


def _by_agency(_plan: Plan) -> Way:
    return func.coalesce(Agency.name, Action.agency_name), [(Agency, col(Agency.id) == Action.agency_id)]


def _by_source(_plan: Plan) -> Way:
    return col(ActionSource.kind), [(ActionSource, col(ActionSource.action_id) == Action.id)]


def _by_due(plan: Plan) -> Way:
    ways = [(due_in(due, plan.today), literal(due, String())) for due in DUES]
    return case(*ways, else_=literal(ENDED, String())), []


_WAYS: Mapping[str, Callable[[Plan], Way]] = {
    "review": _by_review,
    "theme": _by_theme,
    "agency": _by_agency,
    "owner": lambda _plan: (col(Action.owner_id), []),
    "group": lambda _plan: (col(Action.group_id), []),
    "source": _by_source,
    "level": lambda _plan: (col(Action.level), []),
    "due": _by_due,
}


# The key of a filter and the words for readers, by what the rows hold.
Names = Mapping[Key, tuple[str, str]]


def _reviews(plan: Plan, ids: Collection[Key]) -> Names:
    rows = _REVIEWS.rows(plan.session, ids=listed(ids))
    return {number: (reference, f"{pseudonym}, {reference}") for number, reference, pseudonym in rows}


def _themes(plan: Plan, ids: Collection[Key]) -> Names:
    labels = theme_labels(plan.session, *sorted({*plan.reader.roles, *plan.reader.groups}))
    codes = vocabulary(plan.session).numbers
    return {number: (codes[number], labels.get(codes[number], codes[number])) for number in ids}


def _owners(plan: Plan, ids: Collection[Key]) -> Names:
    """Two people may have one name: an address tells them apart."""
    rows = _OWNERS.rows(plan.session, ids=listed(ids))
    return {number: (email or name, name) for number, name, email in rows}


_REVIEWS = Question(select(Case.id, Case.reference, Case.pseudonym).where(among(col(Case.id), "ids")))
_OWNERS = Question(select(Person.id, Person.name, Person.email).where(among(col(Person.id), "ids")))
_GROUPS = Question(select(Group.id, Group.code, Group.name))
LEVEL_WORDS: Mapping[str, str] = {
    Level.SINGLE_AGENCY.value: "Single-agency tracker",
    Level.MULTI_AGENCY.value: "Multi-agency tracker",
    Level.REGIONAL.value: "Regional",
    Level.NATIONAL.value: "National",
}
DUE_WORDS: Mapping[str, str] = {
    "overdue": "Overdue",
    "soon": "In the next 14 days",
    "quarter": "In the next 3 months",
    "later": "After the next 3 months",
    "none": "No date",
}
SOURCE_WORDS: Mapping[str, str] = {kind.value: capital(kind.words) for kind in SourceKind}


def _said(words: Mapping[str, str]) -> Callable[[Plan, Collection[Key]], Names]:
    return lambda _plan, _keys: {code: (code, said) for code, said in words.items()}


_NAMES: Mapping[str, Callable[[Plan, Collection[Key]], Names]] = {
    "review": _reviews,
    "theme": _themes,
    "agency": lambda _plan, names: {name: (name, name) for name in names},
    "owner": _owners,
    "group": lambda plan, _: {number: (code, name) for number, code, name in _GROUPS.rows(plan.session)},
    "source": _said(SOURCE_WORDS),
    "level": _said(LEVEL_WORDS),
    "due": _said({**DUE_WORDS, ENDED: "Ended"}),
}
