"""Themes with what has them: counted across reviews, agencies and years, as far as a reader sees these."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Executable, Select, and_, case, func
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.colouring import IS_OPEN, is_overdue
from tracker.actions.models import Action, ActionSource, ActionTheme
from tracker.actions.queries import IS_ITS_OWN, may_see_action
from tracker.cases.models import Case, CaseTheme
from tracker.cases.queries import may_see_case
from tracker.clock import london_day
from tracker.errors import NotFound
from tracker.groups.models import Partnership
from tracker.groups.queries import every_partnership, partnership_by_code
from tracker.groups.themes import Vocabulary, vocabulary
from tracker.people.doer import Doer
from tracker.people.queries import agency_names
from workflows.action import ActionStatus

Document = dict[str, Any]

NO_AGENCY = "No agency named"
_YEAR_IN_REFERENCE = re.compile(r"-(\d{4})-")
_DONE = (ActionStatus.COMPLETE.value, ActionStatus.EMBEDDED.value)


@dataclass(slots=True)
class Counts:
    """How many actions are open, how many of these are late, how many are complete, how many ended otherwise."""

    open: int = 0
    late: int = 0
    done: int = 0
    ended: int = 0

    def add(self, state: str, number: int) -> None:
        """Count so many actions that stand so."""
        self.open += number if state in ("open", "late") else 0
        self.late += number if state == "late" else 0
        self.done += number if state == "done" else 0
        self.ended += number if state == "ended" else 0

    @property
    def total(self) -> int:
        """Count all."""
        return self.open + self.done + self.ended


@dataclass(slots=True)
class ThemeCount:
    """A theme with its cases, its actions by agency, and the reviews of every year that bear on it."""

    cases: int = 0
    actions: Counts = field(default_factory=Counts)
    agencies: dict[str, Counts] = field(default_factory=dict)
    reviews: dict[str, str] = field(default_factory=dict)

    @property
    def years(self) -> Mapping[str, int]:
        """Count the reviews of each year, in the order of the years."""
        return dict(sorted(Counter(self.reviews.values()).items()))

    def document(self) -> Document:
        """Give the counts as `list themes` prints them; `complete` are also those that ended otherwise."""
        years, agencies = self.years, sorted(self.agencies.items(), key=lambda one: (-one[1].open, one[0].casefold()))
        return {
            "cases": self.cases,
            "actions": self.actions.total,
            "open": self.actions.open,
            "late": self.actions.late,
            "complete": self.actions.done + self.actions.ended,
            "ended": self.actions.ended,
            "reviews": len(self.reviews),
            "first_year": min(years, default=None),
            "last_year": max(years, default=None),
            "years": [{"year": year, "reviews": number} for year, number in years.items()],
            "agencies": [
                {
                    "agency": name,
                    "open": one.open,
                    "late": one.late,
                    "complete": one.done + one.ended,
                    "ended": one.ended,
                }
                for name, one in agencies
            ],
        }


def list_themes(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[Document]:
    """Give every theme with its cases and actions, as far as the reader sees them; a merged one counts in the other."""
    known, there = vocabulary(session), _partnerships(session, where.get("partnership"), reader)
    counted = count_themes(session, [one.id for one in there], reader, now, known)
    standing = {theme.code for one in there for theme in known.here(one.id).values() if theme.into is None}
    labels = known.labels([one.id for one in there] or [None])
    nothing = ThemeCount()
    return [
        {"code": code, "label": labels[code], **counted.get(code, nothing).document()}
        for code in sorted(labels)
        if code in standing or not there
    ]


def theme_document(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give one theme, by any word for it (`thscp/neglect` where several partnerships differ), with its history.

    Raises `NotFound`.
    """
    code, _, word = reference.rpartition("/")
    known, there = vocabulary(session), _partnerships(session, code or None, reader)
    found = next(((one, theme) for one in there if (theme := known.find(word, one.id)) is not None), None)
    if found is None:
        raise NotFound(f"There is no theme {reference!r} that you can open. `tracker list themes` shows all.")
    here, theme = found
    places = (
        [here] if code else [one for one in there if (same := known.find(word, one.id)) and same.code == theme.code]
    )
    counted = count_themes(session, [one.id for one in places], reader, now, known)
    merged = [one for one in known.here(here.id).values() if one.into == theme.code]
    return {
        "reference": theme.code,
        "code": theme.code,
        "label": theme.label,
        "partnerships": [one.code for one in places],
        "words": sorted({*theme.words, *(word for one in merged for word in (one.code, one.label, *one.words))}),
        "merged": [{"code": one.code, "label": one.label} for one in merged],
        "retired_on": None if theme.retired_on is None else theme.retired_on.isoformat(),
        **counted.get(theme.code, ThemeCount()).document(),
        "cases_named": _cases_named(session, counted.get(theme.code, ThemeCount())),
        "history": [line for one in places for line in theme_history(session, one, theme.code)],
    }


def theme_history(session: Session, partnership: Partnership, code: str | None = None) -> list[Document]:
    """Give what was decided about themes in a partnership, or about one of them, oldest first."""
    lines = history.lines_about(session, partnership.code)
    return [line for line in lines if "themes" in line and (code is None or code in line["themes"])]


def count_themes(
    session: Session, partnerships: Sequence[int], reader: Doer | None, now: datetime, known: Vocabulary
) -> Mapping[str, ThemeCount]:
    """Count what has each theme in some partnerships, in a fixed number of questions; by the codes of the themes."""
    found: dict[int, ThemeCount] = {}
    names = agency_names(session)
    for theme, agency, named, state, number in session.execute(_actions(partnerships, reader, now, known)):
        count = found.setdefault(theme, ThemeCount())
        count.actions.add(state, number)
        name = (names[agency] if agency else named) or NO_AGENCY
        count.agencies.setdefault(name, Counts()).add(state, number)
    for is_own, question in _reviews(partnerships, reader, known):
        for theme, reference, year, opened in session.execute(question):
            count = found.setdefault(theme, ThemeCount())
            count.cases += is_own
            count.reviews[reference] = _year(reference, year, opened)
    return {known.numbers[number]: count for number, count in found.items()}


def _reviews(partnerships: Sequence[int], reader: Doer | None, known: Vocabulary) -> Iterator[tuple[bool, Executable]]:
    """Ask for the cases that have each theme themselves, and for those from which an action comes that has it."""
    shown = (col(Case.reference), col(Case.year), col(Case.opened_at))
    seen = (may_see_case(reader), col(Case.partnership_id).in_(partnerships))
    root = _root(col(Case.partnership_id), col(CaseTheme.theme_id), known)
    own = sqlalchemy.select(root, *shown).join(Case, col(Case.id) == CaseTheme.case_id)
    yield True, own.where(*seen).distinct()
    root = _root(col(Action.partnership_id), col(ActionTheme.theme_id), known)
    themed = sqlalchemy.select(col(Action.id), root.label("theme")).join(
        ActionTheme, col(ActionTheme.action_id) == Action.id
    )
    each = themed.where(may_see_action(reader), col(Action.partnership_id).in_(partnerships)).subquery()
    through = sqlalchemy.select(each.c.theme, *shown).join(ActionSource, col(ActionSource.action_id) == each.c.id)
    yield False, through.join(Case, col(Case.id) == ActionSource.case_id).where(*seen).distinct()


def _actions(
    partnerships: Sequence[int], reader: Doer | None, now: datetime, known: Vocabulary
) -> Select[Any]:  # the columns differ
    """Ask how many actions of each theme and agency stand how; one with two themes that are merged counts once."""
    state = case(
        (is_overdue(london_day(now)), "late"), (IS_OPEN, "open"), (col(Action.status).in_(_DONE), "done"), else_="ended"
    )
    each = (
        sqlalchemy.select(
            col(Action.id),
            _root(col(Action.partnership_id), col(ActionTheme.theme_id), known).label("theme"),
            col(Action.agency_id),
            col(Action.agency_name),
            state.label("state"),
        )
        .join(ActionTheme, col(ActionTheme.action_id) == Action.id)
        .where(may_see_action(reader), col(Action.partnership_id).in_(partnerships))
        .where(IS_ITS_OWN)
        .distinct()
        .subquery()
    )
    columns = (each.c.theme, each.c.agency_id, each.c.agency_name, each.c.state)
    return sqlalchemy.select(*columns, func.count()).group_by(*columns)


def _root(here: Mapped[int], theme: Mapped[int], known: Vocabulary) -> ColumnElement[int] | Mapped[int]:
    whens = [(and_(here == place, theme == number), root) for (place, number), root in known.merged.items()]
    return case(*whens, else_=theme) if whens else theme


def _year(reference: str, year: str | None, opened: datetime) -> str:
    """Give the year of a review: that of its reference, else the one that was said, else that of its opening."""
    written = _YEAR_IN_REFERENCE.search(reference)
    return written[1] if written else (year or str(london_day(opened).year))[:4]


def _cases_named(session: Session, count: ThemeCount) -> list[Document]:
    rows = session.exec(select(Case.reference, Case.pseudonym).where(col(Case.reference).in_(list(count.reviews))))
    named = [{"case": one, "pseudonym": pseudonym, "year": count.reviews[one]} for one, pseudonym in rows]
    return sorted(named, key=lambda one: (one["year"], one["case"]))


def _partnerships(session: Session, code: str | None, reader: Doer | None) -> list[Partnership]:
    """Give the partnership that is named, or those in which the reader has a part."""
    if code is not None:
        return [partnership_by_code(session, code)]
    everywhere = every_partnership(session)
    return [one for one in everywhere if reader is None or one.id in reader.roles or one.id in reader.groups]
