"""Sheets as people really keep them: each of their ways beside what the rules of the import make of it."""

import csv

import pytest

from tests.tracker.importing.test_second_workbook import KNOWN, Book, judged
from tracker.importing.cells import Line
from tracker.importing.headings import columns_of
from tracker.importing.judging import judge
from tracker.importing.owners import paired
from tracker.importing.reading import read_file

HEADER = ["Ref", "Review", "Action", "Owner", "Email", "Deadline", "Status", "Progress"]
GOOD = ["Ward", "w@nhs.example", "2 May 2022", "G"]


def written(path, *records, delimiter=","):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(records)
    return path


def outcomes(path):
    return {number: words for (_, number), words in judged(path)[0].items()}


def test_error_cell_is_seen_as_an_error_and_elsewhere_in_a_row_counts_as_blank(tmp_path):
    book = Book(tmp_path / "errors.xlsx")
    row = ["RR 7", "Ring", *GOOD]
    sheet = book.sheet(
        "S", HEADER, ["1", *row], ["2", *row], ["3", "RR 7", "Write", *GOOD], [None, None, "and send it"]
    )
    # The library writes such a value as a cell with an error, as Excel does.
    sheet.write_formula(1, 2, "=A9", None, "#REF!")
    sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    sheet.write_formula(3, 7, "=A9", None, "#N/A")
    sheet.write_formula(4, 4, "=A9", None, "#N/A")
    book.book.close()

    assert outcomes(tmp_path / "errors.xlsx") == {
        2: "refuse spreadsheet_error",
        3: "refuse spreadsheet_error",
        4: "",
        5: "refuse continuation",
    }


def test_names_under_a_heading_that_spans_two_columns_are_headings(tmp_path):
    book = Book(tmp_path / "two.xlsx")
    header = ["Ref", "Review", "Action", "Responsible", None, "Deadline", "Status"]
    book.sheet("S", header, [None, None, None, "Name", "E-mail"], ["1", "RR 7", "Ring", *GOOD])
    book.book.close()

    rows, passed_over, _ = judged(tmp_path / "two.xlsx")

    assert (rows, passed_over) == ({("S", 3): ""}, {"header": 2})


def test_totals_with_words_beside_them_are_no_actions_and_a_numbered_empty_row_is_no_section(tmp_path):
    path = written(
        tmp_path / "plan.csv",
        HEADER,
        ["1", "RR 7", "Ring", *GOOD],
        ["Total open", "", "5", "Complete: 3"],
        ["Grand total", "", "", "", "", "", "4 green"],
        ["13"],
        ["2", "", "Write", *GOOD],
        ["3", "", "Total the calls of the year", *GOOD],
    )

    assert outcomes(path) == {2: "", 5: "refuse no_action", 6: "", 7: ""}


def test_notes_below_a_sheet_that_begins_with_the_action_are_no_actions(tmp_path):
    header = ["Action", "Review", "Owner", "Email", "Deadline", "Status"]
    path = written(
        tmp_path / "plan.csv",
        header,
        ["Ring", "RR 7", *GOOD],
        ["and write"],
        [],
        ["Grey actions are with the Board"],
        ["Ask Kim"],
    )

    rows, passed_over, _ = judged(path)

    assert rows == {(None, 2): "", (None, 3): "refuse continuation"}
    assert passed_over == {"header": 1, "blank line": 1, "note": 2}


@pytest.mark.parametrize("code", ["cp1252", "latin-1", "mac_roman", "cp850"])
@pytest.mark.parametrize("name", ["Zoë", "Audit – neglect"])
def test_review_whose_name_was_read_in_another_code_is_known_again(tmp_path, name, code):
    garbled = name.encode().decode(code, errors="surrogateescape")
    path = written(tmp_path / "plan.csv", HEADER, ["1", garbled, "Ring", *GOOD], ["2", "", "Write", *GOOD])

    assert outcomes(path) == {2: "flag misencoded_review", 3: ""}


def test_review_that_was_garbled_twice_or_with_a_blank_that_is_none_is_known_again(tmp_path):
    twice = "Zoë".encode().decode("cp1252").encode().decode("cp1252")
    path = written(tmp_path / "plan.csv", HEADER, ["1", twice, "Ring", *GOOD])
    known = {"chez à": 1}
    with_blank = written(tmp_path / "blank.csv", HEADER, ["1", "Chez Ã\xa0", "Ring", *GOOD])

    [row] = judge(read_file(with_blank).sheets, known).rows

    assert outcomes(path) == {2: "flag misencoded_review"}
    assert row.reasons == ("misencoded_review",)


def test_sentence_with_commas_after_a_line_break_is_no_swallowed_record(tmp_path):
    text = "Tell:\nPolice, health, schools, housing, probation"
    path = written(tmp_path / "plan.csv", HEADER[1:7], ["RR 7", text, *GOOD])

    assert outcomes(path) == {2: ""}


def test_file_with_unknown_headings_is_parted_by_what_stands_between_its_cells(tmp_path):
    header = ["Massnahme", "Fall", "Wer", "Bis, wann"]
    path = written(tmp_path / "plan.csv", header, ["Ring, and write", "RR 7", "Ward", "2 May 2022"], delimiter=";")

    [sheet] = read_file(path).sheets

    assert sheet.lines[0].values == header


def test_heading_is_known_without_what_stands_in_brackets_behind_it():
    header = ["Action (SMART)", "Lead (name)", "Target date (dd/mm/yyyy)", "RAG status", "Review name"]

    assert columns_of(Line(1, header)) == {"action": 0, "owner": 1, "due": 2, "status": 3, "review": 4}


@pytest.mark.parametrize(
    ("names", "emails", "pairs"),
    [
        (
            ["Jane Smith", "Bob Jones"],
            ["bob.jones@x.example", "jane@x.example"],
            [("Jane Smith", "jane@x.example"), ("Bob Jones", "bob.jones@x.example")],
        ),
        (["Jane Smith", "Bob Jones"], ["bob@x.example"], [("Jane Smith", ""), ("Bob Jones", "bob@x.example")]),
        (["Ward", "School"], ["a@x.example", "b@x.example"], [("Ward", "a@x.example"), ("School", "b@x.example")]),
        (["Ward", "School", "Police"], ["a@x.example"], [("Ward", "a@x.example"), ("School", ""), ("Police", "")]),
    ],
)
def test_owners_have_the_addresses_that_hold_their_names_in_whatever_order(names, emails, pairs):
    assert paired(names, emails) == pairs


def test_day_with_a_time_in_a_file_of_text_is_that_day(tmp_path):
    path = written(tmp_path / "plan.csv", HEADER, ["1", "RR 7", "Ring", *GOOD[:2], "30/06/2021 00:00", "G"])

    [row] = judge(read_file(path).sheets, KNOWN).rows

    assert (row.reasons, str(row.understood.by_when.due)) == ((), "2021-06-30")
