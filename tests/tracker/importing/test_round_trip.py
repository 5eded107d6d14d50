"""A plan that goes out and comes into an empty store is the same plan; an edited copy is proposed changes."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlmodel import select

from tests import make
from tests.tracker.reminders.post import COORDINATOR, OWNER
from tracker.actions.models import Action, ActionDate, Evidence
from tracker.clock import moment_from
from tracker.database import engine_for, reading
from tracker.importing.plans import Wishes, import_plan
from tracker.showing.plan_files import write_csv, write_xlsx
from tracker.showing.plan_sheet import sheet_of
from tracker.upgrading import upgrade
from workflows.dates import PartialDate

NOW = moment_from("2021-06-02T10:00")
WRITERS = {"csv": write_csv, "xlsx": write_xlsx}


def make_reviews(engine):
    """Make a team with two reviews."""
    make.make_world(engine)
    for reference in ("TH-2021-001", "TH-2021-002"):
        make.make_case(engine, reference)


def make_plan(engine):
    """Make an action of every kind that a plan has."""
    facts = [
        {"text": "Share the records\nand say, when", "title": "Share records", "owner": OWNER, "due_on": "2021-06-30",
         "themes": ["neglect"], "success_measure": "Nobody waits; or asks", "helpers": ["Lee Agnew"]},
        {"text": "Look again", "due_on": "2021-09", "level": "multi_agency", "agency": "Children's Social Care"},
        {"text": "Look again", "due_on": "2022", "outside_body": "The College"},
        {"text": "=1+1", "timescale": "Annual (April)", "owner": OWNER},
        {"text": "Keep it up", "timescale": "On-going", "review_on": "2021-12-01"},
        {"text": "When it is found", "timescale": "As identified", "level": "national"},
        {"text": "Twice", "timescale": "2022 & 2024"},
    ]  # fmt: skip
    for number, one in enumerate(facts, 1):
        make.act(engine, "add_action", f"TH-2021-00{1 + number % 2}", **one)
    made = make.act(
        engine, "add_action", "thscp", text="From an audit", sources=[{"kind": "audit", "words": "Audit 7"}]
    )
    make.act(engine, "move_due_date", "A1", due_on="2021-07-15", reason="It takes | longer", agreed_with="Execs")
    make.act(engine, "update_action", "A1", by=OWNER, report="at_risk", text="Two teams are missing")
    make.act(engine, "accept_update", "A1")
    evidence = ["Minutes of May", "Ten records,\nread twice"]
    make.act(engine, "complete_action", "A2", on="2021-06-01", evidence=evidence)
    make.act(engine, "edit_action", "A3", sources=["TH-2021-001", "TH-2021-002"])
    make.act(engine, "end_action", made.reference, how="done_differently", reason="By another way")
    make.act(engine, "add_action", "thscp", text="Ask the Panel", outside_body="National Panel", asked_on="2021-05-01",
             sources=[{"kind": "audit", "words": "Audit 8", "case": "TH-2021-001"}], group="exec")  # fmt: skip
    make.act(engine, "record_answer", "A9", on="2021-05-20", text="It will be\nlooked at")
    make.act(engine, "record_impact", "A2", text="Fewer wait", measure="Audit of ten", embedded=True)


def compared(engine):
    """Give the plan field by field, as it goes out, without what belongs to one store alone."""
    with reading(engine) as session:
        rows = sheet_of(session, {}, None, NOW)
        own = {row.reference: row.made_on for row in session.exec(select(Action))}
        evidence = session.exec(select(Evidence.text).order_by(Evidence.text)).all()
        dates = session.exec(select(ActionDate.due).where(ActionDate.kind == "several").order_by(ActionDate.due)).all()
    assert own
    left_out = ("ref", "version", "why")
    found = [{name: cell for name, cell in row.items() if name not in left_out} for row in rows]
    return sorted(found, key=str), sorted(evidence), dates


@pytest.mark.parametrize("ending", WRITERS)
def test_exported_plan_makes_the_same_plan_in_an_empty_store(engine, tmp_path, ending):
    make_reviews(engine)
    make_plan(engine)
    path = tmp_path / f"plan.{ending}"
    with reading(engine) as session:
        WRITERS[ending](path, sheet_of(session, {}, None, NOW))
    empty = engine_for(f"sqlite:///{tmp_path / 'empty.db'}")
    upgrade(empty)
    make_reviews(empty)

    document = import_plan(empty, path, email=COORDINATOR, dry_run=False, now=NOW).document()

    assert (document["seen"], document["refused"]) == (9, 0)
    assert compared(empty) == compared(engine)
    again = import_plan(empty, path, email=COORDINATOR, dry_run=False, now=NOW).document()
    assert (again["recognised"], again["changed"]) == (9, 0)
    empty.dispose()


def edited(engine, tmp_path, about="A1", **cells):
    """Write the plan out, and change cells of one action."""
    path = tmp_path / "copy.csv"
    with reading(engine) as session:
        write_csv(path, sheet_of(session, {}, None, NOW))
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    [row] = [row for row in rows if row[0] == about]
    for name, words in cells.items():
        row[header.index(name.replace("_", " "))] = words
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def imported(engine, path, **wishes):
    return import_plan(engine, path, email=COORDINATOR, dry_run=False, now=NOW, wishes=Wishes(**wishes)).document()


def test_copy_of_an_owner_is_taken_over_as_the_deeds_of_whoever_accepts_it(engine, tmp_path):
    make_reviews(engine)
    make_plan(engine)
    path = edited(engine, tmp_path, Status="Red", Progress="Nobody answers", Target_date="31/08/2021")

    shown = imported(engine, path)
    [row] = [
        row for row in imported(engine, path, accepted=["all"], copy_of="Owen Field")["rows"] if row["action"] == "A1"
    ]

    [before] = [one for one in shown["rows"] if one["action"] == "A1"]
    assert before["differences"] == [
        "due: 2021-07-15 → 31/08/2021",
        "status: Amber → Red",
        "progress: Two teams are missing → Nobody answers",
    ]
    assert (before["accepted"], row["accepted"], row["why_not"]) == (False, True, None)
    action = make.shown(engine, "A1", kind="action", now=NOW)
    assert [action[name] for name in ("status", "report", "due", "first_due")] == [
        *("in_progress", "stuck", "2021-08-31", "2021-06-30")
    ]
    why = "As the copy of Owen Field (copy.csv, row 2) says"
    assert [(line["deed"], line["by"], line["what"]) for line in action["history"][-4:]] == [
        ("import", "Casey Morgan", f"Taken over: target date, status, progress. {why}"),
        ("move_due_date", "Casey Morgan", f"Due 31 August 2021 instead of 15 July 2021: {why}"),
        ("update_action", "Casey Morgan", "Reported stuck, to be checked"),
        ("accept_update", "Casey Morgan", "Accepted the update: stuck"),
    ]
    assert action["updates"][-1]["text"] == "Nobody answers"
    assert imported(engine, path)["changed"] == 0


def test_action_that_was_changed_since_a_copy_was_made_is_not_among_all(engine, tmp_path):
    make_reviews(engine)
    make_plan(engine)
    path = edited(engine, tmp_path, Title="Share them")
    make.act(engine, "edit_action", "A1", title="Share all records", now=NOW)

    all_of_them = imported(engine, path, accepted=["all"])
    by_itself = imported(engine, path, accepted=["A1"])

    [row] = [one for one in all_of_them["rows"] if one["outcome"] == "changed"]
    assert (row["changed_here_since"], row["accepted"], row["changes"][0]["here"]) == (True, False, "Share all records")
    assert by_itself["accepted"] == 1
    assert make.shown(engine, "A1", kind="action", now=NOW)["title"] == "Share them"


def test_change_that_was_not_wanted_is_not_proposed_again(engine, tmp_path):
    make_reviews(engine)
    make_plan(engine)
    path = edited(engine, tmp_path, Status="Complete")

    imported(engine, path, not_wanted=["A1"])

    assert imported(engine, path)["changed"] == 0
    assert imported(engine, edited(engine, tmp_path, Status="Red"))["changed"] == 1


def test_change_that_no_deed_allows_says_why_and_leaves_nothing(engine, tmp_path):
    make_reviews(engine)
    make_plan(engine)
    make.act(engine, "complete_action", "A1", on="2021-06-02", evidence="Minutes", now=NOW)
    path = edited(engine, tmp_path, Status="Green", Title="Begun anew")

    [row] = [one for one in imported(engine, path, accepted=["all"])["rows"] if one["outcome"] == "changed"]

    assert (row["accepted"], row["why_not"]) == (False, "A1 is complete. Thank you.")
    assert make.shown(engine, "A1", kind="action", now=NOW)["title"] == "Share records"


def test_status_complete_of_a_copy_completes_with_what_shows_it(engine, tmp_path):
    make_reviews(engine)
    make_plan(engine)
    path = edited(engine, tmp_path, Status="Blue", Date_completed="01/06/2021", Evidence_of_impact="Minutes of June")

    document = imported(engine, path, accepted=["A1"])

    action = make.shown(engine, "A1", kind="action", now=NOW)
    assert document["accepted"] == 1
    assert [action["status"], action["completed_on"], [one["text"] for one in action["evidence"]]] == [
        *("complete", "2021-06-01", ["Minutes of June"])
    ]
    assert PartialDate.of(date(2021, 6, 1)) == PartialDate.parse(action["completed_on"])


def test_copy_says_what_a_body_outside_answered_what_changed_and_whose_plan_it_is(engine, tmp_path):
    make_reviews(engine)
    make_plan(engine)
    cells = {"Answered_on": "25/05/2021", "Answer": "In June", "Group": "Rapid Review Panel"}
    path = edited(engine, tmp_path, about="A9", **cells)

    document = imported(engine, path, accepted=["A9"])

    action = make.shown(engine, "A9", kind="action", now=NOW)
    assert (document["accepted"], document["changed"]) == (1, 1)
    assert [action["outside"]["answered_on"], action["outside"]["answer"], action["group"]] == [
        *("2021-05-25", "In June", "Rapid Review Panel")
    ]


def test_what_no_file_may_change_is_refused_with_the_whole_row_and_said(engine, tmp_path):
    make_reviews(engine)
    make_plan(engine)
    path = edited(engine, tmp_path, First_date="01/01/2021", Title="Share them")

    [row] = [one for one in imported(engine, path, accepted=["A1"])["rows"] if one["outcome"] == "changed"]

    assert (row["accepted"], row["why_not"]) == (
        False,
        "A file does not change this: first date. Put it back as it was, or change it by hand.",
    )
    assert make.shown(engine, "A1", kind="action", now=NOW)["title"] == "Share records"


def test_progress_of_an_imported_plan_goes_out_again(engine, tmp_path):
    make_reviews(engine)
    path = tmp_path / "plan.csv"
    path.write_text("Ref,Review,Action,Owner,Status,Update\n1,TH-2021-001,Ring,Kim,Green,Half of them\n")

    imported(engine, path)

    with reading(engine) as session:
        assert [row["progress"] for row in sheet_of(session, {}, None, NOW)] == ["Half of them"]


def test_two_who_import_the_same_file_at_once_have_its_rows_once(engine, tmp_path):
    make_reviews(engine)
    path = tmp_path / "plan.csv"
    rows = [f",TH-2021-001,Do number {number},Kim,Green" for number in range(40)]
    path.write_text("\n".join(["Ref,Review,Action,Owner,Status", *rows]))

    with ThreadPoolExecutor(2) as both:
        documents = list(both.map(lambda _: imported(engine, path), range(2)))

    assert sorted((one["flagged"], one["recognised"]) for one in documents) == [(0, 40), (40, 0)]
    with reading(engine) as session:
        assert len(session.exec(select(Action.id)).all()) == 40


SHEET = "Ref,Review,Action,Owner,Theme,Status,Update\n7,TH-2021-001,Ring,Kim,Neglect,Green,Half of them\n"


def test_column_that_is_gone_from_a_sheet_takes_nothing_back(engine, tmp_path):
    make_reviews(engine)
    path = tmp_path / "plan.csv"
    path.write_text(SHEET)
    imported(engine, path)
    path.write_text("Ref,Review,Action,Status\n7,TH-2021-001,Ring,Red\n")

    [row] = imported(engine, path)["rows"]

    assert row["differences"] == ["status: Green → Red"]


def test_copy_of_an_imported_plan_with_fewer_columns_is_compared_with_the_plan_as_it_stands(engine, tmp_path):
    make_reviews(engine)
    path = tmp_path / "plan.csv"
    path.write_text(SHEET)
    imported(engine, path)
    path.write_text("Action,Status,Update,Ref,Review\nRing,Green,All of them,A1,TH-2021-001\n")

    [row] = imported(engine, path)["rows"]
    imported(engine, path, not_wanted=["A1"])

    assert row["differences"] == ["progress: Half of them → All of them"]
    assert imported(engine, path)["changed"] == 0
