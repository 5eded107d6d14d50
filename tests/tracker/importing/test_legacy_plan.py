"""The plan that a health body kept for four areas comes in: each row as the rules have it, from both kinds of file."""

import csv
from importlib.resources import files
from pathlib import Path

import pytest

from tests.make import act, shown
from tests.tracker.importing.worked_out import WORKED_OUT
from tracker.clock import moment_from
from tracker.database import reading, unit_of_work
from tracker.errors import NotAllowed, Refused
from tracker.importing.plans import import_plan
from tracker.loading.files import load_file
from tracker.loading.people import NewPerson, add_person
from tracker.showing.lists import list_rows

DATA = Path(__file__).parent / "data"
XLSX, CSV = DATA / "legacy-action-plan.xlsx", DATA / "legacy-action-plan.csv"
NOW = moment_from("2023-01-16T09:00")
CLEO = "cleo@nel.example"


@pytest.fixture
def four_areas(engine):
    """Load the four partnerships with their reviews, and one who coordinates them all."""
    shipped = files("tracker") / "demo" / "data"
    for name in ("partnerships.json", "cases.json"):
        load_file(engine, Path(str(shipped / name)), NOW)
    for partnership in ("thscp", "chscp", "bdscp", "thlscb"):
        with unit_of_work(engine) as session:
            add_person(session, NewPerson("Cleo", partnership, ("coordinator",), CLEO), NOW)
    return engine


def imported(engine, path, *, dry_run=False, partnership=None):
    return import_plan(engine, path, email=CLEO, partnership=partnership, dry_run=dry_run, now=NOW).document()


def in_words(row):
    word = "" if row["outcome"] == "import" else row["outcome"]
    return " ".join([word, *row["reasons"]]).strip()


def counts(document):
    return [document[name] for name in ("seen", "imported", "flagged", "refused", "recognised", "changed")]


def test_each_row_of_the_workbook_comes_out_as_worked_out(four_areas):
    document = imported(four_areas, XLSX)

    found = {}
    for row in document["rows"]:
        found.setdefault(row["sheet"], {})[row["row"]] = in_words(row)
    assert found == WORKED_OUT
    assert counts(document) == [120, 64, 46, 10, 0, 0]
    assert (document["hidden_sheets"], document["passed_over"]) == (["OLD do not use"], 59)


def test_csv_gives_the_same_answer_for_each_row(four_areas):
    document = imported(four_areas, CSV)

    assert [in_words(row) for row in document["rows"]] == [
        words for rows in WORKED_OUT.values() for words in rows.values()
    ]
    assert (counts(document), document["passed_over"]) == ([120, 64, 46, 10, 0, 0], 32)
    assert document["notes"] == ["The file was read as Windows-1252. Look whether letters with accents are right."]


def test_trial_gives_the_same_report_and_keeps_nothing(four_areas):
    tried = imported(four_areas, XLSX, dry_run=True)

    with reading(four_areas) as session:
        before = len(list_rows(session, "actions", {}, None, NOW))
    assert (imported(four_areas, XLSX), before) == (tried, 86)


@pytest.mark.parametrize("again", [XLSX, CSV])
def test_same_plan_again_changes_nothing_in_whatever_kind_of_file(four_areas, again):
    imported(four_areas, XLSX)

    document = imported(four_areas, again)

    assert counts(document) == [120, 0, 0, 10, 110, 0]
    with reading(four_areas) as session:
        assert len(list_rows(session, "actions", {}, None, NOW)) == 86 + 110


def test_changed_rows_are_shown_and_not_taken_over(four_areas, tmp_path):
    imported(four_areas, CSV)
    changed = tmp_path / CSV.name
    with CSV.open(encoding="cp1252", newline="") as file:
        records = list(csv.reader(file))
    [place] = [number for number, record in enumerate(records) if record[0] == "OK-2"]
    records[place][7] = "Blue"
    records[place][9] = "30/09/2021"
    with changed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(records)

    document = imported(four_areas, changed)

    assert counts(document) == [120, 0, 0, 10, 109, 1]
    [row] = [row for row in document["rows"] if row["outcome"] == "changed"]
    assert row["differences"] == ["status: Green → Blue", "completed: nothing → 30/09/2021"]
    assert shown(four_areas, row["action"], kind="action", now=NOW)["status"] == "in_progress"


def test_imported_action_says_what_the_row_said(four_areas):
    rows = {row["row"]: row for row in imported(four_areas, XLSX)["rows"] if row["sheet"] == "Ollie & Kamrul"}

    actions = {number: shown(four_areas, rows[number]["action"], kind="action", now=NOW) for number in (4, 5, 6, 8)}
    facts = [
        (one["text"][:24], one["status"], one["report"], str(one["due"]), one["owner"]["name"], one["sources"])
        for one in actions.values()
    ]
    source = [{"kind": "case", "case": rows[4]["case"], "recommendation": None, "finding": None, "words": None}]
    assert facts == [
        ("Put the neglect toolkit ", "complete", None, "2021-06-30", "THSCP Business Manager", source),
        ("Count how often the tool", "in_progress", "on_track", "2021-09", "THSCP Business Manager", source),
        ("Develop one pathway of a", "in_progress", "at_risk", "2021-12-31", "ELFT Safeguarding Lead", source),
        ("Supervise every social w", "in_progress", "on_track", "None", "Social Work Academy", source),
    ]
    assert [actions[8]["timescale"][name] for name in ("kind", "words", "next")] == ["continuing", "Ongoing", None]


def test_file_without_a_header_is_refused_with_what_it_needs(four_areas, tmp_path):
    (tmp_path / "letter.csv").write_text("Dear colleagues,\nplease find our plan\n")

    with pytest.raises(Refused, match=r"letter\.csv: No sheet has a header"):
        imported(four_areas, tmp_path / "letter.csv")


def test_nobody_is_mailed_about_what_was_imported(four_areas):
    imported(four_areas, XLSX)

    with reading(four_areas) as session:
        assert list_rows(session, "emails", {}, None, NOW) == []


def test_only_the_reviews_of_one_partnership_are_known_when_it_is_named(four_areas):
    document = imported(four_areas, XLSX, partnership="bdscp")

    assert {row["sheet"] for row in document["rows"] if row["outcome"] != "refuse"} == {"B&D"}


def test_whoever_does_not_coordinate_a_partnership_imports_nothing_into_it(four_areas):
    with unit_of_work(four_areas) as session:
        add_person(session, NewPerson("Sid", "thscp", ("scrutineer",), "sid@nel.example"), NOW)

    with pytest.raises(NotAllowed, match="Sid does not coordinate"):
        import_plan(four_areas, XLSX, email="sid@nel.example", partnership="thscp", dry_run=False, now=NOW)
    with reading(four_areas) as session:
        assert len(list_rows(session, "actions", {}, None, NOW)) == 86


def test_whoever_is_barred_from_a_case_does_not_know_its_name(four_areas):
    case = next(row["case"] for row in imported(four_areas, XLSX, dry_run=True)["rows"] if row["sheet"] == "Child R")
    act(four_areas, "declare_conflict", case, by=CLEO, person=CLEO, reason="A relative", now=NOW)

    document = imported(four_areas, XLSX)

    assert {tuple(row["reasons"]) for row in document["rows"] if row["sheet"] == "Child R"} == {("unknown_review",)}
