"""The rows of a page of the plan, in its order: each as a list shows it, with the names of the cases it comes from."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import Date, Integer, and_, bindparam, exists
from sqlmodel import Session, col, select

from tracker.actions.around import moves_of, sources_of, themes_of
from tracker.actions.colouring import patience_of_each
from tracker.actions.models import Action, ActionHold, ActionUpdate
from tracker.actions.owners import OwnerRead, owners_of
from tracker.actions.queries import IS_NEWEST
from tracker.actions.reading import course_of
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.cases.queries import seen_by
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.groups.queries import group_names
from tracker.groups.themes import theme_labels
from tracker.people.doer import Doer
from tracker.people.queries import agency_names
from tracker.rows import Question
from workflows.action import REVIEW_SOURCES, SourceKind, TimescaleKind
from workflows.colour import Rag, rag
from workflows.dates import PartialDate

Row = dict[str, Any]


class PlanRow(NamedTuple):
    """An action as the plan and its file show it; `waits`: the newest update is still to be checked."""

    reference: str
    title: str | None
    text: str
    rag: Rag
    waits: bool
    on_hold: bool
    due: PartialDate | None
    owner: OwnerRead | None
    agency: str | None
    themes: Sequence[str]
    sources: Sequence[Row]
    updated_on: date | None
    version: int
    first_due: PartialDate | None = None
    moves: int = 0
    timescale: str = TimescaleKind.DATE
    timescale_words: str | None = None
    review_on: PartialDate | None = None
    outside_body: str | None = None
    ended_why: str | None = None
    group: str | None = None


def plan_rows(session: Session, ids: Sequence[int], reader: Doer, now: datetime) -> list[PlanRow]:
    """Give actions as rows, in the order of their ids here; the number of questions is the same for every page.

    What `reading.py` gives of an action is much more, and takes three times as long.
    """
    wanted = listed(ids)
    known = {row[0]: row for row in _ACTIONS.rows(session, ids=wanted)}
    beside = _Beside(session, wanted, {owner for *_, owner, _ in known.values() if owner}, reader, now)
    rows = [_row(known[number], beside) for number in ids if number in known]
    hidden = barred_cases_named(session, reader.id)
    return [_without(row, hidden) for row in rows] if hidden else rows


class _Beside:
    """What rows show besides the actions themselves."""

    def __init__(self, session: Session, wanted: str, owners: Collection[int], reader: Doer, now: datetime) -> None:
        self.today = london_day(now)
        self.patience = patience_of_each(session, now)
        self.agencies = agency_names(session)
        self.owners = owners_of(session, owners, self.today)
        self.session = session
        self.labels: dict[int, Mapping[str, str]] = {}
        self.themes = themes_of(session, wanted)
        self.sources = sources_of(session, wanted, reader)
        self.moves = moves_of(session, wanted)
        self.groups = group_names(session)
        references = [source["case"] for several in self.sources.values() for source in several]
        self.pseudonyms = pseudonyms_of(session, references, reader)

    def named(self, number: int, partnership: int) -> list[str]:
        """Give the themes of an action as its partnership calls them."""
        if partnership not in self.labels:
            self.labels[partnership] = theme_labels(self.session, partnership)
        return [self.labels[partnership].get(code, code) for code in self.themes.get(number, ())]


def _row(known: Sequence[Any], beside: _Beside) -> PlanRow:
    number, reference, title, text, due, first_due, review_on, words, outside, asked, answered, why, group, *known = (
        known
    )
    status, timescale, says, before, state, at, on_hold, partnership, agency, agency_name, owner, version = known
    said = (state, at) if state else None
    course = course_of(status, timescale, due, (says, before), said, (asked, answered))
    patience = beside.patience[partnership]
    return PlanRow(
        reference=reference,
        title=title,
        text=text,
        rag=rag(course, beside.today, amber_days=patience.amber_days, no_update_days=patience.no_update_days),
        waits=course.waits,
        on_hold=bool(on_hold),
        due=due,
        owner=beside.owners[owner] if owner else None,
        agency=beside.agencies[agency] if agency else agency_name,
        themes=beside.named(number, partnership),
        sources=in_words(beside.sources.get(number, ()), beside.pseudonyms),
        updated_on=course.updated_on,
        version=version,
        first_due=first_due,
        moves=beside.moves.get(number, 0),
        timescale=timescale,
        timescale_words=words,
        review_on=review_on,
        outside_body=outside,
        ended_why=why,
        group=beside.groups[group] if group else None,
    )


def _without(row: PlanRow, hidden: Collection[str]) -> PlanRow:
    """Take references that the reader may not know out of whatever somebody wrote."""
    said = [row.title, row.text, row.agency, row.sources, row.timescale_words, row.outside_body, row.ended_why]
    title, text, agency, sources, words, outside, why = without_references(said, hidden)
    known = row._replace(title=title, text=text, agency=agency, sources=sources)
    return known._replace(timescale_words=words, outside_body=outside, ended_why=why)


_SHOWN = (
    *(col(Action.id), col(Action.reference), col(Action.title), col(Action.text), col(Action.due)),
    *(col(Action.first_due), col(Action.review_on), col(Action.timescale_words), col(Action.outside_body)),
    *(col(Action.asked_on), col(Action.answered_on), col(Action.ended_why), col(Action.group_id)),
    *(col(Action.status), col(Action.timescale_kind), col(Action.report), col(Action.report_before)),
    *(col(ActionUpdate.state), col(ActionUpdate.at)),
    exists().where(col(ActionHold.action_id) == Action.id, col(ActionHold.until).is_(None)),
    *(col(Action.partnership_id), col(Action.agency_id), col(Action.agency_name), col(Action.owner_id)),
    col(Action.version),
)
_ACTIONS = Question(
    sqlalchemy.select(*_SHOWN)
    .select_from(Action)
    .join(ActionUpdate, and_(col(ActionUpdate.action_id) == Action.id, IS_NEWEST), isouter=True)
    .where(among(col(Action.id), "ids"))
)


def pseudonyms_of(session: Session, references: Sequence[str | None], reader: Doer) -> Mapping[str, str]:
    """Give the pseudonyms of cases that the reader may open, by their references."""
    wanted = listed({reference for reference in references if reference})
    return dict(_PSEUDONYMS.rows(session, references=wanted, reader=reader.id, day=reader.day))


_PSEUDONYMS = Question(
    select(Case.reference, Case.pseudonym).where(
        among(col(Case.reference), "references"),
        seen_by(bindparam("reader", type_=Integer), bindparam("day", type_=Date)),
    )
)


def in_words(sources: Sequence[Row], pseudonyms: Mapping[str, str]) -> list[Row]:
    """Say where an action comes from; a case that the reader may not open is a review, and stands there once."""
    found: dict[str, Row] = {}
    for source in sources:
        reference = source["case"]
        numbered = _numbered(source) if reference else ""
        which = source["words"] if source["kind"] == SourceKind.REFLECTION and source["words"] in _WHICH else None
        beside = f", {_named(source)}" if reference and source["kind"] not in _SAID_BY_THEIR_CASE else ""
        if reference in pseudonyms:
            words = f"{pseudonyms[reference]}"
        elif which:
            words, reference = "a reflection", None
        else:
            words, reference = "a review" if source["kind"] in REVIEW_SOURCES else _named(source), None
        more = f"{numbered}{beside}"
        shown = {"words": words, "case": reference, "more": more, "reflection": which if reference else None}
        found.setdefault(f"{words}{reference}{more}{shown['reflection']}", shown)
    told = {one["case"] for one in found.values() if one["case"] and one["more"]}
    return [one for one in found.values() if one["more"] or one["reflection"] or one["case"] not in told]


_SAID_BY_THEIR_CASE = (*REVIEW_SOURCES, SourceKind.REFLECTION)
# Which of its reflections a case's gap comes from; other words name a reflection that stands alone.
_WHICH = ("6m", "12m", "update")


def _numbered(source: Row) -> str:
    numbers = [(kind, source[kind]) for kind in ("finding", "recommendation") if source[kind]]
    return "".join(f", {kind} {number}" for kind, number in numbers)


def _named(source: Row) -> str:
    """Name a source that is no review: what it is, and which; what says itself what it is stands alone."""
    kind, words = SourceKind(source["kind"]), source["words"]
    if not words:
        return kind.words
    told = kind in (SourceKind.OUTSIDE_BODY, SourceKind.OTHER) or kind.value.split("_")[0] in words.casefold()
    return words if told else f"{kind.words.split(' or ')[0]}: {words}"
