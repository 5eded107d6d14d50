"""Emails as pages show them: those of a page of the list, and the newest about a record or to a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from fastapi import Request
from sqlmodel import Session

from notifications.finding import Wanted
from notifications.outbox import Message
from tracker.groups.models import Partnership
from tracker.people.administering import looked_after_by
from tracker.people.doer import Doer
from tracker.people.models import Person
from tracker.showing.email_pages import EmailPage, emails_after, emails_before, newest_emails
from tracker.showing.emails import wanted_by
from tracker.showing.link_use import use_of_links
from tracker.showing.trail import sees_cases
from tracker.web.admin import PORTION, sealed, unsealed
from tracker.web.email_words import kind_words, standing_words
from tracker.web.house import House, house_of

_NEWEST = 5
_LIST = "/admin/emails"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One email: what it is, to whom, and how it stands."""

    address: str
    subject: str | None
    kind: str
    to: str
    standing: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The newest emails about a record or to a person, and the address of all of them."""

    lines: Sequence[LedgerLine]
    of: str
    all_of_them: str
    leaves_out_cases: bool


def page_asked(request: Request, db: Session, wanted: Wanted, reader: Doer) -> EmailPage:
    """Give the newest emails, or those before or after one that the address names; nonsense names none."""
    codes = (request.query_params.get(key, "") for key in ("before", "after"))
    before, after = (unsealed(house_of(request), "message", code) for code in codes)
    if before is not None:
        return emails_before(db, wanted, reader, PORTION, before)
    if after is not None:
        return emails_after(db, wanted, reader, PORTION, after)
    return newest_emails(db, wanted, reader, PORTION)


def codes_of(house: House, messages: Sequence[Message]) -> Mapping[int, str]:
    """Give the codes of emails in addresses."""
    return {message.id: sealed(house, "message", message.id) for message in messages}


def ledger_about(
    request: Request, db: Session, reader: Doer, partnership: Partnership, reference: str
) -> Ledger | None:
    """Give the newest emails about a record to somebody who looks after its partnership; to others nothing."""
    if partnership.id not in looked_after_by(reader):
        return None
    asked = {"about": reference}
    wanted = wanted_by(db, {**asked, "partnership": partnership.code}, reader)
    return _ledger(request, db, reader, partnership, wanted, f"about {reference}", asked)


def ledger_to(request: Request, db: Session, reader: Doer, partnership: Partnership, person: Person) -> Ledger | None:
    """Give the newest emails to a person; nothing where there is no address, to which nobody writes."""
    if person.email is None:
        return None
    asked = {"owner": person.email}
    wanted = replace(wanted_by(db, {**asked, "partnership": partnership.code}, reader), person_id=person.id)
    return _ledger(request, db, reader, partnership, wanted, f"to {person.name}", asked)


def _ledger(
    request: Request,
    db: Session,
    reader: Doer,
    partnership: Partnership,
    wanted: Wanted,
    of: str,
    asked: Mapping[str, str],
) -> Ledger:
    emails = newest_emails(db, wanted, reader, _NEWEST).emails
    codes, use = codes_of(house_of(request), emails), use_of_links(db, emails)
    here = {"partnership": partnership.code}
    lines = [
        LedgerLine(
            f"{_LIST}/{codes[one.id]}?{urlencode(here)}",
            one.subject,
            kind_words(one.kind),
            one.to_name,
            standing_words(one, use[one.id]),
        )
        for one in emails
    ]
    return Ledger(lines, of, f"{_LIST}?{urlencode({**asked, **here})}", not sees_cases(reader, partnership.id))
