"""One row read field by field: what it says, why it is refused, and what a coordinator has to look at."""

import re
from dataclasses import replace
from typing import Any

from tracker.actions.exported import OWN_COLUMNS
from tracker.importing.by_when import read_by_when, read_day, says_nothing
from tracker.importing.cells import Line, Value, as_text, folded, is_error, squeezed
from tracker.importing.heading_words import HEADINGS
from tracker.importing.headings import Columns
from tracker.importing.ours import is_ours, read_exported, read_own_by_when, read_own_standing
from tracker.importing.owners import read_owners
from tracker.importing.repairing import repairs
from tracker.importing.statuses import read_standing
from tracker.importing.verdicts import Before, Codes, Known, Understood
from tracker.showing.plan_files import BEGINS_A_FORMULA
from workflows.action import ActionStatus

_DAY_NUMBER = re.compile(r"\d{5}")
# So many days lie between the two days from which workbooks count.
_DAYS_TO_1904 = 1462
_REFERS = re.compile(r"see row \d+")
_LIVE = ("=", "+", "@")


class Row:
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

    def case_of(self, review: str) -> int | None:
        """Give the case that a review is of, if it is known."""
        return self._known.get(folded(review))

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
        case_id = self.case_of(review)
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
