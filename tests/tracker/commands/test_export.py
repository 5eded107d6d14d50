"""`tracker export`: a list comes out as a file, comes in again as the same, and holds no live formula."""

import csv
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.make import act, make_case, make_world
from tests.tracker.command_line import CommandLine
from tests.tracker.reminders.post import COORDINATOR, OWNER, add

OWEN = ("Owen Field", OWNER)
PAYLOADS = ("=1+1", "+1", "-1", "@SUM(A1)", "|calc", '=HYPERLINK("http://x")', "'=1", "=cmd|' /C calc'!A0")


@pytest.fixture
def tracker(sqlite_engine, monkeypatch, capsys):
    make_world(sqlite_engine)
    make_case(sqlite_engine)
    add(sqlite_engine, sources=["TH-2021-001"])
    add(sqlite_engine, sources=["TH-2021-001"], title=None, text="Look again", due_on="2021-09")
    tracker = CommandLine(monkeypatch, capsys, str(sqlite_engine.url))
    tracker.at("2021-06-02T10:00")
    return tracker


def exported(tracker, path, *more):
    answer = tracker("export", "actions", "--format", path.suffix[1:], "--out", str(path), *more)
    assert (answer.status, answer.err) == (0, "")
    return answer.out


def test_plan_comes_out_with_headings_that_an_import_knows(tracker, tmp_path):
    path = tmp_path / "plan.csv"

    assert exported(tracker, path) == f"2 actions in {path}.\n"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [[*row[:8], row[11]] for row in csv.reader(file)]
    assert rows == [
        ["Ref", "Review", "Theme", "Action", "Owner", "Owner e-mail", "Target date", "Status", "Title"],
        [
            "A1",
            "TH-2021-001",
            "",
            "Share the records",
            "Owen Field",
            OWNER,
            "30/06/2021",
            "Not started",
            "Share records",
        ],
        ["A2", "TH-2021-001", "", "Look again", "Owen Field", OWNER, "September 2021", "Not started", ""],
    ]


def test_workbook_holds_days_as_days(tracker, tmp_path):
    path = tmp_path / "plan.xlsx"
    exported(tracker, path, "--where", "owner=owner@thscp.example", "--by", COORDINATOR)

    sheet = load_workbook(path).active
    assert [sheet.cell(row, 7).value for row in (1, 2, 3)] == ["Target date", sheet.cell(2, 7).value, "September 2021"]
    assert sheet.cell(2, 7).value.date() == date(2021, 6, 30)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_exported_plan_comes_in_again_as_what_it_is(tracker, tmp_path, ending):
    path = tmp_path / f"plan.{ending}"
    exported(tracker, path)

    document = tracker("import", str(path), "--by", COORDINATOR, "--json").document

    assert [document[name] for name in ("seen", "imported", "flagged", "refused", "recognised", "changed")] == [
        *(2, 0, 0, 0, 2, 0)
    ]


def test_what_an_agency_changed_in_its_copy_is_shown_and_not_taken_over(tracker, tmp_path):
    path = tmp_path / "plan.csv"
    exported(tracker, path)
    path.write_text(path.read_text(encoding="utf-8-sig").replace('"Not started"', '"Amber"', 1), encoding="utf-8")

    rows = tracker("import", str(path), "--by", COORDINATOR, "--json").document["rows"]

    assert [(row["action"], row["outcome"], row.get("differences", [])) for row in rows] == [
        ("A1", "changed", ["status: Not started → Amber"]),
        ("A2", "recognised", []),
    ]


def test_reference_of_another_plan_that_is_ours_by_chance_is_no_action_of_ours(tracker, tmp_path):
    path = tmp_path / "theirs.csv"
    path.write_text(
        "Ref,Review,Action,Owner,Email,Deadline,Status\n"
        "A1,TH-2021-001,Train every midwife,Ward,w@nhs.example,30/06/2021,G\n"
    )

    [row] = tracker("import", str(path), "--by", COORDINATOR, "--json").document["rows"]

    assert (row["outcome"], row["action"]) == ("import", "A3")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_text_becomes_a_formula(tracker, sqlite_engine, tmp_path, ending):
    for payload in PAYLOADS:
        act(sqlite_engine, "add_action", "TH-2021-001", text=payload, title=payload, now="2021-06-01T12:00")
    path = tmp_path / f"plan.{ending}"
    exported(tracker, path)

    if ending == "xlsx":
        cells = [cell for row in load_workbook(path).active.iter_rows() for cell in row if cell.value is not None]
        assert [cell.value for cell in cells if cell.data_type == "f"] == []
        assert {cell.value for cell in cells} >= set(PAYLOADS)
    else:
        with path.open(encoding="utf-8-sig", newline="") as file:
            texts = [cell for row in csv.reader(file) for cell in row]
        assert [text for text in texts if text.startswith(("=", "+", "-", "@", "|"))] == []
        assert set(texts) >= {payload if payload.startswith("'") else f"'{payload}" for payload in PAYLOADS}


def test_file_that_cannot_be_written_is_a_sentence(tracker, tmp_path):
    out = tmp_path / "missing" / "plan.csv"

    answer = tracker("export", "actions", "--format", "csv", "--out", str(out))

    assert (answer.status, answer.err) == (1, f"{out} cannot be written: No such file or directory.\n")
