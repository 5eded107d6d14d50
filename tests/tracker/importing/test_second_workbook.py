"""Another workbook of the kind: other headings, other orders, its defects in other places; worked out by hand."""

from datetime import date

import pytest
import xlsxwriter

from tracker.importing.cells import folded
from tracker.importing.judging import judge
from tracker.importing.reading import read_file

KNOWN = {folded(name): number for number, name in enumerate(("Baby Robin", "RR 7", "Audit – neglect", "Zoë"), 1)}


def judged(path):
    """Judge the rows of a file: by sheet and row, what flags it or why it is refused; and what was passed over."""
    verdict = judge(read_file(path).sheets, KNOWN)
    rows = {
        (row.sheet, row.number): " ".join([row.outcome.value, *row.reasons]).removeprefix("import").strip()
        for row in verdict.rows
    }
    return rows, {kind.value: count for kind, count in verdict.passed_over.items()}, verdict.hidden_sheets


class Book:
    """A workbook that is filled line by line."""

    def __init__(self, path, **options):
        self.book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, **options})
        self.day = self.book.add_format({"num_format": "dd/mm/yyyy"})

    def sheet(self, name, *lines):
        """Write a sheet; a line is a list of cells, from the first column on."""
        sheet = self.book.add_worksheet(name)
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, self.day)
                elif cell is not None:
                    sheet.write(number, column, cell)
        return sheet


ACTION_FIRST = ["Action required", "By when", "Lead", "Contact", "BRAG", "Case", "Ref No.", "Completed on", "Comments"]


@pytest.fixture(scope="module")
def second(tmp_path_factory):
    """Make the workbook."""
    path = tmp_path_factory.mktemp("second") / "plan.xlsx"
    book = Book(path)
    given = book.sheet(
        "Action first",
        ["Plan of the eastern area, working copy"],
        ACTION_FIRST,
        ["Robin"],  # 3: a section, merged over the whole width
        ["Ask for sleep plans", date(2022, 3, 31), "Midwife", "m@nhs.example", "b", "Baby Robin", "1", "31.03.22"],  # 4
        ["Check the clinic list", "Mar 22", "Midwife", "m@nhs.example", "GREEN", None, "2"],  # 5
        ["and send it on"],  # 6: goes on from the row before
        [],
        ["RR 7"],  # 8: a section; the next row names no review, so it is the one above
        ["Check the  CLINIC list", date(2022, 5, 2), "Midwife", "m@nhs.example", "G", None, "3"],  # 9
        ["Share the rota", "31/11/2022", "Ward\nSchool", "w@nhs.example\ns@nhs.example", "a", "rr 7", "1"],  # 10
        ["See Row 12", "2 May 2022", "Ward", "w@nhs.example", "R", None, "5"],  # 11
        [None, "2 May 2022", "Ward", "w@nhs.example", "R", None, "6"],  # 12
        ["#VALUE!", "2 May 2022", "Ward", "w@nhs.example", "R", None, "7"],  # 13
        ["Tell the ward", "Annual review", "tbc", "w@nhs.example", "Done", None, "8", "n/a"],  # 14
        ["Total actions", 8],  # 15
        ["Note: ask Priya about row 9"],  # 16
    )
    given.merge_range(2, 0, 2, 8, "Robin")
    book.sheet(
        "Old board",
        ["Objective", "Outcome", "Responsible", "E-mail", "Timescale", "Progress Update", "Impact", "Case", "#"],
        ["Safe sleep", "Give advice", "Public Health", "ph@la.example", "On-going", "On going task", "x", "Zoë", "n1"],
        ["", "Count calls", "Public Health", "ph@la", "6 monthly", "Outstanding Task", "@home", "", "n2"],
        ["", "Ask parents", "Public Health & Police", "ph@la.example", "June 2008 ", "Achieved", "", "ZoÃ«", "n3"],
        ["", "Ask schools", "Public Health/Police", "PH@LA.EXAMPLE", "As  identified", "Achieved", "", "", "n4"],
        [
            "",
            "Ask GPs",
            "Public Health",
            "ph@la.example",
            39600,
            "decision made NOT to take forward",
            "",
            "Audit - Neglect",
        ],
        [
            "",
            "Ask GPs",
            "Public Health",
            "ph@la.example",
            "end of May 08",
            "Closed – not taken forward",
            "",
            "audit – neglect",
        ],
    )
    hidden = book.sheet("Drafts", ACTION_FIRST, ["Never import this", "TBC", "X", "x@y.example", "G", "Zoë"])
    hidden.hide()
    book.sheet("Legend", ["Green is on track"], ["Blue is done"])
    book.book.close()
    return path


def test_second_workbook_comes_out_as_worked_out_by_hand(second):
    rows, passed_over, hidden = judged(second)

    assert rows == {
        ("Action first", 4): "",
        ("Action first", 5): "",
        ("Action first", 6): "refuse continuation",
        ("Action first", 9): "refuse exact_duplicate",
        ("Action first", 10): "flag invalid_date several_owners ref_clash",
        ("Action first", 11): "refuse refers_elsewhere",
        ("Action first", 12): "refuse no_action",
        ("Action first", 13): "refuse spreadsheet_error",
        ("Action first", 14): "flag recurring complete_without_date no_owner",
        ("Old board", 2): "flag continuing",
        ("Old board", 3): "flag recurring bad_email formula_like",
        ("Old board", 4): "flag complete_without_date several_owners misencoded_review",
        ("Old board", 5): "flag triggered complete_without_date",
        ("Old board", 6): "",
        ("Old board", 7): "refuse exact_duplicate",
    }
    assert passed_over == {"title": 3, "header": 2, "section": 2, "blank line": 1, "total": 1, "note": 1}
    assert hidden == ["Drafts"]


def test_live_formula_counts_by_its_stored_text_and_without_one_is_blank(tmp_path):
    book = Book(tmp_path / "live.xlsx")
    sheet = book.sheet(
        "S",
        ["Ref", "Review", "Action", "Owner", "Email", "Deadline", "Status"],
        ["1", "RR 7", None, "Ward", "w@nhs.example", "2 May 2022", "G"],
        ["2", "RR 7", None, "Ward", "w@nhs.example", "2 May 2022", "G"],
        ["3", "RR 7", "Phone", "Ward", "w@nhs.example", None, "G"],
    )
    sheet.write_formula(1, 2, '="Ring "&"them"', None, "Ring them")
    sheet.write_formula(2, 2, '="Write"', None, "")
    sheet.write_formula(3, 5, "=1/0", None, "#DIV/0!")
    book.book.close()

    rows, _, _ = judged(tmp_path / "live.xlsx")

    assert rows == {("S", 2): "flag formula_like", ("S", 3): "refuse no_action", ("S", 4): "flag no_date"}


def test_workbook_that_counts_from_1904_has_the_days_that_it_shows(tmp_path):
    book = Book(tmp_path / "mac.xlsx", date_1904=True)
    head = ["Ref", "Review", "Action", "Owner", "Email", "Deadline", "Status"]
    book.sheet("S", head, ["1", "RR 7", "Ring", "Ward", "w@nhs.example", date(2022, 5, 2), "G"])
    book.book.close()

    verdict = judge(read_file(tmp_path / "mac.xlsx").sheets, KNOWN)

    assert [str(row.understood.by_when.due) for row in verdict.rows] == ["2022-05-02"]


def test_header_has_names_below_and_a_second_table_has_another_order(tmp_path):
    book = Book(tmp_path / "two.xlsx")
    book.sheet(
        "S",
        ["Ref", "Review", "Action", "Owner", None, "Deadline"],
        [None, None, None, None, "Email"],
        ["1", "RR 7", "Ring", "Ward", "w@nhs.example", "2 May 2022"],
        [],
        ["Deadline", "Email", "Owner", "Action", "Review", "Status"],
        ["3 May 2022", "w@nhs.example", "Ward", "Write", None, "G"],
    )
    book.book.close()

    verdict = judge(read_file(tmp_path / "two.xlsx").sheets, KNOWN)

    said = [(one.action, one.owners.names, one.owners.emails, str(one.by_when.due)) for one in _understood(verdict)]
    assert said == [
        ("Ring", ("Ward",), ("w@nhs.example",), "2022-05-02"),
        ("Write", ("Ward",), ("w@nhs.example",), "2022-05-03"),
    ]


def test_several_names_below_a_header_are_part_of_it(tmp_path):
    book = Book(tmp_path / "below.xlsx")
    book.sheet(
        "S",
        ["Ref", "Review", "Action", None, None, "Deadline"],
        [None, None, None, "Owner", "Email"],
        ["1", "RR 7", "Ring", "Ward", "w@nhs.example", "2 May 2022"],
    )
    book.book.close()

    rows, passed_over, _ = judged(tmp_path / "below.xlsx")

    assert (rows, passed_over) == ({("S", 3): "flag no_status"}, {"header": 2})


def test_number_of_a_day_counts_as_its_workbook_does(tmp_path):
    for name, since_1904 in (("mac", True), ("other", False)):
        book = Book(tmp_path / f"{name}.xlsx", date_1904=since_1904)
        book.sheet(
            "S",
            ["Ref", "Review", "Action", "Owner", "Email", "Deadline", "Status"],
            ["1", "RR 7", "Ring", "Ward", "w@nhs.example", 44377 - (1462 if since_1904 else 0), "G"],
        )
        book.book.close()

    found = [judge(read_file(tmp_path / f"{name}.xlsx").sheets, KNOWN).rows[0] for name in ("mac", "other")]

    assert [str(row.understood.by_when.due) for row in found] == ["2021-06-30", "2021-06-30"]


MESSY_HEADER = ["REF\nNO.", "CASE", "ACTION\nREQUIRED", "LEAD", "E-MAIL", "BY\nWHEN", None, "STATUS", "PROGRESS"]


def test_third_workbook_with_everything_moved_about_comes_out_as_worked_out_by_hand(tmp_path):
    book = Book(tmp_path / "third.xlsx", date_1904=True)
    moved = [
        ["LEARNING ACTION PLAN 2022/23"],  # 1
        ["Version 3 - updated weekly"],
        [],
        ["Owner of this document:", "Business unit"],
        ["Key:", "Green", "Amber", "Red"],
        [],
        [],
        ["What", None, None, "Who", None, "When", None, "How are we doing"],  # 8
        MESSY_HEADER,  # 9
        ["N1", "Baby Robin", "Ring each family", "Midwife", "m@nhs.example", "Mon 31 January 2022", 7, "GREEN "],
        ["N2", None, "Check the list\nof clinics", "Midwife;Ward", "m@nhs.example", "4th March 2022", None, "amber"],
        ["N3", None, "Write to all", "Police", "p@police.example", date(2022, 5, 6), None, "red"],  # 12, hidden
        [None, "Totals:", None, None, None, None, None, 3],
        [],
        ["Zo\u00eb"],  # 15: a section
        ["K1", "Zo\u00eb", "Agree a pathway", "Head / Deputy", "h@la.example", "Q1 2023", None, "On Track"],
        ["K2", None, "Agree  a PATHWAY ", "Head", "h@la", "31.12.22", None, "Closed \u2013 not taken forward"],
        ["k1", None, "Tell others", "n/a", None, "06/05/2022 revised to 1 June 2022", None, "R"],
        [None, None, "Note: nothing more"],
    ]
    sheet = book.sheet("North", *([None, None, *line] for line in moved))
    sheet.merge_range(0, 2, 0, 9, "LEARNING ACTION PLAN 2022/23")
    sheet.set_row(11, None, None, {"hidden": True})
    book.sheet("No header", ["Ring them", "Ward"], ["Write to them", "Ward"])
    book.book.close()

    rows, passed_over, _ = judged(tmp_path / "third.xlsx")

    assert rows == {
        ("North", 10): "flag vague_date",
        ("North", 11): "flag several_owners",
        ("North", 12): "",
        ("North", 16): "flag vague_date unclear_status several_owners",
        ("North", 17): "refuse exact_duplicate",
        ("North", 18): "flag two_dates no_owner ref_clash",
    }
    assert passed_over == {"title": 7, "blank line": 4, "header": 1, "total": 1, "section": 1, "note": 1}


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp1252", ";"), ("utf-8", "\t")]
)
def test_csv_is_read_in_whatever_code_and_with_whatever_between_its_cells(tmp_path, encoding, delimiter):
    path = tmp_path / "plan.csv"
    lines = [
        ["Our plan"],
        ["Case", "Action", "Lead", "Contact", "Target date", "Status"],
        ["Zoë", 'Say "no", twice', "Ward", "w@nhs.example", "1,5 months", "G"],
    ]
    quoted = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines]
    path.write_bytes("\r\n".join(quoted).encode(encoding))

    verdict = judge(read_file(path).sheets, KNOWN)

    assert [(row.number, row.reasons) for row in verdict.rows] == [(3, ("vague_date",))]
    assert [one.action for one in _understood(verdict)] == ['Say "no", twice']


def _understood(verdict):
    return [row.understood for row in verdict.rows]
