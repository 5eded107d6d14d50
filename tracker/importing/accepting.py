"""A row that says something else by now is taken over: by the deeds with which a person changes an action by hand."""

import json
from collections.abc import Sequence
from dataclasses import replace

from pydantic import ValidationError
from sqlmodel import Session, select

from tracker import history
from tracker.actions.imported import ImportedRow
from tracker.actions.models import Action
from tracker.errors import FactsWrong, NotAllowed, NotFound, Refused
from tracker.importing.changes import Change, line
from tracker.importing.choosing import field_words
from tracker.importing.knowing import content, digest, sameness
from tracker.importing.owning import Owning
from tracker.importing.settling import Settled, Stored, written_where
from tracker.importing.storing import Import
from tracker.importing.taking_over import take_over
from tracker.importing.verdicts import Understood
from tracker.misfits import sentences
from tracker.people.roles import Role
from tracker.standing import move_cases_on
from workflows.lifecycle import StepRefused


def accept(
    session: Session, rows: Sequence[Stored], places: frozenset[int], settled: Settled, about: Import, copy_of: str = ""
) -> list[Stored]:
    """Take over the changes of some rows, each whole or not at all; gives every row with what became of it."""
    owning = Owning(session, about.today)
    found = list(rows)
    for place in sorted(places):
        row = found[place]
        if row.differences:
            found[place] = _one(session, row, settled, about, owning, copy_of)
    return found


def leave_out(session: Session, rows: Sequence[Stored], places: frozenset[int], about: Import) -> list[Stored]:
    """Remember that the changes of some rows are not wanted: the same ones are not proposed again."""
    found = list(rows)
    for place in sorted(places):
        row = found[place]
        if row.differences:
            action = _action(session, row)
            _remember(session, action, row, about, refused=True)
            what = f"A change was not taken over, {_whence(about, row, '')}"
            history.note(
                session, action.reference, "import", at=about.now, by=about.by, role=Role.COORDINATOR.words, what=what
            )
            found[place] = replace(row, refused_why="It was left out, and is not proposed again.")
    return found


def _one(session: Session, row: Stored, settled: Settled, about: Import, owning: Owning, copy_of: str) -> Stored:
    said = row.judged.understood
    assert said is not None, "only a row that was understood differs from what is here"
    action = _action(session, row)
    fields = frozenset(one.field for one in row.differences)
    change = Change(session, action, said, fields, f"As {_whence(about, row, copy_of)} says", about, owning)
    noted = len(session.info.get("noted", ()))
    try:
        with session.begin_nested():
            named = ", ".join(field_words(one.field).lower() for one in row.differences)
            line(change, "import", f"Taken over: {named}. {change.why}", None, None)
            take_over(change)
            action.version += 1
            session.add(action)
            session.flush()
            move_cases_on(session, action.id, now=about.now, by=about.by)
            _remember(session, action, row, about)
            session.flush()
    except (Refused, StepRefused, NotAllowed, NotFound, FactsWrong, ValidationError) as refused:
        del session.info.setdefault("noted", [])[noted:]
        session.expire(action)
        sentence = " ".join(sentences(refused)) if isinstance(refused, ValidationError) else str(refused)
        return replace(row, refused_why=sentence)
    return replace(row, accepted=True)


def _action(session: Session, row: Stored) -> Action:
    """Give the action of a row, which nobody else can change meanwhile."""
    return session.exec(select(Action).where(Action.reference == row.action).with_for_update()).one()


def _whence(about: Import, row: Stored, copy_of: str) -> str:
    """Say where a change comes from: whose copy, which file, which row."""
    where = f"{about.file[:200]}, {written_where(row.judged)}"
    return f"the copy of {copy_of} ({where})" if copy_of else where


def _remember(session: Session, action: Action, row: Stored, about: Import, *, refused: bool = False) -> None:
    """Write down what the row says now, or that what it says is not wanted, so that it is not proposed again."""
    said = row.judged.understood
    assert said is not None, "only a row that was understood differs from what is here"
    known = None if row.known is None else session.get_one(ImportedRow, row.known.id)
    if known is None and not refused:
        return
    if known is None:
        known = _copied(action, row, said, about)
    if refused:
        known.refused_content = content(said)
    else:
        known.content, known.sameness, known.refused_content = content(said), sameness(said), None
        known.original, known.ref = json.dumps(row.judged.original, ensure_ascii=False), said.ref[:200] or None
        known.file, known.row = about.file[:200], row.judged.number
    session.add(known)


def _copied(action: Action, row: Stored, said: Understood, about: Import) -> ImportedRow:
    """Make the memory of a row of a copy, as the action stands here."""
    cells = {name: str(cell) for name, cell in (row.here or {}).items() if name != "why"}
    return ImportedRow(
        action_id=action.id,
        case_id=said.case_id,
        file=about.file[:200],
        sheet=row.judged.sheet[:200] if row.judged.sheet else None,
        row=row.judged.number,
        ref=said.ref[:200] or None,
        sameness=sameness(said),
        content=digest(f"as exported {action.version}"),
        original=json.dumps(cells, ensure_ascii=False),
        flags="[]",
        imported_at=about.now,
        imported_by_id=about.by.id,
    )
