"""One record as `show` prints it: the same document for the command line, the JSON interface and a deed's answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from tracker.cases.unnamed import barred_cases_named, without_references
from tracker.errors import NotFound
from tracker.facts import storable
from tracker.people.doer import Doer
from tracker.showing.action import action_document
from tracker.showing.case import case_document
from tracker.showing.escalation import escalation_document
from tracker.showing.meeting import digest_document, meeting_document
from tracker.showing.partnership import partnership_document
from tracker.showing.year import year_document

Document = dict[str, Any]


def show(session: Session, kind: str, reference: str, reader: Doer | None, now: datetime) -> Document:
    """Give one record as a reader sees it; the operator of the machine (None) sees all. Raises `NotFound`."""
    if kind not in SHOWS:
        raise NotFound(f"There is no kind of record {kind!r}. There are: {', '.join(SHOWS)}.")
    if not storable(reference):
        raise NotFound(f"There is no {kind} {reference!a}: no reference has such a character.")
    document = SHOWS[kind](session, reference, reader, now)
    if reader is None:
        return document
    shown: Document = without_references(document, barred_cases_named(session, reader.id))
    return shown


SHOWS: Mapping[str, Callable[[Session, str, Doer | None, datetime], Document]] = {
    "case": case_document,
    "action": action_document,
    "escalation": escalation_document,
    "meeting": meeting_document,
    "partnership": partnership_document,
    "digest": digest_document,
    "year": year_document,
}
