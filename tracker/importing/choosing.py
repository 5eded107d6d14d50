"""What somebody chose the headings of a file to mean: read from words, and remembered for the next file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.actions.exported import OWN_COLUMNS
from tracker.actions.imported import ImportMapping
from tracker.errors import FactsWrong
from tracker.importing.cells import Sheet
from tracker.importing.heading_words import HEADINGS
from tracker.importing.headings import LEFT_OUT, Chosen, as_heading, names_of
from tracker.importing.knowing import digest
from tracker.rows import write

# What a column may be chosen to mean, with its words for a reader.
FIELD_WORDS: Mapping[str, str] = {
    "ref": "Reference",
    "review": "Review",
    "theme": "Theme",
    "action": "Action",
    "owner": "Owner",
    "email": "Owner’s email",
    "due": "Target date",
    "status": "Status",
    "progress": "Progress",
    "completed": "Date completed",
    "evidence": "Evidence or impact",
}
_NO_SHEET = ""
# What is chosen for no sheet by name is chosen for all of them.
ALL_SHEETS = "*"
ByHand = Mapping[str, Chosen]


def read_choices(written: Iterable[str]) -> ByHand:
    """Read `Sheet:Heading=owner`, or `Heading=owner` for every sheet; nothing after the sign leaves the column out.

    Raises `FactsWrong` for what cannot be read and for a field that there is not.
    """
    found: dict[str, dict[str, str]] = {}
    for words in written:
        place, sign, field = words.rpartition("=")
        field = {"-": LEFT_OUT}.get(field.strip().lower(), field.strip().lower())
        sheet, colon, heading = place.rpartition(":")
        if not sign or not as_heading(heading):
            raise FactsWrong(f'{words!r} cannot be read. Write it like "Sheet:Heading=owner".')
        if field not in (*HEADINGS, LEFT_OUT):
            raise FactsWrong(f"There is no field {field!r}. There are: {', '.join(HEADINGS)}; or - to leave it out.")
        found.setdefault(sheet.strip() if colon else ALL_SHEETS, {})[as_heading(heading)] = field
    return found


class Choices:
    """What is chosen for each sheet of a file: by hand now, else what was chosen for the same headings before."""

    def __init__(self, sheets: Sequence[Sheet], by_hand: ByHand, remembered: Mapping[str, Chosen]) -> None:
        self._by_hand = {name.casefold(): chosen for name, chosen in by_hand.items()}
        self._prints = {sheet.name: headings_of(sheet) for sheet in sheets if not sheet.is_hidden}
        self._remembered = remembered
        known = {(name or _NO_SHEET).casefold() for name in self._prints} | {ALL_SHEETS}
        unknown = [name for name in by_hand if name.casefold() not in known]
        if unknown:
            names = ", ".join(name for name in self._prints if name) or "none: it is no workbook"
            raise FactsWrong(f"The file has no sheet {unknown[0]!r}. There are: {names}.")

    def for_sheet(self, name: str | None) -> Chosen:
        """Give what is chosen for a sheet."""
        of_all, of_it = (self._by_hand.get(key, {}) for key in (ALL_SHEETS, (name or _NO_SHEET).casefold()))
        before = next((self._remembered[one] for one in self._prints.get(name, ()) if one in self._remembered), {})
        return {**before, **of_all, **of_it}

    def to_remember(self) -> Mapping[str, Chosen]:
        """Give what was chosen by hand, by the headings for which it was."""
        found: dict[str, Chosen] = {}
        for name, prints in self._prints.items():
            chosen = self.for_sheet(name)
            for one, headings in prints.items():
                kept = {heading: field for heading, field in chosen.items() if heading in headings}
                if kept and kept != self._remembered.get(one):
                    found[one] = kept
        return found if self._by_hand else {}


def headings_of(sheet: Sheet) -> Mapping[str, Sequence[str]]:
    """Give by their prints the lines of a sheet that may be headers: several short texts."""
    found: dict[str, Sequence[str]] = {}
    for line in sheet.lines[:_FIRST_LINES]:
        if len(line.filled) >= 3 and all(isinstance(line.value(column), str) for column in line.filled):
            names = list(names_of(line).values())
            found.setdefault(digest("\0".join(sorted(names))), names)
    return found


_FIRST_LINES = 60


def remembered_for(session: Session, partnerships: Iterable[int]) -> Mapping[str, Chosen]:
    """Give what was chosen before in some partnerships, the newest last."""
    question = select(ImportMapping).where(col(ImportMapping.partnership_id).in_(list(partnerships)))
    return {row.headings: json.loads(row.chosen) for row in session.exec(question.order_by(col(ImportMapping.made_at)))}


def remember(
    session: Session, partnerships: Iterable[int], chosen: Mapping[str, Chosen], now: datetime, by_id: int
) -> None:
    """Remember what was chosen for the next file of these partnerships."""
    for partnership_id in partnerships:
        for headings, fields in chosen.items():
            here = (ImportMapping.partnership_id == partnership_id, ImportMapping.headings == headings)
            known = session.exec(select(ImportMapping).where(*here)).first()
            if known is None:
                row = ImportMapping(
                    partnership_id=partnership_id,
                    headings=headings,
                    chosen=json.dumps(fields),
                    made_at=now,
                    made_by_id=by_id,
                )
                write(session, row)
            else:
                known.chosen, known.made_at, known.made_by_id = json.dumps(fields), now, by_id
                session.add(known)


def field_words(field: str) -> str:
    """Say what a column means."""
    return FIELD_WORDS.get(field) or OWN_COLUMNS.get(field, field)
