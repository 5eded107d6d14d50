"""One record as `show` prints it: the same document for the command line, the JSON interface and a deed's answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from tracker.cases.queries import case_by_reference
from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.errors import NotFound
from tracker.facts import storable
from tracker.people.doer import Doer
from tracker.showing.action import action_document
from tracker.showing.case import case_document, document_of
from tracker.showing.case_trace import trace_document
from tracker.showing.escalation import escalation_document
from tracker.showing.meeting import digest_document, meeting_document
from tracker.showing.partnership import partnership_document
from tracker.showing.themes import theme_document
from tracker.showing.year import year_document
from tracker.standing import WholeStanding

Document = dict[str, Any]


# Whoever opens one of these has read the case, and stands among its readers.
READS_A_CASE = ("case", "trace")


def show(session: Session, kind: str, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give one record as a reader sees it; the operator of the machine (None) sees all. Raises `NotFound`."""
    if kind not in SHOWS:
        raise NotFound(f"There is no kind of record {kind!r}. There are: {', '.join(SHOWS)}.")
    _must_be_storable(kind, reference)
    document = SHOWS[kind](session, reference, reader, now)
    return document if reader is None else _as_seen(session, document, reader)


def show_case(session: Session, reference: str, reader: Doer, now: datetime) -> tuple[Document, WholeStanding]:
    """Give a case as `show` does, with its standing, of which more may be asked. Raises `NotFound`."""
    _must_be_storable("case", reference)
    standing = WholeStanding(session, case_by_reference(session, reference, reader))
    return _as_seen(session, document_of(standing, reader, now), reader), standing


def _must_be_storable(kind: str, reference: str) -> None:
    if not storable(reference):
        raise NotFound(f"There is no {kind} {reference!a}: no reference has such a character.")


def _as_seen(session: Session, document: Document, reader: Doer) -> Document:
    """Leave out what a reader may not know of."""
    shown: Document = without_references(document, barred_cases_named(session, reader.id))
    return shown


def _trace(session: Session, reference: str, reader: Doer | None, now: datetime) -> Document:
    standing = WholeStanding(session, case_by_reference(session, reference, reader))
    return {"reference": standing.case.reference} | trace_document(standing, reader, now)


SHOWS: Mapping[str, Callable[[Session, str, Doer | None, datetime], Document]] = {
    "case": case_document,
    "action": action_document,
    "escalation": escalation_document,
    "meeting": meeting_document,
    "partnership": partnership_document,
    "digest": digest_document,
    "year": year_document,
    "theme": theme_document,
    "trace": _trace,
}
