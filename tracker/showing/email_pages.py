"""The emails that a reader may know of, some at a time, the last planned first: however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from notifications import finding
from notifications.finding import Wanted
from notifications.outbox import Message
from tracker.people.doer import Doer
from tracker.showing.emails import Sight

# What a reader may not know of is left out after reading: where it is much, more is read each time.
_MORE_EACH_TIME = 4


@dataclass(frozen=True, slots=True)
class EmailPage:
    """Some emails, and whether there are older and newer ones, as the numbers from which those go on."""

    emails: Sequence[Message]
    older: int | None = None
    newer: int | None = None


def newest_emails(session: Session, wanted: Wanted, reader: Doer, most: int) -> EmailPage:
    """Give the newest emails that fit."""
    return _page(session, _seen(session, wanted, reader, most + 1), most)


def emails_before(session: Session, wanted: Wanted, reader: Doer, most: int, number: int) -> EmailPage:
    """Give the emails that are older than one; where there are none, the newest."""
    found = _seen(session, wanted, reader, most + 1, before=number)
    return _page(session, found, most, is_first=False) if found else newest_emails(session, wanted, reader, most)


def emails_after(session: Session, wanted: Wanted, reader: Doer, most: int, number: int) -> EmailPage:
    """Give the emails that are newer than one and nearest to it; where they do not fill a page, the newest."""
    found = _seen(session, wanted, reader, most + 1, after=number)
    if len(found) <= most:
        return newest_emails(session, wanted, reader, most)
    shown = found[most - 1 :: -1]
    return EmailPage(finding.with_ids(session, shown), older=shown[-1], newer=shown[0])


def _page(session: Session, found: Sequence[int], most: int, *, is_first: bool = True) -> EmailPage:
    shown = found[:most]
    older = shown[-1] if len(found) > most else None
    return EmailPage(finding.with_ids(session, shown), older=older, newer=None if is_first else shown[0])


def _seen(
    session: Session,
    wanted: Wanted,
    reader: Doer,
    most: int,
    *,
    before: int | None = None,
    after: int | None = None,
) -> list[int]:
    """Give the ids of so many emails of which the reader may know, and read on until there are as many."""
    seen: list[int] = []
    sight, size = Sight(session, reader), most
    while len(seen) < most:
        found = finding.newest(session, wanted, size, before=before, after=after)
        seen += [one.id for one in sight.leaves(found)]
        if len(found) < size:
            break
        before, after = (found[-1].id, None) if after is None else (None, found[-1].id)
        size *= _MORE_EACH_TIME
    return seen[:most]
