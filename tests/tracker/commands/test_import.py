"""`tracker import`: headings are given their meaning, rows are left out, the report goes back as a file."""

import csv

import pytest
from openpyxl import load_workbook

from tests.make import make_case, make_world
from tests.tracker.command_line import CommandLine
from tests.tracker.reminders.post import COORDINATOR

HEADER = ["No", "Case", "Job", "Lead", "Owner", "Bis", "Status"]
ROW = ["1", "TH-2021-001", "Ring the ward", "Ward", "School", "30/09/2021", "Green"]


@pytest.fixture
def tracker(sqlite_engine, monkeypatch, capsys):
    make_world(sqlite_engine)
    make_case(sqlite_engine)
    tracker = CommandLine(monkeypatch, capsys, str(sqlite_engine.url))
    tracker.at("2021-06-02T10:00")
    return tracker


def plan(path, *rows, header=HEADER):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def test_headings_that_mean_two_things_are_refused_until_somebody_says_which(tracker, tmp_path):
    path = plan(tmp_path / "plan.csv", ROW)

    in_doubt = tracker("import", path, "--by", COORDINATOR, "--map", "Job=action", "--map", "Bis=due")
    chosen = ("--map", "Job=action", "--map", "Bis=due", "--map", "Owner=owner")
    clear = tracker("import", path, "--by", COORDINATOR, *chosen, "--json")

    assert (in_doubt.status, in_doubt.err) == (
        1,
        'plan.csv: In row 1, the headings "lead" and "owner" can both mean the owner. Say which one does: --map '
        '"lead=owner". Nothing was imported.\n',
    )
    assert [(row["outcome"], row["reasons"]) for row in clear.document["rows"]] == [("flag", ["no_email"])]
    assert clear.document["sheets"][0]["columns"] == {
        "no": "ref",
        "case": "review",
        "job": "action",
        "lead": None,
        "owner": "owner",
        "bis": "due",
        "status": "status",
    }


def test_what_was_chosen_is_remembered_for_the_next_file_with_the_same_headings(tracker, tmp_path):
    chosen = ("--map", "Job=action", "--map", "Bis=due", "--map", "Lead=-")
    first = plan(tmp_path / "first.csv", ROW)
    tried = tracker("import", first, "--by", COORDINATOR, "--dry-run", "--json", *chosen)
    not_yet = tracker("import", first, "--by", COORDINATOR, "--json")
    tracker("import", first, "--by", COORDINATOR, *chosen)

    other = plan(tmp_path / "other.csv", ROW, [*ROW[:2], "Write to schools", *ROW[3:]])
    after = tracker("import", other, "--by", COORDINATOR, "--json")

    assert (tried.document["flagged"], not_yet.status) == (1, 1)
    assert [row["outcome"] for row in after.document["rows"]] == ["recognised", "flag"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Job", "'Job' cannot be read. Write it like \"Sheet:Heading=owner\"."),
        ("Job=worker", "There is no field 'worker'. There are: ref, review, theme, action, owner"),
        ("Plan:Job=action", "The file has no sheet 'Plan'. There are: none: it is no workbook."),
    ],
)
def test_choice_that_cannot_be_read_is_a_sentence(tracker, tmp_path, words, sentence):
    answer = tracker("import", plan(tmp_path / "plan.csv", ROW), "--by", COORDINATOR, "--map", words)

    assert (answer.status, sentence in answer.err) == (2, True)


GOOD = ["Ref", "Review", "Action", "Owner", "Deadline", "Status"]
ROWS = [
    ["1", "TH-2021-001", "Ring the ward", "Ward", "30/09/2021", "Green"],
    ["2", "", "=cmd()", "Ward", "30/09/2021", "Green"],
    ["3", "", "", "Ward", "30/09/2021", "Green"],
]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_report_is_the_same_file_after_a_trial_and_after_the_import(tracker, tmp_path, ending):
    path = plan(tmp_path / "plan.csv", *ROWS, header=GOOD)
    tried, done = (tmp_path / f"{name}.{ending}" for name in ("tried", "done"))

    tracker("import", path, "--by", COORDINATOR, "--dry-run", "--report", str(tried))
    tracker("import", path, "--by", COORDINATOR, "--report", str(done))

    assert cells(tried) == cells(done)
    assert [row[2] for row in cells(done)[1:]] == ["Imported, to be looked at", "Imported, to be looked at", "Refused"]


def cells(path):
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.reader(file))
    book = load_workbook(path)
    assert {cell.data_type for row in book["Every row"].iter_rows() for cell in row} <= {"s", "n"}
    return [list(row) for row in book["Every row"].values]


def test_row_that_is_left_out_is_not_imported(tracker, tmp_path):
    path = plan(tmp_path / "plan.csv", *ROWS, header=GOOD)

    document = tracker("import", path, "--by", COORDINATOR, "--leave-out", "2", "--json").document
    wrong = tracker("import", path, "--by", COORDINATOR, "--leave-out", "99")

    assert [row["outcome"] for row in document["rows"]] == ["left_out", "flag", "refuse"]
    assert (wrong.status, "The file has no row '99'" in wrong.err) == (2, True)
