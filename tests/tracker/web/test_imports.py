"""A spreadsheet comes in through the pages: sent, understood, corrected, decided on and stored, by its sender alone."""

import csv
import io
import re
from datetime import timedelta

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from tests import make
from tests.make import NOON
from tests.statements import each_statement
from tests.tracker.web.visitor import Visitor, served, signed_in
from tracker.actions.imported import ImportDraft
from tracker.database import reading
from tracker.errors import NotFound
from tracker.reminders.tidying import forget_what_is_old

HEADER = ["Ref", "Review", "Action", "Owner", "Email", "Deadline", "Status"]
ROWS = [
    ["1", "TH-2021-001", "Ring the ward", "Ward", "w@nhs.example", "30/09/2021", "Green"],
    ["2", "", "Write to schools", "School", "", "ASAP", "Amber"],
    ["3", "", "", "Ward", "w@nhs.example", "30/09/2021", "Red"],
]


def plan(*rows, header=HEADER, name="plan.csv"):
    """Write a plan as a file that somebody chose."""
    written = io.StringIO()
    csv.writer(written).writerows([header, *(rows or ROWS)])
    return [(name, written.getvalue().encode())]


@pytest.fixture
def coordinator(world, as_):
    make.make_case(world)
    return as_("coordinator")


def test_coordinator_sends_a_plan_looks_at_it_and_stores_it(world, coordinator):
    first_ever = coordinator.opens("/actions")

    preview = coordinator.sends("/actions/import", _files=plan())
    nothing_yet = coordinator.opens("/actions").words
    stored = coordinator.sends_form(preview, preview.forms[-1], do="store")

    assert "Import your spreadsheet" in first_ever.words
    assert preview.heading == "plan.csv What will become of each row"
    for words in (
        "1 will be imported",
        "1 will be imported, to be looked at",
        "1 will be refused",
        "Say what is to be",
    ):
        assert words in preview.words
    assert "No actions yet" in nothing_yet
    assert stored.heading == "plan.csv What became of each row"
    assert "2 actions imported, 0 changes taken over" in stored.words
    assert {"/actions/A1", "/actions/A2"} <= set(stored.links)
    assert make.shown(world, "A1", kind="action")["text"] == "Ring the ward"
    again = coordinator.sends("/actions/import", _files=plan())
    assert "2 known from before" in again.words


def test_row_that_is_left_out_is_not_stored(world, coordinator):
    preview = coordinator.sends("/actions/import", _files=plan())

    kept = coordinator.sends_form(preview, preview.forms[-1], do="keep", **{"row-1": "left_out"})
    stored = coordinator.sends_form(kept, kept.forms[-1], do="store")

    assert ("1 left out" in kept.words, "1 action imported" in stored.words) == (True, True)
    assert "Write to schools" not in coordinator.opens("/actions?status=all").words


def test_change_is_taken_over_only_when_it_is_chosen(world, coordinator):
    preview = coordinator.sends("/actions/import", _files=plan())
    coordinator.sends_form(preview, preview.forms[-1], do="store")
    changed = [[*ROWS[0][:6], "Red"], ROWS[1], ROWS[2]]

    looked_at = coordinator.sends("/actions/import", _files=plan(*changed))
    all_of_them = coordinator.sends_form(looked_at, looked_at.forms[-1], do="all")
    before = make.shown(world, "A1", kind="action")["report"]
    stored = coordinator.sends_form(all_of_them, all_of_them.forms[-1], do="store")

    assert "Green becomes → Red" in looked_at.words
    assert (before, make.shown(world, "A1", kind="action")["report"]) == ("on_track", "stuck")
    assert "1 change taken over" in stored.words


def test_headings_that_mean_two_things_are_a_choice_that_is_remembered(world, coordinator):
    header = [*HEADER, "RAG"]
    rows = [[*row, "Blue"] for row in ROWS]

    in_doubt = coordinator.sends("/actions/import", _files=plan(*rows, header=header))
    headings = coordinator.opens(f"{in_doubt.address}/headings")
    names = {
        words: name for name, words in zip(headings.forms[-1]["fields"], headings.forms[-1]["fields"], strict=True)
    }
    chosen = {"sheet-0-6": "status", "sheet-0-7": ""}
    clear = coordinator.sends_form(headings, headings.forms[-1], **chosen)
    coordinator.sends_form(clear, clear.forms[-1], do="store")
    again = coordinator.sends("/actions/import", _files=plan(*rows, header=header, name="next.csv"))

    assert set(chosen) <= set(names)
    assert "status and rag can both mean: Status" in in_doubt.words
    assert "1 will be imported" in clear.words
    assert make.shown(world, "A1", kind="action")["report"] == "on_track"
    assert "2 known from before" in again.words


def test_unknown_headings_are_given_their_meaning(world, coordinator):
    header = ["Number", "Which one", "Job", "Wer", "Post", "Bis", "Stand"]

    without = coordinator.sends("/actions/import", _files=plan(header=header))
    meanings = dict(enumerate(("ref", "review", "action", "owner", "email", "due", "status")))
    fields = {f"sheet-0-{column}": field for column, field in meanings.items()}
    clear = coordinator.sends(f"{without.address}/headings", **fields)

    assert "No line of headings was found" in without.words
    assert "1 will be imported" in clear.words


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "Choose the spreadsheet, as an Excel workbook (.xlsx) or as CSV"),
        ([("plan.xlsx", b"no workbook")], "plan.xlsx: The file is no workbook, whatever its name says."),
        ([("../../etc/plan.csv", b" ")], "plan.csv: The file is empty."),
        ([("large.csv", b"x" * (10 * 2**20))], "The file is 10 MB. It must be smaller than 10 MB"),
    ],
)
def test_what_cannot_be_read_comes_back_with_a_sentence(world, coordinator, files, sentence):
    page = coordinator.sends("/actions/import", _files=files)

    assert (page.status, sentence in page.words) == (422, True)
    with reading(world) as session:
        assert session.exec(select(ImportDraft)).all() == []


def test_nobody_else_opens_a_file_on_its_way_in(world, base, coordinator, as_):
    path = coordinator.sends("/actions/import", _files=plan()).address
    with make.unit_of_work(world) as session:
        partnership = session.exec(select(make.Partnership)).one()
        make.make_person(session, partnership, "other@thscp.example", "coordinator")

    with signed_in(world, base, "other@thscp.example") as other:
        found = [other.opens(path + more).status for more in ("", "/headings", "/report.csv")]

    assert (found, as_("scrutineer").opens("/actions/import").status) == ([404, 404, 404], 403)


def test_file_that_was_not_stored_is_gone_after_a_day(world, base, coordinator):
    path = coordinator.sends("/actions/import", _files=plan()).address
    tomorrow = NOON + timedelta(days=1)

    with served(world, tomorrow) as later, signed_in(world, later, "coordinator", now=tomorrow) as she:
        found = she.opens(path).status
    forget_what_is_old(world, tomorrow)

    assert found == 404
    with reading(world) as session:
        assert session.exec(select(ImportDraft)).all() == []


def test_report_goes_back_to_whoever_keeps_the_sheet(coordinator):
    path = coordinator.sends("/actions/import", _files=plan()).address

    book = load_workbook(io.BytesIO(coordinator.http.get(f"{path}/report.xlsx").content))
    text = coordinator.http.get(f"{path}/report.csv").content.decode("utf-8-sig")

    assert [[cell.value for cell in row][1:4] for row in book["To mend"].iter_rows(min_row=2)] == [
        [3, "Imported, to be looked at", "The date cannot be reckoned with. Give a day or a month. Its owner has no "
         "address, so no reminder can go. Give one."],
        [4, "Refused", "The row names no action. Say what is to be done."],
    ]  # fmt: skip
    assert len(list(csv.reader(io.StringIO(text)))) == 4


def test_stored_twice_is_stored_once(world, coordinator):
    preview = coordinator.sends("/actions/import", _files=plan())

    pages = [coordinator.sends_form(preview, preview.forms[-1], do="store") for _ in range(2)]

    assert [page.heading for page in pages] == ["plan.csv What became of each row"] * 2
    assert "2 open actions" in coordinator.opens("/actions").words


def test_stored_twice_at_once_is_stored_once(world, base, coordinator, closing):
    preview = coordinator.sends("/actions/import", _files=plan())
    also = closing.enter_context(Visitor(base, coordinator.http.cookies["session"]))
    first = []

    def while_it_is_read(sql, _values):
        # The file was decided on, and is read to be stored: just then the same form has come a second time.
        if str(sql).startswith("SELECT import_draft") and "FOR UPDATE" not in str(sql) and decided and not first:
            first.append(None)
            first.append(also.sends_form(preview, preview.forms[-1], do="store"))
        decided.extend([sql] if str(sql).startswith("UPDATE import_draft") else [])

    decided = []
    with each_statement(world, while_it_is_read):
        second = coordinator.sends_form(preview, preview.forms[-1], do="store")

    assert len(first) == 2
    assert [page.heading for page in (first[1], second)] == ["plan.csv What became of each row"] * 2
    assert "2 open actions" in coordinator.opens("/actions").words


def test_review_of_a_file_without_a_column_for_it_is_said_on_the_page(world, coordinator):
    header, rows = [*HEADER[:1], *HEADER[2:]], [[row[0], *row[2:]] for row in ROWS[:2]]

    without = coordinator.sends("/actions/import", _files=plan(*rows, header=header))
    headings = coordinator.opens(f"{without.address}/headings")
    wrong = coordinator.sends_form(headings, headings.forms[-1], review="TH-1999-001")
    clear = coordinator.sends_form(headings, headings.forms[-1], review="th-2021-001")
    stored = coordinator.sends_form(clear, clear.forms[-1], do="store")

    assert "2 will be refused" in without.words
    assert "No column says which review the rows come from. Say which review it is" in without.words
    assert "Enter the reference or the published name of a review, like TH-2021-001" in wrong.words
    assert "2 actions imported" in stored.words
    assert [one["case"] for one in make.shown(world, "A1", kind="action")["sources"]] == ["TH-2021-001"]


def bar(world, case="TH-2021-001", now=NOON):
    """Let the coordinator declare a conflict with a case."""
    make.act(world, "declare_conflict", case, person="coordinator@thscp.example", reason="Kin", now=now)


def test_action_from_which_whoever_imports_it_again_is_barred_is_not_shown_nor_changed(world, coordinator):
    make.make_case(world, "TH-2021-777")
    preview = coordinator.sends("/actions/import", _files=plan())
    coordinator.sends_form(preview, preview.forms[-1], do="store")
    make.act(world, "edit_action", "A1", sources=["TH-2021-001", "TH-2021-777"])
    make.act(world, "move_due_date", "A1", due_on="2021-12-24", reason="Later", agreed_with="The Executive")
    own_copy = [["A1", "", "Ring the ward", "Ward", "w@nhs.example", "30/11/2021", "Green"]]
    bar(world, "TH-2021-777")

    pages = []
    for rows in ([[*ROWS[0][:5], "31/10/2021", "Red"], *ROWS[1:]], own_copy):
        looked_at = coordinator.sends("/actions/import", _files=plan(*rows))
        pages += [looked_at, coordinator.sends_form(looked_at, looked_at.forms[-1], do="all")]
        pages.append(coordinator.sends_form(pages[-1], pages[-1].forms[-1], do="store"))

    assert [("/actions/A1" in page.links, "2021-12-24" in page.words) for page in pages] == [(False, False)] * 6
    assert "2 known from before" in pages[0].words
    shown = make.shown(world, "A1", kind="action")
    assert (shown["due"], shown["report"], coordinator.opens("/actions/A1").status) == ("2021-12-24", "on_track", 404)
    assert coordinator.opens("/actions/A2").status == 200
    with pytest.raises(NotFound):
        make.shown(world, "A3", kind="action")


@pytest.mark.parametrize("is_barred", [False, True])
def test_look_alikes_of_a_file_name_no_action_from_which_its_sender_is_barred(world, coordinator, is_barred):
    make.make_case(world, "TH-2021-777")
    text = "Share health visitor records with the new area within five working days"
    make.act(world, "add_action", None, text=text, sources=["TH-2021-777"], due_on="2021-09-20", level="single_agency")
    if is_barred:
        bar(world, "TH-2021-777")

    row = ["1", "TH-2021-001", text.replace("within", "in"), "Nurse", "", "30/09/2021", "Green"]
    preview = coordinator.sends("/actions/import", _files=plan(row, ROWS[1]))
    stored = coordinator.sends_form(preview, preview.forms[-1], do="store")
    book = load_workbook(io.BytesIO(coordinator.http.get(f"{stored.address}/report.xlsx").content))
    lines = [str(line[0].value) for line in book["About this file"]]

    named = ["1 pair may be the same action" in page.words for page in (preview, stored)]
    assert [*named, "A1 and A2 may be the same action in other words." in lines] == [not is_barred] * 3


def test_report_of_a_stored_file_tells_nothing_of_a_case_from_which_its_sender_is_barred_since(world, coordinator):
    make.make_case(world, "TH-2021-002")
    others = ["4", "TH-2021-002", "Ask the dentist", "Ward", "w@nhs.example", "30/09/2021", "Green"]
    twice = ["5", "", "Ring the ward", "Ward", "", "30/09/2021", "Green"]
    file = plan(*ROWS, twice, others, name="TH-2021-001 and others.csv")
    preview = coordinator.sends("/actions/import", _files=file)
    stored = coordinator.sends_form(preview, preview.forms[-1], do="store")

    bar(world)
    page = coordinator.opens(stored.address)
    report = coordinator.http.get(f"{stored.address}/report.csv").text

    assert "1 row on 1 sheet" in page.words
    assert ("Ask the dentist" in page.words, "Ask the dentist" in report) == (True, True)
    listed = coordinator.opens("/actions/import").words
    for trace in ("TH-2021-001", "Ring the ward", "Write to schools", "A1", "A2"):
        assert [trace in words for words in (page.words, report, listed)] == [False] * 3, trace


def test_file_with_the_number_of_one_that_is_forgotten_is_shown_as_it_is(world, coordinator):
    def at(moment, ask):
        with served(world, moment) as later, signed_in(world, later, "coordinator", now=moment) as she:
            return ask(she)

    path = coordinator.sends("/actions/import", _files=plan()).address
    at(NOON + timedelta(hours=23), lambda she: she.opens(path))
    new = plan(["7", "TH-2021-001", "Ask the dentist", "Ward", "", "30/09/2021", "Green"], ROWS[2], name="new.csv")
    page = at(NOON + timedelta(hours=25), lambda she: she.sends("/actions/import", _files=new))

    assert page.address == path
    assert ("Ask the dentist" in page.words, "Ring the ward" in page.words) == (True, False)


def test_one_name_that_is_an_agency_s_is_that_agency_and_its_lead_sees_the_action(world, coordinator, as_):
    rows = [
        ["1", "TH-2021-001", "Ring the ward", "children's social care", "", "30/09/2021", "Green"],
        ["2", "TH-2021-001", "Write to schools", "Children's Social Care, Police", "", "30/09/2021", "Green"],
    ]
    preview = coordinator.sends("/actions/import", _files=plan(*rows))
    coordinator.sends_form(preview, preview.forms[-1], do="store")

    of_it = coordinator.opens("/actions?status=all&agency=Children%27s+Social+Care")

    assert re.findall(r'app-plan__title" href="/actions/(A\d+)"', of_it.text) == ["A1"]
    assert [as_("agency_lead").opens(f"/actions/{reference}").status for reference in ("A1", "A2")] == [200, 404]
