"""What becomes of each row: imported, imported with what a coordinator has to look at, or refused and why."""

from collections.abc import Callable, Iterator, Sequence

from tracker.importing.cells import Sheet, folded, squeezed
from tracker.importing.found import found_in
from tracker.importing.headings import Chosen, Columns
from tracker.importing.kinds import Kind, Meant, meant_by
from tracker.importing.row import Row
from tracker.importing.verdicts import Before, Codes, Judged, Known, Outcome, Verdict

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
        row = Row(one.line, one.columns, known, counts_from_1904=sheet.counts_from_1904)
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
        case_id = row.case_of(review)
        yield Judged(name, one.line.number, outcome, reasons, row.original(), understood, columns, case_id)


def _clashes(ref: str, used: set[str]) -> bool:
    """Say whether a reference was used before in its sheet, also by a row that was refused."""
    if not ref:
        return False
    is_used = folded(ref) in used
    used.add(folded(ref))
    return is_used
