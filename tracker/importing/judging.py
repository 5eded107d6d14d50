"""What becomes of each row: imported, imported with what a coordinator has to look at, or refused and why."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from tracker.actions.exported import OWN_COLUMNS
from tracker.importing.by_when import ByWhen, read_by_when, read_day, says_nothing
from tracker.importing.cells import Line, Sheet, Value, as_text, folded, is_error, squeezed
from tracker.importing.found import SheetFound, found_in
from tracker.importing.headings import HEADINGS, Chosen, Columns
from tracker.importing.kinds import Kind, Meant, meant_by
from tracker.importing.ours import Exported, is_ours, read_exported, read_own_by_when, read_own_standing
from tracker.importing.owners import Owners, read_owners
from tracker.importing.repairing import repairs
from tracker.importing.statuses import Standing, read_standing
from tracker.showing.plan_files import BEGINS_A_FORMULA
from workflows.action import ActionStatus
from workflows.dates import PartialDate

_DAY_NUMBER = re.compile(r"\d{5}")
# So many days lie between the two days from which workbooks count.
_DAYS_TO_1904 = 1462
_REFERS = re.compile(r"see row \d+")
_LIVE = ("=", "+", "@")


class Outcome(StrEnum):
    """What becomes of a row: two of them only where it was imported before, the last where somebody said so."""

    IMPORT = "import"
    FLAG = "flag"
    REFUSE = "refuse"
    RECOGNISED = "recognised"
    CHANGED = "changed"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Understood:
    """What a row says, as far as it is understood; one of our own plan or a business plan may come from no review."""

    case_id: int | None
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
    exported: Exported | None = None
    partnership_id: int | None = None
    owner_words: str = ""
    objective: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what becomes of it and the reasons; `original` is every cell as it stands, by its field.

    `columns`: the fields for which its sheet has a column.
    """

    sheet: str | None
    number: int
    outcome: Outcome
    reasons: tuple[str, ...]
    original: Mapping[str, str]
    understood: Understood | None = None
    columns: frozenset[str] = frozenset()


@dataclass(slots=True)
class Verdict:
    """What becomes of a whole file."""

    rows: list[Judged] = field(default_factory=list)
    passed_over: dict[Kind, int] = field(default_factory=dict)
    hidden_sheets: list[str] = field(default_factory=list)
    sheets: list[SheetFound] = field(default_factory=list)


# The reviews, by every folded name that somebody may write for one; and partnerships by their codes.
Known = Mapping[str, int]
Codes = Mapping[str, int]
Before = set[tuple[int | None, str]]
ChosenFor = Callable[[str | None], Chosen]


def _nothing_chosen(_sheet: str | None) -> Chosen:
    return {}


_NO_CODES: Codes = {}


def judge(
    sheets: Sequence[Sheet],
    known: Known,
    chosen_for: ChosenFor = _nothing_chosen,
    partnerships: Codes = _NO_CODES,
    review: str = "",
) -> Verdict:
    """Judge every row of a file. `chosen_for` gives what somebody chose the headings of a sheet to mean.

    `partnerships`: those to which actions without a review may belong, where the file is an exported plan; to the only
    one belong the outcomes of a business plan. `review`: what the rows come from of a sheet without a column for it.
    """
    verdict = Verdict()
    before: Before = set()
    for sheet in sheets:
        if sheet.is_hidden:
            verdict.hidden_sheets.append(sheet.name or "")
            continue
        chosen = chosen_for(sheet.name)
        lines = meant_by(sheet, chosen)
        verdict.sheets.append(found_in(sheet, lines, chosen))
        for one in lines:
            if one.kind is not Kind.ROW:
                verdict.passed_over[one.kind] = verdict.passed_over.get(one.kind, 0) + 1
        verdict.rows += _rows(sheet, lines, (known, partnerships), before, review)
    return verdict


def _rows(
    sheet: Sheet, lines: Sequence[Meant], known: tuple[Known, Codes], before: Before, of: str
) -> Iterator[Judged]:
    """Judge the rows of a sheet; in a file without sheets each section stands for one."""
    review = objective = ""
    used: set[str] = set()
    last: Columns | None = None
    columns: frozenset[str] = frozenset()
    for one in lines:
        if one.kind is Kind.SECTION and sheet.name is None:
            review, used = "", set()
        if one.kind is not Kind.ROW:
            continue
        if one.columns is not last:
            last, columns = one.columns, frozenset(one.columns)
        row = _Row(one.line, one.columns, known, counts_from_1904=sheet.counts_from_1904)
        objective = row.objective(objective)
        review, is_repaired = row.review(review or ("" if "review" in one.columns else of))
        clashes = _clashes(row.text("ref"), used)
        why, understood = row.refused(review, before, objective)
        reasons: tuple[str, ...] = (why,)
        outcome = Outcome.REFUSE
        if understood is not None:
            before.add((understood.case_id, squeezed(understood.action)))
            reasons = row.flags(understood, is_repaired=is_repaired, clashes=clashes)
            outcome = Outcome.FLAG if reasons else Outcome.IMPORT
        name = sheet.name if sheet.name is not None else one.section
        yield Judged(name, one.line.number, outcome, reasons, row.original(), understood, columns)


def _clashes(ref: str, used: set[str]) -> bool:
    """Say whether a reference was used before in its sheet, also by a row that was refused."""
    if not ref:
        return False
    is_used = folded(ref) in used
    used.add(folded(ref))
    return is_used


class _Row:
    """One row, read field by field."""

    def __init__(self, line: Line, columns: Columns, known: tuple[Known, Codes], *, counts_from_1904: bool) -> None:
        self._line = line
        self._columns = columns
        self._known, self._partnerships = known
        self._is_ours = is_ours(columns)
        self._days_before = _DAYS_TO_1904 if counts_from_1904 else 0

    def value(self, name: str) -> Value:
        """Give what stands in a field; the error of a formula counts as nothing, but where the action should be."""
        column = self._columns.get(name)
        if column is None:
            return None
        value = self._line.value(column)
        return None if name != "action" and is_error(value) else value

    def text(self, name: str) -> str:
        """Give a field as a line of text, without the apostrophe that an export puts before a formula."""
        text = as_text(self.value(name))
        return text[1:] if text.startswith("'") and text[1:].startswith(BEGINS_A_FORMULA) else text

    def when(self, name: str) -> Value:
        """Give a field with a date; a number of five digits counts the days as its workbook does."""
        value = self.value(name)
        is_number = self._days_before and _DAY_NUMBER.fullmatch(as_text(value)) is not None
        return int(as_text(value)) + self._days_before if is_number else value

    def lines(self, name: str) -> str:
        """Give a field as it was typed, with its line breaks."""
        value = self.value(name)
        text = value.strip() if isinstance(value, str) else as_text(value)
        return text[1:] if text.startswith("'") and text[1:].startswith(BEGINS_A_FORMULA) else text

    def review(self, above: str) -> tuple[str, bool]:
        """Give the review of the row, which is the one above where it names none; and whether it was garbled."""
        named = self.text("review")
        if not named:
            return "" if self._is_ours else above, False
        if folded(named) in self._known:
            return named, False
        several = [part.strip() for part in named.split(";")]
        if len(several) > 1 and all(folded(part) in self._known for part in several):
            return several[0], False
        # What is no text as it stands, such as a no-break space, may be one half of a letter.
        for repaired in map(as_text, repairs(str(self.value("review")))):
            if folded(repaired) in self._known:
                return repaired, True
        return named, False

    def objective(self, above: str) -> str:
        """Give the objective of a row of a business plan, which is the one above where it names none."""
        return (self.text("objective") or above) if "objective" in self._columns else ""

    def refused(self, review: str, before: Before, objective: str = "") -> tuple[str, Understood | None]:
        """Give why the row is refused; or what it says."""
        action = self.text("action")
        if self._line.filled_but(self._columns["action"]) == [self._columns["action"]]:
            return "continuation", None
        if not action:
            return "no_action", None
        if is_error(action):
            return "spreadsheet_error", None
        if _REFERS.fullmatch(folded(action)):
            return "refers_elsewhere", None
        case_id = self._known.get(folded(review))
        is_plan = "objective" in self._columns and not review
        if is_plan and len(self._partnerships) != 1:
            return "whose_plan", None
        if case_id is None and not is_plan and (review or self._partnership() is None):
            return "unknown_review", None
        if self._is_ours:
            return "", self._of_ours(case_id)
        if (case_id, squeezed(action)) in before:
            return "exact_duplicate", None
        said = self._understood(case_id, action)
        return "", replace(said, **self._of_plan(objective)) if is_plan else said

    def _of_plan(self, objective: str) -> dict[str, Any]:  # fields of what a row says
        [partnership] = self._partnerships.values()
        return {"partnership_id": partnership, "objective": objective, "theme": objective}

    def _partnership(self) -> int | None:
        return self._partnerships.get(self.text("partnership").lower()) if self._is_ours else None

    def _of_ours(self, case_id: int | None) -> Understood:
        """Read a row of a plan that was exported: texts keep their lines, and dates and statuses our own words."""
        own = read_exported(self.text, self.lines, self.value)
        said = self._understood(case_id, self.lines("action"))
        return replace(
            said,
            by_when=read_own_by_when(self.value("due"), own),
            standing=read_own_standing(self.value("status")),
            progress=self.lines("progress"),
            evidence=self.lines("evidence"),
            exported=own,
            partnership_id=self._partnership(),
            owner_words=self.text("owner"),
        )

    def _understood(self, case_id: int | None, action: str) -> Understood:
        completed = self.when("completed")
        return Understood(
            case_id=case_id,
            ref=self.text("ref"),
            theme=self.text("theme"),
            action=action,
            owners=read_owners(self.value("owner"), self.value("email")),
            by_when=read_by_when(self.when("due")),
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
        is_live = any(column in self._line.live for name, column in self._columns.items() if self.value(name))
        return is_live or any(text.startswith(_LIVE) for text in texts)

    def original(self) -> dict[str, str]:
        """Give every cell that has a meaning as it stands, with its blanks and line breaks."""
        cells = {name: self._line.value(self._columns.get(name)) for name in (*HEADINGS, *OWN_COLUMNS)}
        return {name: str(value) for name, value in cells.items() if value is not None and value != ""}
