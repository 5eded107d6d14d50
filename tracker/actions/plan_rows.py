"""The rows of a page of the plan, in its order: each as a list shows it, with the names of the cases it comes from."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy
from sqlalchemy import and_, exists
from sqlmodel import Session, col

from tracker.actions.around import SourceRead, moves_of, sources_of, themes_of
from tracker.actions.colouring import Patience, patience_of_each
from tracker.actions.models import Action, ActionHold, ActionUpdate
from tracker.actions.owners import OwnerRead, owners_of
from tracker.actions.queries import IS_NEWEST
from tracker.actions.reading import course_of
from tracker.actions.source_words import SourceShown, in_words, pseudonyms_of
from tracker.among import among, listed
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.clock import london_day
from tracker.groups.queries import group_names
from tracker.groups.themes import theme_labels
from tracker.people.doer import Doer
from tracker.people.queries import agency_names
from tracker.rows import Question
from workflows.action import TimescaleKind
from workflows.colour import Rag, rag
from workflows.dates import PartialDate


class OwnerNamed(NamedTuple):
    """The owner of an action, and who answers for it where that is somebody else."""

    id: int
    name: str
    email: str | None
    answers: str | None

    @property
    def who_answers(self) -> str:
        """Give the name of whoever is to be asked."""
        return self.answers or self.name


class PlanRow(NamedTuple):
    """An action as the plan and its file show it; `waits`: the newest update is still to be checked."""

    reference: str
    title: str | None
    text: str
    rag: Rag
    waits: bool
    on_hold: bool
    due: PartialDate | None
    owner: OwnerNamed | None
    agency: str | None
    themes: tuple[str, ...]
    sources: tuple[SourceShown, ...]
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
    known = {row[0]: _Known(*row) for row in _ACTIONS.rows(session, ids=wanted)}
    around = _Around(session, wanted, {one.owner for one in known.values() if one.owner}, reader, now)
    rows = [_row(known[number], around.beside(known[number])) for number in ids if number in known]
    hidden = barred_cases_named(session, reader.id)
    return [_without(row, hidden) for row in rows] if hidden else rows


class _Known(NamedTuple):
    """An action as it is stored, in the order of `_SHOWN`; `said_state` and `said_at` are of its newest update."""

    id: int
    reference: str
    title: str | None
    text: str
    due: PartialDate | None
    first_due: PartialDate | None
    review_on: PartialDate | None
    timescale_words: str | None
    outside_body: str | None
    asked_on: PartialDate | None
    answered_on: PartialDate | None
    ended_why: str | None
    group: int | None
    status: str
    timescale: str
    says: str | None
    says_before: str | None
    said_state: str | None
    said_at: datetime | None
    on_hold: bool
    partnership: int
    agency: int | None
    agency_name: str | None
    owner: int | None
    version: int


class _Beside(NamedTuple):
    """What a row shows besides the action itself; `pseudonyms`: those of its cases that the reader may open."""

    today: date
    patience: Patience
    owner: OwnerNamed | None
    agency: str | None
    themes: tuple[str, ...]
    sources: tuple[SourceRead, ...]
    pseudonyms: tuple[tuple[str, str], ...]
    moves: int
    group: str | None


class _Around:
    """What stands around the actions of a page."""

    def __init__(self, session: Session, wanted: str, owners: Collection[int], reader: Doer, now: datetime) -> None:
        self._session = session
        self._today = london_day(now)
        self._patience = patience_of_each(session, now)
        self._agencies = agency_names(session)
        self._owners = {number: _named(owner) for number, owner in owners_of(session, owners, self._today).items()}
        self._labels: dict[int, Mapping[str, str]] = {}
        self._themes = themes_of(session, wanted)
        self._sources = sources_of(session, wanted, reader)
        self._moves = moves_of(session, wanted)
        self._groups = group_names(session)
        references = [source.case for several in self._sources.values() for source in several]
        self._pseudonyms = pseudonyms_of(session, references, reader)

    def beside(self, known: _Known) -> _Beside:
        """Give what stands beside one of them."""
        sources = tuple(self._sources.get(known.id, ()))
        cases = [one.case for one in sources if one.case]
        return _Beside(
            today=self._today,
            patience=self._patience[known.partnership],
            owner=self._owners[known.owner] if known.owner else None,
            agency=self._agencies[known.agency] if known.agency else known.agency_name,
            themes=tuple(self._called(known.id, known.partnership)),
            sources=sources,
            pseudonyms=tuple((case, self._pseudonyms[case]) for case in cases if case in self._pseudonyms),
            moves=self._moves.get(known.id, 0),
            group=self._groups[known.group] if known.group else None,
        )

    def _called(self, number: int, partnership: int) -> list[str]:
        """Give the themes of an action as its partnership calls them."""
        if partnership not in self._labels:
            self._labels[partnership] = theme_labels(self._session, partnership)
        return [self._labels[partnership].get(code, code) for code in self._themes.get(number, ())]


def _named(owner: OwnerRead) -> OwnerNamed:
    person, answers = owner.person, owner.answers
    other = None if answers is None or answers is person else answers.name
    return OwnerNamed(person.id, person.name, person.email, other)


# The rows of ten pages. All that a row says stands in what it is made of: the same is not put together twice.
@lru_cache(maxsize=500)
def _row(known: _Known, beside: _Beside) -> PlanRow:
    said = (known.said_state, known.said_at) if known.said_state and known.said_at else None
    reports, asked = (known.says, known.says_before), (known.asked_on, known.answered_on)
    course = course_of(known.status, known.timescale, known.due, reports, said, asked)
    amber_days, no_update_days = beside.patience.amber_days, beside.patience.no_update_days
    return PlanRow(
        reference=known.reference,
        title=known.title,
        text=known.text,
        rag=rag(course, beside.today, amber_days=amber_days, no_update_days=no_update_days),
        waits=course.waits,
        on_hold=bool(known.on_hold),
        due=known.due,
        owner=beside.owner,
        agency=beside.agency,
        themes=beside.themes,
        sources=tuple(in_words(beside.sources, dict(beside.pseudonyms))),
        updated_on=course.updated_on,
        version=known.version,
        first_due=known.first_due,
        moves=beside.moves,
        timescale=known.timescale,
        timescale_words=known.timescale_words,
        review_on=known.review_on,
        outside_body=known.outside_body,
        ended_why=known.ended_why,
        group=beside.group,
    )


def _without(row: PlanRow, hidden: Collection[str]) -> PlanRow:
    """Take references that the reader may not know out of whatever somebody wrote."""
    sources = [list(source) for source in row.sources]
    said = [row.title, row.text, row.agency, sources, row.timescale_words, row.outside_body, row.ended_why]
    title, text, agency, sources, words, outside, why = without_references(said, hidden)
    known = row._replace(title=title, text=text, agency=agency, sources=tuple(SourceShown(*one) for one in sources))
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
