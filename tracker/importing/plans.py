"""A whole plan comes in from a file: read, understood, judged and stored, or only tried."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from tracker import history
from tracker.clock import london_day
from tracker.database import reading, unit_of_work
from tracker.errors import FactsWrong, Refused
from tracker.groups.queries import every_partnership, next_numbers, partnership_by_code
from tracker.importing.accepting import accept, leave_out
from tracker.importing.choosing import ByHand, Choices, remember, remembered_for
from tracker.importing.judging import judge
from tracker.importing.kinds import Kind
from tracker.importing.likely import compare_afterwards, pairs_kept, pairs_to_come
from tracker.importing.naming import known_reviews
from tracker.importing.reading import File, read_file
from tracker.importing.reporting import Report
from tracker.importing.settling import Settled, Stored, Watched
from tracker.importing.storing import Import, write_new
from tracker.importing.verdicts import Verdict
from tracker.people.doer import Doer, doer_by_email
from tracker.people.roles import Role

_NO_HEADER = (
    "No sheet has a header. Above the rows there must be a heading for the action (Action, Action required, "
    "Recommendation / Action or Outcome) and at least three more, such as Review, Owner, Target date and Status. "
    'Or say what the headings mean: --map "Heading=action".'
)
NOT_COMPARED = (
    "Everything is stored, but the database was busy before look-alikes could be looked for: let the whole plan be "
    "compared later."
)
EVERY = "all"
# Before the place of a row in its file, from 0: how a program names it.
_PLACE = "#"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody decided about a file.

    `partnership`: know only the reviews of this one; `by_hand`: what headings mean. Rows are named by their action
    (`A12`), or by sheet and row (`Plan!7`, `7`): those that stay out, and those whose changes are taken over, or are
    not wanted. `copy_of`: whose copy of the plan it is. `compares`: likely duplicates are looked for. `review`: what
    the rows come from of a sheet without a column for it.
    """

    partnership: str | None = None
    by_hand: ByHand = field(default_factory=dict)
    left_out: Sequence[str] = ()
    accepted: Sequence[str] = ()
    not_wanted: Sequence[str] = ()
    copy_of: str = ""
    compares: bool = True
    review: str = ""


@dataclass(frozen=True, slots=True)
class Understanding:
    """A file as it is understood for somebody: the verdict on its rows, and what was chosen for its headings."""

    verdict: Verdict
    choices: Choices
    partnerships: Sequence[int]


class _OnlyTried(Exception):
    """The report is made, and nothing of it is kept."""


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Leave the collector of garbage out meanwhile: it would look again and again through rows that all stay."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collecting()
def import_plan(
    engine: Engine,
    path: Path,
    *,
    email: str,
    partnership: str | None = None,
    dry_run: bool,
    now: datetime,
    wishes: Wishes | None = None,
    watched: Watched = iter,
) -> Report:
    """Import a file of actions whole, or only try it; both give the same report.

    Raises `Refused` for a file that cannot be read, `NotFound` or `NotAllowed`; then nothing is kept.
    """
    wanted = wishes or Wishes(partnership)
    file = read_file(path)
    return import_file(engine, file, path.name, wanted, email=email, dry_run=dry_run, now=now, watched=watched)


@_without_collecting()
def import_file(
    engine: Engine,
    file: File,
    name: str,
    wishes: Wishes,
    *,
    email: str,
    dry_run: bool,
    now: datetime,
    watched: Watched = iter,
    also: Callable[[Session, Report], None] = lambda _session, _report: None,
) -> Report:
    """Import a file that was read, or only try it. `also` is done in the same unit of work, with the report."""
    # Nobody else waits while the rows are judged.
    with reading(engine) as session:
        by = doer_by_email(session, email, london_day(now))
        understood = understand(session, file, wishes, by)
        must_be_clear(name, understood.verdict)
        if dry_run and not wishes.accepted and not wishes.not_wanted:
            settled, rows = settle(session, understood, wishes, by, now, watched)
            pairs = pairs_to_come(session, settled, rows) if wishes.compares else ()
            return Report(name, understood.verdict, rows, file.notes, pairs)
    report: Report | None = None
    try:
        with unit_of_work(engine) as session:
            # From here on nobody else numbers an action, nor imports the same file at the same time.
            next_numbers(session, "action", 0)
            by = doer_by_email(session, email, london_day(now))
            settled, rows = settle(session, understood, wishes, by, now, watched)
            rows = _written(session, settled, rows, wishes, Import(name, now, by))
            pairs = pairs_kept(session, settled, rows) if wishes.compares else ()
            report = Report(name, understood.verdict, rows, file.notes, pairs)
            if dry_run:
                raise _OnlyTried
            remember(session, understood.partnerships, understood.choices.to_remember(), now, by.id)
            also(session, report)
            session.flush()
            history.write_noted(session)
    except _OnlyTried:
        pass
    assert report is not None, "it is made before the end of the unit of work"
    if not dry_run and wishes.compares:
        try:
            compare_afterwards(engine, settled, rows)
        except Refused:
            # The file is stored: whoever sent it must not read that nothing was changed.
            return replace(report, notes=(*report.notes, NOT_COMPARED))
    return report


def understand(session: Session, file: File, wishes: Wishes, by: Doer) -> Understanding:
    """Judge the rows of a file for somebody, with what was chosen for its headings now and before."""
    of = None if wishes.partnership is None else partnership_by_code(session, wishes.partnership).id
    hers = [of] if of is not None else by.partnerships_as(Role.COORDINATOR)
    choices = Choices(file.sheets, wishes.by_hand, remembered_for(session, hers))
    codes = {one.code: one.id for one in every_partnership(session) if one.id in hers}
    verdict = judge(file.sheets, known_reviews(session, by, of), choices.for_sheet, codes, wishes.review)
    return Understanding(verdict, choices, hers)


def settle(
    session: Session, understood: Understanding, wishes: Wishes, by: Doer, now: datetime, watched: Watched = iter
) -> tuple[Settled, list[Stored]]:
    """Say of each row what becomes of it; only reads."""
    rows = understood.verdict.rows
    settled = Settled(session, rows, now=now, by=by)
    found = settled.rows(watched(rows))
    if wishes.left_out:
        found = settled.rows(rows, places_of(found, wishes.left_out))
    return settled, found


def must_be_clear(name: str, verdict: Verdict) -> None:
    """Refuse a file without a header, and one with headings of which two mean the same."""
    if Kind.HEADER not in verdict.passed_over:
        raise Refused(f"{name}: {_NO_HEADER} Nothing was imported.", code="bad_file")
    for sheet in verdict.sheets:
        for doubt in sheet.doubts:
            on = f"On the sheet {sheet.name}, in" if sheet.name else "In"
            headings = " and ".join(f'"{one}"' for one in doubt.headings)
            place = f"{sheet.name}:" if sheet.name else ""
            raise Refused(
                f"{name}: {on} row {doubt.row}, the headings {headings} can both mean the {doubt.field}. Say which one "
                f'does: --map "{place}{doubt.headings[0]}={doubt.field}". Nothing was imported.',
                code="in_doubt",
            )


def _written(session: Session, settled: Settled, rows: list[Stored], wishes: Wishes, about: Import) -> list[Stored]:
    write_new(session, settled, rows, about)
    if wishes.accepted:
        places = places_of(rows, wishes.accepted)
        rows = accept(session, rows, places, settled, about, wishes.copy_of)
    return leave_out(session, rows, places_of(rows, wishes.not_wanted), about) if wishes.not_wanted else rows


def places_of(rows: Sequence[Stored], named: Sequence[str]) -> frozenset[int]:
    """Give the places of the rows that somebody named; `all` are those with changes that are not stale.

    Raises `FactsWrong` for a name of none or of several.
    """
    found: set[int] = set()
    for words in named:
        wanted = words.strip().casefold().replace(":", "!")
        if wanted == EVERY:
            found |= {place for place, row in enumerate(rows) if row.differences and not row.is_stale}
            continue
        if wanted.startswith(_PLACE) and wanted[1:].isdigit() and int(wanted[1:]) < len(rows):
            found.add(int(wanted[1:]))
            continue
        places = [place for place, row in enumerate(rows) if wanted in _names(row)]
        if not places:
            raise FactsWrong(f"The file has no row {words!r}. Name it by its action (A12) or like Sheet!7.")
        if len(places) > 1:
            raise FactsWrong(f"The file has several rows {words!r}. Name the sheet as well: Sheet!7.")
        found.add(places[0])
    return frozenset(found)


def _names(row: Stored) -> set[str]:
    judged = row.judged
    sheet = (judged.sheet or "").casefold().replace(":", "!")
    named = {str(judged.number), f"{sheet}!{judged.number}"}
    return named | ({row.action.casefold()} if row.action and not row.is_new else set())
