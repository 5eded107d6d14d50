"""Rows become actions: all of a file in one unit of work, each row once, however often its file comes."""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from tracker import history
from tracker.actions.imported import ImportedRow
from tracker.actions.models import Action, ActionHelper, ActionSource, ActionTheme, Evidence
from tracker.cases.models import Case
from tracker.cases.queries import cases_barred
from tracker.clock import london_day
from tracker.errors import NotAllowed
from tracker.groups.models import Partnership
from tracker.groups.posts import post_named
from tracker.groups.queries import next_number
from tracker.groups.themes import vocabulary
from tracker.importing.cells import folded, squeezed
from tracker.importing.judging import Judged, Outcome, Understood
from tracker.importing.knowing import Known, content, differences, differences_from_action, digest, is_edited, sameness
from tracker.people.doer import Doer
from tracker.people.models import Person, RoleHolding
from tracker.people.roles import Role
from tracker.rows import write
from workflows.action import Level, SourceKind, TimescaleKind
from workflows.timescale import read_timescale

_REFERENCE = re.compile(r"[Aa]\d{1,9}")

Watched = Callable[[Sequence[Judged]], Iterable[Judged]]


@dataclass(frozen=True, slots=True)
class Stored:
    """A row with what has become of it: its action, and what differs where it was imported before."""

    judged: Judged
    case: str | None = None
    action: str | None = None
    differences: tuple[str, ...] = ()


def store(
    session: Session, rows: Sequence[Judged], file: str, *, now: datetime, by: Doer, watched: Watched = iter
) -> list[Stored]:
    """Store what was judged good, in a unit of work that the caller ends; nothing is mailed (K11).

    A row that was imported before is left as it is. Raises `NotAllowed` where somebody does not coordinate the
    partnership of a review.
    """
    store_ = _Store(session, file, now, by, {row.understood.case_id for row in rows if row.understood})
    return [store_.row(row) for row in watched(rows)]


class _Store:
    def __init__(self, session: Session, file: str, now: datetime, by: Doer, case_ids: set[int]) -> None:
        self._session = session
        self._file = file[:200]
        self._now = now
        self._by = by
        self._today = london_day(now)
        self._cases = {case.id: case for case in session.exec(select(Case).where(col(Case.id).in_(case_ids)))}
        for case in self._cases.values():
            _must_coordinate(session, by, case.partnership_id)
        before = session.exec(select(ImportedRow).where(col(ImportedRow.case_id).in_(case_ids))).all()
        self._known = Known(before)
        self._themes = vocabulary(session)
        self._owners: dict[tuple[int, str, str], int] = {}
        self._barred: dict[int, set[int]] = {}

    def row(self, judged: Judged) -> Stored:
        """Store one row, where it is new."""
        said = judged.understood
        if said is None:
            return Stored(judged)
        case = self._cases[said.case_id]
        before = self._before(judged, said, case)
        if before is None:
            return Stored(judged, case.reference, self._action(judged, said, case).reference)
        action, found = before
        outcome = Outcome.CHANGED if found else Outcome.RECOGNISED
        return Stored(replace(judged, outcome=outcome, reasons=()), case.reference, action.reference, found)

    def _before(self, judged: Judged, said: Understood, case: Case) -> tuple[Action, tuple[str, ...]] | None:
        """Give the action that a row became before, or that it came from, and what the row says differently by now."""
        known = self._known.find(judged, said)
        if known is not None:
            return self._session.get_one(Action, known.action_id), differences(known, judged, said)
        exported = self._exported(said, case)
        return None if exported is None else (exported, differences_from_action(exported, said))

    def _exported(self, said: Understood, case: Case) -> Action | None:
        """Give the action that a row names by its own reference, as a file does that came from here.

        Others number their actions A1, A2 as well, so the words have to be much the same.
        """
        if not _REFERENCE.fullmatch(said.ref):
            return None
        here = (Action.reference == said.ref.upper(), Action.partnership_id == case.partnership_id)
        action = self._session.exec(select(Action).where(*here)).first()
        if action is None or not is_edited(action.text, said.action):
            return None
        of_it = (ActionSource.action_id == action.id, ActionSource.case_id == case.id)
        return action if self._session.exec(select(ActionSource.id).where(*of_it)).first() is not None else None

    def _action(self, judged: Judged, said: Understood, case: Case) -> Action:
        owner, *helpers = self._people(said, case)
        kind = said.by_when.kind
        every = read_timescale(said.by_when.words, self._today) if kind is TimescaleKind.RECURRING else None
        action = write(
            self._session,
            Action(
                reference=f"A{next_number(self._session, 'action')}",
                partnership_id=case.partnership_id,
                text=said.action,
                status=said.standing.status,
                report=said.standing.report,
                level=Level.MULTI_AGENCY if len(said.owners.names) > 1 else Level.SINGLE_AGENCY,
                agency_name=", ".join(said.owners.names)[:200] or None,
                owner_id=owner,
                timescale_kind=kind,
                timescale_words=said.by_when.words[:200] or None,
                every=str(every.every) if every and every.every else None,
                due=said.by_when.due,
                first_due=said.by_when.due,
                completed_on=said.completed_on,
                made_on=self._today,
                loaded_id=f"sheet:{digest(f'{case.id} {squeezed(said.action)}')}",
            ),
        )
        write(self._session, ActionSource(action_id=action.id, kind=SourceKind.CASE, case_id=case.id))
        for helper in helpers:
            if helper is not None:
                write(self._session, ActionHelper(action_id=action.id, person_id=helper))
        theme = self._themes.find(said.theme, case.partnership_id)
        if theme is not None:
            write(self._session, ActionTheme(action_id=action.id, theme_id=theme.id))
        if said.evidence:
            write(self._session, Evidence(action_id=action.id, text=said.evidence, on=said.completed_on))
        self._keep(judged, said, action, case)
        return action

    def _keep(self, judged: Judged, said: Understood, action: Action, case: Case) -> None:
        row = ImportedRow(
            action_id=action.id,
            case_id=case.id,
            file=self._file,
            sheet=judged.sheet[:200] if judged.sheet else None,
            row=judged.number,
            ref=said.ref[:200] or None,
            sameness=sameness(said),
            content=content(said),
            original=json.dumps(judged.original, ensure_ascii=False),
            flags=json.dumps(judged.reasons),
            imported_at=self._now,
            imported_by_id=self._by.id,
        )
        write(self._session, row)
        where = f"{judged.sheet}, row {judged.number}" if judged.sheet else f"row {judged.number}"
        what = f"Imported from {self._file}, {where}"
        more = {"progress": said.progress} if said.progress else None
        history.note(
            self._session, action.reference, "import", at=self._now, by=self._by, what=what,
            role=Role.COORDINATOR.words, new={"text": said.action}, more=more,
        )  # fmt: skip

    def _people(self, said: Understood, case: Case) -> list[int | None]:
        """Give the owner of a row, and whoever helps: by address where each name has one, else as a post by name."""
        names, emails = said.owners.names, said.owners.emails
        if not names:
            return [None]
        paired = list(emails) if len(emails) == len(names) else [*emails[:1], *[""] * len(names)]
        people = [self._person(case, name, email) for name, email in zip(names, paired, strict=False)]
        return [people[0], *dict.fromkeys(one for one in people[1:] if one not in (None, people[0]))]

    def _person(self, case: Case, name: str, email: str) -> int | None:
        key = (case.partnership_id, name, email)
        if key not in self._owners:
            person = _person(self._session, case.partnership_id, name[:120], email, self._today)
            self._owners[key] = person.id
            self._barred[person.id] = set(self._session.exec(cases_barred(person.id)))
        person_id = self._owners[key]
        # Whom a conflict bars from the case owns nothing that comes from it.
        return None if case.id in self._barred[person_id] else person_id


def _must_coordinate(session: Session, by: Doer, partnership_id: int) -> None:
    if not by.has(Role.COORDINATOR, partnership_id):
        partnership = session.get_one(Partnership, partnership_id)
        raise NotAllowed(
            f"{by.name} does not coordinate {partnership.name}, from whose reviews actions stand in the file. Ask its "
            "coordinator to import it, or name your own partnership with --partnership."
        )


def _person(session: Session, partnership_id: int, name: str, email: str, today: date) -> Person:
    """Find or make an owner; an address that belongs to somebody of another name makes nobody a reader of her post."""
    partnership = session.get_one(Partnership, partnership_id)
    if not email or len(email) > 254:
        return post_named(session, partnership, name, None, today)
    known = session.exec(select(Person).where(Person.email == email)).first()
    if known is None:
        known = session.get_one(Person, write(session, Person(kind="person", name=name, email=email)).id)
        role = RoleHolding(person_id=known.id, partnership_id=partnership_id, role=Role.OWNER.value, from_on=today)
        write(session, role)
        return known
    return known if folded(known.name) == folded(name) else post_named(session, partnership, name, None, today)
