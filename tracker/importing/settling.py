"""What is to become of each good row: a new action, one that is here already, or one that the row says differently."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.actions.imported import ImportedRow
from tracker.actions.models import Action, ActionSource
from tracker.actions.queries import barred_actions
from tracker.among import among, listed
from tracker.cases.models import Case
from tracker.errors import NotAllowed
from tracker.groups.models import Partnership
from tracker.groups.queries import number_to_come
from tracker.importing.knowing import Difference, Known, content, differences, differences_from_plan, is_edited
from tracker.importing.verdicts import Judged, Outcome, Understood
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.rows import Question
from tracker.showing.plan_sheet import SheetRow, sheet_rows

_REFERENCE = re.compile(r"[Aa]\d{1,9}")

Watched = Callable[[Sequence[Judged]], Iterable[Judged]]


@dataclass(frozen=True, slots=True)
class Stored:
    """A row with what becomes of it: its action, and what differs where it was here before.

    `under`: the review that a refused row stands under. `here`: the cells of that action as it stands now, where
    something differs. `accepted`: that its changes were taken over, or why they were not.
    """

    judged: Judged
    case: str | None = None
    action: str | None = None
    under: str | None = None
    differences: tuple[Difference, ...] = ()
    here: SheetRow | None = None
    is_stale: bool = False
    accepted: bool = False
    refused_why: str | None = None
    is_new: bool = False
    known: ImportedRow | None = None


class Settled:
    """The rows of a file beside the records, which are only read."""

    def __init__(self, session: Session, rows: Sequence[Judged], *, now: datetime, by: Doer) -> None:
        self._session, self._now, self.by = session, now, by
        good = [row.understood for row in rows if row.understood]
        case_ids = {said.case_id for said in good if said.case_id is not None}
        self.cases = _cases(session, case_ids)
        refused = {row.case_id for row in rows if row.case_id is not None and not row.understood}
        self._under = {number: case.reference for number, case in _cases(session, refused).items()}
        self._partnerships = {case.partnership_id for case in self.cases.values()}
        self._partnerships |= {said.partnership_id for said in good if said.partnership_id and said.case_id is None}
        for partnership_id in sorted(self._partnerships):
            _must_coordinate(session, by, partnership_id)
        before = _imported_before(session, case_ids, {said.partnership_id for said in good if said.case_id is None})
        self._known = Known(before, good)
        ids = {row.action_id for row in before}
        references = {said.ref.upper() for said in good if _REFERENCE.fullmatch(said.ref)}
        self._by_id = {number: (ref, text) for number, ref, *_, text in _BY_ID.rows(session, ids=listed(ids))}
        self._by_reference = {row[1]: row for row in _BY_REFERENCE.rows(session, references=listed(references))}
        self._barred = barred_actions(session, by.id)
        named = [row[0] for row in self._by_reference.values()]
        self._of_cases: dict[int, set[int]] = {}
        for action_id, case_id in _SOURCES.rows(session, ids=listed(named)):
            self._of_cases.setdefault(action_id, set()).add(case_id)
        self._cells: Mapping[int, SheetRow] = {}

    def rows(self, judged: Iterable[Judged], left_out: frozenset[int] = frozenset()) -> list[Stored]:
        """Say of each row what becomes of it; new ones get the references that they would have."""
        judged = list(judged)
        exported = {place: found for place, row in enumerate(judged) if (found := self._exported(row)) is not None}
        self._cells = self._cells_of(exported.values())
        rows = [self._row(row, exported.get(place), place in left_out) for place, row in enumerate(judged)]
        number = number_to_come(self._session, "action")
        for place, stored in enumerate(rows):
            if stored.is_new:
                rows[place] = replace(stored, action=f"A{number}")
                number += 1
        return self._with_what_is_here(rows)

    @property
    def hidden(self) -> frozenset[str]:
        """Give the references of the actions that a declared conflict hides from whoever imports."""
        return frozenset(self._barred.values())

    def partnership_of(self, said: Understood) -> int:
        """Give the partnership in whose plan a row stands."""
        found = said.partnership_id if said.case_id is None else self.cases[said.case_id].partnership_id
        assert found is not None, "a row without either is refused"
        return found

    def _row(self, judged: Judged, exported: int | None, is_left_out: bool) -> Stored:
        said = judged.understood
        if said is None:
            return Stored(judged, under=self._under.get(judged.case_id or 0))
        case = None if said.case_id is None else self.cases[said.case_id].reference
        if is_left_out:
            return Stored(replace(judged, outcome=Outcome.LEFT_OUT, reasons=()), case)
        known = self._known.find(judged, said)
        if exported in self._barred or (known is not None and known.action_id in self._barred):
            # It is here: neither stored a second time, nor shown or changed by whom a conflict bars from it.
            return Stored(replace(judged, outcome=Outcome.RECOGNISED, reasons=()), case)
        if known is not None and exported is None:
            reference, _ = self._by_id[known.action_id]
            return _compared(judged, case, reference, differences(known, judged, said), known)
        if exported is not None:
            cells = self._cells[exported]
            is_refused = known is not None and known.refused_content == content(said)
            found = () if is_refused else differences_from_plan(cells, judged, said)
            version = None if said.exported is None else said.exported.version
            is_stale = version is not None and str(version) != cells["version"]
            return replace(_compared(judged, case, str(cells["ref"]), found, known), is_stale=bool(found) and is_stale)
        return Stored(judged, case, is_new=True)

    def _exported(self, judged: Judged) -> int | None:
        """Give the action that a row names by its own reference, as a file does that came from here.

        Others number their actions A1, A2 as well, so the words have to be much the same.
        """
        said = judged.understood
        if said is None or not _REFERENCE.fullmatch(said.ref):
            return None
        found = self._by_reference.get(said.ref.upper())
        known = self._known.find(judged, said)
        if known is not None and (found is None or known.action_id != found[0] or known.content == content(said)):
            return None
        if found is None or found[2] != self.partnership_of(said) or not is_edited(found[3], said.action):
            return None
        is_of_it = said.case_id is None or said.case_id in self._of_cases.get(found[0], ())
        return int(found[0]) if is_of_it else None

    def _cells_of(self, ids: Iterable[int]) -> Mapping[int, SheetRow]:
        """Give actions as an export would write them, whole: from which a conflict bars her none is asked for."""
        wanted = [number for number in dict.fromkeys(ids) if number not in self._barred]
        return dict(zip(wanted, sheet_rows(self._session, wanted, None, self._now), strict=True))

    def _with_what_is_here(self, found: list[Stored]) -> list[Stored]:
        changed = {row.action for row in found if row.differences}
        ids = {reference: number for number, (reference, _) in self._by_id.items() if reference in changed}
        ids |= {reference: row[0] for reference, row in self._by_reference.items() if reference in changed}
        cells = {reference: self._cells.get(number) for reference, number in ids.items()}
        missing = [number for reference, number in ids.items() if cells[reference] is None]
        cells |= {str(row["ref"]): row for row in self._cells_of(missing).values()}
        return [replace(row, here=cells.get(row.action or "")) if row.differences else row for row in found]


def _compared(
    judged: Judged, case: str | None, action: str, found: tuple[Difference, ...], known: ImportedRow | None
) -> Stored:
    outcome = Outcome.CHANGED if found else Outcome.RECOGNISED
    return Stored(replace(judged, outcome=outcome, reasons=()), case, action, differences=found, known=known)


def _cases(session: Session, ids: Iterable[int]) -> dict[int, Case]:
    return {case.id: case for case in session.exec(select(Case).where(among(col(Case.id), "ids")), params=_ids(ids))}


def _imported_before(session: Session, case_ids: Iterable[int], plans_of: set[int | None]) -> list[ImportedRow]:
    """`plans_of`: the partnerships of whose plans rows come without a review."""
    of_cases = among(col(ImportedRow.case_id), "ids")
    theirs = select(Action.id).where(col(Action.partnership_id).in_([one for one in plans_of if one is not None]))
    without = col(ImportedRow.case_id).is_(None) & col(ImportedRow.action_id).in_(theirs)
    wanted = of_cases | without if plans_of else of_cases
    return list(session.exec(select(ImportedRow).where(wanted), params=_ids(case_ids)))


def _ids(ids: Iterable[int]) -> dict[str, str]:
    return {"ids": listed(ids)}


_SHOWN = (col(Action.id), col(Action.reference), col(Action.partnership_id), col(Action.text))
_BY_ID = Question(select(*_SHOWN).where(among(col(Action.id), "ids")))
_BY_REFERENCE = Question(select(*_SHOWN).where(among(col(Action.reference), "references")))
_SOURCES = Question(
    select(ActionSource.action_id, ActionSource.case_id).where(among(col(ActionSource.action_id), "ids"))
)


def _must_coordinate(session: Session, by: Doer, partnership_id: int) -> None:
    if not by.has(Role.COORDINATOR, partnership_id):
        partnership = session.get_one(Partnership, partnership_id)
        raise NotAllowed(
            f"{by.name} does not coordinate {partnership.name}, from whose reviews actions stand in the file. Ask its "
            "coordinator to import it, or name your own partnership with --partnership."
        )


def written_where(judged: Judged) -> str:
    """Say where a row stands: on which sheet, in which row."""
    return f"{judged.sheet}, row {judged.number}" if judged.sheet else f"row {judged.number}"
