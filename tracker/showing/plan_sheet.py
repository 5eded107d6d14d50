"""The action plan as the cells of a sheet: everything that an import needs to make the same plan of it again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any

import sqlalchemy
from sqlmodel import Session, col, func, select

from tracker.actions.exported import status_words
from tracker.actions.listing import find_actions
from tracker.actions.models import ActionDate, ActionHelper, ActionUpdate, Evidence
from tracker.actions.reading import ActionRead, read_these
from tracker.among import among, listed
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.rows import Question
from workflows.action import TimescaleKind
from workflows.dates import MONTHS, PartialDate

Cell = str | date
# The cells of a row by their columns (`tracker.actions.exported`); what is empty is left out.
SheetRow = Mapping[str, Cell]
_BETWEEN = "; "


def sheet_of(session: Session, where: Mapping[str, str], reader: Doer | None, now: datetime) -> list[SheetRow]:
    """Give the plan as a reader sees it, in the order of the list; raises what `find_actions` raises."""
    return _rows(session, find_actions(session, where, reader, now), reader)


def sheet_rows(session: Session, ids: Sequence[int], reader: Doer | None, now: datetime) -> list[SheetRow]:
    """Give actions by their ids, in the order of these."""
    known = {read.action.id: read for read in read_these(session, ids, reader, now)}
    return _rows(session, [known[number] for number in ids if number in known], reader)


def _rows(session: Session, reads: Sequence[ActionRead], reader: Doer | None) -> list[SheetRow]:
    beside = _Beside(session, listed(read.action.id for read in reads)) if reads else None
    rows = [] if beside is None else [_cells(read, beside) for read in reads]
    hidden = [] if reader is None else barred_cases_named(session, reader.id)
    return _without(rows, hidden) if hidden else rows


def _without(rows: list[SheetRow], hidden: Collection[str]) -> list[SheetRow]:
    shown: list[SheetRow] = without_references(rows, hidden)
    return shown


class _Beside:
    """What the cells of actions hold besides the actions themselves, found for all of them."""

    def __init__(self, session: Session, ids: str) -> None:
        self.evidence = _of_each(_EVIDENCE.rows(session, ids=ids))
        self.helpers = _of_each(_HELPERS.rows(session, ids=ids))
        self.dates = _of_each(_DATES.rows(session, ids=ids))
        self.said: dict[int, str] = dict(_SAID.rows(session, ids=ids))


def _of_each(rows: Sequence[Any]) -> Mapping[int, list[Any]]:
    return {number: [value for _, value in of_it] for number, of_it in groupby(rows, key=lambda row: row[0])}


_IDS = "ids"
_EVIDENCE = Question(
    select(Evidence.action_id, Evidence.text)
    .where(among(col(Evidence.action_id), _IDS))
    .order_by(col(Evidence.action_id), col(Evidence.id))
)
_HELPERS = Question(
    select(ActionHelper.action_id, Person.name)
    .join(Person, col(Person.id) == ActionHelper.person_id)
    .where(among(col(ActionHelper.action_id), _IDS))
    .order_by(col(ActionHelper.action_id), col(ActionHelper.id))
)
_DATES = Question(
    sqlalchemy.select(col(ActionDate.action_id), col(ActionDate.due))
    .where(col(ActionDate.kind) == "several", among(col(ActionDate.action_id), _IDS))
    .order_by(col(ActionDate.action_id), col(ActionDate.id))
)
_newest = select(func.max(ActionUpdate.id)).where(among(col(ActionUpdate.action_id), _IDS))
_SAID = Question(
    sqlalchemy.select(col(ActionUpdate.action_id), col(ActionUpdate.text)).where(
        col(ActionUpdate.id).in_(_newest.group_by(col(ActionUpdate.action_id)))
    )
)


def _cells(read: ActionRead, beside: _Beside) -> SheetRow:
    action, owner = read.action, read.owner
    # Asked one by one, each of its fields would be looked for in the table that it comes from.
    known = action.__dict__
    person = None if owner is None else owner.document()
    found: dict[str, Cell | None] = {
        "ref": known["reference"],
        "review": _BETWEEN.join(dict.fromkeys(source["case"] for source in read.sources if source["case"])),
        "theme": _BETWEEN.join(read.themes),
        "action": known["text"],
        "owner": person["name"] if person else None,
        "email": person["email"] if person else None,
        "due": _day(known["due"]),
        "status": status_words(known["status"], known["report"]),
        "progress": beside.said.get(known["id"]),
        "completed": _day(known["completed_on"]),
        "evidence": "\n\n".join(beside.evidence.get(known["id"], ())),
        "agency": read.agency,
        "level": known["level"].replace("_", " "),
        "helpers": _BETWEEN.join(beside.helpers.get(known["id"], ())),
        "sources": "\n".join(map(_source, read.sources)),
        "kind": None if known["timescale_kind"] == TimescaleKind.DATE else known["timescale_kind"],
        "words": known["timescale_words"],
        "dates": _BETWEEN.join(str(day) for day in beside.dates.get(known["id"], ())),
        "first_due": _day(known["first_due"]),
        "review_on": _day(known["review_on"]),
        "partnership": read.partnership,
        "version": str(known["version"]),
        "why": f"{read.rag.word}: {read.rag.reason}" if read.rag.reason else read.rag.word,
    }
    found |= {name: known[name] for name in _AS_THEY_ARE}
    return {name: cell for name, cell in found.items() if cell}


_AS_THEY_ARE = ("title", "every", "success_measure", "baseline", "outside_body", "ended_why")


def _source(source: Mapping[str, Any]) -> str:
    """Write a source as an import reads it; of a case that the reader may not open only what it is."""
    numbered = f"/{source['recommendation']}" if source["recommendation"] else ""
    named = f"{source['case']}{numbered}" if source["case"] else source["words"] or ""
    return f"{source['kind']}: {named}"


def _day(known: PartialDate | None) -> Cell | None:
    if known is None:
        return None
    if known.month is None:
        return str(known.year)
    return known.day_or_none or f"{MONTHS[known.month - 1]} {known.year}"
