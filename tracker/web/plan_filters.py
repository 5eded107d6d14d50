"""The filters of the action plan in its address: read, shown as links that remove them, and written into others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from fastapi import Request

from tracker.actions.filtering import MONTH, OF_REVIEWS
from tracker.actions.grouping import BY, DUE_WORDS, ENDED, SOURCE_WORDS, Heap
from tracker.actions.headline import Headline
from tracker.actions.listing import LOOKS_LIKE
from tracker.actions.wanted import MINE, NO_ONE, OPEN_COLOURS, SORTS, STATUSES, Wanted
from tracker.facts import storable, visible
from tracker.showing.load import month_in_words
from tracker.web.action_words import LEVEL_WORDS

LONGEST = 200
_MOST_STATUSES = 10
STATUS_WORDS: Mapping[str, str] = {
    "red": "Red",
    "amber": "Amber",
    "green": "Green",
    "not_started": "Not started",
    "complete": "Complete",
    "embedded": "Embedded",
    "closed": "Closed with a reason",
}
SOURCE_CHOICES: Mapping[str, str] = {OF_REVIEWS: "Any review of ours", **SOURCE_WORDS}
_ALL, _OPEN = "all", "open"
_SIDES = {None: "In", "before-": "Before", "after-": "After"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter that is on: its words, and the address of the list without it."""

    words: str
    without: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the plan asks for."""

    wanted: Wanted
    page: int = 1
    everything: bool = False
    by: str = ""

    @property
    def query(self) -> str:
        """Write the filters and the sorting as they stand in an address, with the question mark."""
        return _query(self)

    @property
    def path(self) -> str:
        """Give the address of the list, from its first page."""
        return f"/actions{self.query}"

    @property
    def is_of_open_ones(self) -> bool:
        """Say whether only open actions are shown."""
        return self.wanted.asks_for_open_ones

    def but(self, **other: Any) -> "Asked":
        """Ask for the same with something else in one place."""
        everything = self.everything and "statuses" not in other
        return Asked(replace(self.wanted, **other), everything=everything, by=self.by)

    def seen_by(self, by: str) -> "Asked":
        """Ask for the same, seen by one thing; by none it is the list."""
        return replace(self, by=by, page=1)

    def on_page(self, number: int) -> str:
        """Give the address of another page of the list."""
        path = self.path
        joint = "&" if "?" in path else "?"
        return path if number == 1 else f"{path}{joint}page={number}"


# A page names twenty such addresses, and the next page nearly the same.
@lru_cache(maxsize=1000)
def _query(asked: Asked) -> str:
    wanted = asked.wanted
    statuses = (_ALL,) if asked.everything else wanted.statuses
    parts = [("words", wanted.words), *(("status", status) for status in statuses), ("agency", wanted.agency)]
    parts += [("flag", LOOKS_LIKE if wanted.looks_like else "")]
    parts += [("theme", wanted.theme), ("case", wanted.review), ("due", wanted.due), ("owner", wanted.owner)]
    parts += [("group", wanted.group), ("level", wanted.level), ("source", wanted.source), ("sort", wanted.sort)]
    parts += [("by", asked.by)]
    given = [(name, value) for name, value in parts if value]
    return f"?{urlencode(given)}" if given else ""


def asked_of(request: Request) -> Asked:
    """Read what an address asks for; what cannot be kept is left out, and what there is not will fit no action."""
    given = request.query_params

    def one(name: str) -> str:
        return _clean(given.get(name, ""))

    statuses = tuple(dict.fromkeys(_clean(status) for status in given.getlist("status")[:_MOST_STATUSES]))
    everything = _ALL in statuses
    chosen = STATUSES if everything else tuple(one for one in statuses if one not in ("", _OPEN))
    if _OPEN in statuses and chosen and not everything:
        chosen = tuple(dict.fromkeys((*OPEN_COLOURS, *chosen)))
    sort = one("sort")
    number = one("page")
    return Asked(
        Wanted(
            words=one("words"),
            statuses=chosen,
            agency=one("agency"),
            theme=one("theme"),
            review=one("case"),
            due=one("due"),
            looks_like=one("flag") == LOOKS_LIKE,
            owner=one("owner"),
            group=one("group"),
            level=one("level"),
            source=one("source"),
            sort=sort if sort.removeprefix("-") in SORTS and sort != "-" else "",
        ),
        int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1,
        everything,
        one("by") if one("by") in BY else "",
    )


def _clean(value: str) -> str:
    """Leave out what neither database can look for, and what nobody can see."""
    kept = "".join(letter for letter in value[:LONGEST] if storable(letter) and visible(letter))
    return " ".join(kept.split())


def chosen_of(asked: Asked, headline: Headline) -> Sequence[Chosen]:
    """Give the filters that are on, each with the address without it."""
    wanted = asked.wanted
    themes, cases = dict(headline.themes), dict(headline.cases)
    found: list[tuple[str, str, str, Mapping[str, Any]]] = [("Words", wanted.words, wanted.words, {"words": ""})]
    if asked.everything:
        found.append(("Status", _ALL, "All, also those that have ended", {"statuses": ()}))
    else:
        for status in wanted.statuses:
            rest = tuple(one for one in wanted.statuses if one != status)
            found.append(("Status", status, STATUS_WORDS.get(status, status), {"statuses": rest}))
    agency = "Those you lead" if wanted.agency == MINE else _none(wanted.agency)
    review = f"{cases[wanted.review]}, {wanted.review}" if wanted.review in cases else _none(wanted.review)
    owners, groups = dict(headline.owners), dict(headline.groups)
    found += [
        ("Agency", wanted.agency, agency, {"agency": ""}),
        ("Theme", wanted.theme, themes.get(wanted.theme, _none(wanted.theme)), {"theme": ""}),
        ("Review", wanted.review, review, {"review": ""}),
        ("Due", wanted.due, due_in_words(wanted.due), {"due": ""}),
        ("Only", "yes" if wanted.looks_like else "", "looks like another action", {"looks_like": False}),
        ("Owner", wanted.owner, owners.get(wanted.owner, _none(wanted.owner)), {"owner": ""}),
        ("Group", wanted.group, groups.get(wanted.group, _none(wanted.group)), {"group": ""}),
        ("Who has to act", wanted.level, LEVEL_WORDS.get(wanted.level, wanted.level), {"level": ""}),
        ("Source", wanted.source, SOURCE_CHOICES.get(wanted.source, _none(wanted.source)), {"source": ""}),
    ]
    return [Chosen(f"{name}: {words}", asked.but(**without).path) for name, value, words, without in found if value]


def due_in_words(due: str) -> str:
    """Say what a filter by the due date asks for: one of the known ones, or a month, or what is before or after it."""
    found = MONTH.fullmatch(due)
    if found is None:
        return DUE_WORDS.get(due, due)
    return f"{_SIDES[found[1]]} {month_in_words(found[2])}"


def _none(value: str) -> str:
    return "None" if value == NO_ONE else value


_VIEWS: Mapping[str, str] = {
    "": "List",
    "review": "By review",
    "theme": "By theme",
    "agency": "By agency",
    "owner": "By owner",
    "group": "By group",
    "source": "By source",
    "level": "By tracker",
    "due": "By date",
}
# Which filter asks for one of the heaps of a view.
_FILTERS: Mapping[str, str] = {"review": "review"} | {by: by for by in BY if by != "review"}


class View(NamedTuple):
    """A way to look at the plan: its words, its address, and whether it is the one at hand."""

    words: str
    link: str
    is_now: bool


def views_of(asked: Asked) -> Sequence[View]:
    """Give the ways to look at what is asked for: as a list, or by one thing."""
    return [View(words, asked.seen_by(by).path, by == asked.by) for by, words in _VIEWS.items()]


HEADINGS: Mapping[str, str] = {by: words.removeprefix("By ").capitalize() for by, words in _VIEWS.items()}
# The colours with the filter that asks for each; done ones have two, and none that asks for both.
_SHADES = (
    ("red", "red", "Red"),
    ("amber", "amber", "Amber"),
    ("green", "green", "Green"),
    ("grey", "not_started", "Not started"),
    ("teal", "", "Complete"),
    ("none", "closed", "Closed"),
)


def shades_of(heaps: Sequence[Heap]) -> Sequence[tuple[str, str, str]]:
    """Give the colours that some of the heaps have, each with its filter and its words."""
    return [shade for shade in _SHADES if any(heap.counts.get(shade[0]) for heap in heaps)]


def link_to(asked: Asked, heap: Heap, status: str = "") -> str:
    """Give the address of the list of one heap, or of those in it that have one status."""
    other: dict[str, Any] = {_FILTERS[asked.by]: heap.key}
    if heap.key == ENDED:
        other = {"statuses": tuple(one for one in asked.wanted.statuses if one not in OPEN_COLOURS)}
    if status:
        other["statuses"] = (status,)
    return asked.seen_by("").but(**other).path if asked.by else asked.path


class Column(NamedTuple):
    """A sortable column: its words, the address that sorts by it, and how it is sorted now, as `aria-sort` says it."""

    name: str
    words: str
    link: str
    sorted_now: str


def columns_of(asked: Asked) -> Sequence[Column]:
    """Give the columns that can be sorted by."""
    found = []
    for name in SORTS:
        is_up, is_down = asked.wanted.sort == name, asked.wanted.sort == f"-{name}"
        sorted_now = "ascending" if is_up else "descending" if is_down else "none"
        found.append(Column(name, name.capitalize(), asked.but(sort=f"-{name}" if is_up else name).path, sorted_now))
    return found
