"""A file of actions on its way in, as its sender sees it: tried beside the records, with what she decided so far."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlmodel import Session

from tracker.actions.import_drafts import draft_of, lines_in, report_in
from tracker.actions.imported import ImportDraft
from tracker.cases.unnamed import barred_cases_named
from tracker.errors import NotAllowed
from tracker.groups.queries import partnership_with_id
from tracker.importing.cells import folded
from tracker.importing.kinds import Kind
from tracker.importing.likely import Pairs, pairs_to_come
from tracker.importing.naming import known_reviews
from tracker.importing.plans import Wishes, settle, understand
from tracker.importing.reading import file_of
from tracker.importing.reporting import Report, without_hidden
from tracker.importing.settling import Stored
from tracker.importing.verdicts import Outcome
from tracker.intents import LONGEST
from tracker.kept import kept
from tracker.papers.readership import barred_references
from tracker.people.doer import Doer
from tracker.people.roles import Role
from tracker.policy import for_roles
from tracker.web.forms import Form

# The form by which something was decided last: sent again it decides nothing.
INTENT = "intent"
IMPORTS = for_roles(Role.COORDINATOR)
LEAVE_OUT, TAKE_OVER, NOT_WANTED = "left_out", "accepted", "not_wanted"
# Beside the headings of sheets stands, under a name that no sheet may have, what the rows come from.
FROM = "[from]"
DECISIONS = (LEAVE_OUT, TAKE_OVER, NOT_WANTED)


@dataclass(frozen=True, slots=True)
class Tried:
    """What would become of a file; or why it cannot be tried yet: without a header, or in doubt, or not allowed."""

    document: Mapping[str, Any]
    is_clear: bool
    why_not: str = ""


def decided_in(draft: ImportDraft) -> dict[str, list[int]]:
    """Give the places of the rows about which something was decided, by the decision."""
    known = json.loads(draft.decided)
    return {name: list(known.get(name, ())) for name in DECISIONS}


def wishes_of(session: Session, draft: ImportDraft) -> Wishes:
    """Give what was decided about a file, as an import takes it."""
    decided = decided_in(draft)
    left_out, accepted, not_wanted = ([f"#{place}" for place in decided[name]] for name in DECISIONS)
    code = None if draft.partnership_id is None else partnership_with_id(session, draft.partnership_id).code
    by_hand = {sheet: chosen for sheet, chosen in chosen_in(draft).items() if sheet != FROM}
    review = review_of(draft)
    return Wishes(code, by_hand, left_out, accepted, not_wanted, draft.copy_of, review=review)


def chosen_in(draft: ImportDraft) -> dict[str, dict[str, str]]:
    """Give what was chosen for a file: for the headings of each sheet, and what its rows come from."""
    found: dict[str, dict[str, str]] = json.loads(draft.chosen)
    return found


def review_of(draft: ImportDraft) -> str:
    """Give what the rows come from of a sheet without a column for it; nothing where nobody said it."""
    return chosen_in(draft).get(FROM, {}).get("review", "")


def names_review(session: Session, draft: ImportDraft, reader: Doer, words: str) -> bool:
    """Say whether somebody knows a review by these words."""
    return folded(words) in known_reviews(session, reader, draft.partnership_id)


def sheets_without_review(document: Mapping[str, Any]) -> Sequence[str]:
    """Name the sheets whose rows are refused because no column says from which review they come."""
    refused = {row["sheet"] for row in document["rows"] if "unknown_review" in row["reasons"]}
    # In a file without sheets the sections stand in their place.
    sections = {None} if refused else set()
    return [
        sheet["sheet"] or ""
        for sheet in document["sheets"]
        if sheet["header_row"] and "review" not in sheet["columns"].values() and sheet["sheet"] in refused | sections
    ]


def find(session: Session, reader: Doer, written: str, now: datetime, *, lock: bool = False) -> ImportDraft:
    """Find a file by its number in an address."""
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0
    return draft_of(session, reader.id, number, now, lock=lock)


def tried(session: Session, draft: ImportDraft, reader: Doer, now: datetime) -> Tried:
    """Give what would become of a file as it is decided on; of one that is stored what became of it."""
    stored = report_in(draft)
    if stored is not None:
        hidden = barred_references(session, reader.id)
        return Tried(without_hidden(stored, hidden, barred_cases_named(session, reader.id)), is_clear=True)
    # Its number alone may have been that of an older file.
    key = ("import", draft.id, draft.made_at, draft.fingerprint, draft.version, reader)
    return kept(session, key, lambda: _tried(session, draft, reader, now))


def _tried(session: Session, draft: ImportDraft, reader: Doer, now: datetime) -> Tried:
    wishes, file = wishes_of(session, draft), file_of(lines_in(draft))
    understood = understand(session, file, wishes, reader)
    verdict = understood.verdict
    is_clear = Kind.HEADER in verdict.passed_over and not any(sheet.doubts for sheet in verdict.sheets)
    rows: Sequence[Stored] = ()
    pairs: Pairs = ()
    why_not = ""
    if is_clear:
        try:
            settled, rows = settle(session, understood, wishes, reader, now)
            pairs = pairs_to_come(session, settled, rows)
        except NotAllowed as not_hers:
            why_not, is_clear = str(not_hers).replace(", or name your own partnership with --partnership", ""), False
    report = Report(draft.name, verdict, rows, file.notes, pairs)
    return Tried(report.document(with_originals=True), is_clear, why_not)


def shown_rows(document: Mapping[str, Any], wanted: str) -> Sequence[tuple[int, Mapping[str, Any]]]:
    """Give the rows with one outcome, or every one, each with its place in the file."""
    known = {one.value for one in Outcome}
    rows = enumerate(document["rows"])
    return [(place, row) for place, row in rows if wanted not in known or row["outcome"] == wanted]


def is_new(form: Form, draft: ImportDraft) -> bool:
    """Say whether a form is to be done: not a second time, and not when something else was decided meanwhile."""
    if json.loads(draft.decided).get(INTENT) == form.intent:
        return False
    if form.seen != draft.version:
        form.status = HTTPStatus.CONFLICT
        form.says("form", "You decided something else about this file meanwhile. Look again, then decide")
    return not form.errors


def keep_decided(draft: ImportDraft, form: Form, decided: Mapping[int, str]) -> None:
    """Keep what was decided, with the form by which it was."""
    found: dict[str, Any] = {name: sorted(one for one in decided if decided[one] == name) for name in DECISIONS}
    draft.decided = json.dumps(found | {INTENT: form.intent[:LONGEST]})
    draft.version += 1
