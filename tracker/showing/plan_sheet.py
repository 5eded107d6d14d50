"""The action plan as the cells of a sheet: everything that an import needs to make the same plan of it again."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from tracker.actions.around import SourceRead
from tracker.actions.exported import status_words
from tracker.actions.listing import find_actions
from tracker.actions.reading import ActionRead, read_these
from tracker.among import listed
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.people.doer import Doer
from tracker.showing.plan_sheet_beside import BETWEEN_PARTS, Beside
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
    beside = Beside(session, listed(read.action.id for read in reads)) if reads else None
    rows = [] if beside is None else [_cells(read, beside) for read in reads]
    hidden = [] if reader is None else barred_cases_named(session, reader.id)
    return _without(rows, hidden) if hidden else rows


def _without(rows: list[SheetRow], hidden: Collection[str]) -> list[SheetRow]:
    shown: list[SheetRow] = without_references(rows, hidden)
    return shown


def _cells(read: ActionRead, beside: Beside) -> SheetRow:
    action, owner = read.action, read.owner
    # Asked one by one, each of its fields would be looked for in the table that it comes from.
    known = action.__dict__
    person = None if owner is None else owner.document()
    found: dict[str, Cell | None] = {
        "ref": known["reference"],
        "review": _BETWEEN.join(dict.fromkeys(source.case for source in read.sources if source.case)),
        "theme": _BETWEEN.join(read.themes),
        "action": known["text"],
        "owner": person["name"] if person else None,
        "email": person["email"] if person else None,
        "due": _day(known["due"]),
        "status": status_words(known["status"], known["report"]),
        "progress": beside.progress(known["id"]),
        "completed": _day(known["completed_on"]),
        "evidence": "\n\n".join(beside.evidence.get(known["id"], ())),
        "agency": read.agency,
        "level": known["level"].replace("_", " "),
        "helpers": _BETWEEN.join(beside.helpers.get(known["id"], ())),
        "sources": "\n".join(map(_source, read.sources)),
        "kind": None if known["timescale_kind"] == TimescaleKind.DATE else known["timescale_kind"],
        "words": known["timescale_words"],
        "dates": _BETWEEN.join(beside.dates(known["id"])),
        "moves": "\n".join(beside.moves(known["id"])),
        "impact": "\n".join(beside.impacts(known["id"])),
        "group": read.group,
        "asked_on": _day(known["asked_on"]),
        "answered_on": _day(known["answered_on"]),
        "rhythm_from": _day(known["rhythm_from"]),
        "first_due": _day(known["first_due"]),
        "review_on": _day(known["review_on"]),
        "partnership": read.partnership,
        "version": str(known["version"]),
        "why": f"{read.rag.word}: {read.rag.reason}" if read.rag.reason else read.rag.word,
    }
    found |= {name: known[name] for name in _AS_THEY_ARE}
    return {name: cell for name, cell in found.items() if cell}


_AS_THEY_ARE = ("title", "every", "success_measure", "baseline", "outside_body", "ended_why", "answer")


def _source(source: SourceRead) -> str:
    """Write a source as an import reads it; of a case that the reader may not open only what it is."""
    number = f"/F{source.finding}" if source.finding else f"/{source.recommendation or ''}".rstrip("/")
    named = f"{source.case}{number}" if source.case else None
    return f"{source.kind}: {BETWEEN_PARTS.join(one for one in (named, source.words) if one)}"


def _day(known: PartialDate | None) -> Cell | None:
    if known is None:
        return None
    if known.month is None:
        return str(known.year)
    return known.day_or_none or f"{MONTHS[known.month - 1]} {known.year}"
