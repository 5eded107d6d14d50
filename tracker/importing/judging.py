"""What becomes of each row: imported, imported with what a coordinator has to look at, or refused and why."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.importing.by_when import ByWhen, read_by_when, read_day, says_nothing
from tracker.importing.cells import Line, Sheet, Value, as_text, folded, is_error, squeezed
from tracker.importing.headings import HEADINGS, Columns
from tracker.importing.kinds import Kind, Meant, meant_by
from tracker.importing.owners import Owners, read_owners
from tracker.importing.statuses import Standing, read_standing
from tracker.showing.plan_files import BEGINS_A_FORMULA
from workflows.action import ActionStatus
from workflows.dates import PartialDate

_REFERS = re.compile(r"see row \d+")
_LIVE = ("=", "+", "@")


class Outcome(StrEnum):
    """What becomes of a row; the last two only where it was imported before."""

    IMPORT = "import"
    FLAG = "flag"
    REFUSE = "refuse"
    RECOGNISED = "recognised"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Understood:
    """What a row says, as far as it is understood."""

    case_id: int
    ref: str
    theme: str
    action: str
    owners: Owners
    by_when: ByWhen
    standing: Standing
    progress: str
    completed_on: PartialDate | None
    completed_words: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what becomes of it and the reasons; `original` is every cell as it stands, by its heading."""

    sheet: str | None
    number: int
    outcome: Outcome
    reasons: tuple[str, ...]
    original: Mapping[str, str]
    understood: Understood | None = None


@dataclass(slots=True)
class Verdict:
    """What becomes of a whole file."""

    rows: list[Judged] = field(default_factory=list)
    passed_over: dict[Kind, int] = field(default_factory=dict)
    hidden_sheets: list[str] = field(default_factory=list)


Known = Mapping[str, int]


def judge(sheets: Sequence[Sheet], known: Known) -> Verdict:
    """Judge every row of a file. `known` are the reviews, by every folded name that somebody may write for one."""
    verdict = Verdict()
    before: set[tuple[int, str]] = set()
    for sheet in sheets:
        if sheet.is_hidden:
            verdict.hidden_sheets.append(sheet.name or "")
            continue
        lines = meant_by(sheet)
        for one in lines:
            if one.kind is not Kind.ROW:
                verdict.passed_over[one.kind] = verdict.passed_over.get(one.kind, 0) + 1
        verdict.rows += _rows(sheet, lines, known, before)
    return verdict


def _rows(sheet: Sheet, lines: Sequence[Meant], known: Known, before: set[tuple[int, str]]) -> Iterator[Judged]:
    """Judge the rows of a sheet; in a file without sheets each section stands for one."""
    review = ""
    used: set[str] = set()
    for one in lines:
        if one.kind is Kind.SECTION and sheet.name is None:
            review, used = "", set()
        if one.kind is not Kind.ROW:
            continue
        row = _Row(one.line, one.columns, known)
        review, is_repaired = row.review(review)
        clashes = _clashes(row.text("ref"), used)
        why, understood = row.refused(review, before)
        reasons: tuple[str, ...] = (why,)
        outcome = Outcome.REFUSE
        if understood is not None:
            before.add((understood.case_id, squeezed(understood.action)))
            reasons = row.flags(understood, is_repaired=is_repaired, clashes=clashes)
            outcome = Outcome.FLAG if reasons else Outcome.IMPORT
        name = sheet.name if sheet.name is not None else one.section
        yield Judged(name, one.line.number, outcome, reasons, row.original(), understood)


def _clashes(ref: str, used: set[str]) -> bool:
    """Say whether a reference was used before in its sheet, also by a row that was refused."""
    if not ref:
        return False
    is_used = folded(ref) in used
    used.add(folded(ref))
    return is_used


class _Row:
    """One row, read field by field."""

    def __init__(self, line: Line, columns: Columns, known: Known) -> None:
        self._line = line
        self._columns = columns
        self._known = known

    def value(self, name: str) -> Value:
        """Give what stands in a field; the error of a formula counts as nothing, but where the action should be."""
        value = self._line.value(self._columns.get(name))
        return None if name != "action" and is_error(value) else value

    def text(self, name: str) -> str:
        """Give a field as a line of text, without the apostrophe that an export puts before a formula."""
        text = as_text(self.value(name))
        return text[1:] if text.startswith("'") and text[1:].startswith(BEGINS_A_FORMULA) else text

    def review(self, above: str) -> tuple[str, bool]:
        """Give the review of the row, which is the one above where it names none; and whether it was garbled."""
        named = self.text("review")
        if not named:
            return above, False
        if folded(named) in self._known:
            return named, False
        several = [part.strip() for part in named.split(";")]
        if len(several) > 1 and all(folded(part) in self._known for part in several):
            return several[0], False
        repaired = _repaired(named)
        is_repaired = repaired != named and folded(repaired) in self._known
        return (repaired, True) if is_repaired else (named, False)

    def refused(self, review: str, before: set[tuple[int, str]]) -> tuple[str, Understood | None]:
        """Give why the row is refused; or what it says."""
        action = self.text("action")
        if list(self._line.filled) == [self._columns["action"]]:
            return "continuation", None
        if not action:
            return "no_action", None
        if is_error(action):
            return "spreadsheet_error", None
        if _REFERS.fullmatch(folded(action)):
            return "refers_elsewhere", None
        case_id = self._known.get(folded(review))
        if case_id is None:
            return "unknown_review", None
        if (case_id, squeezed(action)) in before:
            return "exact_duplicate", None
        return "", self._understood(case_id, action)

    def _understood(self, case_id: int, action: str) -> Understood:
        completed = self.value("completed")
        return Understood(
            case_id=case_id,
            ref=self.text("ref"),
            theme=self.text("theme"),
            action=action,
            owners=read_owners(self.value("owner"), self.value("email")),
            by_when=read_by_when(self.value("due")),
            standing=read_standing(self.value("status")),
            progress=self.text("progress"),
            completed_on=read_day(completed),
            completed_words="" if says_nothing(completed) else as_text(completed),
            evidence=self.text("evidence"),
        )

    def flags(self, said: Understood, *, is_repaired: bool, clashes: bool) -> tuple[str, ...]:
        """Give what a coordinator has to look at."""
        found = [
            said.by_when.flag,
            said.standing.flag,
            self._of_completion(said),
            *said.owners.flags,
            "formula_like" if self._is_formula_like() else None,
            "misencoded_review" if is_repaired else None,
            "ref_clash" if clashes else None,
        ]
        return tuple(flag for flag in found if flag is not None)

    @staticmethod
    def _of_completion(said: Understood) -> str | None:
        if said.standing.flag is not None:
            return None
        is_complete = said.standing.status is ActionStatus.COMPLETE
        if is_complete and not said.completed_words:
            return "complete_without_date"
        return "status_conflict" if said.completed_on is not None and not is_complete else None

    def _is_formula_like(self) -> bool:
        texts = (self.text(name) for name in ("action", "progress", "evidence"))
        is_live = any(column in self._line.live for column in self._columns.values() if self._line.value(column))
        return is_live or any(text.startswith(_LIVE) for text in texts)

    def original(self) -> dict[str, str]:
        """Give every cell that has a meaning as it stands, with its blanks and line breaks."""
        cells = {name: self._line.value(self._columns.get(name)) for name in HEADINGS}
        return {name: str(value) for name, value in cells.items() if value is not None and value != ""}


def _repaired(text: str) -> str:
    """Give a text whose characters were read in the wrong code, as it was meant: TashaÃ»n is Tashaûn."""
    for code in ("cp1252", "latin-1"):
        try:
            return text.encode(code).decode("utf-8")
        except UnicodeError:
            continue
    return text
